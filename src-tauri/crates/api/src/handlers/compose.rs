//! Drafts: begun, opened, saved, thrown away, given over to be sent.
//!
//! Invariant: a draft is in the store before the composer shows it; nothing leaves without passing
//! [`send`], and what is refused there stays a draft.

use deskbell_domain::outgoing::{ComposeKind, Composition, OutgoingFile, OutgoingState};
use deskbell_domain::{AccountId, Address, MessageId, Millis, OutgoingId, template};
use deskbell_engine::compose::{ComposeError, fault, text_of, token};
use deskbell_store::sync::outgoing as drafts;
use deskbell_store::table::outgoing::Outgoing;
use deskbell_store::table::{account, outgoing};
use deskbell_store::{Connection, StoreError};

use crate::compose::{clean, own_words, warnings};
use crate::desk::Desk;
use crate::dto::{
    ApiError, ById, Code, Done, Draft, DraftContent, DraftFile, DraftSaved, DraftVersion,
    FieldError, NewDraftArgs, Person, SaveArgs, SendArgs, SendResult,
};
use crate::handlers::{answer, attach, id, outbox};
use crate::{file, present};

/// Recipients of one message, where the provider sets no limit.
const MOST_RECIPIENTS: usize = 2_000;
/// Longest text and longest subject of a draft, in bytes.
const LONGEST_TEXT: usize = 8 * 1024 * 1024;
const LONGEST_SUBJECT: usize = 4_000;
/// Furthest a message may be put off: about ten years.
const FURTHEST: Millis = 3_660 * deskbell_domain::time::DAY;

/// Begins a draft: empty, or as an answer.
pub async fn new(desk: &Desk, args: NewDraftArgs) -> Result<Draft, ApiError> {
    let begun = answer::begin(desk, &args).await?;
    let from = begun.composition.from.as_ref().map(|from| from.address.clone());
    let token = token(from.as_deref().unwrap_or_default()).map_err(refused)?;
    let draft = drafts::NewDraft {
        account: begun.account,
        kind: begun.kind,
        about: begun.about,
        token,
        composition: begun.composition,
        files: begun.files,
    };
    let id = desk.write(move |w| drafts::create(w, &draft)).await?;
    show(desk, id).await
}

/// Opens a draft by its own id.
pub async fn open(desk: &Desk, args: ById) -> Result<Draft, ApiError> {
    show(desk, id("id", &args.id)?).await
}

/// Opens the draft that a message is: one of ours, or one written with another program.
pub async fn edit(desk: &Desk, args: ById) -> Result<Draft, ApiError> {
    let message: MessageId = id("id", &args.id)?;
    let row = desk.store.read(move |c| outgoing::of_message(c, message)).await?;
    match row {
        Some(row) if row.state == OutgoingState::Draft => show(desk, row.id).await,
        Some(_) => Err(ApiError::field(
            "id",
            "This message is on its way. Take it back first, then write on it.",
        )),
        None => {
            let adopted = answer::adopt(desk, message).await?;
            show(desk, adopted).await
        }
    }
}

/// Saves what stands in the composer. Nothing is refused for being unfinished.
pub async fn save(desk: &Desk, args: SaveArgs) -> Result<DraftSaved, ApiError> {
    let draft: OutgoingId = id("id", &args.id)?;
    let account: AccountId = id("account_id", &args.account_id)?;
    let row = desk.store.read(move |c| outgoing::get(c, draft)).await?;
    let known = desk.store.read(move |c| outgoing::files(c, draft)).await?;
    let files = attach::listed(desk, &args.files, known).await?;
    let composition = composition(&args.content, &row.composition)?;
    let revision = args.revision;
    let now = desk.now();
    if account != row.account {
        return elsewhere(desk, row, account, composition, files).await;
    }
    let revision =
        desk.write(move |w| drafts::save(w, draft, revision, &composition, &files)).await?;
    Ok(DraftSaved { id: args.id, revision, saved_at: now })
}

/// A draft that is to be sent with another account becomes that account's.
async fn elsewhere(
    desk: &Desk,
    row: Outgoing,
    account: AccountId,
    composition: Composition,
    files: Vec<OutgoingFile>,
) -> Result<DraftSaved, ApiError> {
    if row.state != OutgoingState::Draft {
        return Err(ApiError::field("account_id", "Only a draft can change its account."));
    }
    let from = composition.from.as_ref().map(|from| from.address.clone()).unwrap_or_default();
    let token = token(&from).map_err(refused)?;
    let now = desk.now();
    let (id, revision) = desk
        .write(move |w| {
            account::get(w, account)?;
            let draft = drafts::NewDraft {
                account,
                kind: row.kind,
                about: row.about,
                token,
                composition,
                files,
            };
            let id = drafts::create(w, &draft)?;
            drafts::discard(w, row.id)?;
            Ok((id, outgoing::get(w, id)?.revision))
        })
        .await?;
    Ok(DraftSaved { id: id.to_string(), revision, saved_at: now })
}

