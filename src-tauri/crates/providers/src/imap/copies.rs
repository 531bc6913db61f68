//! Copies of messages made here: finding them by Message-ID, putting them into mailboxes, erasing them.
//!
//! Invariant: a message is erased by its UID under the numbering the UID was given, or not at all.

use async_imap::imap_proto::rfc4315::UidSetMember;
use async_imap::imap_proto::{Response, ResponseCode};
use deskbell_domain::message::Flags;
use deskbell_domain::port::CopyName;
use deskbell_domain::sync::RemoteKey;
use deskbell_domain::{MailboxRole, Millis};

use super::error::ImapError;
use super::fetch::Fetched;
use super::folders::{Folder, existing, for_role};
use super::gmail;
use super::pace::UIDS_PER_COMMAND;
use super::session::Session;
use super::uids::sequence_set;
use super::wire::{Command, Done};

/// Of a mailbox in which a search finds nothing, so many of the newest messages are looked at one by one:
/// some servers index what arrived only later, and some do not search this header at all.
const LOOKED_AT: u32 = 32;
/// Headers a search may bring back to be compared; it finds parts of words too.
const COMPARED: usize = 64;

/// The copies of a message in the mailbox with this role.
pub(crate) async fn find(
    session: &mut Session,
    role: MailboxRole,
    message_id: &str,
    known: &[Folder],
) -> Result<Vec<CopyName>, ImapError> {
    if let Some(all) = gmail::pile(session, known).await? {
        let found = gmail::find(session, &all, role, message_id).await?;
        return Ok(found.into_iter().map(|uid| (all.clone(), RemoteKey::from_uid(uid))).collect());
    }
    let Some(mailbox) = existing(session, role, known).await? else { return Ok(Vec::new()) };
    let (view, _) = match session.select(&mailbox, None).await {
        Err(ImapError::MailboxGone) => return Ok(Vec::new()),
        other => other?,
    };
    let mut found = Vec::new();
    // Without the brackets, which some servers leave out of their index.
    let search = Command::new("UID SEARCH HEADER Message-ID ").argument(message_id);
    let mut candidates = Vec::new();
    let searched = session
        .run(search, |response| {
            if let Response::MailboxData(async_imap::imap_proto::MailboxDatum::Search(uids)) =
                response
            {
                candidates.extend_from_slice(uids);
            }
        })
        .await;
    match searched {
        Ok(_) => {}
        Err(error) if error.concerns_one_command() => {}
        Err(error) => return Err(error),
    }
    candidates.retain(|uid| *uid > 0);
    candidates.sort_unstable();
    candidates.dedup();
    // The newest are the likelier.
    let newest = candidates.len().saturating_sub(COMPARED);
    let candidates = candidates.get(newest..).unwrap_or_default();
    if !candidates.is_empty() {
        let set = sequence_set(candidates);
        compare(session, &format!("UID FETCH {set}"), message_id, &mut found).await?;
    }
    if found.is_empty() && view.exists > 0 {
        let from = view.exists.saturating_sub(LOOKED_AT - 1).max(1);
        compare(session, &format!("FETCH {from}:{}", view.exists), message_id, &mut found).await?;
    }
    found.sort_unstable();
    found.dedup();
    Ok(found.into_iter().map(|uid| (mailbox.clone(), RemoteKey::from_uid(uid))).collect())
}

/// Fetches Message-IDs and keeps the UIDs of those that are the same.
async fn compare(
    session: &mut Session,
    fetch: &str,
    message_id: &str,
    found: &mut Vec<u32>,
) -> Result<(), ImapError> {
    let command = Command::new(format!("{fetch} (UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"));
    let outcome = session
        .run(command, |response| {
            let Some(fetched) = Fetched::read(response) else { return };
            if let (Some(uid), Some(header)) = (fetched.uid, fetched.header)
                && message_id_of(&header).as_deref() == Some(message_id)
            {
                found.push(uid);
            }
        })
        .await;
    match outcome {
        Ok(_) => Ok(()),
        // Gone in between: what is left was told.
        Err(error) if error.concerns_one_command() => Ok(()),
        Err(error) => Err(error),
    }
}

/// The id in a `Message-ID:` header that may be folded.
pub(super) fn message_id_of(header: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(header);
    let (_, value) = text.split_once(':')?;
    let id: String = value.chars().filter(|c| !c.is_whitespace()).collect();
    let id = id.strip_prefix('<').unwrap_or(&id);
    Some(id.strip_suffix('>').unwrap_or(id).to_owned())
}

