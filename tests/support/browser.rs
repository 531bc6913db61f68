//! A browser without a window: it opens a page, and goes where the page sends it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;

use super::bell::{Bell, Said};

/// A server that says nothing for so long has failed the story.
const SILENCE: Duration = Duration::from_secs(120);

/// What a server answered.
#[derive(Debug)]
pub struct Shown {
    /// The status.
    pub status: u16,
    /// Where it sends the browser.
    pub location: Option<String>,
    /// Its head and its body.
    pub text: String,
}

/// Opens an address of this machine, and follows nothing.
pub fn open(address: &str) -> Shown {
    let rest = address.strip_prefix("http://").unwrap();
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let slash = if path.starts_with('/') { "" } else { "/" };
    let mut stream = TcpStream::connect(host).unwrap();
    stream.set_read_timeout(Some(SILENCE)).unwrap();
    write!(stream, "GET {slash}{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let location = answer.lines().take_while(|line| !line.is_empty()).find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("location").then(|| value.to_owned())
    });
    Shown { status, location, text: answer }
}

/// `bell` that waits for an answer of the browser.
pub struct Waiting {
    child: Child,
    /// The page it named.
    pub page: String,
    /// What it says besides; somebody has to listen, or it stops.
    said: JoinHandle<String>,
}

/// Starts `bell`, and reads the page it names.
#[track_caller]
pub fn begin(bell: &Bell, arguments: &[&str]) -> Waiting {
    let mut command = bell.command(&[&["--json"], arguments].concat());
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap());
    let (mut said, mut page) = (String::new(), String::new());
    while !page.starts_with("http") {
        said.push_str(&page);
        page.clear();
        if lines.read_line(&mut page).unwrap() == 0 {
            let ended = child.wait_with_output().unwrap();
            panic!("bell names no page: {}", String::from_utf8_lossy(&ended.stdout));
        }
    }
    let said = std::thread::spawn(move || {
        lines.read_to_string(&mut said).unwrap();
        said
    });
    Waiting { child, page: page.trim().to_owned(), said }
}

impl Waiting {
    /// The person goes through the page; what the browser showed last.
    pub fn browse(&self) -> Shown {
        let shown = open(&self.page);
        match &shown.location {
            Some(to) => open(to),
            None => shown,
        }
    }

    /// The person pastes something.
    pub fn paste(&mut self, text: &str) {
        let mut input = self.child.stdin.take().unwrap();
        writeln!(input, "{text}").unwrap();
    }

    /// Waits for its end.
    pub fn end(self) -> Said {
        let ended = Said::from(self.child.wait_with_output().unwrap());
        Said { err: self.said.join().unwrap(), ..ended }
    }
}
