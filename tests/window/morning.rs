//! A Monday morning with old mail: imported by the form, looked at with all that comes with it, put away in one go.

use deskbell_testbed::{Desktop, TauriDriver, unless_missing};
use serde_json::json;

use crate::letters::{FILES, INVITATION, NEWSLETTER, ROUTINE, STUDIO, WRAPPED, Web, mbox};
use crate::screen::Screen;

#[tokio::test(flavor = "multi_thread")]
async fn a_monday_morning_with_old_mail() {
    let Some(mut desktop) = unless_missing(Desktop::start(1280, 800)).unwrap() else { return };
    if unless_missing(Desktop::can_choose_files()).unwrap().is_none() {
        return;
    }
    let web = Web::start();
    desktop.set("http_proxy", web.address());
    desktop.set("no_proxy", "127.0.0.1,localhost");
    let Some(driver) = unless_missing(TauriDriver::start(&desktop)).unwrap() else { return };
    let profile = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("Inbox.mbox");
    std::fs::write(&archive, mbox()).unwrap();

    let screen = Screen::open(&driver, &desktop, profile.path()).await;
    import(&screen, &archive).await;
    look_at_files(&screen).await;
    read_the_invitation(&screen).await;
    load_images(&screen, &web).await;
    read_wrapped_text(&screen).await;
    put_away_together(&screen).await;
    read_in_german(&screen).await;
    screen.close().await;
}

async fn import(screen: &Screen<'_>, archive: &std::path::Path) {
    screen.press_button("Import mail").await;
    screen.press_button("A file").await;
    screen.choose_file(archive);
    screen
        .until(
            "a proposal whose mail it is",
            &format!("document.querySelector('#import-own')?.value === {}", json!(STUDIO)),
        )
        .await;
    screen.fill("#import-name", "Inkwell before 2026").await;
    screen.picture("21-import").await;
    screen.press_css("button[type=submit]").await;
    screen
        .until("the imported mail", "document.querySelectorAll('#conversations .row').length > 8")
        .await;
    screen.press_text("Inbox").await;
    screen
        .until("the inbox", "document.querySelector('header .numbers')?.innerText.startsWith('13')")
        .await;
}

async fn look_at_files(screen: &Screen<'_>) {
    screen.press_row(FILES).await;
    let loaded = |css: &str, count: usize| {
        format!(
            "[...document.querySelectorAll('{css}')].filter((i) => i.complete && i.naturalWidth > 100).length === {count}"
        )
    };
    screen.until("both small pictures", &loaded(".pictures img", 2)).await;
    screen.picture("22-files").await;
    screen.press_css(".pictures .look").await;
    screen.until("the large picture", &loaded("dialog[open] img", 1)).await;
    screen.picture("23-picture").await;
    screen.keys("\u{e014}").await;
    screen
        .until(
            "the next picture",
            "document.querySelector('dialog[open]')?.ariaLabel === 'healed, close.png'",
        )
        .await;
    screen.keys("\u{e014}").await;
    screen
        .until(
            "the text",
            "document.querySelector('dialog[open] pre')?.innerText.includes('wrist 3 cm')",
        )
        .await;
    screen.picture("24-text").await;
    screen.keys("\u{e00c}").await;
    screen.until("the dialog to close", "document.querySelector('dialog[open]') === null").await;
    screen.press_button("Open consent form.docm").await;
    screen
        .until(
            "the warning",
            "document.querySelector('dialog[open]')?.innerText.includes('macros')",
        )
        .await;
    let first = screen.read("return document.activeElement.innerText").await;
    assert_eq!(first, "Leave it", "the keyboard stands on the harmless answer");
    screen.picture("25-warning").await;
    screen.press_button("Leave it").await;
    screen.until("the warning to close", "document.querySelector('dialog[open]') === null").await;
    let own = screen
        .read("return [...document.querySelectorAll('aside, .context')].map((e) => e.innerText).join()")
        .await;
    assert!(!own.as_str().unwrap().contains(STUDIO), "the studio is no client of its own: {own}");
}

