//! What can be typed behind `deskbell`.

use std::path::PathBuf;

use clap::Parser;

/// The front desk on one screen.
#[derive(Debug, Parser)]
#[command(name = "deskbell", version)]
pub(crate) struct Args {
    /// Directory of the profile; the person's own by default.
    #[arg(long, value_name = "DIR", env = "DESKBELL_PROFILE")]
    pub(crate) profile: Option<PathBuf>,
    /// Open the sample workspace if the profile holds no account yet.
    #[arg(long)]
    pub(crate) sample: bool,
    /// Start in the tray, without the window; where there is no tray the window opens all the same.
    #[arg(long)]
    pub(crate) hidden: bool,
    /// A link to follow, `mailto:…` or `deskbell://…`, or a file of mail to open.
    #[arg(value_name = "LINK OR FILE")]
    pub(crate) links: Vec<String>,
}
