//! `bell conversation`.

use std::process::ExitCode;

use deskbell_api::Desk;
use deskbell_api::dto::{ById, Message};
use deskbell_api::handlers::conversation;

use crate::exit::Failure;
use crate::output::{Output, bytes, time};

pub async fn run(desk: &Desk, output: Output, id: String) -> Result<ExitCode, Failure> {
    let found = conversation::open(desk, ById { id }).await?;
    output.answer(&found, || {
        let mut text = format!("{}\n", found.row.subject);
        if found.earlier > 0 {
            text.push_str(&format!("({} earlier messages)\n", found.earlier));
        }
        for message in &found.messages {
            text.push_str(&describe(message));
        }
        text
    })?;
    Ok(ExitCode::SUCCESS)
}

/// A message's head, its first words and its files.
pub fn describe(message: &Message) -> String {
    let from = message
        .from
        .as_ref()
        .map_or_else(String::new, |from| from.name.clone().unwrap_or_else(|| from.address.clone()));
    let mut text = format!(
        "\n[{}] {} {} — {}\n    {}\n",
        message.id,
        time(message.date),
        from,
        message.subject,
        message.preview
    );
    for file in &message.attachments {
        let size = bytes(file.size.unsigned_abs());
        text.push_str(&format!("    @ {} ({}, {size})\n", file.name, file.media_type));
    }
    text
}
