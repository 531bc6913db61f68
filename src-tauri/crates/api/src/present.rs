//! From rows to what a face sees.

use std::sync::Arc;

use deskbell_store::Connection;

use deskbell_domain::{ConversationId, ingested};
use deskbell_engine::EngineEvent;
use deskbell_store::queries::{conversation as queries, search};
use deskbell_store::table::message::Recipients;
use deskbell_store::{ChangeBatch, StoreError, table};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;

use crate::desk::Desk;
use crate::handlers::exporting::Known;
use crate::{administrator, dto, words};

/// Other conversations named for each participant.
const RECENT: usize = 5;
/// Changes listed one by one; beyond it a face asks for everything again.
const LISTED: usize = 500;

/// A conversation as a list shows it.
pub(crate) fn row(row: table::conversation::Conversation) -> dto::ConversationRow {
    dto::ConversationRow {
        id: row.id.to_string(),
        account_id: row.account.to_string(),
        channel: deskbell_domain::Channel::Email.as_str().into(),
        people: row.people,
        subject: row.subject,
        preview: row.preview,
        last_at: row.last_at,
        messages: row.messages,
        unread: row.unread,
        starred: row.starred,
        attachments: row.attachments,
        last_is_own: row.last_is_own,
        quarantined: row.quarantined,
        pending: row.pending,
        views: row.views.into_iter().map(|view| view.as_str().into()).collect(),
        labels: row.labels.iter().map(ToString::to_string).collect(),
        snoozed: row.snoozed,
        snoozed_until: row.snoozed_until,
        back: row.back,
    }
}

/// A conversation with its latest `limit` messages.
pub(crate) fn conversation(
    c: &Connection,
    id: ConversationId,
    limit: u32,
) -> Result<dto::Conversation, StoreError> {
    let conversation = table::conversation::get(c, id)?;
    let account = table::account::get(c, conversation.account)?;
    let mut messages = Vec::new();
    let mut own = vec![deskbell_domain::address::identity_key(account.own())];
    for row in queries::messages(c, id, limit)? {
        if row.own && !own.contains(&row.from_address) {
            own.push(row.from_address.clone());
        }
        messages.push(complete(c, row)?);
    }
    let mut participants = Vec::new();
    for person in table::identity::participants(c, id)? {
        let is_own = own.contains(&person.address);
        let recent =
            if is_own { Vec::new() } else { queries::recent(c, &person.address, id, RECENT)? };
        participants.push(dto::Participant {
            name: if person.name.is_empty() { person.address.clone() } else { person.name },
            own: is_own,
            conversations: person.conversations,
            recent: recent
                .into_iter()
                .map(|other| dto::RecentConversation {
                    id: other.id.to_string(),
                    subject: other.subject,
                    last_at: other.last_at,
                })
                .collect(),
            address: person.address,
        });
    }
    participants.sort_by_key(|person| person.own);
    let shown = i64::try_from(messages.len()).unwrap_or(i64::MAX);
    Ok(dto::Conversation {
        earlier: (conversation.messages - shown).max(0),
        row: row(conversation),
        messages,
        participants,
    })
}

/// A message with its mailboxes, its files, and how far it has come on its way out.
pub(crate) fn complete(
    c: &Connection,
    row: table::message::Message,
) -> Result<dto::Message, StoreError> {
    let mailboxes = queries::mailboxes(c, row.id)?;
    let mut files = table::attachment::of_message(c, row.id)?;
    // Only what was written here is looked up: everything else came from somebody.
    let written = if row.own { table::outgoing::of_message(c, row.id)? } else { None };
    if let Some(written) = written.as_ref().filter(|written| written.state.is_here()) {
        files = unsent(table::outgoing::files(c, written.id)?);
    }
    let outgoing = written.map(|written| {
        crate::handlers::outbox::shown(written, row.conversation, row.preview.clone())
    });
    let mut shown = message(row, mailboxes, files);
    shown.outgoing = outgoing;
    Ok(shown)
}

/// Files of a message that has no source yet, in the order they were attached.
fn unsent(files: Vec<deskbell_domain::outgoing::OutgoingFile>) -> Vec<ingested::Attachment> {
    files
        .into_iter()
        .zip(0..)
        .map(|(file, part)| ingested::Attachment {
            part,
            name: file.name,
            media_type: file.media_type,
            size: file.size,
            inline: file.content_id.is_some(),
            content_id: file.content_id,
        })
        .collect()
}