/// Throws a draft away; it can be brought back for a day.
pub async fn discard(desk: &Desk, args: ById) -> Result<Done, ApiError> {
    let draft: OutgoingId = id("id", &args.id)?;
    desk.write(move |w| drafts::discard(w, draft)).await?;
    Ok(Done {})
}

/// Brings a draft back that was thrown away.
pub async fn restore(desk: &Desk, args: ById) -> Result<Done, ApiError> {
    let draft: OutgoingId = id("id", &args.id)?;
    desk.write(move |w| drafts::restore(w, draft)).await?;
    Ok(Done {})
}

/// Gives a draft over to be sent, unless something is wrong with it or should be looked at first.
pub async fn send(desk: &Desk, args: SendArgs) -> Result<SendResult, ApiError> {
    let draft: OutgoingId = id("id", &args.id)?;
    let (row, files, own, sends) = desk
        .store
        .read(move |c| {
            let row = outgoing::get(c, draft)?;
            let own = account::get(c, row.account)?;
            let sends = own.sends || stands_in(c, own.fallback)?;
            let files = outgoing::files(c, draft)?;
            Ok((row, files, own, sends))
        })
        .await?;
    if !sends {
        return Err(ApiError::new(
            Code::NoSender,
            "This account cannot send yet. Enter its outgoing mail server in its settings, or choose an account that sends for it. The message stays a draft.",
        ));
    }
    let limits = attach::limits(desk, row.account);
    let mut wrong = faults(&row.composition, &own, limits.recipients);
    attach::too_large(&files, row.composition.text.len(), limits.bytes, &mut wrong);
    let now = desk.now();
    if args.at.is_some_and(|at| at > now + FURTHEST) {
        wrong.push(FieldError::new("at", "This is too far ahead. Choose a time within ten years."));
    }
    if let Some(first) = wrong.first() {
        let mut refusal = ApiError::new(Code::Invalid, first.message.clone());
        refusal.fields = wrong;
        return Err(refusal);
    }
    let mut look = warnings(row.kind, &row.composition, &files);
    look.retain(|warning| !args.confirmed.contains(&warning.kind));
    if !look.is_empty() {
        return Ok(SendResult { outgoing: None, warnings: look });
    }
    let later = args.at.filter(|at| *at > now);
    let not_before = later.unwrap_or(now + own.undo_ms.max(0));
    // Told that it is on its way, a person may pull the plug.
    desk.write_durably(move |w| drafts::queue(w, draft, not_before, later.is_some())).await?;
    Ok(SendResult { outgoing: Some(outbox::show(desk, draft).await?), warnings: Vec::new() })
}

fn stands_in(c: &Connection, other: Option<AccountId>) -> Result<bool, StoreError> {
    match other.map(|id| account::get(c, id)) {
        Some(Ok(other)) => Ok(other.sends),
        Some(Err(StoreError::NotFound(_))) | None => Ok(false),
        Some(Err(error)) => Err(error),
    }
}

/// What keeps a message from being sent, by field.
fn faults(written: &Composition, account: &account::Account, most: Option<u32>) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    let from = deskbell_engine::compose::sender(written, account);
    let lists: [(&str, &[Address]); 5] = [
        ("from", std::slice::from_ref(&from)),
        ("to", &written.to),
        ("cc", &written.cc),
        ("bcc", &written.bcc),
        ("reply_to", &written.reply_to),
    ];
    for (field, people) in lists {
        for person in people {
            if let Some(fault) = fault(person.address.trim()) {
                wrong.push(FieldError::new(field, format!("“{}” {fault}.", person.address)));
            }
        }
    }
    let count = written.recipients().count();
    let most = most.and_then(|most| usize::try_from(most).ok()).unwrap_or(MOST_RECIPIENTS);
    if count == 0 {
        wrong.push(FieldError::new("to", "Enter at least one recipient."));
    } else if count > most {
        wrong.push(FieldError::new(
            "to",
            format!("This message has {count} recipients; this account sends to {most} at most. Send it in parts."),
        ));
    }
    let own = own_words(&written.text);
    for (field, text) in [("subject", written.subject.as_str()), ("text", own.as_str())] {
        let names = template::left_over(text);
        if let Some(name) = names.iter().find(|name| is_of_a_template(name)) {
            wrong.push(FieldError::new(
                field,
                format!("“{{{{{name}}}}}” of a template is not filled in. Write what it stands for, or take it out."),
            ));
        }
    }
    wrong
}

/// Braces are only text to those who write about braces; our variables begin like ours.
fn is_of_a_template(name: &str) -> bool {
    let begins = |kind: &str| name.split('.').next() == Some(kind) && name.contains('.');
    ["contact", "sender", "account", "date", "appointment"].into_iter().any(begins)
}

