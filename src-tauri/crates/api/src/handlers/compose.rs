//! Drafts: begun, opened, saved, thrown away.
//!
//! Invariant: a draft is in the store before the composer shows it, and answers to it go where the sender it names
//! wants them.

use deskbell_domain::outgoing::{ComposeKind, Composition, OutgoingFile, OutgoingState};
use deskbell_domain::{AccountId, Address, MessageId, OutgoingId};
use deskbell_engine::compose::{ComposeError, parse_list, text_of, token};
use deskbell_store::Packer;
use deskbell_store::sync::outgoing as drafts;
use deskbell_store::table::outgoing::Outgoing;
use deskbell_store::table::sender::{self, Sender};
use deskbell_store::table::{account, outgoing};

use crate::compose::clean;
use crate::desk::Desk;
use crate::dto::{
    ApiError, ById, Code, Done, Draft, DraftContent, DraftFile, DraftSaved, DraftVersion,
    NewDraftArgs, Person, SaveArgs,
};
use crate::handlers::{answer, attach, id, limits};
use crate::{file, present};

/// Longest text and longest subject of a draft, in bytes.
const LONGEST_TEXT: usize = 8 * 1024 * 1024;
const LONGEST_SUBJECT: usize = 4_000;

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
    Ok(Draft { left_out: begun.left_out, ..show(desk, id).await? })
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
    let mut composition = composition(&args.content, &row.composition)?;
    if account != row.account || composition.from != row.composition.from {
        let senders = desk.store.read(move |c| sender::of_account(c, account)).await?;
        composition.reply_to = answers_to(&senders, composition.from.as_ref());
    }
    let revision = args.revision;
    let now = desk.now();
    if account != row.account {
        return elsewhere(desk, row, revision, account, composition, files).await;
    }
    let revision =
        desk.write(move |w| drafts::save(w, draft, revision, &composition, &files)).await?;
    Ok(DraftSaved { id: args.id, revision, saved_at: now })
}

/// A draft that is to be sent with another account becomes that account's.
async fn elsewhere(
    desk: &Desk,
    row: Outgoing,
    based_on: i64,
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
            let id = drafts::move_to(w, row.id, based_on, &draft)?;
            Ok((id, outgoing::get(w, id)?.revision))
        })
        .await?;
    Ok(DraftSaved { id: id.to_string(), revision, saved_at: now })
}

/// Where a sender wants answers, where that is not the author's own address.
fn answers_to(senders: &[Sender], from: Option<&Address>) -> Vec<Address> {
    let speaker = match from {
        Some(from) => {
            let same = |sender: &&Sender| sender.mailbox().key() == from.key();
            let named = |sender: &&Sender| same(sender) && sender.mailbox().name == from.name;
            senders.iter().find(named).or_else(|| senders.iter().find(same))
        }
        None => senders.first(),
    };
    speaker.and_then(|sender| sender.reply_to.as_deref()).map(parse_list).unwrap_or_default()
}

/// Throws a draft away; it can be brought back for a day.
pub async fn discard(desk: &Desk, args: ById) -> Result<Done, ApiError> {
    let draft: OutgoingId = id("id", &args.id)?;
    desk.write_durably(move |w| drafts::discard(w, draft)).await?;
    Ok(Done {})
}

/// Brings a draft back that was thrown away.
pub async fn restore(desk: &Desk, args: ById) -> Result<Done, ApiError> {
    let draft: OutgoingId = id("id", &args.id)?;
    desk.write(move |w| drafts::restore(w, draft)).await?;
    Ok(Done {})
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
    let (row, own, files, versions, conversation) = desk
        .store
        .read(move |c| {
            let row = outgoing::get(c, draft)?;
            let own = account::get(c, row.account)?;
            let message = deskbell_store::table::message::get(c, row.message)?;
            let files = outgoing::files(c, draft)?;
            let versions = outgoing::versions(c, draft)?;
            Ok((row, own, files, versions, message.conversation))
        })
        .await?;
    if row.state != OutgoingState::Draft {
        return Err(ApiError::field(
            "id",
            "This message is no draft any more. Take it back from the outbox to write on it.",
        ));
    }
    let most = limits::of(desk, row.account).await?.most;
    let room = limits::room(most, limits::bare(&row, &own));
    let packer = desk.store.packer();
    let listed = |files: &[OutgoingFile]| -> Vec<DraftFile> {
        files.iter().map(|file| draft_file(&packer, file)).collect()
    };
    Ok(Draft {
        id: row.id.to_string(),
        account_id: row.account.to_string(),
        message_id: row.message.to_string(),
        conversation_id: conversation.to_string(),
        kind: row.kind.as_str().into(),
        revision: row.revision,
        content: content(row.composition),
        files: listed(&files),
        limit: most.bytes,
        room,
        left_out: None,
        saved_at: row.updated_at,
        versions: versions
            .into_iter()
            .map(|version| DraftVersion {
                saved_at: version.saved_at,
                origin: version.origin,
                content: content(version.composition),
                files: listed(&version.files),
            })
            .collect(),
    })
}

pub(crate) fn draft_file(packer: &Packer, file: &OutgoingFile) -> DraftFile {
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
        missing: !packer.has_file(&file.blob, file.size),
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
