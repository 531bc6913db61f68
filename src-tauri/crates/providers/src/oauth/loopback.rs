//! The port of this machine that waits for one answer of the browser (RFC 8252 section 7.3).
//!
//! Invariant: bound before the browser opens, on loopback addresses only; exactly one request on the one path is
//! taken, a page without scripts answers it, and then the port is closed. What stands in a query is never logged.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use deskbell_domain::secret::Secret;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::page::{self, ClosingWords, Outcome};

/// A browser sends its request at once.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest request line with its headers.
const LONGEST: usize = 32 * 1024;
/// Tries to find a port that is free for both kinds of addresses.
const TRIES: usize = 8;

/// See the module.
pub(super) struct Loopback {
    v4: TcpListener,
    /// `localhost` is this one for some browsers.
    v6: Option<TcpListener>,
    port: u16,
    words: Vec<ClosingWords>,
}

impl Loopback {
    /// Takes a free port; on both loopback addresses where `both`. The words are for the page that answers.
    pub(super) async fn bind(both: bool, words: Vec<ClosingWords>) -> io::Result<Self> {
        let mut last = None;
        for _ in 0..TRIES {
            let v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            let port = v4.local_addr()?.port();
            if !both {
                return Ok(Self { v4, v6: None, port, words });
            }
            match TcpListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, port))).await {
                Ok(v6) => return Ok(Self { v4, v6: Some(v6), port, words }),
                // Another program has it there, and would get the answer.
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => last = Some(error),
                // A machine without IPv6.
                Err(_) => return Ok(Self { v4, v6: None, port, words }),
            }
        }
        Err(last.unwrap_or_else(|| io::ErrorKind::AddrInUse.into()))
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Waits for the one request; its query. `ours` judges it before the browser is told anything.
    pub(super) async fn answer(self, ours: impl Fn(&Secret) -> bool) -> Secret {
        loop {
            let accepted = match &self.v6 {
                Some(v6) => tokio::select! {
                    accepted = self.v4.accept() => accepted,
                    accepted = v6.accept() => accepted,
                },
                None => self.v4.accept().await,
            };
            let Ok((mut stream, _)) = accepted else {
                // Out of files for the moment; the browser tries again.
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            };
            let Ok(Some(asked)) = timeout(PATIENCE, request(&mut stream)).await else {
                self.show(&mut stream, Outcome::Nothing, "").await;
                continue;
            };
            let outcome = if ours(&asked.text) { Outcome::Done } else { Outcome::Foreign };
            self.show(&mut stream, outcome, &asked.languages).await;
            return asked.text;
        }
    }

    /// Shows what came of a request; a browser that does not listen has had its chance.
    async fn show(&self, stream: &mut TcpStream, outcome: Outcome, languages: &str) {
        let none = ClosingWords::default();
        let words = page::chosen(&self.words, languages).unwrap_or(&none);
        let _ = timeout(PATIENCE, respond(stream, &page::whole(outcome, words))).await;
    }
}

/// The request that was waited for.
struct Asked {
    text: Secret,
    /// `Accept-Language`, as it came.
    languages: String,
}

/// Reads a request; `None` if it is not the one: another method or path, no query, or no HTTP.
async fn request(stream: &mut TcpStream) -> Option<Asked> {
    let mut head = zeroize::Zeroizing::new(Vec::new());
    let mut some = zeroize::Zeroizing::new([0_u8; 2_048]);
    loop {
        let read = stream.read(some.as_mut_slice()).await.ok()?;
        head.extend_from_slice(some.get(..read)?);
        if head.windows(4).any(|end| end == b"\r\n\r\n") {
            break;
        }
        if read == 0 || head.len() > LONGEST {
            return None;
        }
    }
    let head = std::str::from_utf8(&head).ok()?;
    let mut lines = head.lines();
    let target = lines.next()?.strip_prefix("GET ")?.split(' ').next()?;
    let query = target.strip_prefix("/?").filter(|query| !query.is_empty())?;
    let languages = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("accept-language").then(|| value.trim().to_owned())
    });
    Some(Asked { text: Secret::new(query), languages: languages.unwrap_or_default() })
}

async fn respond(stream: &mut TcpStream, answer: &str) -> io::Result<()> {
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}
