//! A mailbox with one letter, and requests to it over connections of their own.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use deskbell_simulator::Simulator;
use serde_json::Value;

pub const OWN: &str = "ada@studio.example";
const LETTER: &[u8] = b"Message-ID: <one@client.example>\r\nFrom: Mara Voss <mara@client.example>\r\nTo: ada@studio.example\r\nSubject: Friday\r\n\r\nIs Friday free?\r\n";

pub struct Graph {
    pub simulator: Simulator,
    pub token: String,
}

impl Graph {
    pub fn open() -> Self {
        let simulator = Simulator::start().expect("a simulator");
        let mut world = simulator.world();
        let now = world.now;
        let (token, _) = world.microsoft.open(OWN, now);
        world.microsoft.mailbox(OWN).deliver("inbox", LETTER, now);
        drop(world);
        Self { simulator, token }
    }

    pub fn get(&self, path: &str) -> (u16, Value) {
        self.ask("GET", path, "")
    }

    /// Asks below `/v1.0`, or at a whole address, over a connection of its own.
    pub fn ask(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let mut line = self.begin(method, path, body);
        let mut answer = String::new();
        line.read_to_string(&mut answer).expect("an answer");
        let status = answer.get(9..12).and_then(|code| code.parse().ok()).expect("a status");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        (status, serde_json::from_str(body).unwrap_or(Value::Null))
    }

    /// Asks, and does not wait for the answer.
    pub fn begin(&self, method: &str, path: &str, body: &str) -> TcpStream {
        let base = self.simulator.base_url("microsoft");
        let host = base.trim_start_matches("http://").trim_end_matches("/microsoft").to_owned();
        let path = match path.split_once("/microsoft") {
            Some((_, rest)) => format!("/microsoft{rest}"),
            None => format!("/microsoft/v1.0/{path}"),
        };
        let mut line = TcpStream::connect(&host).expect("the simulator");
        let (token, length) = (&self.token, body.len());
        write!(
            line,
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nPrefer: IdType=\"ImmutableId\"\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
        .expect("asked");
        line
    }

    /// Hands over a range to an address that is a key of its own.
    pub fn put(&self, url: &str, range: &str, body: &[u8]) -> (u16, Value) {
        let (host, path) = url.trim_start_matches("http://").split_once('/').expect("a path");
        let mut line = TcpStream::connect(host).expect("the simulator");
        let length = body.len();
        write!(
            line,
            "PUT /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Range: {range}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        )
        .expect("asked");
        line.write_all(body).expect("handed over");
        let mut answer = String::new();
        line.read_to_string(&mut answer).expect("an answer");
        let status = answer.get(9..12).and_then(|code| code.parse().ok()).expect("a status");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        (status, serde_json::from_str(body).unwrap_or(Value::Null))
    }
}
