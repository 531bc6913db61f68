//! From the page in the browser to a grant, and every way in which that fails.

use std::sync::Arc;

use deskbell_domain::time::{HOUR, MINUTE};
use deskbell_simulator::{Consent, Fault};

use super::support::{agree, begin, plan, redirected, shown, world};
use crate::oauth::{Attempt, Client, Problem, Way};

#[tokio::test]
async fn a_person_who_agrees_is_signed_in_as_the_mailbox_the_provider_names() {
    let world = world();
    let attempt = begin(&world).await;
    assert!(attempt.url().contains("code_challenge_method=S256"), "{}", attempt.url());
    assert!(attempt.url().contains("login_hint=mara%40voss.example"), "the mailbox is proposed");
    let signed_in = agree(&attempt).await.expect("signed in");
    assert_eq!(signed_in.address.as_deref(), Some("mara@voss.example"));
    assert!(signed_in.grant.access().is_some());
    let exchanged = world.world().journal.iter().filter(|e| e.path.ends_with("/token")).count();
    assert_eq!(exchanged, 1, "the code is exchanged once");
}

#[tokio::test]
async fn each_attempt_has_a_state_a_nonce_and_a_challenge_of_its_own() {
    let world = world();
    let (one, other) = (begin(&world).await, begin(&world).await);
    for name in ["state=", "nonce=", "code_challenge="] {
        let value = |url: &str| {
            let (_, rest) = url.split_once(name).expect("it is there");
            rest.split('&').next().unwrap_or_default().to_owned()
        };
        assert_ne!(value(one.url()), value(other.url()), "{name}");
    }
}

#[tokio::test]
async fn the_page_after_it_runs_nothing_and_the_port_is_closed() {
    let world = world();
    let attempt = begin(&world).await;
    let to = redirected(attempt.url()).await.expect("sent back");
    let (port, _) = to.split_once("/?").expect("a query");
    let favicon = format!("{port}/favicon.ico");
    let browser = async {
        assert_eq!(shown(&favicon).await.0, 404, "another path is not the answer");
        shown(&to).await
    };
    let (answer, (status, headers, page)) = tokio::join!(attempt.answer(), browser);
    answer.expect("the answer was ours");
    assert_eq!(status, 200);
    assert!(page.contains("Zurück</h1><p>Taken.") && !page.contains("<script"), "{page}");
    assert!(headers.contains("default-src 'none'") && headers.contains("no-referrer"), "{headers}");
    let host = port.trim_start_matches("http://");
    let closed = tokio::net::TcpStream::connect(host).await;
    assert!(closed.is_err(), "exactly one request, then nobody listens");
}

#[tokio::test]
async fn an_answer_with_another_state_is_refused_before_anything_else() {
    let world = world();
    let attempt = begin(&world).await;
    let to = redirected(attempt.url()).await.expect("sent back");
    let forged = to.replace("state=", "state=x");
    assert_eq!(attempt.hand_back(&forged), Err(Problem::Foreign), "pasted");
    let browser = async { shown(&forged).await };
    let (answer, (status, ..)) = tokio::join!(attempt.answer(), browser);
    assert_eq!(answer.err(), Some(Problem::Foreign), "sent to the port");
    assert_eq!(status, 400, "and the browser says so");
    let exchanged = world.world().journal.iter().any(|entry| entry.path.ends_with("/token"));
    assert!(!exchanged, "no code was spent");
}

#[tokio::test]
async fn an_answer_is_used_once_however_it_comes() {
    let world = world();
    let attempt = begin(&world).await;
    let to = redirected(attempt.url()).await.expect("sent back");
    assert_eq!(attempt.hand_back("https://example.org/"), Err(Problem::NoAnswer));
    attempt.hand_back(&to).expect("ours");
    assert_eq!(attempt.hand_back(&to), Err(Problem::Used), "it waits to be used already");
    let answer = attempt.answer().await.expect("the pasted one");
    attempt.finish(answer).await.expect("signed in");
    assert_eq!(attempt.hand_back(&to), Err(Problem::Used), "it was used");
}

#[tokio::test]
async fn a_code_of_another_attempt_is_good_for_nothing() {
    let world = world();
    let (one, other) = (begin(&world).await, begin(&world).await);
    let field = |address: &str, name: &str| {
        let (_, rest) = address.split_once(name).expect("it is there");
        rest.split('&').next().unwrap_or_default().to_owned()
    };
    let to = redirected(one.url()).await.expect("sent back");
    let theirs = redirected(other.url()).await.expect("sent back");
    let (own, foreign) = (field(&to, "code="), field(&theirs, "code="));
    one.hand_back(&to.replace(&own, &foreign)).expect("its state is ours");
    let answer = one.answer().await.expect("an answer");
    let problem = one.finish(answer).await.expect_err("the code was given for another verifier");
    // Google looks at the redirect address first, and that is another port.
    let refused = matches!(
        problem,
        Problem::CodeRefused { .. } | Problem::Client { .. } | Problem::Other { .. }
    );
    assert!(refused, "{problem:?}");
}

