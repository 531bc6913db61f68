//! A real OpenID Connect server, npm's `oidc-provider`, and a browser that signs in there.
//!
//! Invariant: the address stays the same for the life of the value. Everybody exists: a name signs in with any
//! password, and is its own mail address.

use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use tempfile::TempDir;

use crate::missing::MissingPeer;
use crate::process::{Leashed, Port, find_program, free_port, wait_for};

/// How long the server may take to answer; the machine may be busy with other tests.
const START_DEADLINE: Duration = Duration::from_secs(120);

/// A running server; it ends when dropped.
#[derive(Debug)]
pub struct Oidc {
    // Declared before `dir`: the process must end before its files go.
    _process: Leashed,
    dir: TempDir,
    node: PathBuf,
    port: Port,
}

/// What the person does on the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Signs in and allows.
    Agree,
    /// Says no.
    Deny,
}

/// What the server granted so far, and what of it is good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    /// For codes: finished sign-ins.
    pub codes: u64,
    /// For refresh tokens.
    pub refreshes: u64,
    /// Asked for and refused: codes and refresh tokens that were good for nothing.
    pub refused: u64,
    /// Refresh tokens that are good now.
    pub lasting: u64,
}

impl Oidc {
    /// Starts a server and waits until it answers.
    pub fn start() -> anyhow::Result<Self> {
        let node = find_program("node", "nodejs")?;
        let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/node_modules");
        if !modules.join("oidc-provider").exists() {
            let program = "oidc-provider (npm --prefix ui ci)".to_owned();
            return Err(MissingPeer { program, package: "npm" }.into());
        }
        let dir = tempfile::tempdir().context("creating a directory for the sign-in server")?;
        for (name, text) in [
            ("provider.mjs", include_str!("provider.mjs")),
            ("browser.mjs", include_str!("browser.mjs")),
        ] {
            std::fs::write(dir.path().join(name), text)?;
        }
        let port = free_port()?;
        let mut process = Leashed::spawn(
            Command::new(&node)
                .arg(dir.path().join("provider.mjs"))
                .arg(modules)
                .arg(port.to_string())
                .env("NODE_NO_WARNINGS", "1")
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        )?;
        wait_for("the sign-in server", START_DEADLINE, || {
            process.still_runs()?;
            Ok(TcpStream::connect((Ipv4Addr::LOCALHOST, port.number)).is_ok().then_some(()))
        })?;
        Ok(Self { _process: process, dir, node, port })
    }

    /// Its issuer.
    pub fn issuer(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port.number
    }

    /// The id of the one client that is registered.
    pub fn client_id(&self) -> &'static str {
        "deskbell"
    }

    /// Where Dovecot asks about a token, with the name and password it does so by.
    pub fn introspection(&self) -> String {
        let secret = "pencil-pencil-pencil-pencil-pencil";
        format!("http://dovecot:{secret}@127.0.0.1:{}/token/introspection", self.port)
    }

    /// Opens an address in a browser and goes through the pages; where it ended: the redirect address of a scheme of
    /// its own, or `shown 200` where a page of this machine answered.
    pub fn browse(&self, url: &str, name: &str, decision: Decision) -> anyhow::Result<String> {
        let decision = match decision {
            Decision::Agree => "agree",
            Decision::Deny => "deny",
        };
        self.run_browser(&[url, name, decision])
    }

    /// As [`Oidc::browse`] of one who agrees, and stops at the address that begins so: a browser of another machine
    /// cannot go there.
    pub fn browse_to(&self, url: &str, name: &str, stop: &str) -> anyhow::Result<String> {
        self.run_browser(&[url, name, "agree", stop])
    }

    fn run_browser(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let output = Command::new(&self.node)
            .arg(self.dir.path().join("browser.mjs"))
            .args(arguments)
            .output()
            .context("starting the browser")?;
        if !output.status.success() {
            anyhow::bail!("the browser failed: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Takes back everything that was granted to anybody.
    pub fn revoke_all(&self) -> anyhow::Result<()> {
        self.control("revoke").map(drop)
    }

    /// Ends every access token; refresh tokens stay good.
    pub fn expire_access(&self) -> anyhow::Result<()> {
        self.control("expire").map(drop)
    }

    /// From now on access tokens last so many seconds.
    pub fn access_lives(&self, seconds: u32) -> anyhow::Result<()> {
        self.control(&format!("lives?seconds={seconds}")).map(drop)
    }

    /// What was granted so far.
    pub fn grants(&self) -> anyhow::Result<Grants> {
        let told = self.control("stats")?;
        let count = |name: &str| {
            let (_, rest) = told.split_once(&format!("\"{name}\":"))?;
            rest.split([',', '}']).next()?.trim().parse().ok()
        };
        Ok(Grants {
            codes: count("authorization_code").context("no count of codes")?,
            refreshes: count("refresh_token").context("no count of refreshes")?,
            refused: count("refused").context("no count of refusals")?,
            lasting: count("lasting").context("no count of what lasts")?,
        })
    }

    fn control(&self, what: &str) -> anyhow::Result<String> {
        use std::io::{Read as _, Write as _};
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port.number))?;
        stream.set_read_timeout(Some(START_DEADLINE))?;
        let host = format!("127.0.0.1:{}", self.port);
        write!(stream, "GET /control/{what} HTTP/1.0\r\nHost: {host}\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (_, body) = answer.split_once("\r\n\r\n").context("the server gave no answer")?;
        Ok(body.to_owned())
    }
}
