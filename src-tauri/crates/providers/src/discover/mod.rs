//! What the network says about a mail address: the domain's SRV records, its configuration for mail programs, and who
//! receives its mail. All are asked at once; what fails or is late is left out.
//!
//! Nothing personal leaves: only the domain is asked about. What comes back are proposals: a person sees them before
//! anything is connected to.

mod dns;
#[cfg(test)]
mod tests;
mod xml;

use std::time::Duration;

use reqwest::Url;
use tokio::time::timeout;

pub use self::dns::Names;
use crate::http;
use crate::net::Security;

/// Nobody waits longer for a proposal.
const PATIENCE: Duration = Duration::from_secs(5);
/// A configuration is a few kilobytes.
const LARGEST: usize = 256 * 1024;
/// Redirects of a configuration that are followed.
const REDIRECTS: usize = 3;

/// Where configurations for mail programs are: the domain's own first, then Mozilla's collection. Sources: Mozilla's
/// description of autoconfiguration, and draft-ietf-mailmaint-autoconfig.
const PLACES: [&str; 3] = [
    "https://autoconfig.{domain}/mail/config-v1.1.xml",
    "https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml",
    "https://autoconfig.thunderbird.net/v1.1/{domain}",
];

/// Where a configuration comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// SRV records (RFC 6186, RFC 8314).
    Srv,
    /// A configuration file for mail programs.
    Autoconfig,
}

/// A server that was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Host name.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How the connection is made safe; never not at all.
    pub security: Security,
    /// The user name, with the address filled in.
    pub user: String,
}

/// The servers of a domain, as one source names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configuration {
    /// The source.
    pub origin: Origin,
    /// What the provider calls itself.
    pub name: Option<String>,
    /// The server that holds the mail.
    pub imap: Server,
    /// The server that takes mail.
    pub smtp: Option<Server>,
    /// It was read over a connection that others could have changed, and leads out of the domain.
    pub doubtful: bool,
}

/// What was found, best first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Servers.
    pub configurations: Vec<Configuration>,
    /// Who receives the domain's mail.
    pub receivers: Vec<String>,
}

/// Asks the network.
pub struct Discovery {
    names: Option<Names>,
    places: Vec<String>,
}

impl Default for Discovery {
    /// As this machine asks for names, and at the usual places.
    fn default() -> Self {
        Self { names: Names::of_this_machine(), places: PLACES.map(str::to_owned).to_vec() }
    }
}

impl Discovery {
    /// Asks these instead; `{domain}` stands for the domain in a place.
    pub fn at(names: Option<Names>, places: Vec<String>) -> Self {
        Self { names, places }
    }

    /// What is known of an address's domain.
    pub async fn find(&self, address: &str) -> Findings {
        let Some(asked) = Asked::of(address) else { return Findings::default() };
        let (srv, receivers, files) =
            tokio::join!(self.srv(&asked), self.receivers(&asked), self.files(&asked));
        let configurations = srv.into_iter().chain(files).fold(Vec::new(), |mut known, one| {
            let same = |other: &Configuration| {
                (&other.imap.host, other.imap.port) == (&one.imap.host, one.imap.port)
            };
            if !known.iter().any(same) {
                known.push(one);
            }
            known
        });
        Findings { configurations, receivers }
    }

    async fn srv(&self, asked: &Asked) -> Option<Configuration> {
        let names = self.names.as_ref()?;
        timeout(PATIENCE, names.servers(asked)).await.ok()?
    }

    async fn receivers(&self, asked: &Asked) -> Vec<String> {
        let Some(names) = &self.names else { return Vec::new() };
        timeout(PATIENCE, names.receivers(&asked.domain)).await.unwrap_or_default()
    }

    async fn files(&self, asked: &Asked) -> Option<Configuration> {
        let places = self.places.iter().map(|place| async move {
            let place = place.replace("{domain}", &asked.domain);
            let text = timeout(PATIENCE, fetch(&place)).await.ok()??;
            xml::read(&text, asked)
        });
        // In the order of the places, all asked at once.
        let mut found = Vec::new();
        let mut left = places.collect::<Vec<_>>().into_iter();
        if let (Some(a), Some(b), Some(c)) = (left.next(), left.next(), left.next()) {
            let (a, b, c) = tokio::join!(a, b, c);
            found.extend([a, b, c]);
        }
        for one in left {
            found.push(one.await);
        }
        found.into_iter().flatten().next()
    }
}

/// An address in parts.
pub(super) struct Asked {
    address: String,
    local: String,
    /// In ASCII (RFC 5891), small letters.
    domain: String,
}

impl Asked {
    fn of(address: &str) -> Option<Self> {
        let address = address.trim();
        let (local, domain) = address.rsplit_once('@')?;
        let domain = idna::domain_to_ascii(domain.trim_end_matches('.')).ok()?;
        let plausible = domain.contains('.') && is_host(&domain) && !local.is_empty();
        plausible.then(|| Self { address: address.into(), local: local.into(), domain })
    }
}

/// Whether a text can be the name of a server.
fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    };
    text.len() <= 253 && text.split('.').all(label)
}

/// Reads a file over HTTPS (or from this machine); redirects stay on HTTPS.
async fn fetch(place: &str) -> Option<String> {
    let client = http::client(PATIENCE).ok()?;
    let mut url = allowed(Url::parse(place).ok()?)?;
    for _ in 0..=REDIRECTS {
        let mut response = client.get(url.clone()).send().await.ok()?;
        if response.status().is_redirection() {
            let to = response.headers().get("location")?.to_str().ok()?;
            url = allowed(url.join(to).ok()?)?;
            continue;
        }
        if !response.status().is_success() {
            return None;
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.ok()? {
            body.extend_from_slice(&chunk);
            if body.len() > LARGEST {
                return None;
            }
        }
        return String::from_utf8(body).ok();
    }
    None
}

fn allowed(url: Url) -> Option<Url> {
    http::checked(&format!("{}://{}", url.scheme(), url.authority())).ok()?;
    Some(url)
}
