//! What may come back from the Gmail API and from Microsoft Graph while mail is fetched: nothing lost, nothing doubled, no
//! loop, a plain sentence where the person is needed, and silence where not.

use deskbell_simulator::{Fault, Strike};

use crate::bad_input::{BOTH, HTML, OTHER, OWN, PORTAL, Place, TOO_OFTEN, Vendor, assert_plain};

/// Requests that a sync may make beyond those of one that goes well.
const MORE: usize = 12;

impl Place {
    /// A mailbox that is here.
    fn settled(vendor: Vendor) -> Self {
        let mut place = Self::new(vendor);
        place.deliver();
        place.deliver();
        place.add().done();
        place.bell.sync();
        place.assert_everything_once("at first");
        place
    }

    /// Where a sync asks what is new.
    fn changes(&self) -> &'static str {
        match self.vendor {
            Vendor::Google => "GET /gmail/v1/users/me/history",
            Vendor::Microsoft => "GET /v1.0/me/mailFolders",
        }
    }

    /// The person is needed: the account says so, and everything that is here stays.
    #[track_caller]
    fn assert_asks_for_the_person(&self, what: &str, expected: &str) {
        let before = self.here();
        let said = self.bell.run(&["--json", "sync"]);
        assert_eq!(said.code, Some(3), "{what}: {said:?}");
        let told = said.json();
        let words = told["accounts"][0]["error"]["message"].as_str().expect("words");
        assert_plain(what, words, expected);
        assert_eq!(
            self.account()["state"],
            "sign_in_needed",
            "{what}: the one button is to sign in"
        );
        assert_eq!(self.here(), before, "{what}: everything stays readable");
    }
}

/// What the sync comes to: an error with these words, or success.
type Outcome = Result<(), &'static str>;
/// What comes: its name, status, headers and body; and what becomes of it.
type Answer<'a> = (&'a str, u16, &'a [(&'a str, &'a str)], &'a str, Outcome);

