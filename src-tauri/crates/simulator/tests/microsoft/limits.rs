//! How much one app may ask of one mailbox.

use crate::line::Graph;

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
