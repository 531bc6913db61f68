//! Signing in as the window does it, by the command table: whatever goes wrong ends the attempt with one sentence and one
//! button, nobody is asked in a loop, and nothing is kept.

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use deskbell_api::Host;
use deskbell_api::dto::ArchiveKind;
use deskbell_api::handlers::sign_in;
use deskbell_desk::Profile;
use deskbell_simulator::{Consent, Fault};
use serde_json::{Value, json};

use crate::bad_input::{
    BOTH, CLIENT, HTML, OTHER, OWN, PORTAL, Place, TOO_OFTEN, Vendor, assert_plain,
};
use crate::support::{browser, wait_until};

const TEN_MINUTES: i64 = 10 * 60 * 1_000;
const HOURS: i64 = 3 * 60 * 60 * 1_000;

/// A window without glass: the command table over a profile, and a person who opens pages by hand.
struct Window {
    place: Place,
    profile: Profile,
    runtime: tokio::runtime::Runtime,
    /// How much later it is here than on the machine, ms.
    later: Arc<AtomicI64>,
}

/// One attempt that has begun.
struct Begun {
    attempt: String,
    url: String,
}

struct Nobody;

#[async_trait::async_trait]
impl Host for Nobody {
    async fn pick(&self, _: ArchiveKind) -> Option<PathBuf> {
        None
    }

    async fn pick_files(&self, _: bool) -> Vec<PathBuf> {
        Vec::new()
    }

    async fn save_as(&self, _: &str) -> Option<PathBuf> {
        None
    }

    fn open_link(&self, _: &str) -> Result<(), String> {
        Ok(())
    }

    fn open_file(&self, _: &Path) -> Result<(), String> {
        Err("nobody is here".into())
    }
}

impl Window {
    fn open(place: Place) -> Self {
        deskbell_desk::install_tls();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let later = Arc::new(AtomicI64::new(0));
        let hands = Arc::clone(&later);
        let time = move || {
            let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_millis();
            i64::try_from(now).unwrap() + hands.load(Ordering::SeqCst)
        };
        let profile = runtime.block_on(async {
            let host = Arc::new(Nobody);
            deskbell_desk::open_by(place.bell.profile(), host, Arc::new(time)).unwrap()
        });
        Self { place, profile, runtime, later }
    }

    fn call(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        let answer = deskbell_api::call(&self.profile.desk, command, arguments);
        self.runtime.block_on(answer).map_err(|error| serde_json::to_value(error).unwrap())
    }

    #[track_caller]
    fn begin(&self, more: &[(&str, Value)]) -> Begun {
        let (word, base) = self.place.base();
        let mut ask =
            json!({ "provider": word, "use": "api", "client_id": CLIENT, "base_url": base });
        for (name, value) in more {
            ask[*name] = value.clone();
        }
        let begun = self.call("sign_in_begin", ask).unwrap();
        let text = |name: &str| begun[name].as_str().unwrap().to_owned();
        Begun { attempt: text("attempt"), url: text("url") }
    }

    fn state(&self, begun: &Begun) -> Value {
        self.call("sign_in_state", json!({ "attempt": begun.attempt })).unwrap()
    }

    /// How the attempt ended.
    fn ended(&self, begun: &Begun) -> Value {
        let ended = sign_in::ended(&self.profile.desk, &begun.attempt);
        serde_json::to_value(self.runtime.block_on(ended).unwrap()).unwrap()
    }

    /// The person goes through the page; how the attempt ended.
    fn go_through(&self, begun: &Begun) -> Value {
        let to = browser::open(&begun.url).location.expect("the page sends the browser back");
        browser::open(&to);
        self.ended(begun)
    }

    fn accounts(&self) -> usize {
        let list = self.call("accounts", json!({})).unwrap();
        list["accounts"].as_array().unwrap().len()
    }

    /// It failed with one sentence and this button; nothing was kept beyond the accounts that were here.
    #[track_caller]
    fn assert_problem(&self, what: &str, ended: &Value, (code, remedy): (&str, &str), here: usize) {
        assert_eq!(ended["state"], "failed", "{what}: {ended:#}");
        let problem = &ended["problem"];
        assert_eq!(
            (&problem["code"], &problem["remedy"]),
            (&json!(code), &json!(remedy)),
            "{what}"
        );
        assert_plain(what, problem["message"].as_str().unwrap(), "");
        assert!(
            problem["said"]["key"].is_string(),
            "{what}: it can be said in German: {problem:#}"
        );
        assert_eq!(self.accounts(), here, "{what}: nothing was kept");
    }
}