/// A message without its body.
fn message(
    row: table::message::Message,
    mailboxes: Vec<String>,
    files: Vec<ingested::Attachment>,
) -> dto::Message {
    let Recipients { to, cc, bcc, reply_to } = row.recipients;
    let from = (!row.from_address.is_empty() || !row.from_name.is_empty()).then(|| dto::Person {
        name: (!row.from_name.is_empty()).then_some(row.from_name),
        address: row.from_address,
    });
    dto::Message {
        id: row.id.to_string(),
        conversation_id: row.conversation.to_string(),
        account_id: row.account.to_string(),
        from,
        to: people(to),
        cc: people(cc),
        bcc: people(bcc),
        reply_to: people(reply_to),
        subject: row.subject,
        date: row.date,
        preview: row.preview,
        seen: row.flags.seen,
        starred: row.flags.starred,
        answered: row.flags.answered,
        draft: row.flags.draft,
        own: row.own,
        bulk: row.bulk,
        body: body_word(row.body_state).into(),
        quarantine_said: words::said_of(row.quarantine_reason.as_deref()),
        quarantine_reason: row.quarantine_reason,
        size: row.size,
        message_id: row.message_id,
        mailboxes,
        attachments: files.into_iter().map(crate::file::shown).collect(),
        outgoing: None,
    }
}

fn body_word(state: deskbell_domain::message::BodyState) -> &'static str {
    use deskbell_domain::message::BodyState;
    match state {
        BodyState::Missing => "missing",
        BodyState::Full => "full",
        BodyState::Quarantined => "quarantined",
        BodyState::TooLarge => "too_large",
    }
}

fn people(addresses: Vec<deskbell_domain::Address>) -> Vec<dto::Person> {
    addresses.into_iter().map(person).collect()
}

/// A mail address with its name.
pub(crate) fn person(person: deskbell_domain::Address) -> dto::Person {
    dto::Person { name: person.name, address: person.address }
}

/// Highlighted text.
pub(crate) fn fragments(fragments: Vec<search::Fragment>) -> Vec<dto::Fragment> {
    fragments
        .into_iter()
        .map(|fragment| dto::Fragment { text: fragment.text, hit: fragment.hit })
        .collect()
}

/// An account with what the engine knows of it.
pub(crate) async fn account(
    desk: &Desk,
    row: table::account::Account,
) -> Result<dto::Account, StoreError> {
    let id = row.id;
    let (pending_edits, window) = desk
        .store
        .read(move |c| Ok((table::outbox::waiting(c, id)?, table::history::get(c, id)?)))
        .await?;
    let engine = desk.engine.as_ref();
    let (usual_per_minute, tracking_unknown) = crate::handlers::limits::pace(desk, &row);
    let oauth =
        oauth(&row.provider, &row.settings).filter(|_| !crate::sample::is_sample(&row.settings));
    let detail = row.detail.map(|words| if oauth.is_some() { in_browser(words) } else { words });
    let blocked = detail.as_deref().filter(|_| oauth == Some(dto::OauthProvider::Microsoft));
    let (detail, admin_page) = match blocked.and_then(administrator::page_in) {
        Some((sentence, page)) => (Some(sentence), Some(page)),
        None => (detail, None),
    };
    Ok(dto::Account {
        id: id.to_string(),
        channel: row.channel.as_str().into(),
        name: row.name,
        address: row.address,
        own_address: row.own_address,
        color: row.color,
        state: row.state.as_str().into(),
        detail_said: words::said_of(detail.as_deref()),
        detail,
        admin_page,
        synced_at: row.synced_at,
        next_sync_at: engine.and_then(|engine| engine.next_sync(id)),
        writes_back: row.writes_back,
        pending_edits,
        sends: row.sends,
        smtp: smtp(&row.provider, &row.settings),
        oauth,
        schedule: row.schedule,
        history_days: window.days,
        history_since: window.since,
        fallback_id: row.fallback.map(|id| id.to_string()),
        fallback_after_ms: row.fallback_ms,
        undo_ms: row.undo_ms,
        per_minute: row.per_minute,
        usual_per_minute,
        tracking_unknown,
        sample: crate::sample::is_sample(&row.settings),
        provider: row.provider,
        progress: engine.and_then(|engine| engine.progress(id)).map(progress),
    })
}

/// The engine knows of passwords alone: an account that signs in in the browser has none to enter.
fn in_browser(words: String) -> String {
    match words.strip_suffix(". Enter the password again.") {
        Some(why) => format!("{why}. Sign in again in the browser."),
        None => words,
    }
}

