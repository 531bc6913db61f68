//! One request to the simulator, over a connection of its own.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use deskbell_simulator::Simulator;
use serde_json::Value;

pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }
}

/// Asks below `/google`.
pub fn ask(
    simulator: &Simulator,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let base = simulator.base_url("google");
    let host = base.trim_start_matches("http://").trim_end_matches("/google").to_owned();
    let mut line = TcpStream::connect(&host).expect("the simulator");
    let mut request = format!(
        "{method} /google{path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {}\r\nConnection: close\r\n",
        body.len()
    );
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    line.write_all(format!("{request}\r\n{body}").as_bytes()).expect("asked");
    let mut answer = String::new();
    line.read_to_string(&mut answer).expect("an answer");
    let status = answer.get(9..12).and_then(|code| code.parse().ok()).expect("a status");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a body");
    let headers = head.lines().filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    Answer { status, headers, body: body.to_owned() }
}
