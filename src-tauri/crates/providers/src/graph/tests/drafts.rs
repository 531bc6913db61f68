//! Drafts in the mailbox: made, found, written on elsewhere, taken away.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use deskbell_domain::MailboxRole;
use deskbell_domain::message::Flags;
use deskbell_domain::port::{CopySink as _, MessageSource as _};

use deskbell_simulator::Fault;

use super::support::{OWN, account, elsewhere, letter, scope, simulator};
use crate::conformance::mirror::{ALL, Mirror};

const ID: &str = "Your-visit@client.example";

#[tokio::test]
async fn a_draft_is_kept_found_and_forgotten_under_one_name() {
    let simulator = simulator();
    let account = account(&simulator);
    let drafts = scope(&account, MailboxRole::Drafts).await;
    let made = account.keep(MailboxRole::Drafts, &letter("Your visit"), Flags::default(), 0).await;
    let made = made.expect("kept").expect("its name");
    assert_eq!(made.0, drafts.key);
    assert_eq!(
        account.copies(MailboxRole::Drafts, ID).await.expect("asked"),
        std::slice::from_ref(&made)
    );
    let mut mirror = Mirror::default();
    mirror.sync(&account, &drafts, ALL).await;
    assert_eq!(mirror.key_of("Your visit"), made.1, "the delta calls it by the same name");
    assert!(mirror.flags_of("Your visit").expect("flags").draft);
    account.forget(std::slice::from_ref(&made)).await.expect("forgotten");
    account.forget(&[made]).await.expect("gone counts as forgotten");
    mirror.sync(&account, &drafts, ALL).await;
    assert!(mirror.held.is_empty());
}

#[tokio::test]
async fn a_draft_written_on_elsewhere_is_another_copy_and_is_not_erased_for_the_old_one() {
    let simulator = simulator();
    let account = account(&simulator);
    let drafts = scope(&account, MailboxRole::Drafts).await;
    let made = account.keep(MailboxRole::Drafts, &letter("Your visit"), Flags::default(), 0).await;
    let made = made.expect("kept").expect("its name");
    let mut mirror = Mirror::default();
    mirror.sync(&account, &drafts, ALL).await;
    let before = mirror.held[&made.1].internal_date;
    elsewhere(&simulator, |mailbox, now| mailbox.rewrite("Your visit", "More words.", now));
    account.forget(std::slice::from_ref(&made)).await.expect("done");
    assert_eq!(
        simulator.world().microsoft.mailbox(OWN).messages("drafts").len(),
        1,
        "what somebody wrote since is not erased"
    );
    mirror.sync(&account, &drafts, ALL).await;
    let key = mirror.key_of("Your visit");
    assert_ne!(key, made.1, "other words, another copy");
    assert_eq!(mirror.held.len(), 1, "in the place of the old one");
    assert!(mirror.held[&key].internal_date > before, "and a message to be read anew");
    let bodies = account.bodies(&drafts, None, &[key]).await.expect("bodies");
    assert!(bodies[0].source.ends_with(b"More words.\r\n"));
}

#[tokio::test]
async fn a_draft_whose_text_is_too_large_for_one_request_stays_here() {
    let simulator = simulator();
    let account = account(&simulator);
    let mut large = letter("Your visit");
    large.resize(5 * 1024 * 1024, b'x');
    let kept = account.keep(MailboxRole::Drafts, &large, Flags::default(), 0).await;
    assert_eq!(kept.expect("no error"), None);
}

#[tokio::test]
async fn a_draft_with_large_files_is_kept_whole_and_under_one_name() {
    let simulator = simulator();
    let account = account(&simulator);
    let drafts = scope(&account, MailboxRole::Drafts).await;
    let picture: Vec<u8> = (0..5_000_000_u32).map(|n| (n % 251) as u8).collect();
    let encoded = STANDARD.encode(&picture);
    let lines: Vec<&str> = encoded
        .as_bytes()
        .chunks(76)
        .map(|line| std::str::from_utf8(line).expect("text"))
        .collect();
    let source = format!(
        "Message-ID: <{ID}>\r\nFrom: {OWN}\r\nTo: mara@client.example\r\nSubject: Your visit\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHere it is.\r\n--x\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename=\"photo.png\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--x\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=\"small.txt\"\r\n\r\nhi\r\n--x--\r\n",
        lines.join("\r\n")
    );
    let kept = account.keep(MailboxRole::Drafts, source.as_bytes(), Flags::default(), 0).await;
    let kept = kept.expect("kept").expect("its name");
    {
        let mut world = simulator.world();
        let there = world.microsoft.mailbox(OWN).messages("drafts");
        assert_eq!(there.len(), 1, "one draft");
        assert_eq!(there[0].message_id, format!("<{ID}>"), "by its own name");
        let files: Vec<(&str, &str, bool)> = there[0]
            .attachments
            .iter()
            .map(|file| (file.name.as_str(), file.media_type.as_str(), file.bytes == picture))
            .collect();
        let expected = [("photo.png", "image/png", true), ("small.txt", "text/plain", false)];
        assert_eq!(files, expected, "with all its files, byte by byte");
        assert!(there[0].body.contains("Here it is."));
    }
    let mut mirror = Mirror::default();
    mirror.sync(&account, &drafts, ALL).await;
    assert_eq!(mirror.key_of("Your visit"), kept.1, "the delta calls it by the same name");
    let named = account.copies(MailboxRole::Drafts, ID).await.expect("asked");
    assert_eq!(named, std::slice::from_ref(&kept));
}

#[tokio::test]
async fn of_a_large_draft_that_breaks_off_nothing_stays_there() {
    let simulator = simulator();
    let account = account(&simulator);
    let file = STANDARD.encode(vec![7_u8; 4_500_000]);
    let source = format!(
        "Message-ID: <{ID}>\r\nFrom: {OWN}\r\nTo: mara@client.example\r\nSubject: Your visit\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nHere.\r\n--x\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"a.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{file}\r\n--x--\r\n"
    );
    simulator.fault(Fault::refused("PUT /upload", 503, &[], "{}"));
    let kept = account.keep(MailboxRole::Drafts, source.as_bytes(), Flags::default(), 0).await;
    assert!(kept.is_err(), "{kept:?}");
    let mut world = simulator.world();
    assert!(world.microsoft.mailbox(OWN).messages("drafts").is_empty(), "half a draft is none");
}
