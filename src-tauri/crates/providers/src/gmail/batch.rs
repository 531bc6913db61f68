//! Several messages in one request: `multipart/mixed`, each part a request of its own.
//!
//! Source: "Batch requests", Gmail API guide (the path is the default one, `/batch/api_name/api_version`; which
//! host answers it longest is not confirmed). A batch costs what its parts cost, and its parts may be
//! answered in any order and refused one by one. Invariant: what is not answered is either asked for again or
//! an error; a message that is not there is left out.

use std::collections::BTreeMap;
use std::time::Duration;

use deskbell_domain::ProviderError;
use reqwest::Method;

use super::line::{Line, refused, unreadable, yes};
use super::meter::{For, price};
use super::wire::{Message, Profile};
use crate::http::Ask;

/// Google takes 100 in a batch and advises against more than 50.
pub(super) const LARGEST: usize = 50;
/// Of an answer no more is read: fifty of the largest messages fetched this way, encoded, and their frames.
const LARGEST_ANSWER: usize = 64 * 1024 * 1024;
/// Parts that were refused as too many are asked for again so often.
const ROUNDS: u32 = 3;
/// The pause before that.
const PAUSE: Duration = Duration::from_secs(2);

/// How much of a message is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// Its labels.
    Minimal,
    /// Its labels and header.
    Metadata,
    /// Its labels and source.
    Raw,
}

impl Format {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Minimal => "minimal",
            Self::Metadata => "metadata",
            Self::Raw => "raw",
        }
    }
}

/// Fetches messages, in the order asked for; those that are gone are left out.
pub(super) async fn fetch(
    line: &Line,
    wanted: &[(&str, Format)],
    whom: For,
) -> Result<Vec<Message>, ProviderError> {
    let mut fetched = Vec::with_capacity(wanted.len());
    let mut rest = wanted;
    while !rest.is_empty() {
        let fits = line.meter.fitting(rest.len().min(LARGEST), price::GET, whom);
        let (chunk, later) = rest.split_at(fits);
        rest = later;
        let mut open: Vec<(&str, Format)> = chunk.to_vec();
        let mut held: BTreeMap<String, Message> = BTreeMap::new();
        for round in 0.. {
            let units = price::GET.saturating_mul(u32::try_from(open.len()).unwrap_or(u32::MAX));
            line.meter.take(units, whom).await;
            let (parts, refusal) = match ask(line, &open).await {
                // A token may be turned away part by part, in an answer that says yes: any other request
                // meets the refusal as a whole, and replaces the token.
                Err(ProviderError::Auth(_)) if round == 0 => {
                    let profile = line.get(&["profile"], &[], price::PROFILE, whom).await;
                    profile.map(|_: Profile| ())?;
                    ask(line, &open).await?
                }
                asked => asked?,
            };
            open.retain(|(id, _)| !parts.contains_key(*id));
            held.extend(parts.into_iter().filter_map(|(id, message)| Some((id, message?))));
            match refusal {
                None if open.is_empty() => break,
                // Not one part of it was answered, or it is no better the third time.
                Some(refusal) if round >= ROUNDS => return Err(refusal),
                None if round >= ROUNDS => return Err(unreadable()),
                _ => line.meter.rest(PAUSE).await,
            }
        }
        fetched.extend(chunk.iter().filter_map(|(id, _)| held.remove(*id)));
    }
    Ok(fetched)
}

/// What the parts were answered: a message, or `None` for one that is gone; and why parts are missing.
type Parts = (BTreeMap<String, Option<Message>>, Option<ProviderError>);

