//! What the composer says holds: who is answered, what goes along, what fits, when it leaves.

use deskbell_api::dto::*;
use deskbell_api::handlers::{attach, compose, conversation, outbox, send, senders, templates};

use crate::desk::{Desk, by, person};
use crate::{new, saved, sent};

async fn speaker(desk: &Desk, name: &str, address: &str, reply_to: Option<&str>) -> Sender {
    let form = SenderForm {
        id: None,
        account_id: desk.account.clone(),
        name: name.into(),
        address: address.into(),
        signature: String::new(),
        reply_to: reply_to.map(str::to_owned),
        first: false,
    };
    senders::put(desk, form).await.expect("a sender")
}

async fn source(desk: &Desk, message: &str) -> String {
    let source = conversation::raw(desk, message).await.expect("its source");
    String::from_utf8(source).expect("text")
}

/// A draft that lacks nothing.
async fn letter(desk: &Desk) -> Draft {
    let draft = compose::new(desk, new("new", None)).await.expect("a draft");
    let args = saved(&draft, |content| {
        content.to = vec![person("Mara", "mara@x.example")];
        content.subject = "Your visit".into();
        content.html = Some("<p>See you.</p>".into());
    });
    compose::save(desk, args).await.expect("is saved");
    compose::open(desk, by(&draft.id)).await.expect("opens")
}

async fn attach(desk: &Desk, draft: &Draft, name: &str, size: u64) -> Result<Attached, ApiError> {
    let path = desk.directory.path().join(name);
    std::fs::File::create(&path).expect("a file").set_len(size).expect("its size");
    attach::paths(desk, &draft.id, vec![path]).await
}

#[tokio::test]
async fn answers_go_where_the_sender_chosen_last_wants_them() {
    let desk = Desk::new().await;
    speaker(&desk, "Ruth", "desk@studio.example", Some("ruth@studio.example")).await;
    speaker(&desk, "Bookings", "desk@studio.example", Some("book@studio.example")).await;
    speaker(&desk, "Tom", "tom@studio.example", None).await;
    let mut draft = letter(&desk).await;
    for (name, address, answers) in [
        ("Bookings", "desk@studio.example", Some("Reply-To: book@studio.example\r\n")),
        ("Ruth", "desk@studio.example", Some("Reply-To: ruth@studio.example\r\n")),
        ("Tom", "tom@studio.example", None),
    ] {
        let args = saved(&draft, |content| content.from = Some(person(name, address)));
        compose::save(&desk, args).await.expect("is saved");
        draft = compose::open(&desk, by(&draft.id)).await.expect("opens");
        let source = source(&desk, &draft.message_id).await;
        match answers {
            Some(line) => assert!(source.contains(line), "{name}: {source}"),
            None => assert!(!source.contains("Reply-To"), "{name} answers himself: {source}"),
        }
    }
}

#[tokio::test]
async fn another_account_brings_its_own_reply_to() {
    let desk = Desk::new().await;
    speaker(&desk, "Ruth", "desk@studio.example", Some("ruth@studio.example")).await;
    let other = desk.add("other@studio.example").await;
    senders::list(&desk, NoArgs {}).await.expect("senders");
    let draft = letter(&desk).await;
    let mut args = saved(&draft, |content| {
        content.from = Some(person("Ruth", "desk@studio.example"));
    });
    args.revision = compose::save(&desk, args.clone()).await.expect("is saved").revision;
    args.content.from = Some(person("Studio", "other@studio.example"));
    args.account_id = other;
    let after = compose::save(&desk, args).await.expect("goes there");
    let moved = compose::open(&desk, by(&after.id)).await.expect("opens");
    let source = source(&desk, &moved.message_id).await;
    assert!(!source.contains("Reply-To"), "nobody else is answered: {source}");
}