#[test]
fn an_answer_that_is_none_costs_nothing_but_a_sentence() {
    for vendor in BOTH {
        let mut place = Place::settled(vendor);
        let healthy = {
            let before = place.asked("");
            place.bell.sync();
            place.asked("") - before
        };
        let endless = format!("{{\"x\":\"{}\"}}", "x".repeat(17 << 20));
        let five = format!("{{\"x\":\"{}\"}}", "x".repeat(5 << 20));
        let pause: &[(&str, &str)] = &[("retry-after", "0")];
        let throttled = r#"{"error":{"code":"ApplicationThrottled","message":"x"}}"#;
        // A page is asked for again after the pause; the list of folders is left to the next round.
        let (too_often, paused): (_, Outcome) = match vendor {
            Vendor::Google => (TOO_OFTEN, Ok(())),
            Vendor::Microsoft => (throttled, Err("Asked too often")),
        };
        let plain: &[(&str, &str)] = &[];
        let answers: [Answer<'_>; 5] = [
            ("captive portal", 200, &HTML, PORTAL, Err("web page came")),
            ("truncated JSON", 200, plain, r#"{"historyId":"1","value":[{"id":"A"#, Err("cut")),
            ("5 MB JSON answer that says nothing", 200, plain, &five, Err("")),
            ("an answer without an end", 200, plain, &endless, Err("larger than")),
            ("403 that is a rate limit", 403, pause, too_often, paused),
        ];
        for (what, status, headers, body, expected) in answers {
            let what = format!("{vendor:?}, {what}");
            place.deliver();
            let before = place.here();
            let asked = place.asked("");
            place.simulator.fault(Fault::refused(place.changes(), status, headers, body));
            let said = place.bell.run(&["--json", "sync"]);
            let told = said.json();
            match expected {
                Ok(()) => assert_eq!(said.code, Some(0), "{what}: {said:?}"),
                Err(expected) => {
                    assert_eq!(said.code, Some(1), "{what}: {said:?}");
                    let words = told["accounts"][0]["error"]["message"].as_str().expect("words");
                    assert_plain(&what, words, expected);
                    assert_ne!(
                        place.account()["state"],
                        "sign_in_needed",
                        "{what}: nobody's fault"
                    );
                    assert!(place.here().len() >= before.len(), "{what}: nothing is lost");
                }
            }
            let asked = place.asked("") - asked;
            assert!(asked <= healthy + MORE, "{what}: {asked} requests are a loop");
            place.bell.sync();
            place.assert_everything_once(&what);
            assert_eq!(place.account()["state"], "ok", "{what}: it heals by itself");
        }
        place.bell.assert_whole();
    }
}

#[test]
fn a_401_heals_by_one_refresh_also_where_the_clocks_differ() {
    for vendor in BOTH {
        let mut place = Place::settled(vendor);
        let refreshed = place.asked(place.token());
        place.oauth(deskbell_simulator::OAuthWorld::expire_access);
        place.deliver();
        place.bell.sync();
        place.assert_everything_once("a 401 that heals");
        assert_eq!(place.asked(place.token()), refreshed + 1, "{vendor:?}: one refresh");

        // By the provider's clock the token ended long ago; by ours it lasts.
        place.simulator.advance(2 * 60 * 60 * 1_000);
        place.deliver();
        place.bell.sync();
        place.assert_everything_once("clock skew");
        assert_eq!(place.asked(place.token()), refreshed + 2, "{vendor:?}: one refresh");
    }
}

#[test]
fn a_sign_in_taken_back_in_the_middle_of_a_sync_loses_nothing() {
    for vendor in BOTH {
        let mut place = Place::settled(vendor);
        place.deliver();
        place.deliver();
        // The first requests are answered, and then everything is taken back.
        let at = match vendor {
            Vendor::Google => "POST /batch/gmail/v1",
            Vendor::Microsoft => "GET /v1.0/me/messages",
        };
        place.simulator.fault(Fault::revoked(at));
        let asked = place.asked("");
        place.assert_asks_for_the_person("revoked mid-sync", "no longer accepts this sign-in");
        assert!(place.asked("") - asked < 60, "{vendor:?}: no loop");
        assert!(place.simulator.world().faults.is_empty(), "{vendor:?}: it was in the middle");
        place.deliver();

        // Another mailbox's sign-in is not taken for it, the right one is, and everything goes on.
        place.oauth(|oauth| oauth.user = OTHER.into());
        let wrong = place.again();
        assert_eq!(wrong.code, Some(3), "{vendor:?}: {wrong:?}");
        let words = wrong.json()["error"]["message"].as_str().expect("words").to_owned();
        assert_plain("code for another account", &words, OTHER);
        assert!(words.contains(OWN), "{words}");
        assert_eq!(place.account()["state"], "sign_in_needed", "and nothing changed");
        place.oauth(|oauth| oauth.user = OWN.into());
        place.again().done();
        place.bell.sync();
        place.assert_everything_once("signed in again");
        assert_eq!(place.account()["state"], "ok");
        place.bell.assert_whole();
    }
}

#[test]
fn what_only_the_person_or_their_organisation_can_allow_is_asked_of_them() {
    for vendor in BOTH {
        let mut place = Place::settled(vendor);
        let missing = match vendor {
            Vendor::Google => {
                r#"{"error":{"code":403,"message":"x","errors":[{"reason":"insufficientPermissions"}]}}"#
            }
            Vendor::Microsoft => r#"{"error":{"code":"ErrorAccessDenied","message":"x"}}"#,
        };
        for _ in 0..3 {
            place.simulator.fault(Fault::refused(place.changes(), 403, &[], missing));
        }
        place.deliver();
        place.assert_asks_for_the_person("missing scope", "ign in again and");
        place.simulator.world().faults.clear();
        place.again().done();
        place.bell.sync();
        place.assert_everything_once("missing scope");

        let blocked = r#"{"error":"invalid_grant","error_description":"AADSTS65001: The user or administrator has not consented"}"#;
        place.oauth(deskbell_simulator::OAuthWorld::expire_access);
        place.simulator.fault(Fault::refused(place.token(), 400, &[], blocked));
        place.deliver();
        place.assert_asks_for_the_person("tenant consent error", "administrator");
        place.again().done();
        place.bell.sync();
        place.assert_everything_once("tenant consent error");
    }
}

#[test]
fn a_refresh_that_meets_trouble_asks_nobody_to_sign_in() {
    for vendor in BOTH {
        let mut place = Place::settled(vendor);
        let long = format!("{{\"x\":\"{}\"}}", "x".repeat(5_000_000));
        let refused = |status, headers: &[(&str, &str)], body: &str| {
            Fault::refused(place.token(), status, headers, body)
        };
        let faults = [
            ("captive portal", refused(200, &HTML, PORTAL)),
            ("403 that is a rate limit", refused(403, &[], TOO_OFTEN)),
            ("5 MB JSON answer", refused(200, &[], &long)),
            ("truncated JSON", refused(200, &[], "{\"access_token\":\"a")),
            (
                "an answer that breaks off",
                Fault { at: place.token().into(), carried_out: false, strike: Strike::Cut(1) },
            ),
        ];
        for (what, fault) in faults {
            let what = format!("{vendor:?}, {what} at a refresh");
            place.oauth(deskbell_simulator::OAuthWorld::expire_access);
            place.deliver();
            let before = place.here();
            place.simulator.fault(fault);
            let said = place.bell.run(&["--json", "sync"]);
            assert_ne!(said.code, Some(3), "{what}: the sign-in is as good as before: {said:?}");
            assert_ne!(place.account()["state"], "sign_in_needed", "{what}");
            assert!(place.here().len() >= before.len(), "{what}: nothing is lost");
            place.bell.sync();
            place.assert_everything_once(&what);
        }
    }
}
