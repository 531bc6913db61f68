//! What may come back from signing in with Google and with Microsoft, both played: a plain sentence each, nothing kept of
//! it, and the same person signs in a moment later.

use deskbell_simulator::{Consent, Fault, Simulator};
use serde_json::Value;

use crate::browser::pass_through;
use crate::support::bell::{Bell, Said};

pub const OWN: &str = "studio@testbed.example";
pub const OTHER: &str = "other@testbed.example";
/// A client that is registered with both.
pub const CLIENT: &str = "desk-of-the-stories";
/// A page of a network that wants to be signed in to.
pub const PORTAL: &str = "<!doctype html><title>Welcome to the hotel</title>";
pub const HTML: [(&str, &str); 1] = [("content-type", "text/html")];
/// What Google says by a 403 that is none of permissions.
pub const TOO_OFTEN: &str = r#"{"error":{"code":403,"message":"User Rate Limit Exceeded","status":"RESOURCE_EXHAUSTED","errors":[{"domain":"usageLimits","reason":"userRateLimitExceeded","message":"x"}]}}"#;

/// Who is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vendor {
    Google,
    Microsoft,
}

pub const BOTH: [Vendor; 2] = [Vendor::Google, Vendor::Microsoft];

/// A mailbox at a vendor that is played, and `bell` before it.
pub struct Place {
    pub vendor: Vendor,
    pub simulator: Simulator,
    pub bell: Bell,
    pub delivered: usize,
}

impl Place {
    pub fn new(vendor: Vendor) -> Self {
        let simulator = Simulator::start().expect("a free port");
        {
            let mut world = simulator.world();
            // The machine's own time: an ID token tells it, and it is compared.
            let now = std::time::UNIX_EPOCH.elapsed().expect("after 1970").as_millis();
            world.now = i64::try_from(now).expect("before the end of time");
            let now = world.now;
            for address in [OWN, OTHER] {
                world.google.open(address, now);
                world.microsoft.open(address, now);
            }
            let world = &mut *world;
            for oauth in [&mut world.google.oauth, &mut world.microsoft.oauth] {
                oauth.clients.entry(CLIENT.into()).or_default();
                oauth.user = OWN.into();
                oauth.revoke_all();
            }
        }
        Self { vendor, simulator, bell: Bell::new(), delivered: 0 }
    }

    /// The vendor's sign-in.
    pub fn oauth(&self, change: impl FnOnce(&mut deskbell_simulator::OAuthWorld)) {
        let mut world = self.simulator.world();
        change(match self.vendor {
            Vendor::Google => &mut world.google.oauth,
            Vendor::Microsoft => &mut world.microsoft.oauth,
        });
    }

