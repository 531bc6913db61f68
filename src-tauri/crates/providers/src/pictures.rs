//! The pictures of a mail, fetched from the servers it names, once a person asked for them.
//!
//! Invariant: a connection is made only to an address that was checked to be public: every address a name leads to
//! is looked at, and exactly those are connected to, or it is the proxy of this machine that connects. Without cookies, without a referrer, without following: where a
//! server points is told to the caller, who decides. Which names may be asked, and what is a picture, is the caller's.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use deskbell_domain::reach::is_public;
use futures::future::BoxFuture;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::LOCATION;
use reqwest::{Client, ClientBuilder, Url};
use tokio::net::lookup_host;

use crate::http;

/// One picture takes no longer, from the first look-up to the last byte.
const PATIENCE: Duration = Duration::from_secs(15);

/// What a server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Bytes; whether they are a picture they must show.
    Bytes(Vec<u8>),
    /// It lies elsewhere.
    Elsewhere(String),
    /// Nothing that could be shown, from nowhere that may be asked.
    Nothing,
}

/// Finds the addresses of a name.
type LookUp = dyn Fn(String) -> BoxFuture<'static, std::io::Result<Vec<SocketAddr>>> + Send + Sync;

/// Fetches pictures.
pub struct Pictures {
    ways: LazyLock<Ways, Box<dyn FnOnce() -> Ways + Send>>,
    look_up: Arc<LookUp>,
}

/// Who asks. Made at the first question only: each reads the certificates of all authorities, which nobody should wait
/// for who opens a profile.
struct Ways {
    straight: Option<Client>,
    /// Where a proxy is set that makes the requests: it looks names up itself.
    behind: Option<(Matcher, Client)>,
}

impl Default for Pictures {
    fn default() -> Self {
        let look_up = |name: String| -> BoxFuture<'static, std::io::Result<Vec<SocketAddr>>> {
            Box::pin(async move { Ok(lookup_host((name, 0)).await?.collect()) })
        };
        let behind = || client(|builder| builder).map(|client| (Matcher::from_env(), client));
        Self::new(Arc::new(look_up), |checked| checked, behind)
    }
}