#[tokio::test]
async fn what_was_written_elsewhere_goes_along_to_another_account() {
    let desk = Desk::new().await;
    let other = desk.add("other@studio.example").await;
    let draft = letter(&desk).await;
    // A first window's text, set aside already, and a phone's that nobody here has seen yet.
    for words in ["First", "Phone"] {
        let args = saved(&draft, |content| content.html = Some(format!("<p>{words}</p>")));
        compose::save(&desk, args).await.expect("is saved");
    }
    let mut args = saved(&draft, |content| content.html = Some("<p>Desk</p>".into()));
    args.account_id = other;
    let after = compose::save(&desk, args).await.expect("goes there");
    let opened = compose::open(&desk, by(&after.id)).await.expect("opens");
    assert_eq!(opened.content.text, "Desk");
    let kept: Vec<&str> = opened.versions.iter().map(|v| v.content.text.as_str()).collect();
    assert_eq!(kept, ["Phone", "First"], "nothing written is lost on the way");
}

#[tokio::test]
async fn a_file_that_does_not_fit_stays_behind_and_is_named() {
    let desk = Desk::that_sends_up_to(400_000).await;
    let lines = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5\r\n";
    let part = |name: &str, count: usize| {
        format!(
            "--b\r\nContent-Type: application/pdf; name={name}\r\nContent-Disposition: attachment; filename={name}\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
            lines.repeat(count)
        )
    };
    // The three fit one by one, and not together.
    let mail = desk.receive(&format!(
        "From: mara@x.example\r\nTo: desk@studio.example\r\nSubject: Plans\r\nMessage-ID: <p@x>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee there.\r\n{}{}{}--b--\r\n",
        part("one.pdf", 2_000), part("two.pdf", 2_000), part("three.pdf", 1_000),
    )).await;
    let draft = compose::new(&desk, new("forward", Some(&mail))).await.expect("handed on");
    let along: Vec<&str> = draft.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(along, ["one.pdf", "three.pdf"], "as many as fit together");
    let left = draft.left_out.clone().expect("it is said");
    let named: Vec<(&str, &str)> =
        left.files.iter().map(|file| (file.name.as_str(), file.reason.as_str())).collect();
    assert_eq!(named, [("two.pdf", "too_large")]);
    assert_eq!((left.message_id, left.as_file), (mail.clone(), false));
    let again = compose::open(&desk, by(&draft.id)).await.expect("opens");
    assert_eq!(again.left_out, None, "it is said once");
    let args = saved(&draft, |content| content.to = vec![person("", "tom@x.example")]);
    let after = compose::save(&desk, args).await.expect("is saved");
    let result = send::send(&desk, sent(&after.id, &[])).await.expect("it fits");
    assert!(result.outgoing.is_some(), "{result:?}");
    let refusal = compose::new(&desk, new("forward_attached", Some(&mail))).await;
    let refusal = refusal.expect_err("the whole of it does not fit");
    assert!(refusal.message.contains("400 kB"), "{}", refusal.message);
}

#[tokio::test]
async fn the_size_a_server_named_once_holds_before_it_is_spoken_to_again() {
    let desk = Desk::that_sends_up_to(10_240_000).await;
    let draft = letter(&desk).await;
    assert_eq!(draft.limit, 10_240_000);
    assert!((7_000_000..7_600_000).contains(&draft.room), "files grow by a third: {}", draft.room);
    let refusal = attach(&desk, &draft, "film.mp4", 8_000_000).await.expect_err("too large");
    assert!(refusal.message.contains("10.2 MB"), "{}", refusal.message);
    attach(&desk, &draft, "plan.pdf", draft.room).await.expect("what is said to fit fits");
    let result = send::send(&desk, sent(&draft.id, &[])).await.expect("is taken");
    assert!(result.outgoing.is_some(), "{result:?}");
}

