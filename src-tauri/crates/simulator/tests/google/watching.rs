//! Being told by Pub/Sub: what is told, to whom, how often, for how long, and that it can be proven who told it.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use deskbell_simulator::Simulator;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use serde_json::{Value, json};

use crate::line::ask;

const OWN: &str = "ada@studio.example";
const TOPIC: &str = "projects/desk/topics/gmail";
const SUBSCRIPTION: &str = "projects/desk/subscriptions/relay";
const DAY: i64 = 24 * 60 * 60 * 1_000;

struct Place {
    simulator: Simulator,
    token: String,
}

impl Place {
    fn new() -> Self {
        let simulator = Simulator::start().expect("a simulator");
        let token = {
            let mut world = simulator.world();
            let now = world.now;
            world.google.topics.insert(TOPIC.into(), [SUBSCRIPTION.to_owned()].into());
            world.google.open(OWN, now).0
        };
        Self { simulator, token }
    }

    fn ask(&self, path: &str, body: &Value) -> (u16, Value) {
        let bearer = format!("Bearer {}", self.token);
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        let answer = ask(&self.simulator, "POST", path, &headers, &body.to_string());
        (answer.status, answer.json())
    }

    fn watch(&self, topic: &str) -> (u16, Value) {
        self.ask("/gmail/v1/users/me/watch", &json!({ "topicName": topic, "labelIds": ["INBOX"] }))
    }

    fn arrive(&self) -> u64 {
        let mut world = self.simulator.world();
        world.now += 1_000;
        let now = world.now;
        let mailbox = world.google.mailbox(OWN);
        mailbox.deliver(b"Message-ID: <a@b>\r\nSubject: x\r\n\r\nx\r\n", now);
        mailbox.history_id()
    }

    fn pull(&self) -> Vec<Value> {
        let path = "/v1/projects/desk/subscriptions/relay:pull";
        let (status, told) = self.ask(path, &json!({ "maxMessages": 10 }));
        assert_eq!(status, 200);
        told["receivedMessages"].as_array().cloned().unwrap_or_default()
    }
}

fn words(message: &Value) -> Value {
    let data = message["data"].as_str().expect("data");
    serde_json::from_slice(&STANDARD.decode(data).expect("base64")).expect("JSON")
}

#[test]
fn who_watches_is_told_how_far_the_history_has_come() {
    let place = Place::new();
    assert_eq!(place.watch("projects/desk/topics/other").0, 403, "Gmail may not publish there");
    let (status, begun) = place.watch(TOPIC);
    assert_eq!(status, 200);
    assert!(begun["expiration"].is_string() && begun["historyId"].is_string(), "{begun}");
    assert!(place.pull().is_empty(), "nothing has happened yet");
    let history = place.arrive();
    let told = place.pull();
    assert_eq!(words(&told[0]["message"]), json!({ "emailAddress": OWN, "historyId": history }));
    assert_eq!(place.pull().len(), 1, "it comes again until it is acknowledged");
    let ids = json!({ "ackIds": [told[0]["ackId"]] });
    place.ask("/v1/projects/desk/subscriptions/relay:acknowledge", &ids);
    assert!(place.pull().is_empty());
    let (status, _) = place.ask("/gmail/v1/users/me/stop", &json!({}));
    assert_eq!(status, 204);
    place.arrive();
    assert!(place.pull().is_empty(), "nobody watches any more");
}

#[test]
fn a_watch_ends_after_seven_days() {
    let place = Place::new();
    place.watch(TOPIC);
    place.simulator.advance(7 * DAY - 2_000);
    place.arrive();
    assert_eq!(place.pull().len(), 1, "to its last second");
    place.simulator.advance(DAY);
    place.simulator.world().google.pushed(SUBSCRIPTION, "", 0);
    place.arrive();
    assert!(place.pull().is_empty(), "and not a second longer");
}

#[test]
fn a_push_proves_who_it_is_from() {
    let place = Place::new();
    place.watch(TOPIC);
    place.arrive();
    let audience = "https://relay.example/google";
    let mut world = place.simulator.world();
    let now = world.now;
    let pushed = world.google.pushed(SUBSCRIPTION, audience, now);
    drop(world);
    let (bearer, envelope) = &pushed[0];
    assert_eq!(words(&envelope["message"])["emailAddress"], OWN);
    let parts: Vec<&str> = bearer.strip_prefix("Bearer ").expect("a token").split('.').collect();
    let read = |part: &str| URL_SAFE_NO_PAD.decode(part).expect("base64url");
    let claims: Value = serde_json::from_slice(&read(parts[1])).expect("claims");
    assert_eq!(claims["iss"], "https://accounts.google.com");
    assert_eq!(claims["aud"], audience);
    let keys = ask(&place.simulator, "GET", "/oauth2/v3/certs", &[], "").json();
    let part = |name: &str| read(keys["keys"][0][name].as_str().expect("a part of the key"));
    let key = RsaPublicKeyComponents { n: part("n"), e: part("e") };
    let text = format!("{}.{}", parts[0], parts[1]);
    let checked = |text: &str| {
        key.verify(&RSA_PKCS1_2048_8192_SHA256, text.as_bytes(), &read(parts[2])).is_ok()
    };
    assert!(checked(&text), "the signature is the published key's");
    assert!(!checked(&text.replacen('e', "f", 1)), "and of this text alone");
}
