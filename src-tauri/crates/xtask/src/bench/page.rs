//! The pages of the released window, driven over WebDriver: only as much of it as the benchmarks need.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use deskbell_testbed::TauriDriver;
use serde_json::{Value, json};

/// How long anything may take before the benchmark gives up.
const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(20);

/// A window that is open; it closes when dropped.
pub(super) struct Page {
    /// Host and port of the driver.
    driver: String,
    session: String,
}

impl Page {
    /// Opens a program on a profile.
    pub(super) fn open(
        driver: &TauriDriver,
        program: &Path,
        profile: &Path,
    ) -> anyhow::Result<Self> {
        let driver = driver.url().trim_start_matches("http://").to_owned();
        let options = json!({ "application": program, "args": ["--profile", profile] });
        let wanted = json!({ "browserName": "wry", "tauri:options": options });
        let asked = json!({ "capabilities": { "alwaysMatch": wanted } });
        let given = ask(&driver, "POST", "/session", &asked)?;
        let session = given.pointer("/value/sessionId").and_then(Value::as_str);
        let session = session.with_context(|| format!("no window opens: {given}"))?.to_owned();
        Ok(Self { driver, session })
    }

    /// What a script in the page answers.
    pub(super) fn read(&self, script: &str) -> anyhow::Result<Value> {
        self.execute("sync", script)
    }

    /// What a script gives to the function that is its only argument.
    pub(super) fn wait_for(&self, script: &str) -> anyhow::Result<Value> {
        self.execute("async", script)
    }

    /// Waits until a condition holds in the page.
    pub(super) fn until(&self, condition: &str) -> anyhow::Result<()> {
        let end = Instant::now() + PATIENCE;
        while self.read(&format!("return Boolean({condition})"))? != true {
            if Instant::now() >= end {
                let shown = self.read("return document.body.innerText")?;
                anyhow::bail!("waited in vain for {condition}; the window shows {shown}");
            }
            std::thread::sleep(POLL);
        }
        Ok(())
    }

    fn execute(&self, how: &str, script: &str) -> anyhow::Result<Value> {
        let path = format!("/session/{}/execute/{how}", self.session);
        let mut given = ask(&self.driver, "POST", &path, &json!({ "script": script, "args": [] }))?;
        let value = given.get_mut("value").map(Value::take).unwrap_or_default();
        anyhow::ensure!(value.get("error").is_none(), "{script}: {value}");
        Ok(value)
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        // The driver closes it too, when it ends.
        let _ = ask(&self.driver, "DELETE", &format!("/session/{}", self.session), &json!({}));
    }
}

/// One request, and the JSON of its answer.
fn ask(driver: &str, method: &str, path: &str, body: &Value) -> anyhow::Result<Value> {
    let mut stream = TcpStream::connect(driver).context("the driver cannot be reached")?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let body = body.to_string();
    // Of HTTP/1.0, so that the answer comes in one piece and ends with the connection.
    write!(
        stream,
        "{method} {path} HTTP/1.0\r\nHost: {driver}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (_, text) = answer.split_once("\r\n\r\n").context("the driver's answer has no end")?;
    serde_json::from_str(text).context("the driver's answer is no JSON")
}