async fn read_the_invitation(screen: &Screen<'_>) {
    screen.press_row(INVITATION).await;
    let card = "document.querySelector('section[aria-label=Invitation]')?.innerText";
    for words in
        ["First aid in the studio", "Academy, Canal Street 22", "Academy for Studio Hygiene", "24"]
    {
        screen.until(words, &format!("{card}?.includes({})", json!(words))).await;
    }
    screen.picture("26-invitation").await;
}

async fn load_images(screen: &Screen<'_>, web: &Web) {
    screen.press_row(NEWSLETTER).await;
    let pictures = |width: &str| {
        format!(
            "[...(document.querySelector('iframe')?.contentDocument?.images ?? [])].filter((i) => i.complete && i.naturalWidth {width}).length"
        )
    };
    screen
        .until(
            "the bar above the mail",
            "document.querySelector('.bar')?.innerText.includes('blocked')",
        )
        .await;
    assert_eq!(web.asked(), [""; 0], "nothing is fetched unasked");
    screen.picture("27-images-blocked").await;
    screen.press_css(".bar button").await;
    screen.until("the picture", &format!("{} === 1", pictures("=== 128"))).await;
    screen.until("the bar to go", "document.querySelector('.bar') === null").await;
    screen.picture("28-images").await;
    let asked = web.asked();
    assert_eq!(asked.len(), 1, "one picture, one request: {asked:?}");
    let head = asked[0].to_ascii_lowercase();
    assert!(head.starts_with("get http://pictures.shop.example/banner.png"), "{head}");
    for telling in ["cookie:", "referer:", "deskbell", "authorization:"] {
        assert!(!head.contains(telling), "the request says too much: {head}");
    }
}

async fn read_wrapped_text(screen: &Screen<'_>) {
    screen.press_row(WRAPPED).await;
    let text = "document.querySelector('iframe')?.contentDocument?.body?.textContent";
    screen
        .until("the text made to flow", &format!("{text}?.includes('touched up on the same day')"))
        .await;
    screen
        .until(
            "the list as it was written",
            &format!("{text}?.includes('- the line near the wrist\\n- the small leaf')"),
        )
        .await;
    screen.picture("29-wrapped").await;
}

async fn put_away_together(screen: &Screen<'_>) {
    let routine = format!(
        "[...document.querySelectorAll('#conversations .row')].filter((r) => r.innerText.includes({})).length",
        json!(ROUTINE)
    );
    let before = screen.read(&format!("return {routine}")).await;
    screen.press_row(&format!("{ROUTINE} 20425")).await;
    screen.keys("x").await;
    for _ in 0..3 {
        screen.keys("j").await;
        screen.keys("x").await;
    }
    screen
        .until("four to be chosen", "document.querySelector('.bulk')?.innerText.includes('4')")
        .await;
    screen.picture("30-chosen").await;
    screen.keys("e").await;
    let left = before.as_u64().unwrap() - 4;
    screen.until("them to leave the list", &format!("{routine} === {left}")).await;
    screen.until("the note with Undo", "document.querySelector('.toast .act') !== null").await;
    screen.picture("31-put-away").await;
    screen.keys("z").await;
    screen.until("all of them to come back", &format!("{routine} === {before}")).await;
}

async fn read_in_german(screen: &Screen<'_>) {
    screen.press_text("Settings").await;
    screen.until("the settings", "document.querySelectorAll('input[type=radio]').length > 2").await;
    screen.press_css("input[type=radio][value=de] + span").await;
    screen.until("German", "document.documentElement.lang === 'de'").await;
    screen.press_text("Posteingang").await;
    screen.press_row(INVITATION).await;
    screen
        .until(
            "the card in German",
            "document.querySelector('section[aria-label=Einladung]') !== null",
        )
        .await;
    screen.picture("32-german").await;
    screen.press_text("Zustand").await;
    screen
        .until("Health in German", "document.querySelector('main')?.innerText.includes('Ja.')")
        .await;
    screen.picture("33-health-german").await;
}
