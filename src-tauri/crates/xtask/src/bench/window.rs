//! The real window: cold start to the first list, memory at rest, and the weight of its pages.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use deskbell_testbed::{Corpus, Desktop};

use super::bell::{Bell, PASSPHRASE};
use super::table::{Table, median, seconds};
use crate::shell;

/// Cold starts; the middle one counts.
const STARTS: usize = 5;
/// How long a start may take before the benchmark gives up.
const PATIENCE: Duration = Duration::from_secs(60);
/// Memory is read after so long at rest.
const REST: Duration = Duration::from_secs(5);

pub(super) fn measure(messages: usize) -> anyhow::Result<Vec<Table>> {
    let bell = Bell::find()?;
    let program = shell::built("deskbell", true)?;
    let place = tempfile::tempdir()?;
    let full = place.path().join("full");
    // Without any mail there is no list whose painting could be waited for.
    let small = place.path().join("small");
    import(&bell, place.path(), &small, 1)?;
    import(&bell, place.path(), &full, messages)?;
    let desktop = Desktop::start(1280, 800)?;
    let (_, least_memory) = start(&desktop, &program, &small)?;
    let mut starts = Vec::with_capacity(STARTS);
    let mut memory = 0;
    for _ in 0..STARTS {
        let (took, resident) = start(&desktop, &program, &full)?;
        starts.push(took);
        memory = resident;
    }
    let start = median(&starts).context("nothing was measured")?;
    let above = memory.saturating_sub(least_memory) / 1_000_000;

    let mut table = Table::new(
        &format!("The window over {messages} messages"),
        &["what", "result", "must reach"],
    );
    table.row(["cold start to first list painted".into(), seconds(start), "≤ 1.0 s".into()]);
    let above = format!("{above} MB");
    table.row([
        "memory at rest above the same window over one mail".into(),
        above,
        "≤ 150 MB".into(),
    ]);
    let whole = format!("{} MB", memory / 1_000_000);
    table.row(["memory at rest, all of it".into(), whole, String::new()]);
    let weight = format!("{} kB", first_paint_bytes()? / 1_000);
    table.row(["pages at first paint, gzip".into(), weight, "≤ 150 kB".into()]);
    table.note(
        "Memory is the resident set of the Rust process, without the web view's own processes.",
    );
    Ok(vec![table])
}

fn import(bell: &Bell, place: &Path, profile: &Path, messages: usize) -> anyhow::Result<()> {
    let mbox = place.join("bench.mbox");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&mbox)?);
    for message in Corpus::load()?.multiply(messages) {
        file.write_all(
            b"From bench@testbed.example Fri Nov 20 09:05:00 2026\nX-Deskbell-Mailbox: inbox\n",
        )?;
        let message: &[u8] = &message.raw;
        for line in message.split_inclusive(|byte| *byte == b'\n') {
            if line.starts_with(b"From ") || line.starts_with(b">From ") {
                file.write_all(b">")?;
            }
            file.write_all(line)?;
        }
        file.write_all(b"\n\n")?;
    }
    file.flush()?;
    drop(file);
    let mut add = bell.on(profile);
    shell::output(add.args(["account", "add", "archive", "--path"]).arg(&mbox))?;
    shell::output(bell.on(profile).arg("sync"))?;
    Ok(())
}

/// Opens the window and closes it again: how long until the first list, and bytes resident at rest.
fn start(desktop: &Desktop, program: &Path, profile: &Path) -> anyhow::Result<(Duration, u64)> {
    let ready = profile.with_extension("ready");
    // A start before may have left it.
    let _ = std::fs::remove_file(&ready);
    let begun = Instant::now();
    let child = Command::new(program)
        .arg("--profile")
        .arg(profile)
        .envs(desktop.environment())
        .env("DESKBELL_READY_FILE", &ready)
        .env(PASSPHRASE.0, PASSPHRASE.1)
        .env("WEBKIT_DISABLE_COMPOSITING_MODE", "1")
        .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("the window could not be started")?;
    let mut child = Ended(child);
    while !ready.exists() {
        anyhow::ensure!(begun.elapsed() < PATIENCE, "no list was painted within {PATIENCE:?}");
        anyhow::ensure!(child.0.try_wait()?.is_none(), "the window closed by itself");
        std::thread::sleep(Duration::from_millis(2));
    }
    let took = begun.elapsed();
    std::thread::sleep(REST);
    let resident = resident(child.0.id())?;
    Ok((took, resident))
}

/// A child that does not outlive its owner.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn resident(process: u32) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("no VmRSS")?;
    let kilobytes: u64 = line.split_whitespace().nth(1).context("VmRSS has no number")?.parse()?;
    Ok(kilobytes * 1024)
}

/// The page, and the scripts and styles it names, as gzip would send them.
fn first_paint_bytes() -> anyhow::Result<u64> {
    let dist = shell::ui().join("dist");
    let page = std::fs::read_to_string(dist.join("index.html"))?;
    let mut files: Vec<PathBuf> = vec![dist.join("index.html")];
    for part in page.split('"').filter(|part| part.starts_with("./assets/")) {
        files.push(dist.join(part));
    }
    anyhow::ensure!(files.len() > 1, "{} names no script", dist.display());
    let mut bytes = 0;
    for file in files {
        let packed = Command::new("gzip").arg("-9c").arg(&file).output()?;
        bytes += packed.stdout.len() as u64;
    }
    Ok(bytes)
}
