//! Answering in the real window: from the press of Send to the message in its conversation on the screen.

use std::time::Duration;

use anyhow::Context as _;
use deskbell_testbed::{Desktop, Dovecot, DovecotOptions, ScriptedSmtp, SmtpOffers, TauriDriver};

use super::bell::{Bell, PASSPHRASE};
use super::page::Page;
use super::table::{Table, seconds};
use crate::shell;

/// Answers sent one after another; the first ones load what is loaded lazily.
const ANSWERS: usize = 30;
const WARM: usize = 3;
const MOMENT: Duration = Duration::from_millis(500);
const ALICE: &str = "alice@a.example";

const LETTER: &[u8] = b"From: Bob Miller <bob@b.example>\r\nTo: alice@a.example\r\n\
    Subject: When are you open?\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n\
    Message-ID: <open@b.example>\r\n\r\nOn Saturday too?\r\n";

/// Presses Send, and answers after how many milliseconds a card more is painted and the composer is gone.
const SEND: &str = "
    const done = arguments[0];
    const cards = () => document.querySelectorAll('li.message').length;
    const before = cards();
    const there = () => cards() > before && !document.querySelector('.composer');
    const painted = (begun) => requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
    const button = document.querySelector('.composer footer .send button');
    const begun = performance.now();
    const watch = new MutationObserver(() => {
        if (there()) { watch.disconnect(); painted(begun); }
    });
    watch.observe(document.body, { childList: true, subtree: true });
    button.click();";

pub(super) fn measure(_: usize) -> anyhow::Result<Vec<Table>> {
    let bell = Bell::find()?;
    let program = shell::built("deskbell", true)?;
    let server = Dovecot::start(DovecotOptions::default())?;
    let offers = SmtpOffers { password: server.password().to_owned(), ..SmtpOffers::default() };
    let smtp = ScriptedSmtp::start(offers)?;
    let profile = tempfile::tempdir()?;
    bell.add_sending(profile.path(), ALICE, &server, smtp.port())?;
    server.deliver(ALICE, LETTER)?;
    anyhow::ensure!(bell.on(profile.path()).arg("sync").output()?.status.success());

    let mut desktop = Desktop::start(1280, 800)?;
    desktop.set(PASSPHRASE.0, PASSPHRASE.1);
    let driver = TauriDriver::start(&desktop)?;
    let page = Page::open(&driver, &program, profile.path())?;
    let row = "document.querySelector('#conversations .row .subject')";
    page.until(row)?;
    page.read(&format!("{row}.click()"))?;
    page.until("document.querySelector('li.message')")?;
    let mut times = Vec::with_capacity(ANSWERS);
    for number in 0..ANSWERS + WARM {
        answer(&page, number)?;
        let took = page.wait_for(SEND)?;
        // A person takes a moment before the next.
        std::thread::sleep(MOMENT);
        let took = took.as_f64().with_context(|| format!("no time is told: {took}"))?;
        if number >= WARM {
            times.push(Duration::from_secs_f64(took / 1e3));
        }
    }
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    let mut table = Table::new(
        &format!("{ANSWERS} answers in one conversation of the real window"),
        &["what", "median", "p95", "must reach"],
    );
    table.row([
        "Send pressed → the message painted in its conversation".to_owned(),
        seconds(at(50)),
        seconds(at(95)),
        "≤ 50 ms".to_owned(),
    ]);
    table.note("Taken by the page itself, from the press to the frame that shows it, at 60 frames a second.");
    Ok(vec![table])
}

/// Writes an answer, and waits until it is kept.
fn answer(page: &Page, number: usize) -> anyhow::Result<()> {
    let reply = "document.querySelector('.answer button:enabled')";
    page.until(reply)?;
    page.read(&format!("{reply}.click()"))?;
    page.until("document.activeElement?.classList.contains('ProseMirror')")?;
    page.read(&format!(
        "document.execCommand('insertText', false, 'From ten to six. ({number})')"
    ))?;
    page.until("document.querySelector('.composer .saved')?.innerText.includes('Saved')")
}
