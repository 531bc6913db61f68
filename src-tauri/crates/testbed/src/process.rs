//! Child processes that end with their owner, and what starting one needs.
//!
//! Invariant: only processes started here are ever signalled, each by its own id.

use std::fmt;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{BufRead as _, BufReader, ErrorKind, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::missing::MissingPeer;

/// Where servers hide from an ordinary person's PATH.
const SYSTEM_DIRS: [&str; 5] =
    ["/usr/sbin", "/sbin", "/usr/local/sbin", "/opt/homebrew/sbin", "/opt/homebrew/bin"];

/// Ports that servers of tests get. Linux gives outgoing connections 32768 and up, macOS and Windows 49152 and up.
const FIRST_PORT: u16 = 15_000;
const LAST_PORT: u16 = 32_000;
/// Ports looked at before giving up.
const PORTS_TRIED: u32 = 200;

/// How often a condition is looked at while waiting for it.
const POLL: Duration = Duration::from_millis(5);

/// How long a port is called before it is called again.
const CALL: Duration = Duration::from_millis(500);

/// How long a child may take to end after being asked; the machine may be busy with other tests.
const GRACE: Duration = Duration::from_secs(30);

/// Finds a program on PATH or in the system directories.
pub(crate) fn find_program(name: &str, package: &'static str) -> anyhow::Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(SYSTEM_DIRS.iter().map(PathBuf::from))
        .map(|dir| dir.join(name))
        .find(|candidate| candidate.is_file())
        .ok_or_else(|| MissingPeer { program: name.to_owned(), package }.into())
}

/// A loopback TCP port below those that systems give to outgoing connections. While this lives no other test is given
/// it, so that a server that is stopped for a while finds it free again.
#[derive(Debug)]
pub(crate) struct Port {
    pub(crate) number: u16,
    /// The same number of UDP, which nobody else wants: by it tests of other processes see that it is taken.
    _taken: UdpSocket,
}

impl Port {
    /// Waits until nobody listens there any more: services end a moment after their master.
    pub(crate) fn wait_until_left(&self) {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.number));
        let left = || {
            let called = TcpStream::connect_timeout(&address, CALL);
            Ok(called
                .is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused)
                .then_some(()))
        };
        // Whoever starts a server there next says what is wrong.
        let _ = wait_for("a port to be left", GRACE, left);
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.number, f)
    }
}

/// A port nobody listens at.
///
/// A stranger may take it first, so callers try again with new ports when a server does not come up.
pub(crate) fn free_port() -> anyhow::Result<Port> {
    let free = (0..PORTS_TRIED).find_map(|_| {
        let dice = RandomState::new().build_hasher().finish() % u64::from(LAST_PORT - FIRST_PORT);
        let number = FIRST_PORT + u16::try_from(dice).ok()?;
        let taken = UdpSocket::bind((Ipv4Addr::LOCALHOST, number)).ok()?;
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, number)).is_ok();
        free.then_some(Port { number, _taken: taken })
    });
    free.context("no loopback port is free")
}

/// Waits until `condition` gives a value, or says what was waited for.
pub(crate) fn wait_for<T>(
    what: &str,
    deadline: Duration,
    mut condition: impl FnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let end = Instant::now() + deadline;
    loop {
        if let Some(value) = condition()? {
            return Ok(value);
        }
        if Instant::now() >= end {
            anyhow::bail!("waited {} s in vain for {what}", deadline.as_secs());
        }
        std::thread::sleep(POLL);
    }
}

/// A child process on a leash, with all of its descendants.
///
/// It is asked to end (SIGTERM) by [`Leashed::end`] and when our whole process dies without
/// dropping anything; dropping it kills its process group at once, since its state goes too.
///
/// The leash is a shell that waits on a pipe from us. `PR_SET_PDEATHSIG` would not do: it fires
/// when the starting *thread* ends, and tests start servers from short-lived threads.
#[derive(Debug)]
pub struct Leashed {
    child: Child,
    output: Option<BufReader<ChildStdout>>,
    #[cfg(unix)]
    leash: Option<Child>,
}

/// What the leash does with each line; the end of the pipe alone means that we have died.
#[cfg(unix)]
const LEASH: &str = r#"read -r word
case "$word" in
gone) ;;
kill) kill -s KILL -- "-$0" ;;
*) kill -TERM "$0" ;;
esac"#;

impl Leashed {
    /// Starts a command in a process group of its own, without input.
    pub fn spawn(command: &mut Command) -> anyhow::Result<Self> {
        Self::spawn_reading(command, Stdio::null())
    }

    /// As `spawn`, but the child reads `input` and then the end of its standard input.
    pub(crate) fn spawn_fed(command: &mut Command, input: &[u8]) -> anyhow::Result<Self> {
        let mut leashed = Self::spawn_reading(command, Stdio::piped())?;
        if let Some(mut stdin) = leashed.child.stdin.take() {
            stdin.write_all(input).context("feeding a child process")?;
        }
        Ok(leashed)
    }

