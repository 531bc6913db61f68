//! Delivers one message over LMTP (RFC 2033), as a mail server would.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use anyhow::Context as _;

/// A server that says nothing for this long has hung.
const SILENCE: Duration = Duration::from_secs(20);

/// Returns once the server has accepted the message for `recipient`.
pub(crate) fn deliver(port: u16, recipient: &str, raw: &[u8]) -> anyhow::Result<()> {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).context("connecting over LMTP")?;
    stream.set_read_timeout(Some(SILENCE))?;
    stream.set_nodelay(true)?;
    let mut session = Session { reader: BufReader::new(stream.try_clone()?), writer: stream };
    session.expect("220")?;
    session.say("LHLO testbed.example", "250")?;
    session.say("MAIL FROM:<sender@testbed.example>", "250")?;
    session.say(&format!("RCPT TO:<{recipient}>"), "250")?;
    session.say("DATA", "354")?;
    session.writer.write_all(&dot_stuffed(raw))?;
    session.expect("250").context("the server refused the message")?;
    session.say("QUIT", "221")
}

struct Session {
    reader: BufReader<TcpStream>,
    writer: TcpStream,
}

impl Session {
    fn say(&mut self, line: &str, code: &str) -> anyhow::Result<()> {
        self.writer.write_all(format!("{line}\r\n").as_bytes())?;
        self.expect(code).with_context(|| format!("after {line:?}"))
    }

    fn expect(&mut self, code: &str) -> anyhow::Result<()> {
        loop {
            let mut line = String::new();
            if self.reader.read_line(&mut line)? == 0 {
                anyhow::bail!("the LMTP server closed the connection");
            }
            match line.strip_prefix(code) {
                Some(rest) if rest.starts_with('-') => {}
                Some(_) => return Ok(()),
                None => anyhow::bail!("expected {code}, the LMTP server said {:?}", line.trim()),
            }
        }
    }
}

/// The message with CRLF line ends, leading dots doubled (RFC 5321 section 4.5.2) and the final dot.
fn dot_stuffed(raw: &[u8]) -> Vec<u8> {
    let mut wire = Vec::with_capacity(raw.len() + raw.len() / 32 + 8);
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.starts_with(b".") {
            wire.push(b'.');
        }
        wire.extend_from_slice(line);
        wire.extend_from_slice(b"\r\n");
    }
    wire.extend_from_slice(b".\r\n");
    wire
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_line_of_one_dot_does_not_end_the_message() {
        assert_eq!(super::dot_stuffed(b"a\n.\n..b\r\nc"), b"a\r\n..\r\n...b\r\nc\r\n.\r\n");
    }
}
