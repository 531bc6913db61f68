//! What one app may ask of one mailbox: so many requests in ten minutes, so many bytes handed over in five.
//!
//! Source: "Microsoft Graph service-specific throttling limits", Outlook service limits. Requests of a batch
//! count one by one.

use std::collections::{BTreeMap, VecDeque};

/// In milliseconds.
const REQUESTS_IN: i64 = 10 * 60 * 1_000;
const BYTES_IN: i64 = 5 * 60 * 1_000;

/// See the module.
#[derive(Debug)]
pub struct Allowance {
    /// Requests in ten minutes.
    pub requests: usize,
    /// Bytes of files in five minutes.
    pub bytes: usize,
    /// Requests since the world began, each one of a batch counted, refused ones too.
    pub asked: u64,
    /// Requests that were refused.
    pub refused: u64,
    mailboxes: BTreeMap<String, Spent>,
}

#[derive(Debug, Default)]
struct Spent {
    requests: VecDeque<i64>,
    uploads: VecDeque<(i64, usize)>,
    bytes: usize,
}

impl Default for Allowance {
    fn default() -> Self {
        Self {
            requests: 10_000,
            bytes: 150 * 1024 * 1024,
            asked: 0,
            refused: 0,
            mailboxes: BTreeMap::new(),
        }
    }
}

impl Allowance {
    /// Takes a request; where there were too many, the milliseconds until the next may come.
    pub(super) fn take(&mut self, mailbox: &str, now: i64) -> Result<(), i64> {
        self.asked += 1;
        let spent = self.mailboxes.entry(mailbox.to_owned()).or_default();
        while spent.requests.front().is_some_and(|at| now - at >= REQUESTS_IN) {
            spent.requests.pop_front();
        }
        if spent.requests.len() >= self.requests {
            self.refused += 1;
            let first = spent.requests.front().copied().unwrap_or(now);
            return Err(first + REQUESTS_IN - now);
        }
        spent.requests.push_back(now);
        Ok(())
    }

    /// Takes bytes of a file; as [`Allowance::take`].
    pub(super) fn upload(&mut self, mailbox: &str, bytes: usize, now: i64) -> Result<(), i64> {
        let spent = self.mailboxes.entry(mailbox.to_owned()).or_default();
        while let Some((at, size)) = spent.uploads.front().copied()
            && now - at >= BYTES_IN
        {
            spent.uploads.pop_front();
            spent.bytes -= size;
        }
        if spent.bytes + bytes > self.bytes {
            self.refused += 1;
            let first = spent.uploads.front().map_or(now, |(at, _)| *at);
            return Err(first + BYTES_IN - now);
        }
        spent.uploads.push_back((now, bytes));
        spent.bytes += bytes;
        Ok(())
    }
}