#[test]
fn whatever_comes_of_the_page_has_one_button() {
    for vendor in BOTH {
        let window = Window::open(Place::new(vendor));
        let place = &window.place;
        let barred = |error: &str, words: &str| Consent::Barred(error.into(), words.into());
        let partly = ["openid", "email", "profile", "offline_access"].map(Into::into);
        let tenant = match vendor {
            Vendor::Google => barred("admin_policy_enforced", "Ask your administrator"),
            Vendor::Microsoft => barred("access_denied", "AADSTS90094: An administrator must"),
        };
        for (what, consent, expected) in [
            ("denied consent", Consent::Denies, ("denied", "again")),
            ("missing scope", Consent::Only(partly.into()), ("missing_scope", "again")),
            ("tenant consent error", tenant, ("consent_blocked", "ask_admin")),
        ] {
            place.oauth(|oauth| oauth.consent = consent);
            let ended = window.go_through(&window.begin(&[]));
            window.assert_problem(&format!("{vendor:?}, {what}"), &ended, expected, 0);
        }
        place.oauth(|oauth| oauth.consent = Consent::Grants);
        let long = format!("{{\"x\":\"{}\"}}", "x".repeat(5_000_000));
        for (what, status, headers, body, expected) in [
            ("captive portal", 200, &HTML[..], PORTAL, ("portal", "check_network")),
            ("403 that is a rate limit", 403, &[], TOO_OFTEN, ("other", "again")),
            ("5 MB JSON answer", 200, &[], &long, ("other", "again")),
            ("truncated JSON", 200, &[], "{\"access_token\":\"a", ("other", "again")),
            (
                "a code that is refused",
                400,
                &[],
                r#"{"error":"invalid_grant"}"#,
                ("expired", "again"),
            ),
            (
                "a client nobody knows",
                401,
                &[],
                r#"{"error":"invalid_client"}"#,
                ("client", "client_id"),
            ),
        ] {
            let asked = place.asked(place.token());
            place.simulator.fault(Fault::refused(place.token(), status, headers, body));
            let ended = window.go_through(&window.begin(&[]));
            window.assert_problem(&format!("{vendor:?}, {what}"), &ended, expected, 0);
            assert_eq!(place.asked(place.token()), asked + 1, "{vendor:?}, {what}: asked once");
        }
        place.simulator.advance(HOURS);
        let ended = window.go_through(&window.begin(&[]));
        window.assert_problem("clock skew", &ended, ("clock", "check_clock"), 0);
    }
}

#[test]
fn a_browser_that_is_closed_costs_ten_minutes_and_one_button() {
    for vendor in BOTH {
        let window = Window::open(Place::new(vendor));
        window.place.oauth(|oauth| oauth.consent = Consent::Leaves);
        let begun = window.begin(&[]);
        assert_eq!(browser::open(&begun.url).location, None, "{vendor:?}: it is closed there");
        assert_eq!(window.state(&begun)["state"], "waiting", "{vendor:?}: it may come back");
        window.later.fetch_add(TEN_MINUTES, Ordering::SeqCst);
        let ended = window.ended(&begun);
        window.assert_problem("closed browser", &ended, ("expired", "again"), 0);
        let words = ended["problem"]["message"].as_str().unwrap();
        assert!(words.contains("not finished within ten minutes"), "{vendor:?}: {words}");
        assert_eq!(window.place.asked(window.place.token()), 0, "{vendor:?}: nobody was asked");
        // Whoever comes back to that page later finds nobody who listens.
        window.place.oauth(|oauth| oauth.consent = Consent::Grants);
        assert_nobody_listens(&begun);
    }
}

