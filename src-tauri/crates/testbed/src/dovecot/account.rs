//! As which users of the machine Dovecot runs.
//!
//! Root must not own mail, so as root the distribution's own users do; anyone else runs everything as themselves.

use std::path::Path;
use std::process::Command;

use anyhow::Context as _;

#[derive(Debug)]
pub(super) struct Accounts {
    pub(super) root: bool,
    pub(super) internal: String,
    pub(super) internal_group: String,
    pub(super) login: String,
    pub(super) mail: String,
    pub(super) mail_group: String,
    mail_uid: u32,
    mail_gid: u32,
}

impl Accounts {
    pub(super) fn of_this_machine() -> anyhow::Result<Self> {
        let root = id(&["-u"])? == "0";
        let mail = if root { "nobody".to_owned() } else { id(&["-un"])? };
        let mail_group = id(&["-gn", &mail])?;
        let (internal, internal_group, login) = if root {
            ("dovecot".to_owned(), id(&["-gn", "dovecot"])?, "dovenull".to_owned())
        } else {
            (mail.clone(), mail_group.clone(), mail.clone())
        };
        let mail_uid = id(&["-u", &mail])?.parse()?;
        let mail_gid = id(&["-g", &mail])?.parse()?;
        Ok(Self { root, internal, internal_group, login, mail, mail_group, mail_uid, mail_gid })
    }

    /// Makes the mail user the owner of a path that we created.
    pub(super) fn give(&self, path: &Path) -> anyhow::Result<()> {
        #[cfg(unix)]
        if self.root {
            std::os::unix::fs::chown(path, Some(self.mail_uid), Some(self.mail_gid))
                .with_context(|| format!("giving {} to {}", path.display(), self.mail))?;
        }
        #[cfg(not(unix))]
        let _ = (path, self.mail_uid, self.mail_gid);
        Ok(())
    }
}

fn id(arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new("id").args(arguments).output().context("running id")?;
    anyhow::ensure!(
        output.status.success(),
        "id {}: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
