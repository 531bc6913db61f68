//! A server that plays a written part: for the nasty behaviour which no real server shows on demand.
//!
//! Each connection plays the next script of the list; a connection beyond the last is closed at once.
//! A client that departs from the script is noted, and [`ScriptedServer::finish`] reports it.

use std::io::{BufReader, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::Context as _;

/// A client that says nothing for this long while a line is expected has departed from the script.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone, Debug)]
enum Step {
    Expect(String),
    Send(Vec<u8>),
    Close,
    Hang,
}

/// What the server does on one connection, step by step; at the end it closes.
#[derive(Clone, Debug, Default)]
pub struct Script {
    steps: Vec<Step>,
}

impl Script {
    /// An empty script.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads lines until one contains `words` (ASCII case ignored), and remembers its tag.
    ///
    /// Exactly one line is read; another one is a departure. Use an empty string for "any line".
    #[must_use]
    pub fn expect(mut self, words: &str) -> Self {
        self.steps.push(Step::Expect(words.to_ascii_lowercase()));
        self
    }

    /// Sends bytes; `{tag}` becomes the first word of the last expected line.
    #[must_use]
    pub fn send(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.steps.push(Step::Send(bytes.as_ref().to_owned()));
        self
    }

    /// Sends the first `keep` bytes and closes the connection in the middle of the answer.
    #[must_use]
    pub fn cut(self, bytes: impl AsRef<[u8]>, keep: usize) -> Self {
        let bytes = bytes.as_ref();
        let kept = bytes.get(..keep).unwrap_or(bytes).to_owned();
        self.send(kept).close()
    }

    /// Closes the connection.
    #[must_use]
    pub fn close(mut self) -> Self {
        self.steps.push(Step::Close);
        self
    }

    /// Keeps the connection open in silence until the client closes it.
    #[must_use]
    pub fn hang(mut self) -> Self {
        self.steps.push(Step::Hang);
        self
    }
}

#[derive(Debug, Default)]
struct Record {
    lines: Vec<String>,
    departures: Vec<String>,
    open: Vec<TcpStream>,
    played: usize,
    stopped: bool,
}

/// A listening server with its scripts; dropping it closes every connection.
#[derive(Debug)]
pub struct ScriptedServer {
    port: u16,
    scripts: usize,
    record: Arc<Mutex<Record>>,
    acceptor: Option<JoinHandle<()>>,
}

impl ScriptedServer {
    /// Listens on a free loopback port and plays one script per connection, in order of arrival.
    pub fn start(scripts: impl IntoIterator<Item = Script>) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("listening")?;
        let port = listener.local_addr()?.port();
        let record = Arc::new(Mutex::new(Record::default()));
        let scripts: Vec<Script> = scripts.into_iter().collect();
        let count = scripts.len();
        let shared = Arc::clone(&record);
        let acceptor = std::thread::spawn(move || accept(&listener, scripts, &shared));
        Ok(Self { port, scripts: count, record, acceptor: Some(acceptor) })
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Every line that clients have sent so far, without line ends.
    pub fn received(&self) -> Vec<String> {
        lock(&self.record).lines.clone()
    }

    /// Ends the play; fails if a client departed from a script or a script was not played to its end.
    pub fn finish(mut self) -> anyhow::Result<()> {
        self.stop();
        let record = lock(&self.record);
        anyhow::ensure!(record.departures.is_empty(), "{}", record.departures.join("\n"));
        anyhow::ensure!(
            record.played == self.scripts,
            "{} of {} scripts were played to their end",
            record.played,
            self.scripts
        );
        Ok(())
    }

    fn stop(&mut self) {
        {
            let mut record = lock(&self.record);
            record.stopped = true;
            for stream in record.open.drain(..) {
                let _ = stream.shutdown(Shutdown::Both);
            }
        }
        // Wakes the acceptor, which then sees that it shall stop.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}

impl Drop for ScriptedServer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn lock(record: &Mutex<Record>) -> std::sync::MutexGuard<'_, Record> {
    record.lock().unwrap_or_else(PoisonError::into_inner)
}

fn accept(listener: &TcpListener, scripts: Vec<Script>, record: &Arc<Mutex<Record>>) {
    let mut players = Vec::new();
    let mut scripts = scripts.into_iter();
    for stream in listener.incoming().flatten() {
        let mut noted = lock(record);
        if noted.stopped {
            break;
        }
        let Some(script) = scripts.next() else {
            continue;
        };
        noted.open.extend(stream.try_clone());
        drop(noted);
        let shared = Arc::clone(record);
        players.push(std::thread::spawn(move || {
            let outcome = play(&stream, script, &shared);
            // Noted before the client can see the end, so that `finish` never comes too early.
            let mut noted = lock(&shared);
            match outcome {
                Ok(()) => noted.played += 1,
                Err(error) if !noted.stopped => noted.departures.push(format!("{error:#}")),
                Err(_) => {}
            }
            drop(noted);
            let _ = stream.shutdown(Shutdown::Both);
        }));
    }
    for player in players {
        let _ = player.join();
    }
}

fn play(stream: &TcpStream, script: Script, record: &Mutex<Record>) -> anyhow::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    let mut tag = String::new();
    for step in script.steps {
        match step {
            Step::Expect(words) => {
                stream.set_read_timeout(Some(PATIENCE))?;
                let line =
                    read_line(&mut reader).with_context(|| format!("waiting for {words:?}"))?;
                lock(record).lines.push(line.clone());
                anyhow::ensure!(
                    line.to_ascii_lowercase().contains(&words),
                    "expected a line with {words:?}, the client sent {line:?}"
                );
                tag = line.split(' ').next().unwrap_or_default().to_owned();
            }
            Step::Send(bytes) => writer.write_all(&with_tag(&bytes, &tag)).context("answering")?,
            Step::Close => return Ok(()),
            Step::Hang => {
                stream.set_read_timeout(None)?;
                while let Ok(line) = read_line(&mut reader) {
                    lock(record).lines.push(line);
                }
            }
        }
    }
    Ok(())
}

fn read_line(reader: &mut impl std::io::BufRead) -> anyhow::Result<String> {
    let mut line = Vec::new();
    anyhow::ensure!(reader.read_until(b'\n', &mut line)? > 0, "the client closed the connection");
    Ok(String::from_utf8_lossy(line.trim_ascii_end()).into_owned())
}

fn with_tag(bytes: &[u8], tag: &str) -> Vec<u8> {
    const MARK: &[u8] = b"{tag}";
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.windows(MARK.len()).position(|window| window == MARK) {
        let (before, after) = rest.split_at(at);
        out.extend_from_slice(before);
        out.extend_from_slice(tag.as_bytes());
        rest = after.get(MARK.len()..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap_client::OtherClient;

    fn signing_in() -> Script {
        Script::new().send("* OK hello\r\n").expect("LOGIN").send("{tag} OK in\r\n")
    }

    #[test]
    fn a_client_that_keeps_to_the_script_reads_the_part() {
        let script = signing_in().expect("noop").send("* 3 EXISTS\r\n{tag} OK\r\n");
        let server = ScriptedServer::start([script]).unwrap();
        let mut client = OtherClient::sign_in(server.port(), "ada", "pencil").unwrap();
        assert_eq!(client.command("NOOP").unwrap(), ["* 3 EXISTS", "t2 OK"]);
        drop(client);
        assert_eq!(server.received().len(), 2);
        server.finish().unwrap();
    }

    #[test]
    fn a_cut_ends_inside_the_literal() {
        let answer = "* 1 FETCH (BODY[] {100}\r\nabc";
        let script = signing_in().expect("FETCH").cut(answer, answer.len() - 1);
        let server = ScriptedServer::start([script]).unwrap();
        let mut client = OtherClient::sign_in(server.port(), "ada", "pencil").unwrap();
        let error = client.command("FETCH 1 BODY[]").unwrap_err();
        assert!(error.to_string().contains("inside a literal"), "{error:#}");
        server.finish().unwrap();
    }

    #[test]
    fn a_departure_and_an_unplayed_script_are_reported() {
        let server = ScriptedServer::start([signing_in().expect("IDLE")]).unwrap();
        let mut client = OtherClient::sign_in(server.port(), "ada", "pencil").unwrap();
        assert!(client.command("NOOP").is_err());
        let error = server.finish().unwrap_err().to_string();
        assert!(error.contains("idle") && error.contains("NOOP"), "{error}");

        let unplayed = ScriptedServer::start([Script::new()]).unwrap();
        assert!(unplayed.finish().is_err(), "nobody connected");
    }

    #[test]
    fn a_hanging_server_lets_its_client_go() {
        let server = ScriptedServer::start([signing_in().hang()]).unwrap();
        let mut client = OtherClient::sign_in(server.port(), "ada", "pencil").unwrap();
        client.send_raw(b"t2 NOOP\r\n").unwrap();
        drop(client);
        server.finish().unwrap();
    }
}