#[test]
fn a_sign_in_that_the_person_ends_takes_no_answer_any_more() {
    for vendor in BOTH {
        let window = Window::open(Place::new(vendor));
        let begun = window.begin(&[]);
        let attempt = json!({ "attempt": begun.attempt });
        let ended = window.call("sign_in_cancel", attempt).unwrap();
        assert_eq!((&ended["state"], &ended["problem"]), (&json!("cancelled"), &Value::Null));
        assert_nobody_listens(&begun);
        assert_eq!(window.place.asked(window.place.token()), 0, "{vendor:?}: no code is spent");
        assert_eq!(window.accounts(), 0);
    }
}

/// Where the page sends the browser, nobody listens (any more).
#[track_caller]
fn assert_nobody_listens(begun: &Begun) {
    let to = browser::open(&begun.url).location.expect("sent back");
    let rest = to.strip_prefix("http://").unwrap();
    let host = rest.split(['/', '?']).next().unwrap().replace("localhost", "127.0.0.1");
    wait_until("the port to close", 120, || TcpStream::connect(&host).is_err().then_some(()));
}

#[test]
fn an_answer_counts_once_and_for_its_own_attempt() {
    let page = "https://studio.example/signed-in";
    for vendor in BOTH {
        let window = Window::open(Place::new(vendor));
        window.place.oauth(|oauth| {
            oauth.clients.get_mut(CLIENT).unwrap().redirects.insert(page.to_owned());
            oauth.consent = Consent::Denies;
        });
        let (word, _) = window.place.base();
        let client = json!({ "provider": word, "client_id": CLIENT, "redirect_page": page });
        window.call("oauth_client_put", client).unwrap();
        let answer = |begun: &Begun| browser::open(&begun.url).location.expect("sent back");
        let (first, second) = (window.begin(&[]), window.begin(&[]));
        let theirs = answer(&first);
        let hand = |begun: &Begun, text: &str| {
            window.call("sign_in_hand_back", json!({ "attempt": begun.attempt, "text": text }))
        };
        let refused = hand(&second, &theirs).unwrap_err();
        assert_plain(
            "foreign state",
            refused["message"].as_str().unwrap(),
            "does not belong to this",
        );
        assert_eq!(refused["fields"][0]["field"], "text", "{vendor:?}: {refused:#}");
        assert_eq!(window.state(&second)["state"], "waiting", "{vendor:?}: its own may still come");

        let link = theirs.replace(page, "deskbell://oauth/callback");
        assert!(sign_in::deep_link(&window.profile.desk, &link), "{vendor:?}: it is the first's");
        let ended = window.ended(&first);
        window.assert_problem("its own answer", &ended, ("denied", "again"), 0);
        for again in [&link, &theirs] {
            assert!(!sign_in::deep_link(&window.profile.desk, again), "{vendor:?}: used once");
        }
        let used = hand(&first, &theirs).unwrap_err();
        assert_plain("reused state", used["message"].as_str().unwrap(), "has been used already");
        let forged = link.replace("state=", "state=x");
        assert!(!sign_in::deep_link(&window.profile.desk, &forged), "{vendor:?}: nobody's");
        assert_eq!(window.state(&second)["state"], "waiting", "{vendor:?}: untouched");
        assert_eq!(window.place.asked(window.place.token()), 0, "{vendor:?}: no code was spent");
    }
}

#[test]
fn a_code_for_another_account_and_a_mailbox_that_is_here_say_which() {
    for vendor in BOTH {
        let mut place = Place::new(vendor);
        place.deliver();
        let id = place.add().done().json()["id"].as_str().unwrap().to_owned();
        place.bell.sync();
        let window = Window::open(place);
        let place = &window.place;

        let ended = window.go_through(&window.begin(&[]));
        window.assert_problem("the same mailbox", &ended, ("duplicate", "show_account"), 1);
        assert_eq!(ended["problem"]["account_id"], id.as_str(), "{vendor:?}: {ended:#}");

        place.oauth(|oauth| oauth.user = OTHER.into());
        let again = [("account_id", json!(id))];
        let ended = window.go_through(&window.begin(&again));
        window.assert_problem("code for another account", &ended, ("wrong_account", "again"), 1);
        let words = ended["problem"]["message"].as_str().unwrap();
        assert!(words.contains(OTHER) && words.contains(OWN), "{vendor:?}: {words}");
        place.assert_everything_once("nothing was changed");
    }
}