    fn spawn_reading(command: &mut Command, stdin: Stdio) -> anyhow::Result<Self> {
        let program = command.get_program().to_owned();
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let child = command
            .stdin(stdin)
            .spawn()
            .with_context(|| format!("starting {}", program.to_string_lossy()))?;
        let mut leashed = Self {
            child,
            output: None,
            #[cfg(unix)]
            leash: None,
        };
        #[cfg(unix)]
        {
            let mut leash = Command::new("/bin/sh");
            leash.args(["-c", LEASH]).arg(leashed.child.id().to_string());
            leash.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
            // Its own group, so that Ctrl-C at a terminal leaves it to do its work.
            std::os::unix::process::CommandExt::process_group(&mut leash, 0);
            leashed.leash = Some(leash.spawn().context("starting the leash of a child process")?);
        }
        leashed.still_runs()?;
        Ok(leashed)
    }

    /// The child's process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Fails with the exit status if the child has ended by itself.
    pub fn still_runs(&mut self) -> anyhow::Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => anyhow::bail!("the process ended by itself: {status}"),
        }
    }

    /// How it ended, once it has.
    pub fn ended(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// The first line of a piped standard output; the pipe stays open, so that later lines do no harm.
    pub(crate) fn first_line(&mut self) -> anyhow::Result<String> {
        let stdout = self.child.stdout.take().context("its output is not piped")?;
        let mut line = String::new();
        self.output.insert(BufReader::new(stdout)).read_line(&mut line)?;
        let line = line.trim().to_owned();
        anyhow::ensure!(!line.is_empty(), "it ended without a word");
        Ok(line)
    }

    /// Stops the child and its descendants where they are, as a machine that goes to sleep does.
    #[cfg(unix)]
    pub fn freeze(&self) -> anyhow::Result<()> {
        self.signal("STOP")
    }

    /// Lets them go on.
    #[cfg(unix)]
    pub fn thaw(&self) -> anyhow::Result<()> {
        self.signal("CONT")
    }

    #[cfg(unix)]
    fn signal(&self, name: &str) -> anyhow::Result<()> {
        let group = format!("-{}", self.child.id());
        let status = Command::new("kill").args(["-s", name, "--", &group]).status()?;
        anyhow::ensure!(status.success(), "no signal {name} could be sent: {status}");
        Ok(())
    }

    /// Asks the child to end and waits for it; after half a minute it is killed.
    pub fn end(mut self) {
        #[cfg(unix)]
        if self.still_runs().is_ok() && self.order("") {
            let child = &mut self.child;
            let _ = wait_for("a child to end", GRACE, || Ok(child.try_wait()?.map(|_| ())));
        }
    }

    /// Gives the leash its one word and waits until it has acted; `false` if it has no leash any more.
    ///
    /// The child is reaped by us only, so its id cannot have passed to another process.
    #[cfg(unix)]
    fn order(&mut self, word: &str) -> bool {
        let Some(mut leash) = self.leash.take() else { return false };
        if let Some(mut stdin) = leash.stdin.take() {
            let _ = stdin.write_all(format!("{word}\n").as_bytes());
        }
        leash.wait().is_ok()
    }
}

impl Drop for Leashed {
    fn drop(&mut self) {
        let runs = self.still_runs().is_ok();
        #[cfg(unix)]
        self.order(if runs { "kill" } else { "gone" });
        if runs {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_process_is_gone() {
        let sleeper = Leashed::spawn(Command::new("sleep").arg("600")).unwrap();
        let proof = PathBuf::from(format!("/proc/{}", sleeper.child.id()));
        let procfs = proof.exists();
        drop(sleeper);
        assert!(!proof.exists(), "the child outlived its owner");
        assert!(procfs || !PathBuf::from("/proc/self").exists());
    }

    #[test]
    fn descendants_end_with_it() {
        let dir = tempfile::tempdir().unwrap();
        let note = dir.path().join("pid");
        let script = format!("sleep 600 & echo $! > {}.new; mv {0}.new {0}; wait", note.display());
        let parent = Leashed::spawn(Command::new("/bin/sh").args(["-c", &script])).unwrap();
        let noted = || Ok(std::fs::read_to_string(&note).ok());
        let grandchild = wait_for("the grandchild", GRACE, noted).unwrap();
        let alive = || {
            let state = std::fs::read_to_string(format!("/proc/{}/stat", grandchild.trim()));
            state.is_ok_and(|state| !state.contains(") Z "))
        };
        if !PathBuf::from("/proc/self").exists() {
            return;
        }
        assert!(alive());
        drop(parent);
        wait_for("the grandchild to end", GRACE, || Ok((!alive()).then_some(()))).unwrap();
    }

    #[test]
    fn a_missing_program_names_its_package() {
        let error = find_program("no-such-program", "some-package").unwrap_err();
        assert!(error.to_string().contains("apt-get install some-package"), "{error}");
    }
}
