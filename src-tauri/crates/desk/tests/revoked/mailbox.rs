//! The other side: mailboxes at Google, at Microsoft and behind IMAP, and how one signs in to them.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use deskbell_domain::Millis;
use deskbell_domain::port::{AccessTokens, Provider};
use deskbell_domain::time::Clock;
use deskbell_engine::MachineClock;
use deskbell_providers::gmail::{GmailProvider, GmailSettings};
use deskbell_providers::graph::{GraphProvider, GraphSettings};
use deskbell_providers::imap::{ImapProvider, ImapSettings, Security};
use deskbell_providers::oauth::{
    Attempt, Client, Grant, Keep, Plan, Reach, TokenKeeper, Vendor, Way, discover,
};
use deskbell_simulator::{OAuthClient, Simulator};
use deskbell_testbed::{Dovecot, DovecotOptions, Filed, Oidc, unless_missing};

pub const OWN: &str = "ada@studio.example";
const CLIENT: &str = "5a1e0000-0000-4000-8000-00000000d35c";

/// A mailbox that one signs in to in the browser.
#[async_trait]
pub trait Mailbox: Send + Sync {
    /// Messages arrive; their subjects.
    fn deliver(&self, subjects: &[String]);
    /// Somebody signs in: a provider as a new start of the program opens it.
    async fn sign_in(&self) -> Arc<dyn Provider>;
    /// The sign-in is taken back, wherever it is in use.
    fn revoke(&self);
    /// Requests so far, and among them those for tokens.
    fn asked(&self) -> (usize, usize);
}

pub fn letter(subject: &str) -> String {
    format!(
        "From: mara@client.example\r\nTo: {OWN}\r\nSubject: {subject}\r\nMessage-ID: <{subject}@client.example>\r\n\
         Date: Sat, 21 Nov 2026 06:59:00 +0000\r\n\r\nThis is {subject}.\r\n"
    )
}

/// The world's own clock.
struct WorldClock(Arc<Simulator>);

impl Clock for WorldClock {
    fn now(&self) -> Millis {
        self.0.world().now
    }
}

/// What is kept is kept elsewhere in the program; here it only has to be taken.
struct Taken;

#[async_trait]
impl Keep for Taken {
    async fn keep(&self, _: &Grant) -> Result<(), String> {
        Ok(())
    }
}

/// A mailbox behind its provider's own API.
pub struct Played {
    vendor: Vendor,
    simulator: Arc<Simulator>,
}

impl Played {
    pub fn at(vendor: Vendor) -> Self {
        let simulator = Arc::new(Simulator::start().unwrap());
        {
            let mut world = simulator.world();
            let now = world.now;
            // Their tokens go with the sign-in that comes; the quota has stories of its own.
            let oauth = if vendor == Vendor::Google {
                world.google.open(OWN, now);
                world.google.quota.per_minute = u32::MAX;
                &mut world.google.oauth
            } else {
                world.microsoft.open(OWN, now);
                &mut world.microsoft.oauth
            };
            oauth.user = OWN.into();
            oauth.clients.insert(CLIENT.into(), OAuthClient::default());
        }
        Self { vendor, simulator }
    }

    fn base(&self) -> String {
        let name = if self.vendor == Vendor::Google { "google" } else { "microsoft" };
        self.simulator.base_url(name)
    }
}

#[async_trait]
impl Mailbox for Played {
    fn deliver(&self, subjects: &[String]) {
        for subject in subjects {
            let mut world = self.simulator.world();
            world.now += 1_000;
            let now = world.now;
            let source = letter(subject);
            if self.vendor == Vendor::Google {
                world.google.mailbox(OWN).deliver(source.as_bytes(), now);
            } else {
                world.microsoft.mailbox(OWN).deliver("inbox", source.as_bytes(), now);
            }
        }
    }

