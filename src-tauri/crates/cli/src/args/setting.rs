//! What can be typed behind `bell setting`.

use clap::Subcommand;

/// What to do with settings.
#[derive(Debug, Subcommand)]
pub enum SettingAction {
    /// List every setting with what holds, and which of them somebody chose.
    List,
    /// Show one setting.
    Get {
        /// Its name, such as `theme`.
        key: String,
    },
    /// Choose a setting for all of Deskbell; an open window follows at once.
    ///
    /// `bell setting set theme dark`, `bell setting set quiet_hours '{"on":true,"from":"20:00","to":"07:00","days":[1,2,3,4,5]}'`
    Set {
        /// Its name.
        key: String,
        /// What is to hold: a word, or JSON in the form that `bell setting get` shows.
        #[arg(allow_hyphen_values = true)]
        value: String,
    },
    /// Put a setting back to its default.
    Reset {
        /// Its name; without it, all of them.
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        key: Option<String>,
        /// Every setting.
        #[arg(long)]
        all: bool,
    },
}

impl SettingAction {
    /// Whether it can do its work beside a Deskbell that is writing.
    pub fn only_reads(&self) -> bool {
        matches!(self, Self::List | Self::Get { .. })
    }
}
