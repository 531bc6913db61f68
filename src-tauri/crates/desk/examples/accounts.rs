//! Measures the first sync of large mailboxes behind an API: `accounts MESSAGES` prints a line of JSON for
//! `cargo xtask bench accounts`.
//!
//! The provider, its quota included, is played. Waits that a quota asks for are skipped on a clock all share, and
//! counted: what is left is the time a sync takes by itself. Meanwhile the sign-in is renewed again and again,
//! slowly, and the first page of the inbox is read as a window reads it.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use deskbell_domain::conversation::View;
use deskbell_domain::port::{AccessTokens, Provider};
use deskbell_domain::secret::Secret;
use deskbell_domain::time::Clock;
use deskbell_domain::{AccountId, Channel, Millis, ProviderError};
use deskbell_engine::{DEFAULT_SCHEDULE, Engine, ProviderFactory, RoundError, SecretStore};
use deskbell_providers::gmail::{GmailProvider, GmailSettings, QuotaClock};
use deskbell_providers::graph::{GraphProvider, GraphSettings};
use deskbell_providers::oauth::{Grant, Keep, TokenKeeper};
use deskbell_simulator::{Fault, Options, Simulator, World};
use deskbell_store::queries::inbox;
use deskbell_store::table::account::{self, Account, NewAccount};
use deskbell_store::{Connection, OpenOptions, Origin, Store};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Friday, 20 November 2026, noon UTC.
const NOON: Millis = 1_795_176_000_000;
const DESK: &str = "desk@shop.example";
/// Words of one mail, of about two kilobytes.
const WORDS: usize = 350;
/// Rows of the first screen.
const FIRST: u32 = 50;
/// How slow the token endpoint is, and how often a token ends.
const SLOW: Duration = Duration::from_millis(300);
const RENEWED_EVERY: Duration = Duration::from_millis(700);
/// Between two reads of the window.
const BETWEEN: Duration = Duration::from_millis(3);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Vendor {
    Google,
    Microsoft,
}

/// The machine's time and what was skipped of it.
struct Shared {
    began: Instant,
    skipped: AtomicI64,
}

impl Shared {
    fn skip(&self, ms: i64) {
        self.skipped.fetch_add(ms, Ordering::SeqCst);
    }

    fn passed(&self) -> i64 {
        i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX)
            + self.skipped.load(Ordering::SeqCst)
    }
}

#[derive(Clone)]
struct Hands(Arc<Shared>);

impl Clock for Hands {
    fn now(&self) -> Millis {
        NOON + self.0.passed()
    }
}

#[async_trait]
impl QuotaClock for Hands {
    fn now(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.passed()).unwrap_or_default())
    }

    async fn rest(&self, pause: Duration) {
        self.0.skip(i64::try_from(pause.as_millis()).unwrap_or_default() + 1);
        tokio::task::yield_now().await;
    }
}

/// Where a renewed sign-in would be kept; says that a renewal is over.
struct Nowhere(Arc<AtomicBool>, Arc<AtomicU64>);

