//! The window as a person uses it: looked at, pressed and typed into.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use deskbell_testbed::{Desktop, TauriDriver};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

/// How long a person would wait at most; the machine may be busy with other tests.
const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(20);

/// A running window.
pub struct Screen<'a> {
    driver: WebDriver,
    desktop: &'a Desktop,
    pictures: PathBuf,
}

impl<'a> Screen<'a> {
    /// Starts Deskbell on a profile.
    pub async fn open(driver: &TauriDriver, desktop: &'a Desktop, profile: &Path) -> Self {
        Self::start(driver, desktop, json!(["--profile", profile])).await
    }

    /// Starts Deskbell as from the menu: on the person's own profile, as the one that links are handed to.
    pub async fn open_own(driver: &TauriDriver, desktop: &'a Desktop) -> Self {
        Self::start(driver, desktop, json!([])).await
    }

    async fn start(driver: &TauriDriver, desktop: &'a Desktop, words: Value) -> Self {
        let options = json!({ "application": env!("CARGO_BIN_EXE_deskbell"), "args": words });
        let mut wanted = Capabilities::new();
        wanted.insert("browserName".into(), "wry".into());
        wanted.insert("tauri:options".into(), options);
        let driver = WebDriver::new(driver.url(), wanted).await.expect("the window opens");
        let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("artifacts/window");
        std::fs::create_dir_all(&pictures).unwrap();
        Self { driver, desktop, pictures }
    }

    /// Closes the window, and with it Deskbell.
    pub async fn close(self) {
        self.driver.quit().await.expect("the window closes");
    }

    /// What a script in the window answers.
    pub async fn read(&self, script: &str) -> Value {
        let answer = self.driver.execute(script, Vec::new()).await;
        answer.unwrap_or_else(|error| panic!("{script}: {error}")).json().clone()
    }

    /// Waits until a condition holds in the window.
    pub async fn until(&self, what: &str, condition: &str) {
        let end = Instant::now() + PATIENCE;
        while self.read(&format!("return Boolean({condition})")).await != true {
            if Instant::now() >= end {
                self.picture("failure").await;
                let text = self.read("return document.body.innerText").await;
                panic!(
                    "waited in vain for {what}; the window says:\n{}",
                    text.as_str().unwrap_or("")
                );
            }
            tokio::time::sleep(POLL).await;
        }
    }

    async fn find(&self, css: &str) -> WebElement {
        self.until(css, &format!("document.querySelector({})", json!(css))).await;
        // The driver scrolls just so far that it is in the window, where something may still lie over it.
        let middle =
            format!("document.querySelector({}).scrollIntoView({{ block: 'center' }})", json!(css));
        self.read(&middle).await;
        self.until_at_rest(css).await;
        self.driver.find(By::Css(css)).await.unwrap()
    }

    /// Waits until an element stands still: a list that scrolls, or makes room for a banner, moves it from under a press.
    async fn until_at_rest(&self, css: &str) {
        let place = format!(
            "return JSON.stringify(document.querySelector({})?.getBoundingClientRect() ?? null)",
            json!(css)
        );
        let end = Instant::now() + PATIENCE;
        let mut before = Value::Null;
        while Instant::now() < end {
            let now = self.read(&place).await;
            if now == before && now != "null" {
                return;
            }
            before = now;
            tokio::time::sleep(POLL).await;
        }
        panic!("{css} never stands still");
    }

    /// Presses the first element of a selector.
    pub async fn press_css(&self, css: &str) {
        let pressed = self.find(css).await.click().await;
        pressed.unwrap_or_else(|error| panic!("pressing {css}: {error}"));
    }

    /// Presses the button or link of the rail with these words.
    pub async fn press_text(&self, words: &str) {
        let all = "[...document.querySelectorAll('nav a, nav button')]";
        let mark = format!(
            "const one = {all}.find((e) => e.innerText.trim().startsWith({})); \
             one?.setAttribute('data-pressed', ''); return Boolean(one)",
            json!(words)
        );
        assert_eq!(self.read(&mark).await, true, "{words} stands in the rail");
        self.press_css("[data-pressed]").await;
        self.read("document.querySelector('[data-pressed]')?.removeAttribute('data-pressed')")
            .await;
    }

    /// Presses the first button that is called so, by its label or its words.
    pub async fn press_button(&self, words: &str) {
        let words = json!(words);
        let called = format!(
            "[...document.querySelectorAll('dialog[open] button, button')].find((b) => \
             (b.getAttribute('aria-label') ?? b.innerText).trim().startsWith({words}))"
        );
        self.until(&format!("a button {words}"), &called).await;
        self.read(&format!("{called}.setAttribute('data-pressed', '')")).await;
        self.press_css("[data-pressed]").await;
        self.read("document.querySelector('[data-pressed]')?.removeAttribute('data-pressed')")
            .await;
    }

    /// Answers the system's file dialog with a path.
    pub fn choose_file(&self, path: &Path) {
        self.desktop.choose_file("^Open", path).unwrap();
    }

    /// Presses the row of the list that has these words.
    pub async fn press_row(&self, words: &str) {
        let row = format!(
            "[...document.querySelectorAll('#conversations .row')].find((r) => r.innerText.includes({}))",
            json!(words)
        );
        self.until(words, &row).await;
        let id = self.read(&format!("return {row}.id")).await;
        let id = id.as_str().unwrap();
        self.press_css(&format!("#{id} .subject")).await;
        self.until("the row to be open", &format!("document.querySelector('#{id}.open')")).await;
    }

    /// Replaces what stands in an entry by typing.
    pub async fn fill(&self, css: &str, text: &str) {
        let entry = self.find(css).await;
        entry.clear().await.unwrap();
        entry.send_keys(text).await.unwrap();
        let typed = format!("document.querySelector({}).value === {}", json!(css), json!(text));
        self.until("the typed text", &typed).await;
    }

    /// Opens the entries for the server, unless they are open.
    pub async fn unfold_server(&self) {
        if self.read("return Boolean(document.querySelector('#mail-host'))").await != true {
            self.press_css(".server button[aria-expanded=false]").await;
        }
    }

    /// Types keys into whatever has the focus.
    pub async fn keys(&self, keys: &str) {
        self.driver.action_chain().send_keys(keys).perform().await.unwrap();
    }

    /// Takes a picture of the whole screen, once what changed is painted.
    pub async fn picture(&self, name: &str) {
        let painted = "return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))";
        self.read(painted).await;
        self.desktop.screenshot(&self.pictures.join(format!("{name}.png"))).unwrap();
    }
}