async fn ask(line: &Line, wanted: &[(&str, Format)]) -> Result<Parts, ProviderError> {
    let boundary = "deskbell_batch";
    let mut body = String::new();
    for (id, format) in wanted {
        body.push_str(&format!(
            "--{boundary}\r\nContent-Type: application/http\r\nContent-ID: <{id}>\r\n\r\n\
             GET /gmail/v1/users/me/messages/{id}?format={} HTTP/1.1\r\n\r\n\r\n",
            format.as_str()
        ));
    }
    body.push_str(&format!("--{boundary}--\r\n"));
    let url = line.api.url(&["batch", "gmail", "v1"], &[])?;
    let ask = Ask::new(Method::POST, url)
        .header("content-type", format!("multipart/mixed; boundary={boundary}"))
        .largest(LARGEST_ANSWER);
    let ask = Ask { body: body.into(), ..ask };
    let answer = yes(line.api.ask(ask).await?)?;
    let mut parts = BTreeMap::new();
    let mut refusal = None;
    for part in split(&answer.body) {
        let Some((id, status, json)) = read(part) else { continue };
        match status {
            200..300 => {
                let message: Message = serde_json::from_slice(json).map_err(|_| unreadable())?;
                parts.insert(id, Some(message));
            }
            404 => _ = parts.insert(id, None),
            status => match refused(status, json, answer.after) {
                error @ (ProviderError::RateLimited { .. } | ProviderError::Offline(_)) => {
                    refusal = Some(error);
                }
                // An id nobody gave out: there is no such message.
                ProviderError::Rejected { code, .. } if code == "400" => {
                    parts.insert(id, None);
                }
                error => return Err(error),
            },
        }
    }
    if parts.is_empty() && refusal.is_none() && !wanted.is_empty() {
        return Err(unreadable());
    }
    Ok((parts, refusal))
}

/// The parts of a multipart body; its boundary is its first line.
fn split(body: &[u8]) -> Vec<&[u8]> {
    let body = body.trim_ascii_start();
    let Some(end) = body.iter().position(|byte| *byte == b'\n') else { return Vec::new() };
    let marker = body.get(..end).unwrap_or_default().trim_ascii_end();
    if !marker.starts_with(b"--") || marker.len() < 3 {
        return Vec::new();
    }
    let mut parts = Vec::new();
    let mut rest = body.get(marker.len()..).unwrap_or_default();
    while let Some(at) = find(rest, marker) {
        parts.push(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + marker.len()..).unwrap_or_default();
    }
    parts
}

fn find(within: &[u8], what: &[u8]) -> Option<usize> {
    // Bodies are megabytes of base64: every candidate begins with a hyphen on a line of its own.
    let mut from = 0;
    while let Some(at) = within.get(from..)?.iter().position(|byte| *byte == b'\n') {
        let start = from + at + 1;
        if within.get(start..)?.starts_with(what) {
            return Some(start);
        }
        from = start;
    }
    None
}

/// The name of a part, the status in it, and its JSON.
fn read(part: &[u8]) -> Option<(String, u16, &[u8])> {
    let (outer, inner) = blank_line(part.trim_ascii_start())?;
    let (head, json) = blank_line(inner.trim_ascii_start())?;
    let outer = String::from_utf8_lossy(outer);
    let id = outer.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("content-id").then(|| value.trim())
    })?;
    let id = id.trim_matches(['<', '>']);
    let id = id.strip_prefix("response-").unwrap_or(id).to_owned();
    let head = String::from_utf8_lossy(head);
    let status = head.lines().next()?.split(' ').nth(1)?.parse().ok()?;
    Some((id, status, json.trim_ascii()))
}

fn blank_line(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = text.windows(4).position(|four| four == b"\r\n\r\n").map(|at| (at, at + 4));
    let bare = || text.windows(2).position(|two| two == b"\n\n").map(|at| (at, at + 2));
    let (end, next) = at.or_else(bare)?;
    Some((text.get(..end)?, text.get(next..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_in_any_order_and_with_any_boundary() {
        let body = "--batch_x\r\nContent-Type: application/http\r\nContent-ID: <response-b>\r\n\r\nHTTP/1.1 404 Not Found\r\n\
                    Content-Type: application/json\r\n\r\n{\"error\":{}}\r\n--batch_x\r\ncontent-id: <response-a>\r\n\r\n\
                    HTTP/1.1 200 OK\r\n\r\n{\"id\":\"a\",\"raw\":\"LS1iYXRjaF94\"}\r\n--batch_x--\r\n";
        let parts: Vec<_> = split(body.as_bytes()).into_iter().filter_map(read).collect();
        assert_eq!(parts.len(), 2);
        assert_eq!((parts[0].0.as_str(), parts[0].1), ("b", 404));
        let message: Message = serde_json::from_slice(parts[1].2).expect("a message");
        assert_eq!((parts[1].0.as_str(), message.id.as_str()), ("a", "a"));
        for nonsense in ["", "--", "no boundary\r\n", "--x\r\n--x\r\n--x--", "\n\n\n"] {
            assert!(split(nonsense.as_bytes()).into_iter().filter_map(read).next().is_none());
        }
    }
}
