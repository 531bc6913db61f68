//! Writing at the desk, by the commands a window calls: begun, answered, saved, refused, given over; everything taken
//! out again; and who is looked at.

#[cfg(test)]
mod attention;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod erasing;
#[cfg(test)]
mod exporting;
#[cfg(test)]
mod truth;

use deskbell_api::dto::*;
use deskbell_api::handlers::{
    attach, attachment, compose, conversation, outbox, send, senders, templates,
};

use deskbell_domain::message::Flags;

use crate::desk::{Desk, by, person, words};

fn new(kind: &str, message: Option<&str>) -> NewDraftArgs {
    NewDraftArgs {
        kind: kind.into(),
        account_id: None,
        message_id: message.map(str::to_owned),
        to: Vec::new(),
        cc: Vec::new(),
        bcc: Vec::new(),
        subject: None,
        text: None,
        words: words(),
    }
}

fn saved(draft: &Draft, change: impl FnOnce(&mut DraftContent)) -> SaveArgs {
    let mut content = draft.content.clone();
    change(&mut content);
    SaveArgs {
        id: draft.id.clone(),
        revision: draft.revision,
        account_id: draft.account_id.clone(),
        content,
        files: draft.files.clone(),
    }
}

fn sent(id: &str, confirmed: &[Warning]) -> SendArgs {
    SendArgs { id: id.into(), at: None, confirmed: confirmed.to_vec() }
}