/// Puts a message into the mailbox with this role.
pub(crate) async fn keep(
    session: &mut Session,
    role: MailboxRole,
    source: &[u8],
    flags: Flags,
    date: Millis,
    known: &[Folder],
) -> Result<(String, Option<(u32, u32)>), ImapError> {
    let mailbox = for_role(session, role, known).await?;
    let done = match append(session, &mailbox, source, flags, date).await {
        // It was there when it was looked up, and somebody removed it since.
        Err(ImapError::No { text }) if text.contains("[TRYCREATE]") => {
            session.run(Command::new("CREATE ").argument(&mailbox), |_| {}).await?;
            append(session, &mailbox, source, flags, date).await?
        }
        other => other?,
    };
    let given = match done.code {
        Some(ResponseCode::AppendUid(validity, uids)) => match uids.as_slice() {
            [UidSetMember::Uid(uid)] if *uid > 0 => Some((validity, *uid)),
            _ => None,
        },
        _ => None,
    };
    // Pulled is All Mail alone: there the copy has the name it will be known by.
    if let Some(all) = gmail::pile(session, known).await? {
        let there = match given {
            Some((_, uid)) => gmail::uid_in(session, &all, &mailbox, uid).await?,
            None => None,
        };
        return Ok((all, there));
    }
    Ok((mailbox, given))
}

async fn append(
    session: &mut Session,
    mailbox: &str,
    source: &[u8],
    flags: Flags,
    date: Millis,
) -> Result<Done, ImapError> {
    let command = Command::new("APPEND ").argument(mailbox).text(format!(
        " ({}) \"{}\" ",
        words(flags),
        date_time(date)
    ));
    let tag = session.wire.send_with_message(command, source).await?;
    session.finish(&tag, |_| {}).await
}

/// Erases messages of the selected mailbox for good. Without UIDPLUS they stay marked: a blind EXPUNGE would
/// remove what others only marked.
pub(crate) async fn forget(session: &mut Session, uids: &[u32]) -> Result<(), ImapError> {
    for chunk in uids.chunks(UIDS_PER_COMMAND) {
        let set = sequence_set(chunk);
        let mark = Command::new(format!("UID STORE {set} +FLAGS.SILENT (\\Deleted)"));
        session.run(mark, |_| {}).await?;
        if session.caps.uidplus {
            session.run(Command::new(format!("UID EXPUNGE {set}")), |_| {}).await?;
        }
    }
    Ok(())
}

fn words(flags: Flags) -> String {
    let each = [
        (flags.seen, "\\Seen"),
        (flags.starred, "\\Flagged"),
        (flags.answered, "\\Answered"),
        (flags.draft, "\\Draft"),
    ];
    each.iter().filter(|(set, _)| *set).map(|(_, word)| *word).collect::<Vec<_>>().join(" ")
}

/// An IMAP date-time in UTC (RFC 3501 section 9).
fn date_time(date: Millis) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let seconds = date.div_euclid(1_000);
    let (days, of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Years counted from March, so that the leap day is the last of its year; 719468 days from year 0.
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = usize::try_from((march_month + 2) % 12).unwrap_or(0);
    let year = era * 400 + year_of_era + i64::from(month < 2);
    format!(
        "{day:02}-{}-{year:04} {:02}:{:02}:{:02} +0000",
        MONTHS.get(month).copied().unwrap_or("Jan"),
        of_day / 3_600,
        of_day / 60 % 60,
        of_day % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::fetch::parse_date;

    #[test]
    fn a_date_is_written_as_it_is_read() {
        assert_eq!(date_time(0), "01-Jan-1970 00:00:00 +0000");
        assert_eq!(date_time(951_782_399_000), "28-Feb-2000 23:59:59 +0000");
        for date in [0, 951_782_400_000, 951_868_800_000, 1_795_242_000_000, 4_102_444_799_000] {
            assert_eq!(parse_date(&date_time(date)), Some(date), "{}", date_time(date));
        }
    }

    #[test]
    fn a_message_id_is_compared_whole() {
        for header in ["Message-ID: <a@b>\r\n\r\n", "MESSAGE-ID:\r\n <a@b>\r\n", "message-id: a@b"]
        {
            assert_eq!(message_id_of(header.as_bytes()).as_deref(), Some("a@b"), "{header:?}");
        }
        assert_eq!(message_id_of(b"Message-ID: <xa@b>").as_deref(), Some("xa@b"));
        assert_eq!(message_id_of(b"\r\n"), None);
    }
}
