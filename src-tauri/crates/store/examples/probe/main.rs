//! Fills a profile with made-up mail the way a sync does, and measures what the window asks of the store.
//!
//! `probe PROFILE MESSAGES [MAILDIR]` fills PROFILE unless it is there already, and prints one JSON object;
//! with MAILDIR the same mails are written there as well, for a peer to index. `cargo xtask bench store` runs it.

mod fill;
mod mail;
mod measure;

use std::error::Error;
use std::path::Path;

use deskbell_store::{OpenOptions, Store};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (profile, messages, maildir) = match arguments.as_slice() {
        [profile, messages] => (profile, messages, None),
        [profile, messages, maildir] => (profile, messages, Some(Path::new(maildir))),
        _ => return Err("usage: probe PROFILE MESSAGES [MAILDIR]".into()),
    };
    let profile = Path::new(profile);
    let messages: u32 = messages.parse()?;
    let filled = if profile.join("deskbell.db").exists() {
        None
    } else {
        let store = Store::open(profile, OpenOptions::default())?.store;
        Some(fill::fill(&store, messages, maildir)?)
    };
    let report = measure::measure(profile, messages, filled)?;
    println!("{report}");
    Ok(())
}
