//! The answer by way of a page of one's own: what the person copies there, or what the page hands on.

use std::sync::Arc;

use deskbell_simulator::Simulator;

use super::support::{CLIENT, WorldClock, begin_with, plan, redirected, world};
use crate::oauth::{Attempt, DEEP_LINK, Plan, Problem, Way};

const PAGE: &str = "https://studio.example/signed-in";

fn town() -> Arc<Simulator> {
    let world = world();
    let mut inside = world.world();
    let client = inside.google.oauth.clients.get_mut(CLIENT).expect("registered");
    client.redirects.insert(PAGE.into());
    drop(inside);
    world
}

fn by(world: &Simulator, page: &str) -> Plan {
    Plan { way: Way::Page(page.into()), ..plan(world) }
}

fn part(query: &str, name: &str) -> String {
    let mut pairs = oauth2::url::form_urlencoded::parse(query.as_bytes());
    pairs.find(|(known, _)| known == name).expect("it is there").1.into_owned()
}

#[tokio::test]
async fn whatever_the_page_shows_or_hands_on_is_taken() {
    let world = town();
    let forms: [fn(&str) -> String; 5] = [
        |query| format!("{PAGE}?{query}"),
        |query| format!("  {query}\n"),
        |query| format!("{}#{}", part(query, "code"), part(query, "state")),
        |query| format!("{DEEP_LINK}?{query}"),
        |query| format!("deskbell://oauth/handed-on?{query}"),
    ];
    for (number, form) in forms.into_iter().enumerate() {
        let attempt = begin_with(&world, by(&world, PAGE)).await;
        let to = redirected(attempt.url()).await.expect("sent back");
        let query = to.strip_prefix(PAGE).and_then(|rest| rest.strip_prefix('?'));
        let query = query.expect("to the page as it is registered, letter for letter");
        let handed = form(query);
        assert!(attempt.recognises(&handed), "{number}");
        assert_eq!(attempt.hand_back(&handed), Ok(()), "{number}");
        let answer = attempt.answer().await.expect("the answer is ours");
        let signed_in = attempt.finish(answer).await.expect("signed in");
        assert_eq!(signed_in.address.as_deref(), Some("mara@voss.example"), "{number}");
        assert_eq!(attempt.hand_back(&handed), Err(Problem::Used), "{number}: once");
    }
}

#[tokio::test]
async fn the_state_counts_in_whatever_form_the_answer_comes() {
    let world = town();
    let attempt = begin_with(&world, by(&world, PAGE)).await;
    let other = begin_with(&world, by(&world, PAGE)).await;
    let to = redirected(other.url()).await.expect("sent back");
    let (_, query) = to.split_once('?').expect("a query");
    let (code, state) = (part(query, "code"), part(query, "state"));
    for foreign in [to.clone(), query.to_owned(), format!("{code}#{state}"), format!("{code}#x")] {
        assert!(!attempt.recognises(&foreign));
        assert_eq!(attempt.hand_back(&foreign), Err(Problem::Foreign));
    }
    for stateless in [code.clone(), format!("{PAGE}?code={code}"), format!("{code}#"), PAGE.into()]
    {
        let refused = attempt.hand_back(&stateless);
        assert!(matches!(refused, Err(Problem::NoAnswer | Problem::Foreign)), "{refused:?}");
    }
    let asked = world.world().journal.iter().any(|entry| entry.path == "/token");
    assert!(!asked, "no code was spent");
    other.hand_back(&to).expect("its own");
}

#[tokio::test]
async fn a_page_that_cannot_be_registered_is_refused_before_the_browser_opens() {
    let world = town();
    for page in [
        "",
        "studio.example/signed-in",
        "http://studio.example/signed-in",
        "https://studio.example/signed-in#here",
        "https://ada:pencil@studio.example/signed-in",
        "javascript:alert(1)",
    ] {
        let clock = Arc::new(WorldClock(Arc::clone(&world)));
        let refused = Attempt::begin(by(&world, page), clock).await.err();
        let Some(Problem::Settings { field, message }) = refused else {
            panic!("{page}: {refused:?}");
        };
        assert_eq!(field, "redirect_page", "{page}");
        assert!(message.contains("https"), "{page}: {message}");
    }
}
