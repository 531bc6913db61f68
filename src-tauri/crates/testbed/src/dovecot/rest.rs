//! When a server has let go of its clients.
//!
//! The kernel is asked, not the log: a client that goes away while it signs in is logged as having left but not as
//! having come, or the other way round.

use std::time::Duration;

use anyhow::Context as _;

use super::Dovecot;
use crate::process::wait_for;

/// How long a server is given to come to rest.
const DEADLINE: Duration = Duration::from_secs(60);

/// States of a socket, in the kernel's hexadecimal, that some process still holds open.
const HELD: [&str; 3] = ["01", "03", "08"];

impl Dovecot {
    /// Waits until no IMAP session is left, so that what killed clients had asked for is over. Only on Linux.
    pub fn rest(&self) -> anyhow::Result<()> {
        let rested = wait_for("Dovecot to let its clients go", DEADLINE, || {
            // First those who come, then those who serve: nobody who could ask for anything begins in between.
            Ok((!self.is_talking()? && !self.is_serving()?).then_some(()))
        });
        rested.with_context(|| format!("its log:\n{}", self.log()))
    }

    /// Whether one of its sockets has a client, or had one and is not closed.
    pub(super) fn is_talking(&self) -> anyhow::Result<bool> {
        let sockets = std::fs::read_to_string("/proc/net/tcp").context("the kernel's sockets")?;
        let doors = [self.imap_port(), self.imaps_port()].map(|port| format!(":{port:04X}"));
        Ok(sockets.lines().any(|line| {
            let mut fields = line.split_whitespace().skip(1);
            let (own, state) = (fields.next().unwrap_or_default(), fields.nth(1));
            doors.iter().any(|door| own.ends_with(door))
                && state.is_some_and(|state| HELD.contains(&state))
        }))
    }

    /// Whether a process of its own serves somebody: each serves one and ends.
    pub(super) fn is_serving(&self) -> anyhow::Result<bool> {
        let Some(master) = self.process.as_ref().map(|process| process.id().to_string()) else {
            return Ok(false);
        };
        let processes = std::fs::read_dir("/proc").context("the kernel's processes")?;
        Ok(processes.flatten().any(|process| {
            // Gone since it was listed, or no process at all.
            let stat = std::fs::read_to_string(process.path().join("stat")).unwrap_or_default();
            let Some((head, tail)) = stat.rsplit_once(") ") else { return false };
            head.ends_with("(imap") && tail.split(' ').nth(1) == Some(&*master)
        }))
    }
}
