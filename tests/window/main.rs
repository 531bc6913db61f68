//! The real window: an account added by typing, the first sync, reading, searching, archiving, undoing, starting again.
//!
//! Each stage leaves a picture of the screen in `artifacts/window`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod bob;
mod letters;
mod mails;
mod morning;
mod screen;
mod signing_in;
#[path = "../support/mod.rs"]
mod support;
mod writing;

use deskbell_testbed::{Desktop, Dovecot, DovecotOptions, TauriDriver, unless_missing};
use serde_json::json;

use mails::{HOSTILE, Listener, MAILS, WANTED, mailbox};
use screen::Screen;
use support::{server, wait_until};

/// Everything that runs beside the window.
struct Stage {
    desktop: Desktop,
    driver: TauriDriver,
    server: Dovecot,
    outside: Listener,
    profile: tempfile::TempDir,
}

fn stage() -> Option<Stage> {
    let desktop = unless_missing(Desktop::start(1280, 800)).unwrap()?;
    let driver = unless_missing(TauriDriver::start(&desktop)).unwrap()?;
    let mut server = unless_missing(Dovecot::start(DovecotOptions::default())).unwrap()?;
    let outside = Listener::start();
    let user = server.user().to_owned();
    server.fill_maildir(&user, "INBOX", mailbox(outside.port())).unwrap();
    let profile = tempfile::tempdir().unwrap();
    Some(Stage { desktop, driver, server, outside, profile })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_at_the_desk() {
    let Some(mut stage) = stage() else { return };
    let screen = Screen::open(&stage.driver, &stage.desktop, stage.profile.path()).await;
    add_the_account(&screen, &stage.server).await;
    read_a_hostile_mail(&screen, &stage.outside).await;
    search(&screen).await;
    archive_undo_and_archive_again(&screen, &stage.server).await;
    screen.close().await;

    let screen = Screen::open(&stage.driver, &stage.desktop, stage.profile.path()).await;
    find_it_archived(&screen).await;
    look_at_the_other_screens(&screen).await;
    screen.close().await;

    stage.server.stop();
    let screen = Screen::open(&stage.driver, &stage.desktop, stage.profile.path()).await;
    work_without_the_server(&screen).await;
    stage.server.restart().unwrap();
    find_it_starred(&screen, &stage.server).await;
    screen.close().await;
    assert_no_log_names_anybody(&stage);
    assert_eq!(stage.outside.visits(), 0, "nothing left this machine unasked");
    if std::env::var_os("DESKBELL_PASSPHRASE").is_none() {
        let salt = stage.profile.path().join("passphrase.salt");
        assert!(!salt.exists(), "the key is in the keychain, not under a passphrase");
    }
}

async fn add_the_account(screen: &Screen<'_>, server: &Dovecot) {
    screen
        .until("the welcome tiles", "document.querySelectorAll('.tiles button').length === 3")
        .await;
    screen.picture("01-welcome").await;
    screen.press_css(".tiles button").await;
    screen.fill("#mail-address", server.user()).await;
    screen.fill("#mail-password", "wrong").await;
    screen
        .until(
            "a proposal for the server",
            "!document.querySelector('.server .quiet')?.textContent.includes('…')",
        )
        .await;
    screen.unfold_server().await;
    screen.fill("#mail-host", "127.0.0.1").await;
    screen.press_css("#mail-security option[value=none]").await;
    screen.fill("#mail-port", &server.imap_port().to_string()).await;
    screen.picture("02-form").await;
    screen.press_css("button[type=submit]").await;
    screen
        .until(
            "the error at the password",
            "document.querySelector('#mail-password-error')?.innerText.length > 10",
        )
        .await;
    let focus = screen.read("return document.activeElement.id").await;
    assert_eq!(focus, "mail-password", "the keyboard stands where the error is");
    screen.picture("03-wrong-password").await;

    screen.fill("#mail-password", server.password()).await;
    screen.press_css("button[type=submit]").await;
    screen
        .until("the first rows", "document.querySelectorAll('#conversations .row').length > 8")
        .await;
    // While the rest arrives the person sees how much there is, how much is here, and may begin to work.
    let strip = screen
        .until_read(
            "the first sync to be counted, the bar between its ends",
            "const bar = document.querySelector('.strip progress'); \
             const counts = document.querySelector('.strip .counts')?.innerText ?? ''; \
             if (!bar || !/^[0-9,]+ of [0-9,]+/.test(counts)) return null; \
             if (bar.value <= 0 || bar.value >= bar.max) return null; \
             return { max: bar.max, rows: document.querySelectorAll('#conversations .row').length }",
        )
        .await;
    assert!(
        strip["max"].as_f64().unwrap() <= MAILS as f64,
        "nothing is counted that is not there: {strip}"
    );
    assert!(strip["rows"].as_u64().unwrap() > 8, "the inbox is usable meanwhile: {strip}");
    screen.picture("04-first-sync").await;
    screen.until("all mails", &inbox_counts(MAILS)).await;
    screen.until("the end of the first sync", "!document.querySelector('.strip')").await;
    screen.picture("05-inbox").await;
}

/// The inbox says that it holds so many conversations.
fn inbox_counts(count: usize) -> String {
    let shown = format!("{},{:03}", count / 1_000, count % 1_000);
    format!("document.querySelector('header .numbers')?.innerText.startsWith('{shown}')")
}

async fn read_a_hostile_mail(screen: &Screen<'_>, outside: &Listener) {
    screen.press_row(HOSTILE).await;
    let words = "return document.querySelector('iframe')?.contentDocument?.body?.innerText ?? ''";
    screen
        .until(
            "the text of the mail",
            &format!("(() => {{ {words} }})().includes('Please confirm')"),
        )
        .await;
    let found = screen
        .read(
            "const inside = document.querySelector('iframe').contentDocument; \
             return { scripts: inside.querySelectorAll('script,iframe,object,embed,form,base,link,meta[http-equiv=refresh]').length, \
             handlers: [...inside.querySelectorAll('*')].filter((e) => [...e.attributes].some((a) => a.name.startsWith('on'))).length, \
             owned: typeof window.owned, title: document.title, shades: inside.querySelectorAll('style').length }",
        )
        .await;
    assert_eq!(found["scripts"], 0, "{found}");
    assert_eq!(found["handlers"], 0, "{found}");
    assert_eq!(found["owned"], "undefined", "a script ran: {found}");
    assert!(found["title"].as_str().unwrap().starts_with("Deskbell"), "a script ran: {found}");
    assert_eq!(outside.visits(), 0, "a mail that is read tells nobody");
    screen.picture("06-hostile-mail").await;
    screen
        .until(
            "it to count as read",
            "document.querySelector('.row.open') && !document.querySelector('.row.open.unread')",
        )
        .await;
}

async fn search(screen: &Screen<'_>) {
    screen.keys("/").await;
    screen.until("the search field", "document.activeElement?.id === 'search'").await;
    screen.keys("zephyr").await;
    screen.until("one hit", "document.querySelectorAll('#conversations .row').length === 1").await;
    screen.until("the hit's mark", "document.querySelector('#conversations mark') !== null").await;
    screen.picture("07-search").await;
    screen.keys("\u{e007}").await;
    screen.keys("\u{e007}").await;
    screen
        .until(
            "the mail that was found",
            "document.querySelector('iframe')?.contentDocument?.body?.innerText.includes('zephyr')",
        )
        .await;
    screen.picture("08-found").await;
    screen.keys("/").await;
    screen.until("the search field again", "document.activeElement?.id === 'search'").await;
    screen.keys("\u{e00c}").await;
    screen
        .until("the whole list", "document.querySelectorAll('#conversations .row').length > 8")
        .await;
}

fn lies_in(server: &Dovecot, mailbox: &str) -> bool {
    let copies = server::copies(&mut server.other_client().unwrap(), mailbox);
    copies.iter().any(|copy| copy.id == "wanted@stories.example")
}

async fn archive_undo_and_archive_again(screen: &Screen<'_>, server: &Dovecot) {
    let gone = format!(
        "![...document.querySelectorAll('#conversations .row')].some((r) => r.innerText.includes({}))",
        json!(WANTED)
    );
    let here = gone.trim_start_matches('!').to_owned();
    screen.press_row(WANTED).await;
    screen.keys("e").await;
    screen.until("the conversation to leave the list", &gone).await;
    screen.until("the note with Undo", "document.querySelector('.toast .act') !== null").await;
    screen.picture("09-archived").await;
    wait_until("the server to have it in Archive, moved and not copied", 180, || {
        (lies_in(server, "Archive") && !lies_in(server, "INBOX")).then_some(())
    });
    screen.keys("z").await;
    screen.until("the conversation to come back", &here).await;
    screen.picture("10-undone").await;
    wait_until("the server to have it in the inbox again", 180, || {
        (lies_in(server, "INBOX") && !lies_in(server, "Archive")).then_some(())
    });
    screen.press_row(WANTED).await;
    screen.keys("e").await;
    screen.until("the conversation to leave the list again", &gone).await;
    wait_until("the server to have it in Archive again", 180, || {
        (lies_in(server, "Archive") && !lies_in(server, "INBOX")).then_some(())
    });
}

async fn find_it_archived(screen: &Screen<'_>) {
    screen.until("one conversation less", &inbox_counts(MAILS - 1)).await;
    screen.picture("11-started-again").await;
    screen.press_text("Archived").await;
    screen
        .until(
            "the archive",
            "document.querySelector('header .numbers')?.innerText.startsWith('1 ')",
        )
        .await;
    screen.press_row(WANTED).await;
    screen.picture("12-archive").await;
}

/// The server cannot be reached from the start: what is here is read, searched and starred all the same.
async fn work_without_the_server(screen: &Screen<'_>) {
    screen.until("the inbox from the store", &inbox_counts(MAILS - 1)).await;
    screen.press_row(HOSTILE).await;
    screen
        .until(
            "its text",
            "document.querySelector('iframe')?.contentDocument?.body?.innerText.includes('Please confirm')",
        )
        .await;
    screen.keys("s").await;
    screen
        .until("its star", "document.querySelector('.row.open .star[aria-pressed=true]') !== null")
        .await;
    screen.picture("17-offline").await;
    screen.keys("/").await;
    screen.until("the search field", "document.activeElement?.id === 'search'").await;
    screen.keys("zephyr").await;
    screen.until("one hit", "document.querySelectorAll('#conversations .row').length === 1").await;
    screen.keys("\u{e00c}").await;
}

/// Once the server is there again it hears of the star by itself.
async fn find_it_starred(screen: &Screen<'_>, server: &Dovecot) {
    wait_until("the server to know of the star", 180, || {
        let copies = server::copies(&mut server.other_client().unwrap(), "INBOX");
        copies.iter().any(|copy| copy.id == "hostile@stories.example" && copy.starred).then_some(())
    });
    screen.picture("18-online-again").await;
}

/// Logs tell what the program did, and nothing of people or of what they write.
fn assert_no_log_names_anybody(stage: &Stage) {
    let logs: Vec<String> = std::fs::read_dir(stage.profile.path().join("logs"))
        .unwrap()
        .map(|entry| String::from_utf8_lossy(&std::fs::read(entry.unwrap().path()).unwrap()).into())
        .collect();
    assert!(logs.iter().any(|log| log.contains("deskbell")), "something was logged");
    for secret in [stage.server.user(), stage.server.password(), HOSTILE, WANTED, "zephyr"] {
        let said = logs.iter().flat_map(|log| log.lines()).find(|line| line.contains(secret));
        assert!(said.is_none(), "“{secret}” stands in a log: {said:?}");
    }
}

async fn look_at_the_other_screens(screen: &Screen<'_>) {
    screen.press_text("Health").await;
    screen
        .until(
            "the account's health",
            "document.querySelector('main')?.innerText.includes('Everything is here')",
        )
        .await;
    screen.picture("13-health").await;
    screen.press_text("Settings").await;
    screen.until("the settings", "document.querySelectorAll('input[type=radio]').length > 2").await;
    screen.press_css("input[type=radio][value=dark] + span").await;
    screen.picture("14-settings-dark").await;
    screen.press_text("Inbox").await;
    screen.until("the inbox", "document.querySelectorAll('#conversations .row').length > 8").await;
    screen.press_row(HOSTILE).await;
    screen.picture("15-dark").await;
    screen.keys("?").await;
    screen.until("the keys", "document.querySelector('dialog[open]') !== null").await;
    screen.picture("16-shortcuts").await;
}