#[tokio::test]
async fn too_often_is_no_refusal() {
    let world = world();
    let google = r#"{"error":{"code":403,"errors":[{"reason":"userRateLimitExceeded"}]}}"#;
    for (status, body) in [(403, google), (400, r#"{"error":"rate_limit_exceeded"}"#), (429, "")] {
        world.fault(Fault::refused("POST /token", status, &[], body));
        let busy = agree(&begin(&world).await).await.err();
        assert_eq!(busy, Some(Problem::Busy { vendor: "Google" }), "{status}");
    }
}

#[tokio::test]
async fn a_browser_that_is_closed_ends_the_attempt_after_ten_minutes() {
    let world = world();
    world.world().google.oauth.consent = Consent::Leaves;
    let attempt = begin(&world).await;
    assert_eq!(redirected(attempt.url()).await, None, "a page that waits");
    world.advance(10 * MINUTE);
    assert_eq!(attempt.answer().await.err(), Some(Problem::Expired));
}

#[tokio::test]
async fn what_the_person_or_their_organisation_refuses_is_said_plainly() {
    let world = world();
    let outcome = |consent: Consent| {
        let world = Arc::clone(&world);
        async move {
            world.world().google.oauth.consent = consent;
            agree(&begin(&world).await).await.err()
        }
    };
    assert_eq!(outcome(Consent::Denies).await, Some(Problem::Denied));
    let unticked = Consent::Only(vec!["openid".into(), "email".into()]);
    let Some(Problem::MissingScope { missing, .. }) = outcome(unticked).await else {
        panic!("a box was left unticked");
    };
    assert_eq!(missing, "https://mail.google.com/");
    let barred = Consent::Barred("admin_policy_enforced".into(), "Ask your admin".into());
    assert_eq!(outcome(barred).await, Some(Problem::ConsentBlocked { page: None }));
}

#[tokio::test]
async fn a_client_id_nobody_knows_is_named_as_the_cause() {
    let world = world();
    let attempt = begin(&world).await;
    let to = redirected(attempt.url()).await.expect("sent back");
    world.world().google.oauth.clients.clear();
    attempt.hand_back(&to).expect("ours");
    let answer = attempt.answer().await.expect("the pasted one");
    let problem = attempt.finish(answer).await.expect_err("nobody knows us");
    assert!(matches!(problem, Problem::Client { .. }), "{problem:?}");
}

#[tokio::test]
async fn a_clock_that_is_hours_off_is_named_as_the_cause() {
    struct Slow(Arc<deskbell_simulator::Simulator>);
    impl deskbell_domain::time::Clock for Slow {
        fn now(&self) -> deskbell_domain::Millis {
            self.0.world().now - 3 * HOUR
        }
    }
    let world = world();
    let clock = Arc::new(Slow(Arc::clone(&world)));
    let attempt = Arc::new(Attempt::begin(plan(&world), clock).await.expect("an attempt"));
    assert_eq!(agree(&attempt).await.err(), Some(Problem::Clock { minutes: 180 }));
}

#[tokio::test]
async fn answers_that_are_none_are_told_apart() {
    let at = |world: &deskbell_simulator::Simulator, status, kind: &str, body: String| {
        world.fault(Fault::refused("POST /token", status, &[("content-type", kind)], &body));
    };
    let outcome = |world: Arc<deskbell_simulator::Simulator>| async move {
        agree(&begin(&world).await).await.err()
    };
    let world = world();
    at(&world, 200, "text/html", "<html>Welcome to the hotel</html>".into());
    assert_eq!(outcome(Arc::clone(&world)).await, Some(Problem::Portal), "a captive portal");
    at(&world, 200, "application/json", format!("{{\"x\":\"{}\"}}", "a".repeat(5 << 20)));
    let endless = outcome(Arc::clone(&world)).await;
    assert!(
        matches!(endless, Some(Problem::Nonsense { what: "it has no end", .. })),
        "{endless:?}"
    );
    at(&world, 200, "application/json", "{\"access_token\":\"abc".into());
    let cut = outcome(Arc::clone(&world)).await;
    assert!(matches!(cut, Some(Problem::Nonsense { .. })), "{cut:?}");
    at(&world, 503, "application/json", "{}".into());
    let busy = outcome(Arc::clone(&world)).await;
    assert!(matches!(busy, Some(Problem::Busy { .. })), "{busy:?}");
    world.fault(Fault::lost("POST /token"));
    let lost = outcome(Arc::clone(&world)).await;
    assert!(matches!(lost, Some(Problem::Offline(_))), "{lost:?}");
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_before_the_browser_opens() {
    let world = world();
    let clock = || Arc::new(super::support::WorldClock(Arc::clone(&world)));
    let field = |outcome: Result<Attempt, Problem>| match outcome.err() {
        Some(Problem::Settings { field, .. }) => field,
        other => panic!("{other:?}"),
    };
    let deep = crate::oauth::Plan { way: Way::DeepLink, ..plan(&world) };
    assert_eq!(field(Attempt::begin(deep, clock()).await), "redirect", "Google takes none");
    let nobody = Client { id: " ".into(), secret: None };
    let nobody = crate::oauth::Plan { client: nobody, ..plan(&world) };
    assert_eq!(field(Attempt::begin(nobody, clock()).await), "client_id");
    let mut plain = plan(&world);
    plain.endpoints.token = "http://oauth.example.org/token".into();
    assert_eq!(field(Attempt::begin(plain, clock()).await), "base_url", "tokens travel over TLS");
}
