//! Installs a .deb in a Debian root of its own, where nothing else is, and starts it until it paints its first list.
//!
//! Invariant: what is mounted is mounted in a namespace of its own, and goes with it; the machine's own system is not
//! touched. Needs root and the network.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use crate::shell::{command, output, say_and_run, target, works};

/// The oldest Debian that has WebKitGTK 4.1.
const SUITE: &str = "bookworm";
const MIRROR: &str = "http://deb.debian.org/debian";
/// Seconds until the first list must be painted on a machine that may be busy.
const PATIENCE: u32 = 120;

/// What a package must bring, wherever it puts it.
const BROUGHT: [&str; 5] = [
    "/usr/bin/deskbell",
    "/usr/bin/bell",
    "/usr/share/applications/Deskbell.desktop",
    "/usr/share/metainfo/app.deskbell.desktop.metainfo.xml",
    "/usr/share/icons/hicolor/128x128/apps/deskbell.png",
];

/// Lists what a .deb or .rpm holds, and misses nothing in it; other kinds cannot be looked into from everywhere.
pub fn check_contents(package: &Path) -> anyhow::Result<()> {
    let list = match package.extension().and_then(std::ffi::OsStr::to_str) {
        Some("deb") => output(Command::new("dpkg-deb").arg("--contents").arg(package))?,
        Some("rpm") => {
            output(Command::new("rpm").args(["--query", "--list", "--package"]).arg(package))?
        }
        _ => return Ok(()),
    };
    for file in BROUGHT {
        let there = list.lines().any(|line| line.ends_with(file));
        anyhow::ensure!(there, "{} does not hold {file}; it holds:\n{list}", package.display());
    }
    Ok(())
}

/// Unpacks an .rpm with rpm's own hands in a folder of its own, and asks `bell` there who it is.
pub fn check_rpm(package: &Path) -> anyhow::Result<()> {
    let root = tempfile::tempdir()?;
    say_and_run(
        command("rpm")
            // Debian's rpm asks to be told twice; what is needed beside it has other names there.
            .args(["--force-debian", "--nodeps", "--noscripts", "--root"])
            .arg(root.path())
            .arg("--install")
            .arg(package),
    )?;
    for file in BROUGHT {
        let there = root.path().join(file.trim_start_matches('/'));
        anyhow::ensure!(there.is_file(), "{} did not install {file}", package.display());
    }
    say_and_run(command(root.path().join("usr/bin/bell")).arg("--version"))
}

/// See the module.
pub fn check_deb(package: &Path) -> anyhow::Result<()> {
    check_contents(package)?;
    anyhow::ensure!(
        output(Command::new("id").arg("-u"))?.trim() == "0",
        "installing in a Debian root needs the rights of root: sudo --preserve-env=PATH cargo xtask package --install"
    );
    let root = debian_root()?;
    std::fs::copy(package, root.join("tmp/deskbell.deb"))?;
    std::fs::write(root.join("tmp/try.sh"), script())?;
    say_and_run(command("unshare").args(["--mount", "--fork", "sh", "-ec"]).arg(format!(
        "mount -t proc proc '{root}/proc'; mount --rbind /dev '{root}/dev'; exec chroot '{root}' sh /tmp/try.sh",
        root = root.display()
    )))?;
    eprintln!("installed on {SUITE}, and the first list is painted");
    Ok(())
}

/// The folder of the root, made once.
fn debian_root() -> anyhow::Result<PathBuf> {
    let root = target()?.join("package").join(SUITE);
    if root.join("etc/debian_version").exists() {
        return Ok(root);
    }
    if !works(Command::new("debootstrap").arg("--version")) {
        say_and_run(command("apt-get").args(["install", "--yes", "debootstrap"]))?;
    }
    std::fs::create_dir_all(&root)?;
    let made = say_and_run(
        command("debootstrap").args(["--variant=minbase", SUITE]).arg(&root).arg(MIRROR),
    );
    if made.is_err() {
        // Half a root would be taken for a whole one.
        std::fs::remove_dir_all(&root).context("removing half a root")?;
    }
    made?;
    // Whether the machine reaches the mirror by a name server of its own.
    std::fs::copy("/etc/resolv.conf", root.join("etc/resolv.conf"))?;
    Ok(root)
}

/// What is done inside: install, look at what the package brought, start.
fn script() -> String {
    format!(
        r#"set -e
export DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8
apt-get update -q
apt-get install -qy --no-install-recommends xvfb xauth dbus
apt-get install -qy --reinstall --no-install-recommends /tmp/deskbell.deb
test -s /usr/share/applications/Deskbell.desktop
grep -q 'MimeType=.*x-scheme-handler/deskbell;x-scheme-handler/mailto;message/rfc822;' /usr/share/applications/Deskbell.desktop
test -s /usr/share/metainfo/app.deskbell.desktop.metainfo.xml
test -s /usr/share/icons/hicolor/128x128/apps/deskbell.png
deskbell --version
bell --version
rm -rf /tmp/profile /tmp/ready
test "$(dpkg-query --search /usr/bin/bell)" = "deskbell: /usr/bin/bell"
export DESKBELL_READY_FILE=/tmp/ready DESKBELL_PASSPHRASE=trying
export WEBKIT_DISABLE_COMPOSITING_MODE=1 WEBKIT_DISABLE_DMABUF_RENDERER=1 NO_AT_BRIDGE=1
xvfb-run -a dbus-run-session -- timeout {PATIENCE} deskbell --profile /tmp/profile --sample &
started=$!
waited=0
until test -e /tmp/ready; do
  kill -0 $started || {{ echo 'Deskbell ended before it painted anything' >&2; exit 1; }}
  test $waited -lt {PATIENCE} || {{ echo 'nothing was painted' >&2; exit 1; }}
  waited=$((waited + 1))
  sleep 1
done
kill $started || true
wait $started || true
bell --profile /tmp/profile --json stats
"#
    )
}
