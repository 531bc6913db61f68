//! `bell` that waits for a browser, and a browser for pages that ask nothing.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::support::bell::{Bell, Said};

/// Starts `bell`, and reads the page it names.
pub fn begin(bell: &Bell, arguments: &[&str]) -> (Child, String, impl std::io::Read + use<>) {
    let mut command = bell.command(&[&["--json"], arguments].concat());
    let mut child = command.stdin(Stdio::piped()).spawn().expect("bell starts");
    let mut lines = BufReader::new(child.stderr.take().expect("piped"));
    let mut page = String::new();
    while !page.starts_with("http") {
        page.clear();
        let read = lines.read_line(&mut page).expect("bell speaks");
        if read == 0 {
            let ended = child.wait_with_output().expect("ended");
            panic!("bell names no page: {}", String::from_utf8_lossy(&ended.stdout));
        }
    }
    (child, page.trim().to_owned(), lines)
}

/// Opens a page of this machine; where it sends the browser.
pub fn visit(url: &str) -> Option<String> {
    let rest = url.strip_prefix("http://").unwrap_or_else(|| panic!("not of this machine: {url}"));
    let (host, path) = rest.split_once('/').map_or((rest, ""), |(host, path)| (host, path));
    // Where a query follows the port at once, the path is the root.
    let (host, path) = match host.split_once('?') {
        Some((host, query)) => (host, format!("?{query}")),
        None => (host, path.to_owned()),
    };
    let mut stream = TcpStream::connect(host).unwrap_or_else(|error| panic!("{host}: {error}"));
    stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
    write!(stream, "GET /{path} HTTP/1.0\r\nHost: {host}\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/"), "{host} answers");
    let head = answer.split("\r\n\r\n").next().unwrap_or_default();
    head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("location").then(|| value.to_owned())
    })
}

/// A person who is signed in there already: the page answers at once, and its answer is taken where it leads.
pub fn pass_through(bell: &Bell, arguments: &[&str], turn: impl Fn(String) -> String) -> Said {
    let (child, page, _said) = begin(bell, arguments);
    let to = visit(&page).expect("the page sends the browser back");
    visit(&turn(to));
    child.wait_with_output().expect("bell ends").into()
}
