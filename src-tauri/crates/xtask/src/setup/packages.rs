//! System packages: installed by apt on Debian and Ubuntu, named elsewhere.

use std::process::Command;

use crate::shell::{output, say_and_run, works};

/// What the packages are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Compile the app.
    Build,
    /// Run the app without a screen.
    Headless,
    /// The real servers of the tests.
    Peers,
    /// The browser that looks at the pictures of every screen.
    Browser,
    /// The other mail tools that benchmarks compare with.
    Benchmark,
    /// Look into packages that were made.
    Packages,
}

impl Need {
    /// Debian's names.
    fn debian(self) -> &'static [&'static str] {
        match self {
            Self::Build => &[
                "build-essential",
                "pkg-config",
                "libwebkit2gtk-4.1-dev",
                "libgtk-3-dev",
                "libayatana-appindicator3-dev",
                "librsvg2-dev",
                "libxdo-dev",
                "libssl-dev",
                "libdbus-1-dev",
            ],
            Self::Headless => {
                &[
                    "xvfb",
                    "dbus",
                    "gnome-keyring",
                    "imagemagick",
                    // Clients write in every script.
                    "fonts-noto-core",
                    "fonts-ipafont-gothic",
                ]
            }
            Self::Peers => &[
                "dovecot-imapd",
                "dovecot-lmtpd",
                "dovecot-submissiond",
                "exim4-daemon-light",
                "webkit2gtk-driver",
                "dunst",
                "openssl",
                "xdotool",
                "iproute2",
            ],
            Self::Browser if has_browser() => &[],
            Self::Browser => &["chromium"],
            Self::Benchmark => &["isync", "notmuch"],
            Self::Packages => &["dpkg", "rpm"],
        }
    }

    /// What a person on another system has to see to.
    fn elsewhere(self) -> Option<&'static str> {
        match self {
            Self::Build if cfg!(target_os = "macos") => {
                Some("the Xcode command line tools (xcode-select --install)")
            }
            Self::Build if cfg!(windows) => Some(
                "the Microsoft C++ Build Tools and the WebView2 runtime (both are listed at https://v2.tauri.app/start/prerequisites)",
            ),
            Self::Build => Some(
                "a C compiler, pkg-config and the development files of WebKitGTK 4.1, GTK 3, libayatana-appindicator, librsvg, libxdo, OpenSSL and D-Bus (their names are listed at https://v2.tauri.app/start/prerequisites)",
            ),
            Self::Headless if cfg!(target_os = "linux") => {
                Some("Xvfb, dbus-daemon, gnome-keyring, ImageMagick and the Noto fonts")
            }
            Self::Peers if cfg!(target_os = "linux") => Some(
                "Dovecot 2.3 with LMTP and submission, Exim 4, WebKitWebDriver, dunst and openssl",
            ),
            Self::Peers if cfg!(target_os = "macos") => Some("Dovecot 2.3 (brew install dovecot)"),
            Self::Browser if cfg!(target_os = "linux") => Some("Chromium or Chrome"),
            Self::Benchmark if cfg!(unix) => Some("isync (mbsync) and notmuch"),
            Self::Packages if cfg!(target_os = "linux") => Some("dpkg-deb and rpm"),
            Self::Headless | Self::Peers | Self::Browser | Self::Benchmark | Self::Packages => None,
        }
    }

    /// Whether the need is met, on systems whose packages we do not know.
    fn met(self) -> bool {
        let finds = |program: &str| works(Command::new(program).arg("--version"));
        match self {
            Self::Build if cfg!(target_os = "macos") => {
                works(Command::new("xcode-select").arg("-p"))
            }
            // The compiler names what is missing better than a guess at registry keys would.
            Self::Build if cfg!(windows) => true,
            Self::Build => works(Command::new("pkg-config").args([
                "--exists",
                "webkit2gtk-4.1",
                "ayatana-appindicator3-0.1",
                "dbus-1",
                "openssl",
            ])),
            Self::Headless => finds("dbus-daemon") && finds("gnome-keyring-daemon"),
            Self::Peers => finds("dovecot"),
            Self::Browser => has_browser(),
            Self::Benchmark => finds("mbsync") && finds("notmuch"),
            Self::Packages => finds("dpkg-deb") && finds("rpm"),
        }
    }
}

/// Those that `npm run look` knows.
fn has_browser() -> bool {
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
        .iter()
        .any(|program| works(Command::new(program).arg("--version")))
}

/// Sees to packages: installs them where apt is, else says what is needed and goes on.
pub fn packages(needs: &[Need]) -> anyhow::Result<()> {
    if cfg!(target_os = "linux") && works(Command::new("apt-get").arg("--version")) {
        let wanted: Vec<&str> = needs.iter().flat_map(|need| need.debian()).copied().collect();
        return apt(&wanted);
    }
    for need in needs {
        if let Some(what) = need.elsewhere()
            && !need.met()
        {
            eprintln!("Please install {what}.");
        }
    }
    Ok(())
}

fn apt(wanted: &[&str]) -> anyhow::Result<()> {
    let missing: Vec<&str> =
        wanted.iter().copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    eprintln!("Installing with apt: {}", missing.join(" "));
    // The list of packages may be older than the archive.
    say_and_run(as_root("apt-get")?.args(["update", "-qq"]))?;
    say_and_run(
        as_root("apt-get")?.args(["install", "-y", "-qq", "--no-install-recommends"]).args(missing),
    )
}

fn is_installed(package: &str) -> bool {
    let mut query = Command::new("dpkg-query");
    query.args(["-W", "-f=${db:Status-Status}", package]).stderr(std::process::Stdio::null());
    query.output().is_ok_and(|output| output.stdout == b"installed")
}

fn as_root(program: &str) -> anyhow::Result<Command> {
    let root = output(Command::new("id").arg("-u"))?.trim() == "0";
    let mut command = Command::new(if root { program } else { "sudo" });
    if !root {
        command.arg("--preserve-env=DEBIAN_FRONTEND").arg(program);
    }
    command.env("DEBIAN_FRONTEND", "noninteractive");
    Ok(command)
}
