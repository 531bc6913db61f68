//! A played Google or Microsoft, the clock it goes by, and a browser that does what the page says at once.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use deskbell_domain::Millis;
use deskbell_domain::time::Clock;
use deskbell_simulator::{OAuthClient, Simulator};

use crate::http;
use crate::oauth::{
    Attempt, Client, ClosingWords, Grant, Keep, Plan, Problem, Reach, SignedIn, TokenKeeper,
    Vendor, Way,
};

pub(crate) const CLIENT: &str = "desk.apps.googleusercontent.com";

/// The world's own clock.
pub(crate) struct WorldClock(pub(crate) Arc<Simulator>);

impl Clock for WorldClock {
    fn now(&self) -> Millis {
        self.0.world().now
    }
}

/// A world in which one client is registered.
pub(crate) fn world() -> Arc<Simulator> {
    let simulator = Simulator::start().expect("a free port");
    simulator.world().google.oauth.clients.insert(CLIENT.into(), OAuthClient::default());
    simulator.world().google.oauth.user = "mara@voss.example".into();
    Arc::new(simulator)
}

pub(crate) fn plan(world: &Simulator) -> Plan {
    Plan {
        vendor: Vendor::Google,
        reach: Reach::Imap,
        endpoints: Vendor::Google.endpoints(Some(&world.base_url("google"))).expect("known"),
        client: Client { id: CLIENT.into(), secret: None },
        hint: Some("mara@voss.example".into()),
        way: Way::Loopback,
        closing: vec![words("en", "Back"), words("de", "Zurück")],
    }
}

fn words(language: &str, title: &str) -> ClosingWords {
    ClosingWords {
        language: language.into(),
        done: (title.into(), "Taken.".into()),
        foreign: ("Foreign".into(), "Not taken.".into()),
        nothing: "Nothing".into(),
    }
}

/// The same at Microsoft, whose clients are public.
pub(crate) fn microsoft(world: &Simulator, reach: Reach) -> Plan {
    let id = "5a1e0000-0000-4000-8000-000000000001";
    world.world().microsoft.oauth.clients.insert(id.into(), OAuthClient::default());
    Plan {
        vendor: Vendor::Microsoft,
        reach,
        endpoints: Vendor::Microsoft.endpoints(Some(&world.base_url("microsoft"))).expect("known"),
        client: Client { id: id.into(), secret: None },
        ..plan(world)
    }
}

pub(crate) async fn begin(world: &Arc<Simulator>) -> Arc<Attempt> {
    begin_with(world, plan(world)).await
}

pub(crate) async fn begin_with(world: &Arc<Simulator>, plan: Plan) -> Arc<Attempt> {
    let clock = Arc::new(WorldClock(Arc::clone(world)));
    Arc::new(Attempt::begin(plan, clock).await.expect("an attempt"))
}

/// Somebody signs in and stays signed in: what hands out the tokens, and where it keeps what it renews.
pub(crate) async fn signed_in(
    world: &Arc<Simulator>,
    plan: Plan,
) -> (Arc<TokenKeeper>, Arc<Drawer>) {
    let grant = agree(&begin_with(world, plan).await).await.expect("signed in").grant;
    let drawer = Arc::new(Drawer::default());
    let clock = Arc::new(WorldClock(Arc::clone(world)));
    (Arc::new(TokenKeeper::new(grant, drawer.clone(), clock)), drawer)
}

/// Where the provider's page sends the browser; `None` where it shows a page instead.
pub(crate) async fn redirected(url: &str) -> Option<String> {
    let client = http::client(std::time::Duration::from_secs(10)).expect("a client");
    let answer = client.get(url).send().await.expect("the page answers");
    answer.headers().get("location").map(|to| to.to_str().expect("text").to_owned())
}

/// What the browser shows at an address: status, headers, text.
pub(crate) async fn shown(url: &str) -> (u16, String, String) {
    let client = http::client(std::time::Duration::from_secs(10)).expect("a client");
    let answer = client.get(url).header("accept-language", "de-DE").send().await.expect("shown");
    let status = answer.status().as_u16();
    let headers = format!("{:?}", answer.headers());
    (status, headers, answer.text().await.expect("text"))
}

/// A person who agrees at once: the whole way from the page to the answer.
pub(crate) async fn agree(attempt: &Arc<Attempt>) -> Result<SignedIn, Problem> {
    let browser = async {
        if let Some(to) = redirected(attempt.url()).await {
            shown(&to).await;
        }
    };
    let (answer, ()) = tokio::join!(attempt.answer(), browser);
    attempt.finish(answer?).await
}

/// Keeps grants in memory, in the order they came.
#[derive(Default)]
pub(crate) struct Drawer {
    pub(crate) kept: Mutex<Vec<Grant>>,
    pub(crate) jammed: Mutex<bool>,
}

#[async_trait]
impl Keep for Drawer {
    async fn keep(&self, grant: &Grant) -> Result<(), String> {
        if *self.jammed.lock().expect("whole") {
            return Err("the disk is full".into());
        }
        self.kept.lock().expect("whole").push(grant.clone());
        Ok(())
    }
}