#[tokio::test]
async fn what_the_provider_would_refuse_is_refused_at_its_field_while_it_is_a_draft() {
    let desk = Desk::with_a_picky_provider().await;
    let draft = letter(&desk).await;
    let empty = attach(&desk, &draft, "empty.txt", 0).await.expect("the person may attach it");
    let mut args = saved(&draft, |content| content.bcc = std::mem::take(&mut content.to));
    args.files = empty.files;
    compose::save(&desk, args).await.expect("is saved");
    let refusal = send::send(&desk, sent(&draft.id, &[])).await.expect_err("it would come back");
    let fields: Vec<&str> = refusal.fields.iter().map(|one| one.field.as_str()).collect();
    assert_eq!(fields, ["to", "files"], "each at its field: {refusal:?}");
    assert!(refusal.fields[1].message.contains("empty.txt"), "the file is named: {refusal:?}");
    let kept = compose::open(&desk, by(&draft.id)).await.expect("it is still a draft");
    let args = saved(&kept, |content| {
        content.to = std::mem::take(&mut content.bcc);
        content.text = "See you.".into();
    });
    let args = SaveArgs { files: Vec::new(), ..args };
    compose::save(&desk, args).await.expect("is saved");
    let result = send::send(&desk, sent(&draft.id, &[])).await.expect("it is taken now");
    assert!(result.outgoing.is_some(), "{result:?}");
    // Another account's provider wants neither.
    let easy = Desk::new().await;
    let draft = letter(&easy).await;
    let empty = attach(&easy, &draft, "empty.txt", 0).await.expect("attached");
    let mut args = saved(&draft, |content| content.bcc = std::mem::take(&mut content.to));
    args.files = empty.files;
    compose::save(&easy, args).await.expect("is saved");
    let result = send::send(&easy, sent(&draft.id, &[])).await.expect("it is taken");
    assert!(result.outgoing.is_some(), "{result:?}");
}

#[tokio::test]
async fn a_message_the_account_that_stands_in_would_refuse_is_asked_about() {
    let desk = Desk::new().await;
    desk.stand_in(1_000_000).await;
    let draft = letter(&desk).await;
    attach(&desk, &draft, "plan.pdf", 2_000_000).await.expect("the account itself takes it");
    let asked = send::send(&desk, sent(&draft.id, &[])).await.expect("is looked at");
    let kinds: Vec<&str> = asked.warnings.iter().map(|warning| warning.kind.as_str()).collect();
    assert_eq!(kinds, ["not_for_stand_in"]);
    assert!(asked.outgoing.is_none());
    let result = send::send(&desk, sent(&draft.id, &asked.warnings)).await.expect("is taken");
    assert!(result.outgoing.is_some(), "who has seen it may send");
}

#[tokio::test]
async fn a_template_speaks_as_whoever_stands_in_from() {
    let desk = Desk::new().await;
    let form = TemplateForm {
        id: None,
        name: "Who".into(),
        shortcut: String::new(),
        subject: String::new(),
        html: "<p>{{sender.name}} at {{sender.address}}</p>".into(),
    };
    let template = templates::put(&desk, form).await.expect("is kept");
    let filled = |from: Option<Person>| {
        let args = FillArgs {
            id: template.id.clone(),
            account_id: desk.account.clone(),
            from,
            to: None,
            language: "en".into(),
        };
        templates::fill(&desk, args)
    };
    let tom = filled(Some(person("Tom", "tom@studio.example"))).await.expect("is filled");
    assert_eq!(tom.html, "<p>Tom at tom@studio.example</p>");
    let nobody = filled(None).await.expect("is filled");
    assert_eq!(nobody.html, "<p>Studio at desk@studio.example</p>");
}