    /// Where codes and refresh tokens are exchanged.
    pub fn token(&self) -> &'static str {
        match self.vendor {
            Vendor::Google => "POST /token",
            Vendor::Microsoft => "POST /common/oauth2/v2.0/token",
        }
    }

    /// Requests with these words in front, so far.
    pub fn asked(&self, at: &str) -> usize {
        let world = self.simulator.world();
        let asked = world.journal.iter().map(|one| format!("{} {}", one.method, one.path));
        asked.filter(|one| one.starts_with(at)).count()
    }

    pub fn deliver(&mut self) {
        self.delivered += 1;
        let number = self.delivered;
        let mail = format!(
            "Message-ID: <{number}@client.example>\r\nFrom: mara@client.example\r\nTo: {OWN}\r\n\
             Date: Sat, 21 Nov 2026 06:59:00 +0000\r\nSubject: mail {number}\r\n\r\nThe body of {number}.\r\n"
        );
        let mut world = self.simulator.world();
        world.now += 1_000;
        let now = world.now;
        match self.vendor {
            Vendor::Google => drop(world.google.mailbox(OWN).deliver(mail.as_bytes(), now)),
            Vendor::Microsoft => {
                drop(world.microsoft.mailbox(OWN).deliver("inbox", mail.as_bytes(), now));
            }
        }
    }

    /// The vendor's name for a command, and where it is played.
    pub fn base(&self) -> (&'static str, String) {
        let word = match self.vendor {
            Vendor::Google => "google",
            Vendor::Microsoft => "microsoft",
        };
        (word, self.simulator.base_url(word))
    }

    /// Adds the mailbox; `turn` is what becomes of the address the page sends the browser to.
    pub fn add_turning(&self, turn: impl Fn(String) -> String) -> Said {
        let (word, base) = self.base();
        let arguments = ["account", "add", word, "--client-id", CLIENT, "--base-url", &base];
        pass_through(&self.bell, &arguments, turn)
    }

    pub fn add(&self) -> Said {
        self.add_turning(|to| to)
    }

    /// Signs in again to the one account.
    pub fn again(&self) -> Said {
        let id = self.account()["id"].as_str().expect("an id").to_owned();
        let arguments = ["account", "sign-in", &id];
        pass_through(&self.bell, &arguments, |to| to)
    }

    pub fn account(&self) -> Value {
        self.bell.json(&["account", "list"])["accounts"][0].clone()
    }

    /// The subjects of the inbox, in order.
    pub fn here(&self) -> Vec<String> {
        let page = self.bell.json(&["inbox", "--limit", "200"]);
        let rows = page["rows"].as_array().expect("rows").iter();
        let mut subjects: Vec<String> =
            rows.map(|row| row["subject"].as_str().expect("a subject").to_owned()).collect();
        subjects.sort_unstable();
        subjects
    }

    #[track_caller]
    pub fn assert_everything_once(&self, what: &str) {
        let mut wanted: Vec<String> = (1..=self.delivered).map(|n| format!("mail {n}")).collect();
        wanted.sort_unstable();
        assert_eq!(self.here(), wanted, "{what}: no message is lost or doubled");
    }
}

/// One or two whole sentences that hold these words, and nothing of what the other side said.
#[track_caller]
pub fn assert_plain(what: &str, words: &str, expected: &str) {
    assert!(words.contains(expected), "{what}: {words}");
    // The page for an administrator stands behind the sentence, or ends it.
    let said = words.split(" https://").next().unwrap_or_default();
    let ends: &[char] = if said == words { &['.', '!', '?'] } else { &['.', ':'] };
    assert!(said.ends_with(ends) && said.len() > 20, "{what}: a sentence: {words}");
    let first = words.chars().next().expect("not empty");
    assert!(!first.is_lowercase(), "{what}: a sentence: {words}");
    for foreign in ["hotel", "eyJ", "access.", "refresh.", "code=", "state="] {
        assert!(!words.contains(foreign), "{what}: {words}");
    }
}

/// What goes wrong, and what the person is told.
struct Wrong {
    what: &'static str,
    consent: Consent,
    fault: Option<Fault>,
    expected: &'static str,
}

fn at_the_page(what: &'static str, consent: Consent, expected: &'static str) -> Wrong {
    Wrong { what, consent, fault: None, expected }
}

