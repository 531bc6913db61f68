//! Faults that are ordered from another process: by HTTP, with the secret.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use deskbell_simulator::{Options, Simulator};
use serde_json::Value;

const SECRET: &str = "only we know this";

/// Asks over a connection of its own; the status, and the whole answer.
fn ask(simulator: &Simulator, secret: &str, method: &str, path: &str, body: &str) -> (u16, String) {
    let host = simulator.control_url();
    let host = host.trim_start_matches("http://").trim_end_matches("/_ctl").to_owned();
    let mut line = TcpStream::connect(&host).expect("the simulator");
    let length = body.len();
    write!(
        line,
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {secret}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .expect("asked");
    let mut answer = String::new();
    line.read_to_string(&mut answer).expect("an answer");
    (answer.get(9..12).and_then(|code| code.parse().ok()).expect("a status"), answer)
}

#[test]
fn a_fault_may_be_late_and_refuse_in_one() {
    let options = Options { control: Some(SECRET.into()), ..Options::default() };
    let simulator = Simulator::with(options).expect("a simulator");
    let fault = r#"{"at":"GET /v1.0/me","status":503,"headers":{"retry-after":"7"},"late_ms":60}"#;
    assert_eq!(ask(&simulator, "a guess", "POST", "/_ctl/faults", fault).0, 401);
    assert_eq!(ask(&simulator, SECRET, "POST", "/_ctl/faults", fault).0, 200);
    let begun = std::time::Instant::now();
    let (status, answer) = ask(&simulator, "no token", "GET", "/microsoft/v1.0/me", "");
    assert_eq!(status, 503, "{answer}");
    assert!(answer.contains("retry-after: 7"), "with its headers: {answer}");
    assert!(begun.elapsed().as_millis() >= 60, "and not before its time");
    let (_, journal) = ask(&simulator, SECRET, "GET", "/_ctl/journal?since=0", "");
    let (_, body) = journal.split_once("\r\n\r\n").expect("a body");
    let journal: Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(journal["entries"][0]["status"], 503);
    assert_eq!(journal["entries"][0]["trouble"], serde_json::json!(["fault"]), "and is noted");
    for unclear in [
        r#"{"at":"GET"}"#,
        r#"{"at":"GET","status":503,"cut":4}"#,
        r#"{"at":"GET","status":503,"never":true}"#,
    ] {
        let (status, answer) = ask(&simulator, SECRET, "POST", "/_ctl/faults", unclear);
        assert_eq!(status, 400, "{unclear}");
        assert!(answer.contains("say "), "what to do instead: {answer}");
    }
    assert!(simulator.world().faults.is_empty(), "what was unclear is not taken");
}
