//! Deskbell's own window, looked into by a driver while the rest of the desktop goes on around it.

use std::path::{Path, PathBuf};

use deskbell_testbed::{Desktop, Geometry, TauriDriver, unless_missing};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::stage::{Stage, until};

/// Where the window stands, so that other programs have room beside it.
const PLACE: Geometry = Geometry { x: 0, y: 0, width: 940, height: 720 };

/// See the module.
pub struct Screen<'a> {
    runtime: tokio::runtime::Runtime,
    window: Option<WebDriver>,
    desktop: &'a Desktop,
    _driver: TauriDriver,
}

impl<'a> Screen<'a> {
    /// Starts Deskbell under a driver, with the person's own profile.
    pub fn open(stage: &'a Stage) -> Option<Self> {
        let driver = unless_missing(TauriDriver::start(&stage.desktop)).unwrap()?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let window = runtime.block_on(async {
            let options = json!({ "application": env!("CARGO_BIN_EXE_deskbell"), "args": [] });
            let mut wanted = Capabilities::new();
            wanted.insert("browserName".into(), "wry".into());
            wanted.insert("tauri:options".into(), options);
            WebDriver::new(driver.url(), wanted).await.expect("the window opens")
        });
        let screen =
            Self { runtime, window: Some(window), desktop: &stage.desktop, _driver: driver };
        screen.until("the list", "document.querySelectorAll('#conversations .row').length > 0");
        stage.desktop.place("Deskbell", PLACE).unwrap();
        screen.until("its size", &format!("innerWidth === {}", PLACE.width));
        Some(screen)
    }

    /// What a script in the window answers.
    pub fn read(&self, script: &str) -> Value {
        let window = self.window.as_ref().unwrap();
        let answer = self.runtime.block_on(window.execute(script, Vec::new()));
        answer.unwrap_or_else(|error| panic!("{script}: {error}")).json().clone()
    }

    /// Waits until a condition holds in the window.
    #[track_caller]
    pub fn until(&self, what: &str, condition: &str) {
        until(what, || self.read(&format!("return Boolean({condition})")) == true);
    }

    /// Waits until these words stand in the window.
    #[track_caller]
    pub fn until_says(&self, words: &str) {
        self.until(words, &format!("document.body?.innerText.includes({})", json!(words)));
    }

    /// Presses the first element of a selector, with the mouse.
    #[track_caller]
    pub fn press(&self, css: &str) {
        self.until(css, &format!("document.querySelector({})", json!(css)));
        let (x, y) = self.middle(css);
        self.desktop.click(x, y).unwrap();
    }

    /// Presses the first of these elements that begins with these words.
    #[track_caller]
    pub fn press_words(&self, css: &str, words: &str) {
        let all = format!("[...document.querySelectorAll({})]", json!(css));
        let one = format!("{all}.find((e) => e.innerText.trim().startsWith({}))", json!(words));
        // Marked as it is found: what is drawn anew in between would have lost the mark.
        let mark = format!(
            "(() => {{ const one = {one}; one?.setAttribute('data-pressed', ''); return one; }})()"
        );
        self.until(words, &mark);
        self.press("[data-pressed]");
        let forget = "document.querySelector('[data-pressed]')?.removeAttribute('data-pressed')";
        let window = self.window.as_ref().unwrap();
        // What was pressed may have closed the window.
        let _ = self.runtime.block_on(window.execute(forget, Vec::new()));
    }

    /// Where the middle of an element is on the screen, once it stands still: what is drawn above it moves it from under a
    /// press.
    #[track_caller]
    pub fn middle(&self, css: &str) -> (i32, i32) {
        let place = format!(
            "const one = document.querySelector({}); one?.scrollIntoView({{ block: 'center' }}); \
             const box = one?.getBoundingClientRect(); \
             return box ? [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)] : null",
            json!(css)
        );
        let mut at = Value::Null;
        until(&format!("{css} to stand still"), || {
            let before = std::mem::replace(&mut at, self.read(&place));
            !at.is_null() && at == before
        });
        let number = |at: &Value| i32::try_from(at.as_i64().unwrap()).unwrap();
        (PLACE.x + number(&at[0]), PLACE.y + number(&at[1]))
    }

    /// Types a key.
    pub fn key(&self, key: &str) {
        self.desktop.press("Deskbell", key).unwrap();
    }

    /// Types words of plain letters.
    pub fn write(&self, words: &str) {
        self.desktop.write("Deskbell", words).unwrap();
    }

    /// Takes a picture of the whole screen; where it lies.
    pub fn picture(&self, name: &str) -> PathBuf {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("artifacts/desktop");
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(format!("{name}.png"));
        self.desktop.screenshot(&path).unwrap();
        path
    }
}

impl Drop for Screen<'_> {
    fn drop(&mut self) {
        if let Some(window) = self.window.take() {
            // It may be closed already.
            let _ = self.runtime.block_on(window.quit());
        }
    }
}
