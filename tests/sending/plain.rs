//! A plain text sent from the terminal: what stands below it, and what does not come along.

use serde_json::json;

use crate::mailroom::{BOB, Mailroom};
use crate::support::wait_until;

/// An image of one dot.
const DOT: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

impl Mailroom {
    /// Gives the account's sender a signature.
    async fn signs(&self, signature: &str) {
        let senders = self.ask("senders", json!({})).await;
        let own = &senders["senders"][0];
        let form = json!({
            "id": own["id"], "account_id": own["account_id"], "name": own["name"],
            "address": own["address"], "signature": signature, "reply_to": null, "first": true,
        });
        self.ask("sender_put", form).await;
    }
}

#[tokio::test]
async fn a_plain_text_is_signed_and_quotes_without_images() {
    let Some(room) = Mailroom::open() else { return };
    room.signs("<p>Ruth, <b>Studio</b></p>").await;
    room.send("Hours", "We open at nine.\n", &["--to", BOB]);
    room.drain();
    let arrived = room.of_bob();
    assert_eq!(arrived.len(), 1, "once");
    let new = &arrived[0];
    let (text, signature) = (new.find("We open at nine."), new.find("Ruth, Studio"));
    assert!(text.is_some() && text < signature, "the signature stands below the text: {new}");
    assert!(!new.contains("text/html"), "a plain text is sent as one: {new}");

    let letter = format!(
        "From: Bob <{BOB}>\r\nTo: <{}>\r\nSubject: A dot\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n\
         Message-ID: <dot@stories.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/related; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/html\r\n\r\n<p>Look: <img src=\"cid:dot@x\"></p>\r\n\
         --b\r\nContent-Type: image/png\r\nContent-ID: <dot@x>\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{DOT}\r\n--b--\r\n",
        room.server.user()
    );
    room.server.deliver(room.server.user(), letter.as_bytes()).unwrap();
    let message = wait_until("the letter", 240, || {
        room.bell.sync();
        let page = room.bell.json(&["search", "--limit", "1", "subject:\"A dot\""]);
        let id = page["hits"][0]["message_id"].as_str()?;
        Some(id.to_owned())
    });
    for html in [false, true] {
        let before = room.of_bob().len();
        let mut more = vec!["--reply-to", message.as_str()];
        if html {
            more.push("--html");
        }
        room.send("", "I see it.", &more);
        room.drain();
        let arrived = room.of_bob();
        assert_eq!(arrived.len(), before + 1, "once");
        let answer = &arrived[before];
        let parts = ["I see it.", "Ruth, ", "Look:"].map(|part| answer.find(part));
        assert!(
            parts.iter().all(Option::is_some) && parts.is_sorted(),
            "text, signature, quotation: {answer}"
        );
        assert_eq!(
            answer.contains("image/png"),
            html,
            "what a plain text cannot show does not come along: {answer}"
        );
    }
}
