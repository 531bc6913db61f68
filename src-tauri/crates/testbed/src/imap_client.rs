//! "The other client": a plain, blocking IMAP connection with which a test plays the phone or the webmail.
//!
//! It shows the wire as it is and understands only tags and literals, so that it can judge Deskbell's
//! own IMAP code without sharing a line with it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use anyhow::Context as _;

/// A server that says nothing for this long has hung.
const SILENCE: Duration = Duration::from_secs(20);

/// One signed-in IMAP connection.
#[derive(Debug)]
pub struct OtherClient {
    reader: BufReader<TcpStream>,
    writer: TcpStream,
    tag: u32,
}

impl OtherClient {
    /// Connects to a plain-text port on loopback, reads the greeting and signs in.
    pub fn sign_in(port: u16, user: &str, password: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).context("connecting")?;
        stream.set_read_timeout(Some(SILENCE))?;
        stream.set_nodelay(true)?;
        let mut client =
            Self { reader: BufReader::new(stream.try_clone()?), writer: stream, tag: 0 };
        let greeting = client.read_unit()?;
        anyhow::ensure!(
            greeting.starts_with(b"* OK"),
            "no IMAP greeting: {:?}",
            String::from_utf8_lossy(&greeting)
        );
        client.command(&format!("LOGIN \"{user}\" \"{password}\""))?;
        Ok(client)
    }

    /// Sends one command and returns the untagged answers, one per entry, literals included.
    ///
    /// Fails with the server's words if the command is answered NO or BAD.
    pub fn command(&mut self, command: &str) -> anyhow::Result<Vec<String>> {
        let tag = self.next_tag();
        self.writer.write_all(format!("{tag} {command}\r\n").as_bytes())?;
        self.answers(&tag)
    }

    /// Appends a message with `flags` such as `\Seen \Flagged`, and returns the answer lines.
    pub fn append(
        &mut self,
        mailbox: &str,
        flags: &str,
        raw: &[u8],
    ) -> anyhow::Result<Vec<String>> {
        let tag = self.next_tag();
        let head = format!("{tag} APPEND \"{mailbox}\" ({flags}) {{{}}}\r\n", raw.len());
        self.writer.write_all(head.as_bytes())?;
        let go = self.read_unit()?;
        anyhow::ensure!(go.starts_with(b"+"), "APPEND: {:?}", String::from_utf8_lossy(&go));
        self.writer.write_all(raw)?;
        self.writer.write_all(b"\r\n")?;
        self.answers(&tag)
    }

    /// Waits for the next untagged answer that the server sends by itself, as during IDLE.
    pub fn next_untagged(&mut self) -> anyhow::Result<String> {
        Ok(String::from_utf8_lossy(&self.read_unit()?).trim_end().to_owned())
    }

    /// Sends bytes as they are, with no tag and no waiting.
    pub fn send_raw(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        self.writer.write_all(bytes).context("sending raw bytes")
    }

    fn next_tag(&mut self) -> String {
        self.tag += 1;
        format!("t{}", self.tag)
    }

    /// All untagged answers up to the tagged one; the tagged line is the last entry.
    fn answers(&mut self, tag: &str) -> anyhow::Result<Vec<String>> {
        let mut answers = Vec::new();
        loop {
            let unit = self.read_unit()?;
            let text = String::from_utf8_lossy(&unit).trim_end().to_owned();
            let verdict = text.strip_prefix(tag).and_then(|rest| rest.strip_prefix(' '));
            if let Some(verdict) = verdict {
                anyhow::ensure!(verdict.starts_with("OK"), "the server said: {verdict}");
                answers.push(text);
                return Ok(answers);
            }
            answers.push(text);
        }
    }

    /// One response: a line, continued through any literals it announces.
    fn read_unit(&mut self) -> anyhow::Result<Vec<u8>> {
        let mut unit = Vec::new();
        loop {
            let before = unit.len();
            if self.reader.read_until(b'\n', &mut unit)? == 0 {
                anyhow::bail!("the server closed the connection");
            }
            let line = unit.get(before..).unwrap_or_default();
            let Some(length) = announced_literal(line) else {
                return Ok(unit);
            };
            let start = unit.len();
            unit.resize(start + length, 0);
            if let Some(literal) = unit.get_mut(start..) {
                self.reader.read_exact(literal).context("inside a literal")?;
            }
        }
    }
}

/// The length in a trailing `{123}` of a line.
fn announced_literal(line: &[u8]) -> Option<usize> {
    let line = std::str::from_utf8(line.trim_ascii_end()).ok()?;
    let (_, length) = line.strip_suffix('}')?.rsplit_once('{')?;
    length.parse().ok()
}
