//! What the played Graph answers is what the published one answers: held against its own schemas.

use deskbell_simulator::{Lives, Loss, Trouble};
use serde_json::{Value, json};

use crate::line::{Graph, OWN};

const SCHEMAS: &str = include_str!("../schemas/msgraph-mail.json");
/// Holds a value against one of the published schemas.
fn hold(name: &str, value: &Value) {
    let mut schemas: Value = serde_json::from_str(SCHEMAS).expect("schemas");
    schemas["$ref"] = json!(format!("#/$defs/microsoft.graph.{name}"));
    let schema = jsonschema::validator_for(&schemas).expect("a schema");
    let wrong: Vec<String> = schema.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{name}: {wrong:#?}\n{value:#}");
}

fn link(page: &Value, name: &str) -> String {
    page[name].as_str().unwrap_or_else(|| panic!("{name} in {page:#}")).to_owned()
}

#[test]
fn messages_and_folders_have_the_published_shape() {
    let graph = Graph::open();
    let (status, page) = graph.get("me/mailFolders/inbox/messages");
    assert_eq!(status, 200);
    hold("message", &page["value"][0]);
    let id = link(&page["value"][0], "id");
    let everything = "?$select=subject,internetMessageHeaders,replyTo,flag,body&$expand=singleValueExtendedProperties($filter=id%20eq%20'Integer%200x1081')";
    let (_, whole) = graph.get(&format!("me/messages/{id}{everything}"));
    hold("message", &whole);
    assert_eq!(whole["internetMessageHeaders"][0]["name"], "Message-ID");
    assert!(whole.get("categories").is_none(), "what is not selected is not shown");
    let change = json!({ "isRead": true, "flag": { "flagStatus": "flagged" },
        "singleValueExtendedProperties": [{ "id": "Integer 0x1081", "value": "102" }] });
    let (_, changed) = graph.ask("PATCH", &format!("me/messages/{id}"), &change.to_string());
    hold("message", &changed);
    let (_, whole) = graph.get(&format!("me/messages/{id}{everything}"));
    assert_eq!(whole["singleValueExtendedProperties"][0]["value"], "102");
    hold("message", &whole);
    let (_, folders) = graph.get("me/mailFolders");
    for folder in folders["value"].as_array().expect("folders") {
        hold("mailFolder", folder);
    }
    let (status, made) = graph.ask("POST", "me/mailFolders", r#"{"displayName":"Clients"}"#);
    assert_eq!(status, 201);
    hold("mailFolder", &made);
    hold("user", &graph.get("me").1);
}

#[test]
fn a_delta_ends_in_a_link_that_tells_what_changed_since() {
    let graph = Graph::open();
    let (_, page) = graph.get("me/mailFolders/inbox/messages/delta?$select=subject,isRead");
    hold("message", &page["value"][0]);
    assert!(page["value"][0].get("from").is_none(), "what is selected at first stays selected");
    let delta = link(&page, "@odata.deltaLink");
    let (_, page) = graph.get(&delta);
    assert_eq!(page["value"], json!([]), "nothing has changed");
    let id = {
        let mut world = graph.simulator.world();
        let now = world.now;
        let mailbox = world.microsoft.mailbox(OWN);
        let id = mailbox.by_subject("Friday").expect("the letter").immutable_id();
        mailbox.relocate("Friday", "archive", now);
        id
    };
    let (_, page) = graph.get(&delta);
    assert_eq!(page["value"][0], json!({ "id": id, "@removed": { "reason": "deleted" } }));
    let (_, page) = graph.get("me/mailFolders/archive/messages/delta?$select=subject");
    assert_eq!(page["value"][0]["id"], json!(id), "an immutable id stays");
    for (loss, status, code) in
        [(Loss::Gone, 410, "SyncStateInvalid"), (Loss::NotFound, 400, "syncStateNotFound")]
    {
        let (_, page) = graph.get("me/mailFolders/delta");
        hold("mailFolder", &page["value"][0]);
        let delta = link(&page, "@odata.deltaLink");
        graph.simulator.world().microsoft.mailbox(OWN).evict(loss);
        let (told, refusal) = graph.get(&delta);
        assert_eq!((told, refusal["error"]["code"].as_str()), (status, Some(code)));
        hold("ODataErrors.ODataError", &refusal);
    }
}

#[test]
fn positions_end_by_the_clock_those_in_the_middle_of_a_round_first() {
    let graph = Graph::open();
    for number in 0..12 {
        let mail = format!("From: mara@client.example\r\nSubject: m-{number}\r\n\r\nWords.\r\n");
        let mut world = graph.simulator.world();
        let now = world.now;
        world.microsoft.mailbox(OWN).deliver("inbox", mail.as_bytes(), now);
    }
    // The sign-in outlasts the story.
    graph.simulator.world().microsoft.sign_in(&graph.token, OWN, &["Mail.ReadWrite"]);
    let first = "me/mailFolders/inbox/messages/delta?$select=subject";
    let next = link(&graph.get(first).1, "@odata.nextLink");
    let delta = link(&graph.get(&next).1, "@odata.deltaLink");
    let lives = graph.simulator.world().microsoft.mailbox(OWN).lives;
    graph.simulator.advance(lives.skip - 1);
    assert_eq!(graph.get(&next).0, 200, "it lasts to its end");
    graph.simulator.advance(1);
    let (status, refusal) = graph.get(&next);
    assert_eq!((status, refusal["error"]["code"].as_str()), (400, Some("syncStateNotFound")));
    let (status, page) = graph.get(&delta);
    assert_eq!(status, 200, "the end of a round lasts longer");
    graph.simulator.advance(lives.delta - lives.skip);
    assert_eq!(graph.get(&delta).0, 400, "and ends too");
    let newer = link(&page, "@odata.deltaLink");
    assert_eq!(graph.get(&newer).0, 200, "each new one begins its own time");
    let mut world = graph.simulator.world();
    world.microsoft.mailbox(OWN).lives = Lives { loss: Loss::Gone, ..lives };
    drop(world);
    graph.simulator.advance(lives.delta);
    assert_eq!(graph.get(&newer).0, 410, "refused in the way that was chosen");
    let world = graph.simulator.world();
    let lost = world.journal.iter().filter(|entry| entry.trouble == [Trouble::Evicted]).count();
    assert_eq!(lost, 3, "the journal knows each");
}

#[test]
fn an_upload_takes_its_ranges_in_order_and_without_a_token() {
    let graph = Graph::open();
    let draft = json!({ "subject": "Photos", "toRecipients": [{ "emailAddress": { "address": "mara@client.example" } }] });
    let (status, draft) = graph.ask("POST", "me/messages", &draft.to_string());
    assert_eq!(status, 201);
    hold("message", &draft);
    let id = link(&draft, "id");
    let file = json!({ "@odata.type": "#microsoft.graph.fileAttachment", "name": "a.txt", "contentBytes": "aGk=" });
    let (status, kept) =
        graph.ask("POST", &format!("me/messages/{id}/attachments"), &file.to_string());
    assert_eq!(status, 201);
    hold("fileAttachment", &kept);
    let item = json!({ "AttachmentItem": { "attachmentType": "file", "name": "b.bin", "size": 4_000_000 } });
    let open = format!("me/messages/{id}/attachments/createUploadSession");
    let (status, session) = graph.ask("POST", &open, &item.to_string());
    assert_eq!(status, 201);
    hold("uploadSession", &session);
    let (status, _) = graph.ask("PUT", &link(&session, "uploadUrl"), "x");
    assert_eq!(status, 401, "a token does not belong there");
    let url = link(&session, "uploadUrl");
    let half = vec![7; 2_000_000];
    let (status, _) = graph.put(&url, "bytes 2000000-3999999/4000000", &half);
    assert_eq!(status, 416, "ranges come in order");
    let (status, told) = graph.put(&url, "bytes 0-1999999/4000000", &half);
    assert_eq!((status, &told["nextExpectedRanges"]), (200, &json!(["2000000-"])));
    assert_eq!(graph.put(&url, "bytes 2000000-3999999/4000000", &half).0, 201);
    let (_, files) = graph.get(&format!("me/messages/{id}/attachments"));
    assert_eq!(files["value"][1]["size"], 4_000_000);
    let (_, session) = graph.ask("POST", &open, &item.to_string());
    graph.simulator.advance(24 * 60 * 60 * 1_000);
    let (status, _) = graph.put(&link(&session, "uploadUrl"), "bytes 0-1999999/4000000", &half);
    assert_eq!(status, 404, "its time is over");
}

#[test]
fn a_batch_answers_each_request_for_itself() {
    let graph = Graph::open();
    let batch = json!({ "requests": [
        { "id": "1", "method": "GET", "url": "/me/mailFolders/inbox" },
        { "id": "2", "method": "GET", "url": "/me/messages/AAkALgAA0000009999" },
    ] });
    let (status, answer) = graph.ask("POST", "$batch", &batch.to_string());
    assert_eq!(status, 200);
    hold("mailFolder", &answer["responses"][0]["body"]);
    assert_eq!(answer["responses"][1]["status"], 404);
}

#[test]
fn who_lacks_a_permission_is_refused_in_the_published_form() {
    let graph = Graph::open();
    graph.simulator.world().microsoft.sign_in(&graph.token, OWN, &["User.Read"]);
    let (status, refusal) = graph.get("me/messages");
    assert_eq!((status, refusal["error"]["code"].as_str()), (403, Some("ErrorAccessDenied")));
    hold("ODataErrors.ODataError", &refusal);
    let (status, _) = graph.get("me");
    assert_eq!(status, 200);
}
