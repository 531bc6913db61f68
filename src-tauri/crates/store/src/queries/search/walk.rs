//! Walking what matches, newest first, until a page is full.
//!
//! While a person types, the last word is open, and the index can answer for a beginning only after it has
//! gathered everything that begins so: the shorter the beginning, the longer it takes, up to seconds. But what
//! begins with a letter or two is in every few mails; so the mails that match everything else are read newest
//! first, and looked through for the beginning. Where few of them have it, the walk is given up, and the index
//! is asked, which then has little to gather.

use std::collections::HashSet;

use rusqlite::{Connection, params_from_iter};

use deskbell_domain::ConversationId;
use deskbell_domain::message::BodyState;

use super::parse::Open;
use super::{Page, Request, body, highlight, present, statement};
use crate::table::attachment;
use crate::table::message::{self, Message};
use crate::{Packer, StoreError};

/// Messages looked at for one page; a thread of thousands of matching messages fills no page.
const LOOKED_AT: usize = 5_000;
/// After so many messages it is known how many of them have an open word ...
const SAMPLE: usize = 40;
/// ... which must be one in so many.
const ONE_IN: usize = 6;

/// One page of a search.
pub(super) struct Walk<'a> {
    pub(super) c: &'a Connection,
    pub(super) packer: &'a Packer,
    /// What the index is asked.
    pub(super) request: &'a Request,
    /// What each message is looked through for.
    pub(super) open: Option<&'a Open>,
}

impl Walk<'_> {
    /// The page; `None` where an open word is too rare to be found by reading.
    pub(super) fn page(&self) -> Result<Option<Page>, StoreError> {
        let (sql, values) = statement::page(self.c, self.request)?;
        let mut page = Page::default();
        let mut seen: HashSet<ConversationId> = HashSet::new();
        let (mut looked_at, mut matched) = (0, 0);
        let mut last = None;
        let mut statement = self.c.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            let hit = message::read(row)?;
            if page.hits.len() == self.request.limit || looked_at == LOOKED_AT {
                page.next = last;
                break;
            }
            if self.open.is_some() && looked_at >= SAMPLE && matched * ONE_IN < looked_at {
                return Ok(None);
            }
            looked_at += 1;
            last = Some(hit.sort_key);
            let mut read = None;
            if let Some(open) = self.open
                && !self.has(&hit, open, &mut read)?
            {
                continue;
            }
            matched += 1;
            if !seen.insert(hit.conversation) || self.is_on_an_earlier_page(hit.conversation)? {
                continue;
            }
            if read.is_none() && !self.request.query.marks.is_empty() {
                read = body(self.c, self.packer, &hit);
            }
            page.hits.push(present(self.c, &self.request.query, hit, read)?);
        }
        Ok(Some(page))
    }

    /// Whether a message has the open word; `read` is its text where it had to be read.
    fn has(
        &self,
        message: &Message,
        open: &Open,
        read: &mut Option<String>,
    ) -> Result<bool, StoreError> {
        // What is not here yet is not in the index either.
        if message.body_state == BodyState::Missing {
            return Ok(false);
        }
        let word = open.word.as_str();
        let begins = |text: &str| highlight::has_beginning(text, word);
        let asked = |column: &str| open.column.is_none_or(|only| only == column);
        if asked("subject") && begins(&message.subject)
            || asked("sender") && (begins(&message.from_name) || begins(&message.from_address))
        {
            return Ok(true);
        }
        if asked("recipients") {
            let to = &message.recipients;
            let mut people = to.to.iter().chain(&to.cc).chain(&to.bcc);
            if people.any(|p| begins(&p.address) || p.name.as_deref().is_some_and(begins)) {
                return Ok(true);
            }
        }
        if asked("body") {
            *read = body(self.c, self.packer, message);
            if read.as_deref().is_some_and(begins) {
                return Ok(true);
            }
        }
        let files = asked("files")
            && attachment::of_message(self.c, message.id)?.iter().any(|file| begins(&file.name));
        Ok(files)
    }

    /// Whether a newer message of the conversation matches too, so that a page before this one shows it.
    fn is_on_an_earlier_page(&self, conversation: ConversationId) -> Result<bool, StoreError> {
        let Some(below) = self.request.below else { return Ok(false) };
        let newer = "SELECT 1 FROM message WHERE conversation_id = ?1 AND sort_key >= ?2";
        if !self.c.prepare_cached(newer)?.exists([conversation.0, below])? {
            return Ok(false);
        }
        let (sql, values) = statement::earlier(self.request, conversation, below);
        let mut statement = self.c.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            let Some(open) = self.open else { return Ok(true) };
            if self.has(&message::read(row)?, open, &mut None)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