#[async_trait]
impl Keep for Nowhere {
    async fn keep(&self, _: &Grant) -> Result<(), String> {
        self.0.store(false, Ordering::SeqCst);
        self.1.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

struct Door(Arc<dyn Provider>);

impl ProviderFactory for Door {
    fn open(&self, _: &Account, _: Option<Secret>) -> Result<Arc<dyn Provider>, ProviderError> {
        Ok(Arc::clone(&self.0))
    }
}

struct NoPassword;

#[async_trait]
impl SecretStore for NoPassword {
    async fn password(&self, _: AccountId) -> Result<Option<Secret>, String> {
        Ok(None)
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let run = async {
        let messages = std::env::args().nth(1).ok_or("name the number of messages")?.parse()?;
        let google = measure(Vendor::Google, messages).await?;
        let microsoft = measure(Vendor::Microsoft, messages).await?;
        Ok::<_, Failure>(json!({ "google": google, "microsoft": microsoft }))
    };
    match run.await {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(vendor: Vendor, messages: usize) -> Result<Value, Failure> {
    let shared = Arc::new(Shared { began: Instant::now(), skipped: AtomicI64::new(0) });
    let hands = Hands(Arc::clone(&shared));
    let (world, tokens) = world(vendor, messages);
    let time = hands.clone();
    let simulator = Arc::new(Simulator::with(Options {
        world,
        time: Some(Arc::new(move || Clock::now(&time))),
        held: false,
        ..Options::default()
    })?);
    let (renewing, renewals) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let keep = Arc::new(Nowhere(Arc::clone(&renewing), Arc::clone(&renewals)));
    let grant = grant(vendor, &simulator, &tokens).ok_or("a sign-in of another form")?;
    let keeper: Arc<dyn AccessTokens> =
        Arc::new(TokenKeeper::new(grant, keep, Arc::new(hands.clone())));
    let provider = provider(vendor, &simulator, keeper, &hands)?;

    let directory = tempfile::tempdir()?;
    let store = Store::open(directory.path(), OpenOptions::default())?.store;
    let account = store.write(Origin::Local, NOON, |w| account::insert(w, &new())).await?;
    let clock = Arc::new(hands.clone());
    let engine = Engine::idle(store.clone(), Arc::new(Door(provider)), Arc::new(NoPassword), clock);

    let over = Arc::new(AtomicBool::new(false));
    let window = Window { store: store.clone(), over: Arc::clone(&over), renewing };
    let (looking, server) = (window.renewing.clone(), Arc::clone(&simulator));
    let ending = Arc::clone(&over);
    let renewer = std::thread::spawn(move || renew(vendor, &server, &looking, &ending));
    let began = Instant::now();
    let skipped = shared.skipped.load(Ordering::SeqCst);
    let window = std::thread::spawn(move || window.look(began));
    let token = CancellationToken::new();
    let synced = loop {
        match engine.sync_once(account, &token).await {
            Err(RoundError::Provider(ProviderError::RateLimited { after })) => {
                let pause = after.unwrap_or(Duration::from_secs(60)).as_millis();
                shared.skip(i64::try_from(pause)? + 1);
            }
            ended => break ended,
        }
    };
    let whole = began.elapsed();
    over.store(true, Ordering::SeqCst);
    let seen = window.join().map_err(|_| "the window broke")??;
    renewer.join().map_err(|_| "the renewals broke")?;
    synced?;
    let waited = shared.skipped.load(Ordering::SeqCst) - skipped;
    let held = store.read(|c: &Connection| {
        Ok(c.query_row("SELECT count(*) FROM message WHERE body_state = 1", [], |r| r.get(0))?)
    });
    let held: i64 = held.await?;
    if usize::try_from(held)? != messages {
        return Err(format!("{held} of {messages} messages are here whole").into());
    }
    let world = simulator.world();
    let (calls, units) = match vendor {
        Vendor::Google => (world.google.quota.calls, world.google.quota.spent),
        Vendor::Microsoft => (world.microsoft.allowance.asked, world.microsoft.allowance.asked),
    };
    let refused = world.google.quota.refused + world.microsoft.allowance.refused;
    Ok(json!({
        "messages": messages,
        "first_ms": millis(seen.first.ok_or("the first rows never came")?),
        "whole_ms": millis(whole),
        "waited_ms": waited,
        "requests": world.journal.len(),
        "calls": calls,
        "units": units,
        "refused": refused,
        "renewals": renewals.load(Ordering::SeqCst),
        "reads": seen.calm.len(),
        "reads_renewing": seen.renewing.len(),
        "p99_ms": p99(seen.calm),
        "p99_renewing_ms": p99(seen.renewing),
    }))
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn p99(mut times: Vec<Duration>) -> Option<f64> {
    times.sort_unstable();
    let at = (times.len() * 99).div_ceil(100).checked_sub(1)?;
    times.get(at).copied().map(millis)
}

/// What a window does all the while.
struct Window {
    store: Store,
    over: Arc<AtomicBool>,
    renewing: Arc<AtomicBool>,
}

#[derive(Default)]
struct Seen {
    first: Option<Duration>,
    calm: Vec<Duration>,
    renewing: Vec<Duration>,
}

impl Window {
    fn look(&self, began: Instant) -> Result<Seen, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let mut seen = Seen::default();
            while !self.over.load(Ordering::SeqCst) {
                let renewing = self.renewing.load(Ordering::SeqCst);
                let asked = Instant::now();
                let page = |c: &Connection| inbox::page(c, View::Inbox, None, None, FIRST);
                let rows = self.store.read(page).await?.len();
                let took = asked.elapsed();
                if rows >= FIRST as usize {
                    seen.first.get_or_insert_with(|| began.elapsed());
                }
                if renewing { &mut seen.renewing } else { &mut seen.calm }.push(took);
                tokio::time::sleep(BETWEEN).await;
            }
            Ok(seen)
        })
    }
}

/// Ends the token at hand again and again, and lets the next one come slowly.
fn renew(vendor: Vendor, simulator: &Simulator, renewing: &AtomicBool, over: &AtomicBool) {
    let at = match vendor {
        Vendor::Google => "POST /token",
        Vendor::Microsoft => "POST /common/oauth2/v2.0/token",
    };
    while !over.load(Ordering::SeqCst) {
        std::thread::sleep(RENEWED_EVERY);
        if renewing.swap(true, Ordering::SeqCst) {
            continue;
        }
        let late = Fault::late(at, SLOW);
        let mut world = simulator.world();
        world.faults.push_back(late);
        match vendor {
            Vendor::Google => world.google.oauth.expire_access(),
            Vendor::Microsoft => world.microsoft.oauth.expire_access(),
        }
    }
}

fn provider(
    vendor: Vendor,
    simulator: &Simulator,
    tokens: Arc<dyn AccessTokens>,
    hands: &Hands,
) -> Result<Arc<dyn Provider>, ProviderError> {
    Ok(match vendor {
        Vendor::Google => {
            let settings = GmailSettings::new(DESK, Some(&simulator.base_url("google")));
            Arc::new(GmailProvider::with_clock(&settings, tokens, Arc::new(hands.clone()))?)
        }
        Vendor::Microsoft => {
            let base_url = Some(format!("{}/v1.0", simulator.base_url("microsoft")));
            let settings =
                GraphSettings { address: DESK.into(), base_url, ..GraphSettings::default() };
            Arc::new(GraphProvider::new(&settings, tokens)?)
        }
    })
}

/// The sign-in that an earlier run has kept.
fn grant(vendor: Vendor, simulator: &Simulator, tokens: &(String, String)) -> Option<Grant> {
    let (name, path) = match vendor {
        Vendor::Google => ("google", "token"),
        Vendor::Microsoft => ("microsoft", "common/oauth2/v2.0/token"),
    };
    let base = simulator.base_url(name);
    let client = {
        let mut world = simulator.world();
        let oauth = match vendor {
            Vendor::Google => &mut world.google.oauth,
            Vendor::Microsoft => &mut world.microsoft.oauth,
        };
        oauth.clients.keys().next().cloned()
    };
    let kept = json!({
        "vendor": name,
        "reach": "api",
        "authorize_url": format!("{base}/authorize"),
        "token_url": format!("{base}/{path}"),
        "client_id": client?,
        "client_secret": null,
        "refresh": tokens.1,
        "access": tokens.0,
        "expires_at": NOON + 3_600_000,
    });
    Grant::from_secret(&Secret::new(kept.to_string()))
}

fn new() -> NewAccount {
    NewAccount {
        provider: "played".into(),
        channel: Channel::Email,
        address: DESK.into(),
        name: "Shop".into(),
        settings: "{}".into(),
        schedule: DEFAULT_SCHEDULE.into(),
        writes_back: true,
        sends: true,
    }
}

/// The mailbox, and tokens for it: access and refresh.
fn world(vendor: Vendor, messages: usize) -> (World, (String, String)) {
    let mut world = World::at(NOON);
    let tokens = match vendor {
        Vendor::Google => world.google.open(DESK, NOON),
        Vendor::Microsoft => world.microsoft.open(DESK, NOON),
    };
    for n in 0..messages {
        let at = NOON - 600_000 * i64::try_from(messages - n).unwrap_or_default();
        let (source, place) = (mail(n), n % 10);
        match vendor {
            Vendor::Google => {
                let labels: &[&str] = match place {
                    0 => &["SENT"],
                    1..=5 => &[],
                    _ => &["INBOX"],
                };
                world.google.mailbox(DESK).put(source.as_bytes(), labels, at);
            }
            Vendor::Microsoft => {
                let folder = match place {
                    0 => "sentitems",
                    1..=5 => "archive",
                    _ => "inbox",
                };
                let mailbox = world.microsoft.mailbox(DESK);
                mailbox.settle(folder, source.as_bytes(), at, n % 7 != 0, false);
            }
        }
    }
    (world, tokens)
}

/// The words of one mail out of four thousand, the same at every run.
fn word(seed: usize) -> String {
    const SOUNDS: [&str; 12] =
        ["ba", "de", "fi", "go", "ku", "la", "me", "ni", "ro", "su", "ta", "vi"];
    let n = seed.wrapping_mul(2_654_435_761) >> 7;
    let sound = |n: usize| SOUNDS.get(n % SOUNDS.len()).copied().unwrap_or_default();
    format!("{}{}{}", sound(n), sound(n / 12), sound(n / 144))
}

/// Every third mail answers the one before it.
fn mail(n: usize) -> String {
    let body: Vec<String> = (0..WORDS).map(|w| word(n * 7_919 + w * w)).collect();
    let subject = format!("{} {}", word(n - n % 3), word(n - n % 3 + 1));
    let answers = match n % 3 {
        0 => String::new(),
        _ => format!("In-Reply-To: <{}@bench.example>\r\n", n - 1),
    };
    format!(
        "Message-ID: <{n}@bench.example>\r\nFrom: Client {0} <client{0}@shop{1}.example>\r\n\
         To: {DESK}\r\nDate: Fri, 20 Nov 2026 12:00:00 +0000\r\nSubject: {2}{subject}\r\n{answers}\r\n{3}\r\n",
        n % 900,
        n % 40,
        if n.is_multiple_of(3) { "" } else { "Re: " },
        body.chunks(12).map(|line| line.join(" ")).collect::<Vec<_>>().join("\r\n")
    )
}