fn wrongs(place: &Place) -> Vec<Wrong> {
    let barred = |error: &str, words: &str| Consent::Barred(error.into(), words.into());
    let mut wrongs = vec![
        at_the_page("denied consent", Consent::Denies, "Nothing was allowed on the page"),
        at_the_page(
            "missing scope",
            Consent::Only(["openid", "email", "profile", "offline_access"].map(Into::into).into()),
            "Sign in again and tick everything",
        ),
        at_the_page(
            "tenant consent error",
            match place.vendor {
                Vendor::Google => barred("admin_policy_enforced", "Ask your administrator"),
                Vendor::Microsoft => barred("access_denied", "AADSTS90094: An administrator must"),
            },
            "lets only its administrator allow Deskbell",
        ),
    ];
    let answers = [
        ("captive portal", 200, &HTML[..], PORTAL.to_owned(), "this network may want you"),
        ("403 that is a rate limit", 403, &[], TOO_OFTEN.to_owned(), "Sign in again later"),
        (
            "5 MB JSON answer",
            200,
            &[],
            format!("{{\"x\":\"{}\"}}", "x".repeat(5_000_000)),
            "makes no sense (it has no end)",
        ),
        ("truncated JSON", 200, &[], "{\"access_token\":\"abc".to_owned(), "broken off or no JSON"),
        (
            "a code that is refused",
            400,
            &[],
            r#"{"error":"invalid_grant"}"#.to_owned(),
            "did not accept the answer of the browser",
        ),
        (
            "a client nobody knows",
            401,
            &[],
            r#"{"error":"invalid_client"}"#.to_owned(),
            "does not accept Deskbell's client id",
        ),
    ];
    for (what, status, headers, body, expected) in answers {
        let fault = Some(Fault::refused(place.token(), status, headers, &body));
        wrongs.push(Wrong { what, consent: Consent::Grants, fault, expected });
    }
    wrongs
}

#[test]
fn whatever_comes_of_the_page_is_one_sentence_and_the_next_try_works() {
    for vendor in BOTH {
        let place = Place::new(vendor);
        for Wrong { what, consent, fault, expected } in wrongs(&place) {
            let what = format!("{vendor:?}, {what}");
            place.oauth(|oauth| oauth.consent = consent);
            if let Some(fault) = fault {
                place.simulator.fault(fault);
            }
            let asked = place.asked(place.token());
            let said = place.add();
            assert!(matches!(said.code, Some(1 | 3)), "{what}: {said:?}");
            let told = said.json();
            assert_plain(&what, told["error"]["message"].as_str().expect("words"), expected);
            assert!(place.asked(place.token()) <= asked + 1, "{what}: nobody is asked in a loop");
            let list = place.bell.json(&["account", "list"]);
            assert_eq!(list["accounts"], Value::Array(Vec::new()), "{what}: nothing was kept");
        }
        place.oauth(|oauth| oauth.consent = Consent::Grants);
        assert_eq!(place.add().done().json()["address"], OWN, "{vendor:?}");
        place.bell.assert_whole();
    }
}

#[test]
fn an_answer_with_a_foreign_state_is_not_used() {
    for vendor in BOTH {
        let place = Place::new(vendor);
        let said = place.add_turning(|to| to.replace("state=", "state=x"));
        assert_eq!(said.code, Some(3), "{vendor:?}: {said:?}");
        let words = said.json()["error"]["message"].as_str().expect("words").to_owned();
        assert_plain("foreign state", &words, "does not belong to this sign-in");
        assert_eq!(place.asked(place.token()), 0, "{vendor:?}: no code was spent");
    }
}

#[test]
fn a_clock_that_is_hours_off_is_named() {
    for vendor in BOTH {
        let place = Place::new(vendor);
        place.simulator.advance(3 * 60 * 60 * 1_000);
        let said = place.add();
        assert_eq!(said.code, Some(3), "{vendor:?}: {said:?}");
        let words = said.json()["error"]["message"].as_str().expect("words").to_owned();
        assert_plain("clock skew", &words, "clock is 1");
        assert!(words.contains("Set the clock"), "{words}");
    }
}

#[test]
fn removing_an_account_gives_its_sign_in_back_where_its_provider_takes_it() {
    for (vendor, left, lasting) in
        [(Vendor::Google, "revoked", 0), (Vendor::Microsoft, "by_hand", 1)]
    {
        let place = Place::new(vendor);
        let id = place.add().done().json()["id"].as_str().expect("an id").to_owned();
        place.oauth(|oauth| assert_eq!(oauth.refresh_tokens(), 1));
        let removed = place.bell.json(&["account", "remove", &id]);
        assert_eq!(removed["sign_in"], left, "{vendor:?}: {removed}");
        place.oauth(|oauth| assert_eq!(oauth.refresh_tokens(), lasting, "{vendor:?}"));
    }
}
