//! `bell` in a profile of its own.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use deskbell_testbed::Dovecot;
use serde_json::Value;
use tempfile::TempDir;

/// What the passwords of a profile without a keychain are kept under.
pub const PASSPHRASE: &str = "under the counter";

/// `bell`, and the profile it works on.
pub struct Bell {
    profile: TempDir,
    environment: Vec<(OsString, OsString)>,
}

/// What `bell` said and how it ended.
#[derive(Debug)]
pub struct Said {
    /// The exit code; absent if it was killed.
    pub code: Option<i32>,
    /// Standard output.
    pub out: Vec<u8>,
    /// Standard error.
    pub err: String,
}

impl Said {
    /// Standard output as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.out).into_owned()
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.out)
            .unwrap_or_else(|error| panic!("no JSON ({error}): {self:?}"))
    }

    /// The story goes on only if this succeeded.
    #[track_caller]
    pub fn done(self) -> Self {
        assert_eq!(self.code, Some(0), "{}{}", self.text(), self.err);
        self
    }
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: output.stdout,
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Bell {
    /// A new profile whose passwords are kept under a passphrase.
    pub fn new() -> Self {
        let bell = Self::bare();
        bell.with("DESKBELL_PASSPHRASE", PASSPHRASE)
    }

    /// A new profile with nothing to keep passwords under.
    pub fn bare() -> Self {
        let profile = tempfile::Builder::new().prefix("profile-").tempdir().unwrap();
        Self { profile, environment: Vec::new() }
    }

    /// With a variable in its environment.
    pub fn with(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// The profile's directory.
    pub fn profile(&self) -> &Path {
        self.profile.path()
    }

    /// A command line, ready to run.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.arg("--profile").arg(self.profile()).args(arguments);
        for foreign in [
            "DESKBELL_PASSPHRASE",
            "DESKBELL_PROFILE",
            "DESKBELL_LOG",
            "DBUS_SESSION_BUS_ADDRESS",
            "DISPLAY",
        ] {
            command.env_remove(foreign);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs it to its end.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> Said {
        self.command(arguments).output().unwrap().into()
    }

    /// Runs it with JSON answers, and expects it to succeed.
    #[track_caller]
    pub fn json(&self, arguments: &[&str]) -> Value {
        self.run(&[&["--json"], arguments].concat()).done().json()
    }

    /// Runs it with something on its standard input.
    #[track_caller]
    pub fn fed(&self, arguments: &[&str], input: &str) -> Said {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        // It may end without reading: then the pipe is closed, and what it said tells why.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap().into()
    }

    /// Starts it and leaves it running.
    pub fn start(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// Adds the first user of a server on loopback; answers the account's id.
    #[track_caller]
    pub fn add(&self, server: &Dovecot) -> String {
        let port = server.imap_port().to_string();
        let arguments = [
            "--json",
            "account",
            "add",
            "imap",
            "--address",
            server.user(),
            "--host",
            "127.0.0.1",
            "--port",
            &port,
            "--security",
            "none",
            "--password-stdin",
        ];
        let account = self.fed(&arguments, server.password()).done().json();
        account["id"].as_str().unwrap().to_owned()
    }

    /// One sync that must succeed; answers what it brought to the first account.
    #[track_caller]
    pub fn sync(&self) -> Value {
        self.json(&["sync"])["accounts"][0].clone()
    }

    /// `bell doctor` finds the database whole and every key at hand.
    #[track_caller]
    pub fn assert_whole(&self) {
        let said = self.run(&["--json", "doctor"]);
        let checks = said.json();
        for what in ["database", "keychain"] {
            let check = checks["checks"].as_array().unwrap().iter().find(|row| row["what"] == what);
            assert_eq!(check.unwrap()["ok"], true, "{what}: {checks:#}");
        }
    }
}

/// The program beside the tests: `target/<profile>/bell`.
fn program() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let name = format!("bell{}", std::env::consts::EXE_SUFFIX);
    let program = tests.parent().unwrap().parent().unwrap().join(name);
    assert!(
        program.is_file(),
        "{} is not built; run: cargo build --package deskbell-cli",
        program.display()
    );
    program
}
