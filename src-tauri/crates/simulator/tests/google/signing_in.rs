//! Signing in: codes are good once and for their verifier alone, tokens rotate and are revoked.

use deskbell_simulator::{CODE_LIVES, Consent, OAuthClient, Simulator};
use serde_json::Value;

use crate::line::ask;

const CLIENT: &str = "desk.apps.googleusercontent.com";
const BACK: &str = "http://127.0.0.1:4711/oauth";
/// RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn simulator() -> Simulator {
    let simulator = Simulator::start().expect("a simulator");
    let client = OAuthClient { secret: Some("not a secret".into()), ..OAuthClient::default() };
    simulator.world().google.oauth.clients.insert(CLIENT.into(), client);
    simulator
}

/// Where the page sends the person, or its status.
fn page(simulator: &Simulator, more: &str) -> Result<String, u16> {
    let path = format!(
        "/o/oauth2/v2/auth?client_id={CLIENT}&redirect_uri={BACK}&response_type=code&scope=openid%20https%3A%2F%2Fmail.google.com%2F&state=s-1&access_type=offline{more}"
    );
    let answer = ask(simulator, "GET", &path, &[], "");
    answer.headers.get("location").cloned().ok_or(answer.status)
}

fn challenged() -> String {
    format!("&code_challenge={CHALLENGE}&code_challenge_method=S256")
}

fn code(simulator: &Simulator) -> String {
    let location = page(simulator, &challenged()).expect("sent back");
    let (_, rest) = location.split_once("code=").expect("a code");
    assert!(location.starts_with(BACK) && location.contains("state=s-1"), "{location}");
    rest.split('&').next().expect("a code").to_owned()
}

fn token(simulator: &Simulator, form: &str) -> (u16, Value) {
    let secret = "&client_id=desk.apps.googleusercontent.com&client_secret=not%20a%20secret";
    let kind = [("Content-Type", "application/x-www-form-urlencoded")];
    let answer = ask(simulator, "POST", "/token", &kind, &format!("{form}{secret}"));
    (answer.status, answer.json())
}

fn exchange(simulator: &Simulator, code: &str, verifier: &str) -> (u16, Value) {
    let form = format!(
        "grant_type=authorization_code&code={code}&redirect_uri={BACK}&code_verifier={verifier}"
    );
    token(simulator, &form)
}

#[test]
fn a_code_is_good_once_for_ten_minutes_and_for_its_verifier() {
    let simulator = simulator();
    let (status, refusal) = exchange(&simulator, &code(&simulator), "another-verifier");
    assert_eq!((status, refusal["error"].as_str()), (400, Some("invalid_grant")));
    let once = code(&simulator);
    let (status, granted) = exchange(&simulator, &once, VERIFIER);
    assert_eq!(status, 200, "{granted}");
    for field in ["access_token", "refresh_token", "id_token", "expires_in", "scope"] {
        assert!(!granted[field].is_null(), "{field} in {granted}");
    }
    assert_eq!(exchange(&simulator, &once, VERIFIER).0, 400, "and no second time");
    let late = code(&simulator);
    simulator.advance(CODE_LIVES);
    assert_eq!(exchange(&simulator, &late, VERIFIER).0, 400, "nor after ten minutes");
}

#[test]
fn the_page_sends_back_what_the_person_did_and_asks_for_a_challenge() {
    let simulator = simulator();
    let sent = |more: &str| page(&simulator, more).expect("sent back");
    assert!(sent("").contains("error=invalid_request"), "no sign-in without PKCE");
    simulator.world().google.oauth.consent = Consent::Denies;
    assert!(sent(&challenged()).contains("error=access_denied"));
    let barred = Consent::Barred("admin_policy_enforced".into(), "ask your admin".into());
    simulator.world().google.oauth.consent = barred;
    assert!(sent(&challenged()).contains("error=admin_policy_enforced"));
    simulator.world().google.oauth.consent = Consent::Leaves;
    assert_eq!(page(&simulator, &challenged()), Err(200), "a page, and nothing more");
    simulator.world().google.oauth.consent = Consent::Only(vec!["openid".into()]);
    let (_, granted) = exchange(&simulator, &code(&simulator), VERIFIER);
    assert_eq!(granted["scope"], "openid", "a box was not ticked");
    let foreign = challenged() + "&redirect_uri=https%3A%2F%2Fevil.example%2F";
    assert_ne!(page(&simulator, &foreign), Err(302), "nobody is sent to a stranger");
    assert!(page(&simulator, &foreign).is_err_and(|status| status == 400));
}

#[test]
fn refresh_tokens_rotate_and_can_be_taken_back() {
    let simulator = simulator();
    simulator.world().google.oauth.rotates = true;
    let (_, granted) = exchange(&simulator, &code(&simulator), VERIFIER);
    let first = granted["refresh_token"].as_str().expect("a token").to_owned();
    let refresh = |refresh: &str| {
        token(&simulator, &format!("grant_type=refresh_token&refresh_token={refresh}"))
    };
    let (status, next) = refresh(&first);
    assert_eq!(status, 200, "{next}");
    let second = next["refresh_token"].as_str().expect("the next one").to_owned();
    assert_eq!(refresh(&first).1["error"], "invalid_grant", "the first was good once");
    simulator.world().google.oauth.revoke_user("desk@studio.example");
    assert_eq!(refresh(&second).1["error"], "invalid_grant", "taken back");
    assert_eq!(simulator.world().google.oauth.refresh_tokens(), 0);
}