    async fn sign_in(&self) -> Arc<dyn Provider> {
        let base = self.base();
        let clock: Arc<dyn Clock> = Arc::new(WorldClock(Arc::clone(&self.simulator)));
        let plan = Plan {
            vendor: self.vendor,
            reach: Reach::Api,
            endpoints: self.vendor.endpoints(Some(&base)).unwrap(),
            client: Client { id: CLIENT.into(), secret: None },
            hint: None,
            way: Way::Loopback,
            closing: Vec::new(),
        };
        let attempt = Attempt::begin(plan, Arc::clone(&clock)).await.unwrap();
        let to = location(attempt.url());
        let tokens = kept(&attempt, &to, clock).await;
        if self.vendor == Vendor::Google {
            let settings = GmailSettings {
                units_per_minute: Some(1_000_000_000),
                look_every: 1,
                ..GmailSettings::new(OWN, Some(&base))
            };
            Arc::new(GmailProvider::new(&settings, tokens).unwrap())
        } else {
            let base_url = Some(format!("{base}/v1.0"));
            let settings =
                GraphSettings { address: OWN.into(), base_url, ..GraphSettings::default() };
            Arc::new(GraphProvider::new(&settings, tokens).unwrap())
        }
    }

    fn revoke(&self) {
        let mut world = self.simulator.world();
        if self.vendor == Vendor::Google {
            world.google.oauth.revoke_user(OWN);
        } else {
            world.microsoft.oauth.revoke_user(OWN);
        }
    }

    fn asked(&self) -> (usize, usize) {
        let world = self.simulator.world();
        let tokens = world.journal.iter().filter(|entry| entry.path.ends_with("/token")).count();
        (world.journal.len(), tokens)
    }
}

/// A mailbox behind IMAP, whose server asks about each token.
pub struct Imap {
    oidc: Oidc,
    dovecot: Mutex<Dovecot>,
}

impl Imap {
    pub fn start() -> Option<Self> {
        let oidc = unless_missing(Oidc::start()).unwrap()?;
        let options = DovecotOptions {
            introspection: Some(oidc.introspection()),
            users: vec![(OWN.into(), "pencil".into())],
            ..DovecotOptions::default()
        };
        let dovecot = unless_missing(Dovecot::start(options)).unwrap()?;
        Some(Self { oidc, dovecot: Mutex::new(dovecot) })
    }
}

#[async_trait]
impl Mailbox for Imap {
    fn deliver(&self, subjects: &[String]) {
        let letters = subjects.iter().map(|subject| Filed::from(letter(subject)));
        self.dovecot.lock().unwrap().fill_maildir(OWN, "INBOX", letters).unwrap();
    }

    async fn sign_in(&self) -> Arc<dyn Provider> {
        let plan = Plan {
            vendor: Vendor::Custom,
            reach: Reach::Imap,
            endpoints: discover(&self.oidc.issuer()).await.unwrap(),
            client: Client { id: self.oidc.client_id().into(), secret: None },
            hint: None,
            way: Way::Loopback,
            closing: Vec::new(),
        };
        let clock: Arc<dyn Clock> = Arc::new(MachineClock);
        let attempt = Attempt::begin(plan, Arc::clone(&clock)).await.unwrap();
        let to = self.oidc.browse_to(attempt.url(), OWN, "http://127.0.0.1:").unwrap();
        let tokens = kept(&attempt, &to, clock).await;
        let settings = ImapSettings {
            address: OWN.into(),
            user: OWN.into(),
            host: "127.0.0.1".into(),
            port: self.dovecot.lock().unwrap().imap_port(),
            security: Security::None,
            pinned_certificate: None,
        };
        Arc::new(ImapProvider::with_tokens(settings, tokens))
    }

    /// A server that hears of it ends what is open; this one hears of it when it is signed in to.
    fn revoke(&self) {
        self.oidc.revoke_all().unwrap();
        self.dovecot.lock().unwrap().restart().unwrap();
    }

    fn asked(&self) -> (usize, usize) {
        let tried = self.dovecot.lock().unwrap().log().matches("auth failed").count();
        (tried, 0)
    }
}

/// The browser's answer is taken, and what comes of it kept.
async fn kept(attempt: &Attempt, to: &str, clock: Arc<dyn Clock>) -> Arc<dyn AccessTokens> {
    attempt.hand_back(to).unwrap();
    let answer = attempt.answer().await.unwrap();
    let grant = attempt.finish(answer).await.unwrap().grant;
    Arc::new(TokenKeeper::new(grant, Arc::new(Taken), clock))
}

/// Where a page of this machine sends the browser.
fn location(page: &str) -> String {
    let (host, path) = page.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let mut fields = answer.lines().filter_map(|line| line.split_once(": "));
    let location = fields.find(|(name, _)| name.eq_ignore_ascii_case("location"));
    location.unwrap().1.to_owned()
}
