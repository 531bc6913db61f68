//! What the played Gmail takes and answers is what the published one does: held against its own schemas.

use deskbell_simulator::Simulator;
use serde_json::{Value, json};

use crate::line::ask;

const SCHEMAS: &str = include_str!("../schemas/gmail.json");
const OWN: &str = "ada@studio.example";
const LETTER: &[u8] = b"Message-ID: <one@client.example>\r\nFrom: Mara Voss <mara@client.example>\r\nTo: ada@studio.example\r\nSubject: Friday\r\n\r\nIs Friday free?\r\n";

struct Gmail {
    simulator: Simulator,
    token: String,
}

impl Gmail {
    fn open() -> Self {
        let simulator = Simulator::start().expect("a simulator");
        let mut world = simulator.world();
        let now = world.now;
        let (token, _) = world.google.open(OWN, now);
        world.google.mailbox(OWN).deliver(LETTER, now);
        drop(world);
        Self { simulator, token }
    }

    fn get(&self, path: &str) -> Value {
        self.ask("GET", path, "").1
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let bearer = format!("Bearer {}", self.token);
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        let path = format!("/gmail/v1/users/me/{path}");
        let answer = ask(&self.simulator, method, &path, &headers, body);
        (answer.status, answer.json())
    }
}

/// Holds a value against one of the published schemas.
fn hold(name: &str, value: &Value) {
    let mut schemas: Value = serde_json::from_str(SCHEMAS).expect("schemas");
    schemas["$ref"] = json!(format!("#/$defs/{name}"));
    let schema = jsonschema::validator_for(&schemas).expect("a schema");
    let wrong: Vec<String> = schema.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty() && value.is_object(), "{name}: {wrong:#?}\n{value:#}");
}

fn first_id(list: &Value) -> String {
    list["messages"][0]["id"].as_str().expect("an id").to_owned()
}

#[test]
fn messages_have_the_published_shape_in_every_format() {
    let gmail = Gmail::open();
    hold("Profile", &gmail.get("profile"));
    let list = gmail.get("messages?maxResults=1");
    hold("ListMessagesResponse", &list);
    let id = first_id(&list);
    for format in ["minimal", "metadata", "full", "raw"] {
        let message = gmail.get(&format!("messages/{id}?format={format}"));
        hold("Message", &message);
        assert_eq!(message["labelIds"], json!(["CATEGORY_PERSONAL", "INBOX", "UNREAD"]));
    }
    let change = json!({ "addLabelIds": ["STARRED"], "removeLabelIds": ["UNREAD"] });
    hold("ModifyMessageRequest", &change);
    let (status, changed) =
        gmail.ask("POST", &format!("messages/{id}/modify"), &change.to_string());
    assert_eq!(status, 200);
    hold("Message", &changed);
    let (status, made) = gmail.ask("POST", "labels", r#"{"name":"Clients/VIP"}"#);
    assert_eq!(status, 200);
    hold("Label", &made);
    hold("ListLabelsResponse", &gmail.get("labels"));
    let draft = json!({ "message": { "raw": "U3ViamVjdDogeA0KDQp5DQo" } });
    hold("Draft", &draft);
    let (status, draft) = gmail.ask("POST", "drafts", &draft.to_string());
    assert_eq!(status, 200);
    hold("Draft", &draft);
    hold("ListDraftsResponse", &gmail.get("drafts"));
}

#[test]
fn the_history_rises_with_gaps_repeats_messages_and_ends() {
    let gmail = Gmail::open();
    for tells_labels in [false, true] {
        gmail.simulator.world().google.history_tells_labels = tells_labels;
        let start = gmail.get("profile")["historyId"].as_str().expect("an id").to_owned();
        let short_lived = {
            let mut world = gmail.simulator.world();
            let now = world.now;
            let mailbox = world.google.mailbox(OWN);
            let kept = mailbox.deliver(LETTER, now);
            mailbox.relabel(&kept, &["STARRED"], &["UNREAD"]);
            let short_lived = mailbox.deliver(LETTER, now);
            mailbox.erase(&short_lived);
            short_lived
        };
        let mut ids = Vec::new();
        let mut page = String::new();
        loop {
            let list = gmail.get(&format!("history?startHistoryId={start}&maxResults=2{page}"));
            hold("ListHistoryResponse", &list);
            for record in list["history"].as_array().expect("records") {
                ids.push(
                    record["id"].as_str().and_then(|id| id.parse::<u64>().ok()).expect("an id"),
                );
            }
            match list["nextPageToken"].as_str() {
                Some(token) => page = format!("&pageToken={token}"),
                None => break,
            }
        }
        assert_eq!(ids.len(), 7, "two that came, each told twice; two labels; one gone");
        assert!(ids.is_sorted() && ids.windows(2).any(|two| two[1] - two[0] > 1), "{ids:?}");
        let (status, _) = gmail.ask("GET", &format!("messages/{short_lived}"), "");
        assert_eq!(status, 404, "listed in the history, and gone");
        gmail.simulator.world().google.mailbox(OWN).forget_history();
        let (status, _) = gmail.ask("GET", &format!("history?startHistoryId={start}"), "");
        assert_eq!(status, 404, "a start that was forgotten");
    }
}

#[test]
fn a_minute_has_so_many_units_and_page_tokens_grow_old() {
    let gmail = Gmail::open();
    let now = gmail.simulator.world().now;
    gmail.simulator.world().google.mailbox(OWN).deliver(LETTER, now);
    gmail.simulator.world().google.page_tokens_live = Some(1_000);
    let list = gmail.get("messages?maxResults=1");
    let token = list["nextPageToken"].as_str().expect("a page more").to_owned();
    gmail.simulator.advance(1_000);
    let (status, _) = gmail.ask("GET", &format!("messages?maxResults=1&pageToken={token}"), "");
    assert_eq!(status, 400, "too old");
    gmail.simulator.world().google.quota.per_minute = 30;
    let id = first_id(&list);
    let path = format!("messages/{id}?format=minimal");
    let (status, refusal) = gmail.ask("GET", &path, "");
    assert_eq!((status, gmail.ask("GET", &path, "").0), (200, 403), "{refusal}");
    let (_, refusal) = gmail.ask("GET", &path, "");
    assert_eq!(refusal["error"]["errors"][0]["reason"], "userRateLimitExceeded");
    gmail.simulator.advance(60_000);
    assert_eq!(gmail.ask("GET", &path, "").0, 200, "a minute later there is more");
}
