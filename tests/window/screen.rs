//! The window as a person uses it: looked at, pressed and typed into.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use deskbell_testbed::{Desktop, TauriDriver};
use serde_json::{Value, json};
use thirtyfour::error::WebDriverErrorInner;
use thirtyfour::prelude::*;

/// How long a person would wait at most; the machine may be busy with other tests.
const PATIENCE: Duration = Duration::from_secs(180);
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
        self.until_read(what, &format!("return Boolean({condition}) || null")).await;
    }

    /// Waits until a script answers something; what is waited for and what is answered are seen at one look.
    pub async fn until_read(&self, what: &str, script: &str) -> Value {
        let end = Instant::now() + PATIENCE;
        loop {
            let answer = self.read(script).await;
            if !answer.is_null() {
                return answer;
            }
            if Instant::now() >= end {
                self.picture("failure").await;
                let text = self.read("return document.body?.innerText").await;
                panic!(
                    "waited in vain for {what}; the window says:\n{}",
                    text.as_str().unwrap_or("")
                );
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// From now on notes what stands in elements of a selector, also what goes by itself after seconds.
    pub async fn note(&self, css: &str) {
        let script = format!(
            "window.noted = ''; \
             const note = () => document.querySelectorAll({}).forEach((e) => {{ window.noted += e.textContent; }}); \
             new MutationObserver(note).observe(document.body, {{ subtree: true, childList: true, characterData: true }}); \
             note()",
            json!(css)
        );
        self.read(&script).await;
    }

    /// Waits until these words were noted.
    pub async fn until_noted(&self, what: &str, words: &str) {
        self.until(what, &format!("window.noted.includes({})", json!(words))).await;
    }

    /// Finds the first element of a selector, once `there` holds and it stands still.
    async fn find(&self, css: &str, there: &str) -> WebDriverResult<WebElement> {
        self.until(css, there).await;
        // The driver scrolls just so far that it is in the window, where something may still lie over it.
        let middle = format!(
            "document.querySelector({})?.scrollIntoView({{ block: 'center' }})",
            json!(css)
        );
        self.read(&middle).await;
        self.until_at_rest(css).await;
        self.driver.find(By::Css(css)).await
    }

    /// Waits until an element stands still: a list that scrolls, or makes room for a banner, moves it from under a press.
    /// One that is gone meanwhile does not move any more.
    async fn until_at_rest(&self, css: &str) {
        let place = format!(
            "return JSON.stringify(document.querySelector({})?.getBoundingClientRect() ?? null)",
            json!(css)
        );
        let end = Instant::now() + PATIENCE;
        let mut before = Value::Null;
        while Instant::now() < end {
            let now = self.read(&place).await;
            if now == before || now == "null" {
                return;
            }
            before = now;
            tokio::time::sleep(POLL).await;
        }
        panic!("{css} never stands still");
    }

    /// Presses the first element of a selector.
    pub async fn press_css(&self, css: &str) {
        self.press_once(css, &there(css)).await;
    }

    /// Presses the first element of a selector, once `there` holds. One that was drawn anew or covered under the hand was
    /// not pressed, and is looked for again.
    async fn press_once(&self, css: &str, there: &str) {
        let end = Instant::now() + PATIENCE;
        loop {
            let pressed = match self.find(css, there).await {
                Ok(element) => element.click().await,
                Err(error) => Err(error),
            };
            match pressed {
                Ok(()) => return,
                Err(error) if was_missed(&error) && Instant::now() < end => {}
                Err(error) => panic!("pressing {css}: {error}"),
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Presses what an expression finds, once it finds something.
    async fn press_found(&self, what: &str, one: &str) {
        let forget = "document.querySelectorAll('[data-pressed]').forEach((e) => e.removeAttribute('data-pressed'))";
        let mark = format!(
            "(() => {{ {forget}; const one = {one}; one?.setAttribute('data-pressed', ''); return one; }})()"
        );
        self.until(what, one).await;
        self.press_once("[data-pressed]", &mark).await;
        self.read(forget).await;
    }

    /// Presses the button or link of the rail with these words.
    pub async fn press_text(&self, words: &str) {
        let all = "[...document.querySelectorAll('nav a, nav button')]";
        let one = format!("{all}.find((e) => e.innerText.trim().startsWith({}))", json!(words));
        self.press_found(&format!("{words} in the rail"), &one).await;
    }

    /// Presses the first button that is called so, by its label or its words.
    pub async fn press_button(&self, words: &str) {
        let words = json!(words);
        let called = format!(
            "[...document.querySelectorAll('dialog[open] button, button')].find((b) => \
             (b.getAttribute('aria-label') ?? b.innerText).trim().startsWith({words}))"
        );
        self.press_found(&format!("a button {words}"), &called).await;
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
        let id = self.until_read(words, &format!("return {row}?.id ?? null")).await;
        let id = id.as_str().unwrap();
        self.press_css(&format!("#{id} .subject")).await;
        self.until("the row to be open", &format!("document.querySelector('#{id}.open')")).await;
    }

    /// Replaces what stands in an entry by typing.
    pub async fn fill(&self, css: &str, text: &str) {
        let entry = self.find(css, &there(css)).await.unwrap();
        entry.clear().await.unwrap();
        entry.send_keys(text).await.unwrap();
        let typed = format!("document.querySelector({})?.value === {}", json!(css), json!(text));
        self.until("the typed text", &typed).await;
    }

    /// Opens the entries for the server, unless they are open.
    pub async fn unfold_server(&self) {
        let closed = ".server button[aria-expanded=false]";
        let either = format!("document.querySelector({})", json!(format!("#mail-host, {closed}")));
        self.until("the server", &either).await;
        if self.read("return Boolean(document.querySelector('#mail-host'))").await != true {
            self.press_css(closed).await;
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

/// That there is an element of a selector.
fn there(css: &str) -> String {
    format!("document.querySelector({})", json!(css))
}

/// Whether nothing was pressed, since the page drew it anew or something lay over it.
fn was_missed(error: &WebDriverError) -> bool {
    matches!(
        error.as_inner(),
        WebDriverErrorInner::StaleElementReference(_)
            | WebDriverErrorInner::NoSuchElement(_)
            | WebDriverErrorInner::ElementClickIntercepted(_)
    )
}