/// Asks as a browser would that tells nobody where it comes from.
fn client(as_well: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Option<Client> {
    let builder = http::builder(PATIENCE).ok()?;
    as_well(builder.timeout(PATIENCE).user_agent("Mozilla/5.0").referer(false)).build().ok()
}

impl Pictures {
    /// Names are looked up with `look_up`; a connection is made to what `reach` makes of a checked address.
    fn new(
        look_up: Arc<LookUp>,
        reach: fn(SocketAddr) -> SocketAddr,
        behind: fn() -> Option<(Matcher, Client)>,
    ) -> Self {
        let names = Arc::new(PublicNames { look_up: Arc::clone(&look_up), reach });
        let ways = move || Ways {
            straight: client(|builder| builder.dns_resolver(names).no_proxy()),
            behind: behind(),
        };
        Self { ways: LazyLock::new(Box::new(ways)), look_up }
    }

    /// Asks for one picture of at most `largest` bytes.
    pub async fn fetch(&self, url: &str, largest: usize) -> Answer {
        self.ask(url, largest).await.unwrap_or(Answer::Nothing)
    }

    async fn ask(&self, url: &str, largest: usize) -> Option<Answer> {
        let url = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        // An address written out is looked up by nobody.
        let host = url.host_str()?.trim_matches(['[', ']']);
        if host.parse::<IpAddr>().is_ok_and(|address| !is_public(address)) {
            return None;
        }
        let mut answer = self.client_for(&url).await?.get(url.clone()).send().await.ok()?;
        if answer.status().is_redirection() {
            let to = answer.headers().get(LOCATION)?.to_str().ok()?;
            return Some(Answer::Elsewhere(url.join(to).ok()?.into()));
        }
        if !answer.status().is_success() {
            return None;
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.ok()? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > largest {
                return None;
            }
        }
        Some(Answer::Bytes(bytes))
    }
}

impl Pictures {
    /// Who asks: where a proxy does, a name that leads into the person's network from here is not asked for, and one
    /// that only the proxy knows is the proxy's to judge.
    async fn client_for(&self, url: &Url) -> Option<&Client> {
        let Ways { straight, behind } = &*self.ways;
        let Some((proxies, client)) = behind else { return straight.as_ref() };
        if proxies.intercept(&url.as_str().parse().ok()?).is_none() {
            return straight.as_ref();
        }
        let found = (self.look_up)(url.host_str()?.to_owned()).await.unwrap_or_default();
        found.iter().all(|address| is_public(address.ip())).then_some(client)
    }
}

/// Names that lead to public addresses, and to nothing else.
struct PublicNames {
    look_up: Arc<LookUp>,
    reach: fn(SocketAddr) -> SocketAddr,
}

impl Resolve for PublicNames {
    fn resolve(&self, name: Name) -> Resolving {
        let (found, reach) = ((self.look_up)(name.as_str().to_owned()), self.reach);
        Box::pin(async move {
            let found = found.await?;
            if found.is_empty() || found.iter().any(|address| !is_public(address.ip())) {
                return Err("this name leads into a network of its own".into());
            }
            Ok(Box::new(found.into_iter().map(reach)) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{Ipv4Addr, TcpListener};
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    const PUBLIC: &str = "203.0.113.7";

    /// A server on this machine that counts who comes and always answers the same.
    struct Server {
        port: u16,
        met: Arc<AtomicUsize>,
    }

    impl Server {
        fn answering(answer: &'static str) -> Self {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
            let port = listener.local_addr().expect("an address").port();
            let met = Arc::new(AtomicUsize::new(0));
            let counted = Arc::clone(&met);
            // Ends with the test's process.
            std::thread::spawn(move || {
                for stream in listener.incoming() {
                    let Ok(mut stream) = stream else { return };
                    counted.fetch_add(1, Ordering::SeqCst);
                    let mut asked = [0; 4096];
                    let _ = stream.read(&mut asked);
                    let _ = stream.write_all(answer.as_bytes());
                }
            });
            Self { port, met }
        }

        fn met(&self) -> usize {
            self.met.load(Ordering::SeqCst)
        }
    }

    /// Every name leads to these addresses; what is checked and public is found on this machine.
    fn pictures(leads_to: &'static [&'static str]) -> Pictures {
        let look_up = move |_: String| -> BoxFuture<'static, std::io::Result<Vec<SocketAddr>>> {
            let all = leads_to.iter().map(|ip| SocketAddr::new(ip.parse().expect("an address"), 0));
            let all = all.collect();
            Box::pin(async move { Ok(all) })
        };
        let here =
            |checked: SocketAddr| SocketAddr::new(Ipv4Addr::LOCALHOST.into(), checked.port());
        Pictures::new(Arc::new(look_up), here, || None)
    }

    const PICTURE: &str =
        "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\npicture";

    #[tokio::test]
    async fn a_name_that_leads_into_the_house_is_never_connected_to() {
        let server = Server::answering(PICTURE);
        let url = format!("http://pictures.example:{}/1.png", server.port);
        for inside in [
            &["127.0.0.1"][..],
            &["10.0.0.4"],
            &["169.254.169.254"],
            &["::1"],
            &["::ffff:127.0.0.1"],
            &["fd00::1"],
            &[PUBLIC, "127.0.0.1"],
            &["127.0.0.1", PUBLIC],
            &[],
        ] {
            assert_eq!(pictures(inside).fetch(&url, 100).await, Answer::Nothing, "{inside:?}");
        }
        for literal in ["127.0.0.1", "[::ffff:127.0.0.1]", "[::1]", "2130706433"] {
            let url = format!("http://{literal}:{}/1.png", server.port);
            let answer = pictures(&[PUBLIC]).fetch(&url, 100).await;
            assert_eq!(answer, Answer::Nothing, "{literal}");
        }
        assert_eq!(server.met(), 0, "nobody came");

        let answer = pictures(&[PUBLIC]).fetch(&url, 100).await;
        assert_eq!(answer, Answer::Bytes(b"picture".to_vec()), "what is public is fetched");
        assert_eq!(server.met(), 1);
    }

    #[tokio::test]
    async fn the_machines_own_names_are_looked_up_and_refused() {
        let server = Server::answering(PICTURE);
        let url = format!("http://localhost:{}/1.png", server.port);
        assert_eq!(Pictures::default().fetch(&url, 100).await, Answer::Nothing);
        assert_eq!(server.met(), 0, "nobody came");
    }

    #[tokio::test]
    async fn a_redirect_is_told_and_not_followed() {
        let server = Server::answering(
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/admin\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        );
        let url = format!("http://pictures.example:{}/1.png", server.port);
        let answer = pictures(&[PUBLIC]).fetch(&url, 100).await;
        assert_eq!(answer, Answer::Elsewhere("http://127.0.0.1/admin".into()));
        assert_eq!(server.met(), 1);
    }

    #[tokio::test]
    async fn what_is_too_large_or_refused_is_nothing() {
        let server = Server::answering(PICTURE);
        let url = format!("http://pictures.example:{}/1.png", server.port);
        assert_eq!(pictures(&[PUBLIC]).fetch(&url, 6).await, Answer::Nothing, "a byte too much");
        let server = Server::answering(
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        );
        let url = format!("http://pictures.example:{}/1.png", server.port);
        assert_eq!(pictures(&[PUBLIC]).fetch(&url, 100).await, Answer::Nothing);
        for url in ["ftp://pictures.example/1.png", "file:///etc/passwd", "no url"] {
            assert_eq!(pictures(&[PUBLIC]).fetch(url, 100).await, Answer::Nothing, "{url}");
        }
    }
}
