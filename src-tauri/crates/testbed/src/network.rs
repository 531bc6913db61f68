//! A network of a test's own: a namespace where nothing is but loopback, and addresses come as they are told to.
//!
//! A process is in it from its start on, so a story runs in a child of its test. Only on Linux.

use std::path::Path;
use std::process::Command;

use anyhow::Context as _;

use crate::process::find_program;

/// A program in a network namespace of its own, which an ordinary user may make too.
pub fn in_its_own(program: &Path) -> anyhow::Result<Command> {
    find_program("ip", "iproute2")?;
    let mut command = Command::new(find_program("unshare", "util-linux")?);
    command.args(["--map-root-user", "--net", "--"]).arg(program);
    Ok(command)
}

/// Wakes the loopback of such a namespace, which is asleep when it is new.
pub fn wake() -> anyhow::Result<()> {
    ip(&["link", "set", "lo", "up"])
}

/// Gives this process's network an address, as another Wi-Fi would. Never outside a namespace of one's own.
pub fn give(address: &str) -> anyhow::Result<()> {
    ip(&["address", "add", address, "dev", "lo"])
}

fn ip(arguments: &[&str]) -> anyhow::Result<()> {
    let done = Command::new(find_program("ip", "iproute2")?).args(arguments).output()?;
    let said = String::from_utf8_lossy(&done.stderr);
    done.status.success().then_some(()).with_context(|| format!("ip {arguments:?}: {said}"))
}
