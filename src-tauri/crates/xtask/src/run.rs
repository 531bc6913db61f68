//! `cargo xtask run`: from a fresh checkout to an open window, or to a picture of one.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use deskbell_testbed::{Desktop, Leashed};

use crate::setup::{self, Need};
use crate::shell::{built, cargo, say_and_run};

/// Screen of a headless run, in pixels.
const SCREEN: (u32, u32) = (1280, 800);

/// How long the window may take to paint its first list; the sample is imported meanwhile.
const PAINT_DEADLINE: Duration = Duration::from_secs(120);

/// How often the file that says "painted" and the picture are looked at.
const POLL: Duration = Duration::from_millis(100);

/// The list, its icons and the edges of its letters have hundreds of colours; an empty window has a handful.
const COLOURS: usize = 200;

/// At most so many pictures until two in a row are alike; a progress bar may never rest.
const PICTURES: usize = 30;

/// The sample's profile, beside the program that was built.
const SAMPLE: &str = "sample-profile";

#[derive(clap::Args)]
pub struct RunArguments {
    /// Open the sample workspace
    #[arg(long)]
    sample: bool,
    /// Run without a screen, in a desktop session of its own (Linux)
    #[arg(long, requires = "screenshot")]
    headless: bool,
    /// Take a picture of the window as soon as it has painted, and end
    #[arg(long, value_name = "FILE", requires = "headless")]
    screenshot: Option<PathBuf>,
    /// Keep the data in this directory; the sample has one of its own unless told otherwise
    #[arg(long, value_name = "DIR")]
    profile: Option<PathBuf>,
    /// Build with optimisations
    #[arg(long)]
    release: bool,
}

impl RunArguments {
    /// A picture of the sample workspace, its data kept in `profile`.
    pub fn picture_of_the_sample(picture: PathBuf, profile: PathBuf) -> Self {
        let (screenshot, profile) = (Some(picture), Some(profile));
        Self { sample: true, headless: true, screenshot, profile, release: false }
    }

    /// Where the data is kept; `None` for the person's own profile, which the sample never opens.
    fn profile(&self, app: &Path) -> anyhow::Result<Option<PathBuf>> {
        Ok(match &self.profile {
            Some(named) => Some(std::path::absolute(named)?),
            None => self.sample.then(|| app.with_file_name(SAMPLE)),
        })
    }
}

pub fn run(arguments: &RunArguments) -> anyhow::Result<()> {
    let mut needs = vec![Need::Build];
    if arguments.headless {
        anyhow::ensure!(cfg!(target_os = "linux"), "--headless needs Linux: it runs under Xvfb");
        needs.push(Need::Headless);
    }
    setup::packages(&needs)?;
    setup::window_pages()?;
    let mut build = cargo();
    build.args(["build", "--package", "deskbell"]);
    if arguments.release {
        build.arg("--release");
    }
    say_and_run(&mut build)?;

    let program = built("deskbell", arguments.release)?;
    let mut app = Command::new(&program);
    if arguments.sample {
        app.arg("--sample");
    }
    if let Some(profile) = arguments.profile(&program)? {
        eprintln!("The profile is {}", profile.display());
        app.arg("--profile").arg(profile);
    }
    match &arguments.screenshot {
        Some(picture) => photograph(app, &std::path::absolute(picture)?),
        None => say_and_run(&mut app),
    }
}

/// Runs the app in a session of its own until it has painted, and takes a picture.
fn photograph(mut app: Command, picture: &Path) -> anyhow::Result<()> {
    let desktop = Desktop::start(SCREEN.0, SCREEN.1)?;
    let signals = tempfile::tempdir()?;
    let ready = signals.path().join("ready");
    app.envs(desktop.environment()).env("DESKBELL_READY_FILE", &ready);
    let mut app = Leashed::spawn(&mut app)?;
    let end = Instant::now() + PAINT_DEADLINE;
    while !ready.exists() {
        app.still_runs().context("Deskbell ended before its window had painted")?;
        anyhow::ensure!(
            Instant::now() < end,
            "the window has not painted a list within {} s",
            PAINT_DEADLINE.as_secs()
        );
        std::thread::sleep(POLL);
    }
    if let Some(folder) = picture.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut before = Vec::new();
    for _ in 0..PICTURES {
        desktop.screenshot(picture)?;
        let now = std::fs::read(picture)?;
        if now == before {
            break;
        }
        before = now;
        std::thread::sleep(POLL);
    }
    app.end();
    let colours = Desktop::colours(picture)?;
    anyhow::ensure!(
        colours > COLOURS,
        "{} shows an empty window: it has {colours} colours",
        picture.display()
    );
    eprintln!("Wrote {}", picture.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(sample: bool, profile: Option<&str>) -> RunArguments {
        let profile = profile.map(PathBuf::from);
        RunArguments { sample, headless: false, screenshot: None, profile, release: false }
    }

    #[test]
    fn the_sample_never_opens_the_persons_own_profile() {
        let app = Path::new("/build/debug/deskbell");
        let of = |sample, profile| arguments(sample, profile).profile(app).expect("a path");
        assert_eq!(of(true, None), Some(PathBuf::from("/build/debug/sample-profile")));
        assert_eq!(of(true, Some("/mine")), Some(PathBuf::from("/mine")), "unless it is named");
        assert_eq!(of(false, None), None, "without the sample it is the person's own");
    }
}
