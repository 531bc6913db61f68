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
}
