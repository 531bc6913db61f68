//! The released `bell`, as the benchmarks call it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context as _;
use deskbell_testbed::Dovecot;

use crate::shell;

/// The passphrase that stands in for a keychain.
pub(super) const PASSPHRASE: (&str, &str) = ("DESKBELL_PASSPHRASE", "bench");

/// Where `bell` lies.
pub(super) struct Bell {
    program: PathBuf,
}

impl Bell {
    pub(super) fn find() -> anyhow::Result<Self> {
        Self::built(true)
    }

    pub(super) fn built(release: bool) -> anyhow::Result<Self> {
        Ok(Self { program: shell::built("bell", release)? })
    }

    /// A call on a profile of its own, its passwords under a passphrase.
    pub(super) fn on(&self, profile: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--profile").arg(profile).env(PASSPHRASE.0, PASSPHRASE.1);
        command
    }

    /// Makes an account of a server's mailbox.
    pub(super) fn add_account(&self, profile: &Path, server: &Dovecot) -> anyhow::Result<()> {
        let mut add = self.on(profile);
        add.args(["account", "add", "imap", "--address", "bench@testbed.example"])
            .args(["--user", server.user(), "--host", "127.0.0.1"])
            .args(["--port", &server.imap_port().to_string()])
            .args(["--security", "none", "--password-stdin"]);
        with_password(add, server.password())
    }

    /// Makes an account of a user's mailbox that also sends.
    pub(super) fn add_sending(
        &self,
        profile: &Path,
        address: &str,
        server: &Dovecot,
        smtp: u16,
    ) -> anyhow::Result<()> {
        let mut add = self.on(profile);
        add.args(["account", "add", "imap", "--address", address, "--host", "127.0.0.1"])
            .args(["--port", &server.imap_port().to_string(), "--security", "none"])
            .args(["--smtp-host", "127.0.0.1", "--smtp-port", &smtp.to_string()])
            .args(["--smtp-security", "none", "--password-stdin"]);
        with_password(add, server.password())
    }
}

fn with_password(mut add: Command, password: &str) -> anyhow::Result<()> {
    let mut child = add
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .context("bell could not be started")?;
    let mut stdin = child.stdin.take().context("no standard input")?;
    std::io::Write::write_all(&mut stdin, format!("{password}\n").as_bytes())?;
    drop(stdin);
    anyhow::ensure!(child.wait()?.success(), "the account could not be added");
    Ok(())
}