#[tokio::test]
async fn while_there_is_no_calendar_no_appointment_is_offered_and_none_leaves_unfilled() {
    let desk = Desk::new().await;
    let listed = templates::list(&desk, NoArgs {}).await.expect("lists");
    assert!(listed.variables.iter().any(|name| name == "contact.name"), "{listed:?}");
    assert!(listed.variables.iter().all(|name| !name.starts_with("appointment.")), "{listed:?}");
    let form = |html: &str| TemplateForm {
        id: None,
        name: "Visit".into(),
        shortcut: String::new(),
        subject: String::new(),
        html: html.into(),
    };
    let refusal = templates::put(&desk, form("<p>{{appointment.begin}}</p>")).await;
    let words = refusal.expect_err("no such variable").message;
    assert!(words.contains("contact.name"), "it says what there is: {words}");
    assert!(!words.contains("appointment.start"), "and nothing that stays a gap: {words}");
    let template = templates::put(&desk, form("<p>Until {{appointment.start}}.</p>")).await;
    let fill = FillArgs {
        id: template.expect("is kept").id,
        account_id: desk.account.clone(),
        from: None,
        to: Some(person("Mara", "mara@x.example")),
        language: "en".into(),
    };
    let filled = templates::fill(&desk, fill).await.expect("is filled");
    assert_eq!(filled.missing, ["appointment.start"], "who writes is told");
    let draft = compose::new(&desk, new("new", None)).await.expect("a draft");
    let args = saved(&draft, |content| {
        content.to = vec![person("Mara", "mara@x.example")];
        content.subject = "Your visit".into();
        content.html = Some(filled.html.clone());
    });
    compose::save(&desk, args).await.expect("is saved");
    let refusal = send::send(&desk, sent(&draft.id, &[])).await.expect_err("a gap leaves nowhere");
    let faults: Vec<(&str, &str)> =
        refusal.fields.iter().map(|field| (field.field.as_str(), field.message.as_str())).collect();
    assert!(
        matches!(faults.as_slice(), [("text", words)] if words.contains("{{appointment.start}}")
            && words.contains("take it out")),
        "{faults:?}"
    );
    compose::open(&desk, by(&draft.id)).await.expect("it is still a draft");
}

#[tokio::test]
async fn what_was_confirmed_of_one_file_is_asked_of_the_next() {
    let desk = Desk::new().await;
    let draft = letter(&desk).await;
    attach(&desk, &draft, "tool.exe", 10).await.expect("attached");
    let first = send::send(&desk, sent(&draft.id, &[])).await.expect("is looked at").warnings;
    attach(&desk, &draft, "other.exe", 10).await.expect("attached");
    let asked = send::send(&desk, sent(&draft.id, &first)).await.expect("is looked at");
    let about: Vec<&str> = asked.warnings.iter().map(|warning| warning.detail.as_str()).collect();
    assert_eq!(about, ["other.exe"], "only what nobody has seen yet");
}

#[tokio::test]
async fn a_time_that_has_passed_is_refused_at_its_field() {
    let desk = Desk::new().await;
    let draft = letter(&desk).await;
    let past = desk.clock.now() - 60_000;
    let args = SendArgs { at: Some(past), ..sent(&draft.id, &[]) };
    let refusal = send::send(&desk, args).await.expect_err("it lies in the past");
    let fields: Vec<&str> = refusal.fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!(fields, ["at"]);
    compose::open(&desk, by(&draft.id)).await.expect("it is still a draft");
}

#[tokio::test]
async fn another_time_for_a_planned_message_leaves_it_planned_all_along() {
    let desk = Desk::new().await;
    let draft = letter(&desk).await;
    let later = desk.clock.now() + 3_600_000;
    let args = SendArgs { at: Some(later), ..sent(&draft.id, &[]) };
    let item = send::send(&desk, args).await.expect("is planned").outgoing.expect("planned");
    let at = |at| RescheduleArgs { id: item.id.clone(), at };
    let refusal = send::reschedule(&desk, at(Some(5))).await.expect_err("it lies in the past");
    assert_eq!(refusal.fields.first().map(|field| field.field.as_str()), Some("at"));
    let kept = outbox::one(&desk, by(&item.id)).await.expect("is there");
    assert_eq!((kept.state.as_str(), kept.not_before), ("queued", later), "as it was");
    let moved = send::reschedule(&desk, at(Some(later + 5))).await.expect("is moved");
    assert_eq!((moved.not_before, moved.scheduled), (later + 5, true));
    let soon = send::reschedule(&desk, at(None)).await.expect("leaves soon");
    assert!(!soon.scheduled && soon.not_before < later, "{soon:?}");
    outbox::cancel(&desk, by(&item.id)).await.expect("is taken back");
    send::reschedule(&desk, at(None)).await.expect_err("a draft waits for nothing");
}