/// Addresses as a person types them: separated by commas, with or without names.
pub fn typed(texts: &[String]) -> Vec<Person> {
    let people = texts.iter().flat_map(|text| deskbell_engine::compose::parse_list(text));
    people.map(present::person).collect()
}

/// What the composer holds, cleaned; what it does not show stays as it was.
fn composition(content: &DraftContent, before: &Composition) -> Result<Composition, ApiError> {
    if content.subject.len() > LONGEST_SUBJECT {
        return Err(ApiError::field("subject", "This subject is too long. Shorten it."));
    }
    if content.text.len() > LONGEST_TEXT
        || content.html.as_ref().is_some_and(|html| html.len() > LONGEST_TEXT)
    {
        return Err(ApiError::field("text", "This text is too long. Send a part of it as a file."));
    }
    let html = content.html.as_deref().map(clean);
    let text = html.as_deref().map_or_else(|| content.text.clone(), text_of);
    Ok(Composition {
        from: content.from.as_ref().map(address),
        to: addresses(&content.to),
        cc: addresses(&content.cc),
        bcc: addresses(&content.bcc),
        reply_to: before.reply_to.clone(),
        subject: content.subject.clone(),
        html,
        text,
        in_reply_to: before.in_reply_to.clone(),
        references: before.references.clone(),
    })
}

fn addresses(people: &[Person]) -> Vec<Address> {
    people.iter().filter(|person| !person.address.trim().is_empty()).map(address).collect()
}

pub(crate) fn address(person: &Person) -> Address {
    Address {
        name: person.name.clone().filter(|name| !name.trim().is_empty()),
        address: person.address.trim().to_owned(),
    }
}

fn content(written: Composition) -> DraftContent {
    let people = |list: Vec<Address>| list.into_iter().map(present::person).collect();
    DraftContent {
        from: written.from.map(present::person),
        to: people(written.to),
        cc: people(written.cc),
        bcc: people(written.bcc),
        subject: written.subject,
        html: written.html,
        text: written.text,
    }
}

/// A draft as the composer shows it.
pub(crate) async fn show(desk: &Desk, draft: OutgoingId) -> Result<Draft, ApiError> {
    let (row, files, versions, conversation) = desk
        .store
        .read(move |c| {
            let row = outgoing::get(c, draft)?;
            let message = deskbell_store::table::message::get(c, row.message)?;
            let files = outgoing::files(c, draft)?;
            let versions = outgoing::versions(c, draft)?;
            Ok((row, files, versions, message.conversation))
        })
        .await?;
    if row.state != OutgoingState::Draft {
        return Err(ApiError::field(
            "id",
            "This message is no draft any more. Take it back from the outbox to write on it.",
        ));
    }
    let limits = attach::limits(desk, row.account);
    Ok(Draft {
        id: row.id.to_string(),
        account_id: row.account.to_string(),
        message_id: row.message.to_string(),
        conversation_id: conversation.to_string(),
        kind: row.kind.as_str().into(),
        revision: row.revision,
        content: content(row.composition),
        files: files.iter().map(draft_file).collect(),
        limit: limits.bytes,
        saved_at: row.updated_at,
        versions: versions
            .into_iter()
            .map(|version| DraftVersion {
                saved_at: version.saved_at,
                origin: version.origin,
                content: content(version.composition),
                files: version.files.iter().map(draft_file).collect(),
            })
            .collect(),
    })
}

pub(crate) fn draft_file(file: &OutgoingFile) -> DraftFile {
    DraftFile {
        blob: attach::hex(&file.blob),
        name: file.name.clone(),
        media_type: file.media_type.clone(),
        size: file.size,
        content_id: file.content_id.clone(),
        dangerous: matches!(
            file::risk(&file.name, &file.media_type, None),
            Some(crate::dto::Risk::Program | crate::dto::Risk::Macros)
        ),
    }
}

/// A failure to build, at its field.
pub(crate) fn refused(error: ComposeError) -> ApiError {
    match &error {
        ComposeError::Address { field, .. } => {
            ApiError::field(field, crate::error::sentence(&error.to_string()))
        }
        ComposeError::NoRecipient => ApiError::field("to", "Enter at least one recipient."),
        ComposeError::Random(_) => {
            ApiError::new(Code::Internal, crate::error::sentence(&error.to_string()))
        }
    }
}

/// Reads a kind a person can begin.
pub(crate) fn kind(word: &str) -> Result<ComposeKind, ApiError> {
    match (word, ComposeKind::parse(word)) {
        ("new", _) => Ok(ComposeKind::New),
        (_, ComposeKind::New | ComposeKind::AutoReply) => Err(ApiError::field(
            "kind",
            format!(
                "“{word}” is no way to write; there are new, reply, reply_all, forward and forward_attached."
            ),
        )),
        (_, kind) => Ok(kind),
    }
}