#[tokio::test]
async fn a_new_message_is_written_sent_and_taken_back() {
    let desk = Desk::new().await;
    let form = SenderForm {
        id: None,
        account_id: desk.account.clone(),
        name: "Ruth at Studio".into(),
        address: "desk@studio.example".into(),
        signature: "<p>Studio <script>x()</script><b>One</b></p>".into(),
        reply_to: None,
        first: true,
    };
    let sender = senders::put(&desk, form).await.expect("a sender");
    assert_eq!(sender.signature, "<p>Studio <b>One</b></p>", "a signature is cleaned");
    let draft = compose::new(&desk, new("new", None)).await.expect("a draft");
    let html = draft.content.html.clone().expect("rich");
    assert!(html.contains(&format!("<div data-signature=\"{}\">", sender.id)), "{html}");
    assert_eq!(draft.content.from, Some(person("Ruth at Studio", "desk@studio.example")));
    let args = saved(&draft, |content| {
        content.to = vec![person("Mara", "mara@x.example")];
        content.subject = "Your visit".into();
        content.html = Some("<p>See you <b>soon</b><script>x()</script></p>".into());
    });
    let after = compose::save(&desk, args).await.expect("is saved");
    let opened = compose::open(&desk, by(&after.id)).await.expect("opens");
    assert_eq!(opened.content.html.as_deref(), Some("<p>See you <b>soon</b></p>"));
    assert_eq!(opened.content.text, "See you soon");
    let result = send::send(&desk, sent(&after.id, &[])).await.expect("is taken");
    let item = result.outgoing.expect("on its way");
    assert_eq!(item.state, "queued");
    let list = outbox::list(&desk, OutboxArgs { account_id: None, states: vec![], limit: 10 });
    assert_eq!(list.await.expect("a list").items, std::slice::from_ref(&item));
    let shown = conversation::open(&desk, by(&item.conversation_id)).await.expect("opens");
    let message = shown.messages.first().expect("the message");
    assert_eq!(message.outgoing.as_ref().map(|o| o.state.as_str()), Some("queued"));
    let source = conversation::raw(&desk, &item.message_id).await.expect("its source");
    let source = String::from_utf8(source).expect("text");
    assert!(source.contains("To: Mara <mara@x.example>\r\n"), "{source}");
    let back = outbox::cancel(&desk, by(&item.id)).await.expect("is taken back");
    assert_eq!(back.content.subject, "Your visit");
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_and_the_draft_stays() {
    let desk = Desk::new().await;
    let draft = compose::new(&desk, new("new", None)).await.expect("a draft");
    let refusal = send::send(&desk, sent(&draft.id, &[])).await.expect_err("nobody to send to");
    let fields: Vec<&str> = refusal.fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!(fields, ["to"]);
    let args = saved(&draft, |content| {
        content.to = vec![person("", "mara"), person("", "ruth@x.example\nBcc: spy@x.example")];
        content.cc = vec![person("", "jonas@@x.example")];
        content.subject = "For {{contact.name}}".into();
        content.html = None;
        content.text = "Hi {{foo}}\n> {{contact.name}}".into();
    });
    compose::save(&desk, args).await.expect("saves whatever stands there");
    let refusal = send::send(&desk, sent(&draft.id, &[])).await.expect_err("three addresses");
    let fields: Vec<&str> = refusal.fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!(fields, ["to", "to", "cc", "subject"], "{refusal:?}");
    assert!(refusal.message.contains("mara"), "the address is named: {}", refusal.message);
    compose::open(&desk, by(&draft.id)).await.expect("it is still a draft");
}

#[tokio::test]
async fn a_thousand_recipients_are_fine_once_looked_at() {
    let desk = Desk::new().await;
    let draft = compose::new(&desk, new("new", None)).await.expect("a draft");
    let args = saved(&draft, |content| {
        content.bcc = (0..1_000).map(|n| person("", &format!("client{n}@x.example"))).collect();
        content.subject = "Summer".into();
        content.html = Some("<p>We are away, the plan is attached.</p>".into());
    });
    let after = compose::save(&desk, args).await.expect("is saved");
    let asked = send::send(&desk, sent(&after.id, &[])).await.expect("is looked at");
    let kinds: Vec<&str> = asked.warnings.iter().map(|warning| warning.kind.as_str()).collect();
    assert_eq!(kinds, ["forgotten_attachment", "many_recipients"]);
    assert!(asked.outgoing.is_none(), "and nothing is on its way yet");
    let result = send::send(&desk, sent(&after.id, &asked.warnings)).await.expect("is taken");
    assert!(result.outgoing.is_some());
}

#[tokio::test]
async fn without_a_sending_account_it_stays_a_draft_and_says_so() {
    let desk = Desk::that_cannot_send().await;
    let draft = compose::new(&desk, new("new", None)).await.expect("a draft");
    let args = saved(&draft, |content| content.to = vec![person("", "mara@x.example")]);
    let after = compose::save(&desk, args).await.expect("is saved");
    let refusal = send::send(&desk, sent(&after.id, &[])).await.expect_err("nothing sends");
    assert_eq!(refusal.code, Code::NoSender);
    compose::open(&desk, by(&after.id)).await.expect("it is still a draft");
}

#[tokio::test]
async fn an_answer_goes_on_with_its_thread() {
    let desk = Desk::new().await;
    let mail = desk.receive(
        "From: Mara Voss <mara@x.example>\r\nTo: desk@studio.example, ruth@x.example\r\nCc: jonas@x.example\r\nSubject: AW: Visit\r\nMessage-ID: <2@x.example>\r\nReferences: <1@x.example>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nContent-Type: text/html\r\n\r\n<p onclick=x()>Can I <b>come</b>?</p><img src=https://t.example/p.gif>",
    ).await;
    let draft = compose::new(&desk, new("reply_all", Some(&mail))).await.expect("an answer");
    assert_eq!(draft.content.subject, "Re: Visit");
    let to: Vec<&str> = draft.content.to.iter().map(|p| p.address.as_str()).collect();
    assert_eq!(to, ["mara@x.example", "ruth@x.example"]);
    let cc: Vec<&str> = draft.content.cc.iter().map(|p| p.address.as_str()).collect();
    assert_eq!(cc, ["jonas@x.example"]);
    let html = draft.content.html.clone().expect("rich");
    assert!(html.contains("Mara Voss wrote:</p><blockquote type=\"cite\">"), "{html}");
    assert!(html.contains("<p>Can I <b>come</b>?</p>"), "{html}");
    assert!(!html.contains("t.example"), "nothing of it loads: {html}");
    let original = conversation::message(&desk, &mail).await.expect("the mail");
    assert_eq!(draft.conversation_id, original.conversation_id, "it stands in the same thread");
    let source = conversation::raw(&desk, &draft.message_id).await.expect("its source");
    let source = String::from_utf8(source).expect("text");
    assert!(source.contains("In-Reply-To: <2@x.example>\r\n"), "{source}");
    assert!(source.contains("References: <1@x.example>\r\n <2@x.example>\r\n"), "{source}");
    let own = compose::new(&desk, new("reply", Some(&mail))).await.expect("an answer");
    assert_eq!(own.content.to.len(), 1, "the author alone");
}

#[tokio::test]
async fn handing_on_takes_the_files_along() {
    let desk = Desk::new().await;
    let mail = desk.receive(
        "From: mara@x.example\r\nTo: desk@studio.example\r\nSubject: Plan\r\nMessage-ID: <3@x.example>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee there.\r\n--b\r\nContent-Type: application/pdf; name=plan.pdf\r\nContent-Disposition: attachment; filename=plan.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nAAECAw==\r\n--b--\r\n",
    ).await;
    let draft = compose::new(&desk, new("forward", Some(&mail))).await.expect("handed on");
    assert_eq!(draft.content.subject, "Fwd: Plan");
    assert!(draft.content.to.is_empty(), "to whom is the person's to say");
    let files: Vec<(&str, u64)> = draft.files.iter().map(|f| (f.name.as_str(), f.size)).collect();
    assert_eq!(files, [("plan.pdf", 4)]);
    let html = draft.content.html.expect("rich");
    assert!(html.contains("Forwarded message") && html.contains("See there."), "{html}");
    let whole = compose::new(&desk, new("forward_attached", Some(&mail))).await.expect("handed on");
    let files: Vec<&str> = whole.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(files, ["Plan.eml"]);
}

#[tokio::test]
async fn a_message_handed_on_whole_tells_nobody_whom_it_was_for_in_secret() {
    let desk = Desk::new().await;
    let mail = desk.receive(
        "From: desk@studio.example\r\nTo: mara@x.example\r\nBcc: eve@x.example,\r\n mallory@x.example\r\nSubject: Plan\r\nMessage-ID: <5@x.example>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n\r\nSee there.\r\n",
    ).await;
    let whole = compose::new(&desk, new("forward_attached", Some(&mail))).await.expect("handed on");
    let source = conversation::raw(&desk, &whole.message_id).await.expect("its source");
    let source = String::from_utf8(source).expect("text");
    assert!(source.contains("Message-ID: <5@x.example>"), "it is handed on: {source}");
    assert!(!source.contains("eve@") && !source.contains("mallory@"), "{source}");
}

#[tokio::test]
async fn a_file_goes_along_although_it_is_deleted_afterwards() {
    let desk = Desk::new().await;
    let draft = compose::new(&desk, new("new", None)).await.expect("a draft");
    let path = desk.directory.path().join("Über uns.txt");
    std::fs::write(&path, b"words").expect("a file");
    let empty = desk.directory.path().join("empty.pdf");
    std::fs::write(&empty, b"").expect("a file");
    let files = attach::paths(&desk, &draft.id, vec![path.clone(), empty]).await.expect("attached");
    std::fs::remove_file(&path).expect("deleted");
    let opened = compose::open(&desk, by(&draft.id)).await.expect("opens");
    assert_eq!(opened.files, files.files, "the store holds them before the next save lists them");
    let mut args = saved(&opened, |content| content.to = vec![person("", "mara@x.example")]);
    args.revision = draft.revision;
    let after = compose::save(&desk, args).await.expect("is saved");
    let opened = compose::open(&desk, by(&after.id)).await.expect("opens");
    assert!(opened.versions.is_empty(), "attaching is no writing from elsewhere");
    let source = conversation::raw(&desk, &draft.message_id).await.expect("its source");
    let source = String::from_utf8(source).expect("text");
    assert!(source.contains("\r\nd29yZHM=\r\n"), "its bytes go along: {source}");
}

#[tokio::test]
async fn a_file_that_is_lost_is_named_before_the_draft_is_given_over() {
    let desk = Desk::new().await;
    let draft = compose::new(&desk, new("new", None)).await.expect("a draft");
    let path = desk.directory.path().join("plan.txt");
    std::fs::write(&path, b"words").expect("a file");
    let listed = attach::paths(&desk, &draft.id, vec![path.clone()]).await.expect("attached").files;
    assert!(!listed[0].missing, "it was kept just now");
    let opened = compose::open(&desk, by(&draft.id)).await.expect("opens");
    let args = saved(&opened, |content| {
        content.to = vec![person("", "mara@x.example")];
        content.subject = "The plan".into();
        content.html = Some("<p>Here it is.</p>".into());
    });
    compose::save(&desk, args).await.expect("is saved");
    let blob = &listed[0].blob;
    // Where this desk keeps its files.
    let folder: String = blob.chars().take(2).collect();
    let kept = desk.store.directory().join("blobs").join(folder).join(blob);
    std::fs::remove_file(kept).expect("is lost");
    let opened = compose::open(&desk, by(&draft.id)).await.expect("opens");
    assert!(opened.files[0].missing, "the composer marks it");
    let refusal = send::send(&desk, sent(&draft.id, &[])).await.expect_err("a file is lost");
    let field = refusal.fields.first().expect("a field");
    assert_eq!(field.field, "files");
    assert!(field.message.contains("“plan.txt”") && field.said.is_some(), "{field:?}");
    attach::paths(&desk, &draft.id, vec![path]).await.expect("attached again");
    let opened = compose::open(&desk, by(&draft.id)).await.expect("opens");
    assert_eq!(opened.files.len(), 1, "once");
    assert!(!opened.files[0].missing);
    let result = send::send(&desk, sent(&draft.id, &[])).await.expect("is taken");
    assert!(result.outgoing.is_some());
}

#[tokio::test]
async fn what_is_too_large_is_refused_before_it_is_read() {
    let desk = Desk::new().await;
    let draft = compose::new(&desk, new("new", None)).await.expect("a draft");
    let path = desk.directory.path().join("film.mp4");
    let file = std::fs::File::create(&path).expect("a file");
    file.set_len(200 * 1024 * 1024).expect("a long file that takes no room");
    let refusal = attach::paths(&desk, &draft.id, vec![path]).await.expect_err("too large");
    let field = refusal.fields.first().expect("a field");
    assert_eq!(field.field, "files");
    assert!(field.message.contains("film.mp4") && field.message.contains("25 MB"), "{field:?}");
    let missing = vec![desk.directory.path().join("gone.pdf")];
    let refusal = attach::paths(&desk, &draft.id, missing).await.expect_err("not there");
    assert!(refusal.message.contains("gone.pdf"), "{}", refusal.message);
    let opened = compose::open(&desk, by(&draft.id)).await.expect("the draft stays");
    assert!(opened.files.is_empty());
}

#[tokio::test]
async fn a_template_with_an_unknown_variable_is_refused_and_a_known_one_filled() {
    let desk = Desk::new().await;
    let form = |html: &str| TemplateForm {
        id: None,
        name: "Confirm".into(),
        shortcut: ";ok".into(),
        subject: "Hi {{contact.first_name}}".into(),
        html: html.into(),
    };
    let refusal = templates::put(&desk, form("<p>{{contact.frist_name}}</p>")).await;
    let refusal = refusal.expect_err("no such variable");
    assert_eq!(refusal.fields.first().map(|field| field.field.as_str()), Some("html"));
    assert!(refusal.message.contains("contact.frist_name"), "{}", refusal.message);
    let html = "<p>Dear {{contact.name}}, see you {{appointment.start}}.</p>";
    let template = templates::put(&desk, form(html)).await.expect("is kept");
    assert_eq!(template.shortcut, "ok");
    assert_eq!(template.variables, ["contact.first_name", "contact.name", "appointment.start"]);
    let refusal = templates::put(&desk, form("<p>x</p>")).await.expect_err("the name is taken");
    assert_eq!(refusal.fields.first().map(|field| field.field.as_str()), Some("name"));
    let fill = FillArgs {
        id: template.id,
        account_id: desk.account.clone(),
        from: None,
        to: Some(person("Mara <Voss>", "mara@x.example")),
        language: "en".into(),
    };
    let filled = templates::fill(&desk, fill).await.expect("is filled");
    assert_eq!(filled.subject, "Hi Mara");
    assert_eq!(filled.html, "<p>Dear Mara &lt;Voss&gt;, see you {{appointment.start}}.</p>");
    assert_eq!(filled.missing, ["appointment.start"]);
}

#[tokio::test]
async fn people_written_with_most_are_proposed_first() {
    let desk = Desk::new().await;
    for n in 0..3 {
        desk.receive(&format!(
            "From: Marek <marek@x.example>\r\nTo: desk@studio.example\r\nSubject: {n}\r\nMessage-ID: <m{n}@x>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n\r\nHi"
        ))
        .await;
    }
    let draft = compose::new(&desk, new("new", None)).await.expect("a draft");
    let args = saved(&draft, |content| {
        content.to = vec![person("Mara Voss", "mv@x.example")];
        content.html = Some("<p>Hi</p>".into());
        content.subject = "Hi".into();
    });
    compose::save(&desk, args).await.expect("is saved");
    send::send(&desk, sent(&draft.id, &[])).await.expect("is sent");
    let complete =
        |prefix: &str| senders::complete(&desk, CompleteArgs { prefix: prefix.into(), limit: 5 });
    let people = complete("mar").await.expect("people").people;
    let found: Vec<&str> = people.iter().map(|p| p.address.as_str()).collect();
    assert_eq!(found, ["mv@x.example", "marek@x.example"], "whom one writes to comes first");
    for prefix in ["vos", "Mara v", "mv@x"] {
        let people = complete(prefix).await.expect("people").people;
        assert_eq!(people.len(), 1, "{prefix}");
    }
    assert!(complete("zzz").await.expect("people").people.is_empty());
    assert!(complete("\"* OR").await.expect("nothing breaks").people.is_empty());
}

#[tokio::test]
async fn another_account_takes_a_draft_over_whole() {
    let desk = Desk::new().await;
    let other = desk.add("other@studio.example").await;
    let draft = compose::new(&desk, new("new", None)).await.expect("a draft");
    let mut args = saved(&draft, |content| content.subject = "Kept".into());
    args.account_id = other.clone();
    let after = compose::save(&desk, args).await.expect("is saved");
    assert_ne!(after.id, draft.id);
    let opened = compose::open(&desk, by(&after.id)).await.expect("opens");
    assert_eq!((opened.account_id, opened.content.subject), (other, "Kept".to_owned()));
}

#[tokio::test]
async fn a_draft_of_another_program_is_gone_on_with_here() {
    let desk = Desk::new().await;
    let mail = desk
        .receive_as(
            "From: desk@studio.example\r\nTo: mara@x.example\r\nBcc: tom@x.example\r\nSubject: Half\r\nMessage-ID: <d1@other>\r\nIn-Reply-To: <1@x.example>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nContent-Type: text/html\r\n\r\n<p onclick=x()>Half a word</p>",
            Flags { draft: true, seen: true, ..Flags::default() },
        )
        .await;
    let draft = compose::edit(&desk, by(&mail)).await.expect("is opened");
    assert_eq!(draft.content.html.as_deref().map(str::trim), Some("<p>Half a word</p>"));
    assert_eq!(draft.content.bcc, [person("", "tom@x.example")]);
    assert_ne!(draft.message_id, mail, "from now on it is ours");
    let again = compose::edit(&desk, by(&draft.message_id)).await.expect("is opened");
    assert_eq!(again.id, draft.id, "ours is opened as it is");
    let source = conversation::raw(&desk, &draft.message_id).await.expect("its source");
    let source = String::from_utf8(source).expect("text");
    assert!(source.contains("In-Reply-To: <1@x.example>\r\n"), "{source}");
    let no_draft =
        desk.receive("From: mara@x.example\r\nSubject: x\r\nMessage-ID: <n@x>\r\n\r\nHi").await;
    compose::edit(&desk, by(&no_draft)).await.expect_err("what somebody wrote is no draft");
}

#[tokio::test]
async fn a_file_of_a_draft_can_be_looked_at() {
    let desk = Desk::new().await;
    let draft = compose::new(&desk, new("new", None)).await.expect("a draft");
    let path = desk.directory.path().join("list.txt");
    std::fs::write(&path, "milk\nbread").expect("a file");
    attach::paths(&desk, &draft.id, vec![path]).await.expect("attached");
    let shown = conversation::message(&desk, &draft.message_id).await.expect("the message");
    let file = shown.attachments.first().expect("its file");
    let args = AttachmentArgs { message_id: draft.message_id.clone(), part: file.part };
    let text = attachment::text(&desk, args).await.expect("its text");
    assert!(text.text.contains("milk"), "{text:?}");
}
