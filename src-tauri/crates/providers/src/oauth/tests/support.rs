//! A played Google, the clock it goes by, and a browser that does what the page says at once.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use deskbell_domain::Millis;
use deskbell_domain::time::Clock;
use deskbell_simulator::{OAuthClient, Simulator};

use crate::http;
use crate::oauth::{Attempt, Client, Grant, Keep, Plan, Problem, Reach, SignedIn, Vendor, Way};

pub(super) const CLIENT: &str = "desk.apps.googleusercontent.com";

/// The world's own clock.
pub(super) struct WorldClock(pub(super) Arc<Simulator>);

impl Clock for WorldClock {
    fn now(&self) -> Millis {
        self.0.world().now
    }
}

/// A world in which one client is registered.
pub(super) fn world() -> Arc<Simulator> {
    let simulator = Simulator::start().expect("a free port");
    simulator.world().google.oauth.clients.insert(CLIENT.into(), OAuthClient::default());
    simulator.world().google.oauth.user = "mara@voss.example".into();
    Arc::new(simulator)
}

pub(super) fn plan(world: &Simulator) -> Plan {
    Plan {
        vendor: Vendor::Google,
        reach: Reach::Imap,
        endpoints: Vendor::Google.endpoints(Some(&world.base_url("google"))).expect("known"),
        client: Client { id: CLIENT.into(), secret: None },
        hint: Some("mara@voss.example".into()),
        way: Way::Loopback,
    }
}

pub(super) async fn begin(world: &Arc<Simulator>) -> Arc<Attempt> {
    let clock = Arc::new(WorldClock(Arc::clone(world)));
    Arc::new(Attempt::begin(plan(world), clock).await.expect("an attempt"))
}

/// Where the provider's page sends the browser; `None` where it shows a page instead.
pub(super) async fn redirected(url: &str) -> Option<String> {
    let client = http::client(std::time::Duration::from_secs(10)).expect("a client");
    let answer = client.get(url).send().await.expect("the page answers");
    answer.headers().get("location").map(|to| to.to_str().expect("text").to_owned())
}

/// What the browser shows at an address: status, headers, text.
pub(super) async fn shown(url: &str) -> (u16, String, String) {
    let client = http::client(std::time::Duration::from_secs(10)).expect("a client");
    let answer = client.get(url).header("accept-language", "de-DE").send().await.expect("shown");
    let status = answer.status().as_u16();
    let headers = format!("{:?}", answer.headers());
    (status, headers, answer.text().await.expect("text"))
}

/// A person who agrees at once: the whole way from the page to the answer.
pub(super) async fn agree(attempt: &Arc<Attempt>) -> Result<SignedIn, Problem> {
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
pub(super) struct Drawer {
    pub(super) kept: Mutex<Vec<Grant>>,
    pub(super) jammed: Mutex<bool>,
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
