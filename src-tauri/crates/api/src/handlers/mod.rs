//! What each command does, one file a subject.

pub mod account_life;
pub mod accounts;
mod answer;
pub mod app;
pub mod attach;
pub mod attachment;
mod closing;
mod collections;
pub mod compose;
pub mod conversation;
pub mod discover;
pub mod doctor;
pub mod export;
mod export_own;
pub mod exporting;
mod file_names;
pub mod given;
pub mod health;
pub mod inbox;
pub mod labels;
pub(crate) mod limits;
pub mod oauth_clients;
pub mod outbox;
pub mod profile;
pub mod rules;
pub mod sample;
pub mod search;
pub mod send;
pub mod senders;
pub mod sending;
pub mod settings;
pub mod sign_in;
pub mod snooze;
pub mod sync;
pub mod templates;
mod unfinished;

use std::str::FromStr;

use deskbell_domain::AccountId;
use deskbell_store::{Connection, StoreError, table};

use crate::dto::ApiError;

/// Reads an id; the field it came in is named if it is none.
pub(crate) fn id<T: FromStr>(field: &str, text: &str) -> Result<T, ApiError> {
    text.parse()
        .map_err(|_| ApiError::field(field, format!("“{text}” is not the id of anything here.")))
}

/// Reads an optional id.
pub(crate) fn optional_id<T: FromStr>(
    field: &str,
    text: Option<&str>,
) -> Result<Option<T>, ApiError> {
    text.map(|text| id(field, text)).transpose()
}

/// Refuses an account that is not here, so that a wrong id does not read as an empty list.
pub(crate) fn known(c: &Connection, account: Option<AccountId>) -> Result<(), StoreError> {
    match account {
        Some(id) => table::account::get(c, id).map(|_| ()),
        None => Ok(()),
    }
}

/// Rows a page may ask for.
const LARGEST_PAGE: u32 = 200;

/// Checks how many rows are asked for.
pub(crate) fn limit(limit: u32) -> Result<u32, ApiError> {
    if (1..=LARGEST_PAGE).contains(&limit) {
        Ok(limit)
    } else {
        Err(ApiError::field("limit", format!("Ask for 1 to {LARGEST_PAGE} rows.")))
    }
}
