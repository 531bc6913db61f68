//! How much one app may ask of one mailbox.

use std::time::{Duration, Instant};

use deskbell_simulator::Fault;
use serde_json::json;

use crate::line::Graph;

fn batch_of(count: usize, one_after_another: bool) -> String {
    let each = (1..=count).map(|number| {
        let before = (one_after_another && number > 1).then(|| (number - 1).to_string());
        let before: Vec<String> = before.into_iter().collect();
        json!({ "id": number.to_string(), "method": "GET", "url": "/me", "dependsOn": before })
    });
    json!({ "requests": each.collect::<Vec<_>>() }).to_string()
}

fn statuses(graph: &Graph, batch: &str) -> Vec<u64> {
    let (status, answers) = graph.ask("POST", "$batch", batch);
    assert_eq!(status, 200);
    let answers = answers["responses"].as_array().expect("answers").iter();
    answers.map(|answer| answer["status"].as_u64().expect("a status")).collect()
}

#[test]
fn requests_of_a_batch_are_at_once_and_the_fifth_is_refused_unless_it_waits() {
    let graph = Graph::open();
    assert_eq!(statuses(&graph, &batch_of(6, false)), [200, 200, 200, 200, 429, 429]);
    assert_eq!(statuses(&graph, &batch_of(6, true)), [200; 6], "one after another has room");
    assert_eq!(graph.simulator.world().microsoft.most_at_once, 4);
    let refused = r#"{"requests":[
        {"id":"1","method":"GET","url":"/me/messages/AAkALgAA0000009999"},
        {"id":"2","method":"GET","url":"/me","dependsOn":["1"]}]}"#;
    assert_eq!(statuses(&graph, refused), [404, 424], "what fails takes along who waits for it");
}

#[test]
fn a_batch_and_requests_beside_it_share_the_four_places() {
    let graph = Graph::open();
    graph.simulator.world().microsoft.latency = Duration::from_secs(600);
    // Whoever asks so has not been answered when the next come.
    let waiting = graph.begin("POST", "$batch", &batch_of(3, false));
    let deadline = Instant::now() + Duration::from_secs(60);
    while graph.simulator.world().microsoft.most_at_once < 3 {
        assert!(Instant::now() < deadline, "the batch comes in");
        std::thread::yield_now();
    }
    graph.simulator.world().microsoft.latency = Duration::ZERO;
    assert_eq!(statuses(&graph, &batch_of(2, false)), [200, 429], "one place is left");
    drop(waiting);
}

#[test]
fn a_refusal_may_come_late() {
    let graph = Graph::open();
    let by = Duration::from_millis(120);
    graph.simulator.fault(Fault::refused("GET", 503, &[("retry-after", "7")], "{}").after(by));
    let asked = Instant::now();
    assert_eq!(graph.get("me").0, 503);
    assert!(asked.elapsed() >= by, "not before its time");
    assert_eq!(graph.get("me").0, 200);
}

#[test]
fn after_ten_thousand_requests_a_mailbox_rests_until_ten_minutes_are_over() {
    let graph = Graph::open();
    graph.simulator.world().microsoft.allowance.requests = 3;
    for _ in 0..3 {
        assert_eq!(graph.get("me").0, 200);
    }
    let (status, refusal) = graph.get("me");
    assert_eq!((status, refusal["error"]["code"].as_str()), (429, Some("ApplicationThrottled")));
    let batch = r#"{"requests":[{"id":"1","method":"GET","url":"/me"}]}"#;
    let (status, answers) = graph.ask("POST", "$batch", batch);
    assert_eq!(status, 200);
    assert_eq!(answers["responses"][0]["status"], 429, "in a batch each counts for itself");
    assert_eq!(answers["responses"][0]["headers"]["retry-after"], "600");
    graph.simulator.advance(10 * 60 * 1_000);
    assert_eq!(graph.get("me").0, 200);
    let world = graph.simulator.world();
    assert_eq!((world.microsoft.allowance.asked, world.microsoft.allowance.refused), (6, 2));
}

#[test]
fn a_batch_tells_a_source_in_base64() {
    let graph = Graph::open();
    let (_, page) = graph.get("me/messages");
    let id = page["value"][0]["id"].as_str().expect("an id");
    let batch =
        format!(r#"{{"requests":[{{"id":"1","method":"GET","url":"/me/messages/{id}/$value"}}]}}"#);
    let (_, answers) = graph.ask("POST", "$batch", &batch);
    let body = answers["responses"][0]["body"].as_str().expect("a text");
    assert!(body.starts_with("TWVzc2FnZS1JRDog"), "Message-ID: {body}");
}