/// The sending server in an account's settings, which hold no secret.
fn smtp(provider: &str, settings: &str) -> Option<dto::SmtpServer> {
    let settings: serde_json::Value = serde_json::from_str(settings).ok()?;
    let server = if provider == "smtp" { &settings } else { settings.get("smtp")? };
    serde_json::from_value(server.clone()).ok()
}

/// Who checks the sign-in, where that is done in the browser.
pub(crate) fn oauth(provider: &str, settings: &str) -> Option<dto::OauthProvider> {
    match provider {
        "gmail" => Some(dto::OauthProvider::Google),
        "graph" => Some(dto::OauthProvider::Microsoft),
        _ => {
            let settings: serde_json::Value = serde_json::from_str(settings).ok()?;
            serde_json::from_value(settings.get("oauth")?.clone()).ok()
        }
    }
}

/// Whose OpenID Connect server checks the sign-in, where that is one of no provider known by name.
pub(crate) fn issuer(settings: &str) -> Option<String> {
    let settings: serde_json::Value = serde_json::from_str(settings).ok()?;
    Some(settings.get("oauth_issuer")?.as_str()?.to_owned())
}

pub(crate) fn progress(progress: deskbell_engine::SyncProgress) -> dto::SyncProgress {
    dto::SyncProgress {
        account_id: progress.account.to_string(),
        scope: progress.scope,
        done: progress.done,
        total: progress.total,
        eta_ms: progress.eta_ms,
    }
}

/// Everything a face is told unasked: what was committed, and how far syncs are.
pub struct Events {
    batches: Receiver<Arc<ChangeBatch>>,
    engine: Option<Receiver<EngineEvent>>,
    sign_ins: Receiver<dto::SignInState>,
    exports: watch::Receiver<Option<Known>>,
}

impl Events {
    pub(crate) fn new(desk: &Desk) -> Self {
        Self {
            batches: desk.store.subscribe(),
            engine: desk.engine.as_ref().map(deskbell_engine::Engine::events),
            sign_ins: desk.sign_ins.subscribe(),
            exports: desk.exports.subscribe(),
        }
    }

    /// The next event; `None` once the desk is closed.
    pub async fn next(&mut self) -> Option<dto::Event> {
        loop {
            let engine = async {
                match &mut self.engine {
                    Some(engine) => engine.recv().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                batch = self.batches.recv() => match batch {
                    Ok(batch) => return Some(changes(&batch)),
                    Err(RecvError::Lagged(_)) => {
                        return Some(dto::Event::Changes { changes: Vec::new(), everything: true });
                    }
                    Err(RecvError::Closed) => return None,
                },
                told = self.sign_ins.recv() => match told {
                    Ok(state) => return Some(dto::Event::SignIn { state: Box::new(state) }),
                    // The window asks for the state itself.
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return None,
                },
                moved = self.exports.changed() => match moved {
                    Ok(()) => {
                        let known = self.exports.borrow_and_update().clone();
                        if let Some(known) = known {
                            return Some(dto::Event::Export { state: Box::new(known.state) });
                        }
                    }
                    Err(_) => return None,
                },
                event = engine => match event {
                    Ok(EngineEvent::Progress(now)) => {
                        return Some(dto::Event::Progress { progress: progress(now) });
                    }
                    Ok(EngineEvent::Idle(account)) => {
                        return Some(dto::Event::Idle { account_id: account.to_string() });
                    }
                    Ok(EngineEvent::Notice(notice)) => {
                        return Some(dto::Event::Notice {
                            rule: notice.name,
                            conversation_id: notice.conversation.to_string(),
                            message_id: notice.message.to_string(),
                        });
                    }
                    // Told in words of their own, see `news`.
                    Ok(EngineEvent::News(_)) => {}
                    // Progress that was missed is out of date anyway.
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => self.engine = None,
                },
            }
        }
    }
}

fn changes(batch: &deskbell_store::ChangeBatch) -> dto::Event {
    if batch.changes.len() > LISTED {
        return dto::Event::Changes { changes: Vec::new(), everything: true };
    }
    dto::Event::Changes {
        changes: batch
            .changes
            .iter()
            .map(|change| dto::Change {
                entity: change.entity.as_str().into(),
                id: change.id.to_string(),
                deleted: change.deleted,
            })
            .collect(),
        everything: false,
    }
}
