//! What a draft begins with: an empty page, an answer, a message handed on, a draft written elsewhere.

use std::sync::Arc;

use deskbell_domain::ingested::Attachment;
use deskbell_domain::outgoing::{ComposeKind, Composition, OutgoingFile};
use deskbell_domain::{AccountId, Address, MailboxRole, MessageId, OutgoingId};
use deskbell_engine::compose::reply::{Parent, thread_of};
use deskbell_engine::compose::{parse, parse_list, text_of};
use deskbell_engine::ingest;
use deskbell_store::Packer;
use deskbell_store::sync::outgoing as drafts;
use deskbell_store::table::message::Message;
use deskbell_store::table::sender::Sender;
use deskbell_store::table::{account, attachment, message, sender};

use crate::compose::{self, Quoted};
use crate::desk::Desk;
use crate::dto::{ApiError, Code, LeftOut, LeftOutFile, NewDraftArgs};
use crate::handlers::compose::kind;
use crate::handlers::limits::{self, Most, Room, megabytes};
use crate::handlers::{attach, conversation, optional_id, senders};

/// What a draft begins with.
pub(crate) struct Begun {
    pub(crate) account: AccountId,
    pub(crate) kind: ComposeKind,
    pub(crate) about: Option<MessageId>,
    pub(crate) composition: Composition,
    pub(crate) files: Vec<OutgoingFile>,
    /// Files of a message handed on that do not go along.
    pub(crate) left_out: Option<LeftOut>,
}

/// Puts the beginning of a draft together.
pub(crate) async fn begin(desk: &Desk, args: &NewDraftArgs) -> Result<Begun, ApiError> {
    let kind = kind(&args.kind)?;
    let about = optional_id::<MessageId>("message_id", args.message_id.as_deref())?;
    if about.is_none() && kind != ComposeKind::New {
        return Err(ApiError::field("message_id", "Say which message this is about."));
    }
    let about = about.filter(|_| kind != ComposeKind::New);
    let wanted = optional_id::<AccountId>("account_id", args.account_id.as_deref())?;
    let parent = match about {
        Some(id) => Some(desk.store.read(move |c| message::get(c, id)).await?),
        None => None,
    };
    let account = account_for(desk, wanted, parent.as_ref().map(|row| row.account)).await?;
    senders::ensure(desk).await?;
    let from = sender_for(desk, account, parent.as_ref()).await?;
    let mut begun = Begun {
        account,
        kind,
        about,
        composition: Composition {
            from: from.as_ref().map(Sender::mailbox),
            to: typed(&args.to),
            cc: typed(&args.cc),
            bcc: typed(&args.bcc),
            subject: args.subject.clone().unwrap_or_default(),
            reply_to: from
                .iter()
                .filter_map(|from| from.reply_to.as_deref())
                .flat_map(parse_list)
                .collect(),
            ..Composition::default()
        },
        files: Vec::new(),
        left_out: None,
    };
    let mut quote = String::new();
    let given = args.text.as_deref().unwrap_or_default();
    if let Some(row) = parent {
        quote = take_over(desk, args, row, &mut begun).await?;
    }
    let written = &mut begun.composition;
    let html = page(given, from.as_ref(), &quote);
    written.text = text_of(&html);
    written.html = Some(html);
    Ok(begun)
}

/// Addresses as typed, several in one entry or not.
fn typed(entries: &[String]) -> Vec<Address> {
    entries.iter().flat_map(|text| parse_list(text)).collect()
}

/// Plain text as a paragraph; nothing in it is markup.
fn paragraph(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<p>{}</p>", text.trim_end().replace('\n', "<br>"))
}

/// The text it begins with, the signature, and what is quoted below.
fn page(given: &str, from: Option<&Sender>, quote: &str) -> String {
    let signature = from.map_or_else(String::new, |from| {
        if from.signature.trim().is_empty() {
            return String::new();
        }
        format!("<div data-signature=\"{}\">{}</div>", from.id, from.signature)
    });
    compose::clean(&format!("{}{signature}{quote}", paragraph(given)))
}

/// Fills in what an answer takes over from its parent; the text to be quoted.
async fn take_over(
    desk: &Desk,
    args: &NewDraftArgs,
    row: Message,
    begun: &mut Begun,
) -> Result<String, ApiError> {
    let own = desk
        .store
        .read({
            let keys: Vec<String> =
                [&row.recipients.to, &row.recipients.cc, &row.recipients.reply_to]
                    .into_iter()
                    .flatten()
                    .map(Address::key)
                    .chain([row.from_address.clone()])
                    .collect();
            move |c| {
                let mut own = Vec::new();
                for key in keys {
                    if sender::is_own(c, &key)? {
                        own.push(key);
                    }
                }
                Ok(own)
            }
        })
        .await?;
    // A message whose text is not here yet can be answered all the same, without quoting it.
    let source = conversation::raw(desk, &row.id.to_string()).await.ok();
    let (message_id, references) = source.as_deref().map(thread_of).unwrap_or_default();
    let from = (!row.from_address.is_empty()).then(|| Address {
        name: Some(row.from_name.clone()).filter(|name| !name.is_empty()),
        address: row.from_address.clone(),
    });
    let parent = Parent {
        from: from.clone(),
        reply_to: row.recipients.reply_to.clone(),
        to: row.recipients.to.clone(),
        cc: row.recipients.cc.clone(),
        own: row.own || own.contains(&row.from_address),
        subject: row.subject.clone(),
        message_id: row.message_id.clone().or(message_id),
        references,
    };
    let written = &mut begun.composition;
    let (to, cc) = parent.recipients(begun.kind, |key| own.iter().any(|own| own == key));
    if matches!(begun.kind, ComposeKind::Reply | ComposeKind::ReplyAll) {
        (written.to, written.cc) = (to, cc);
    }
    if args.subject.is_none() {
        written.subject = parent.subject(begun.kind);
    }
    (written.in_reply_to, written.references) = parent.thread(begun.kind);
    let Some(source) = source else {
        return match begun.kind {
            ComposeKind::Forward | ComposeKind::ForwardAttached => Err(ApiError::new(
                Code::Offline,
                "The text of this message is not on this machine yet. Forward it once you are online.",
            )),
            _ => Ok(String::new()),
        };
    };
    let (kind, id, size) = (begun.kind, row.id, source.len() as u64);
    let most = limits::of(desk, begun.account).await?.most;
    let listed = desk.store.read(move |c| attachment::of_message(c, id)).await?;
    let (packer, subject) = (desk.store.packer(), row.subject.clone());
    let taken = tokio::task::spawn_blocking(move || {
        if kind == ComposeKind::ForwardAttached {
            return whole(&packer, &source, &subject, most).map(Taken::only);
        }
        let listed = if kind == ComposeKind::Forward { listed } else { Vec::new() };
        take_files(&packer, &source, listed, most)
    })
    .await
    .map_err(|_| ApiError::new(Code::Internal, "This message could not be quoted."))??;
    let Taken { quoted, files, left_out } = taken;
    begun.files = files;
    if !left_out.is_empty() {
        let as_file = Room::below_a_text(most).takes(size);
        let message_id = row.id.to_string();
        begun.left_out = Some(LeftOut { files: left_out, limit: most.bytes, as_file, message_id });
    }
    let author = from.as_ref().map_or("", Address::label);
    Ok(match kind {
        ComposeKind::ForwardAttached => String::new(),
        ComposeKind::Forward => {
            let head = compose::Head {
                from: from.as_ref(),
                date: row.date,
                subject: &row.subject,
                to: &row.recipients.to,
                cc: &row.recipients.cc,
            };
            compose::forwarded(&quoted.html, &head, &args.words)
        }
        _ => compose::wrote(&quoted.html, author, row.date, &args.words),
    })
}

/// What comes along with a message that is quoted.
struct Taken {
    quoted: Quoted,
    files: Vec<OutgoingFile>,
    left_out: Vec<LeftOutFile>,
}

impl Taken {
    fn only(file: OutgoingFile) -> Self {
        Self { quoted: Quoted::default(), files: vec![file], left_out: Vec::new() }
    }
}

/// The text with its images and files, as many as fit; what does not is named.
fn take_files(
    packer: &Arc<Packer>,
    source: &[u8],
    listed: Vec<Attachment>,
    most: Most,
) -> Result<Taken, ApiError> {
    let mut quoted = compose::quoted(source);
    let mut room = Room::below_a_text(most);
    // Quoted-printable takes up to three bytes for one.
    let _ = room.takes(quoted.html.len() as u64 * 2);
    let (mut files, mut left_out) = (Vec::new(), Vec::new());
    let mut unshown = Vec::new();
    for image in &quoted.images {
        if !room.takes(image.bytes.len() as u64) {
            unshown.push(image.id.clone());
            continue;
        }
        let ending = image.media_type.rsplit('/').next().unwrap_or("png");
        let name = format!("image-{}.{ending}", files.len() + 1);
        let id = Some(image.id.clone());
        files.push(kept(packer, &image.bytes, name, image.media_type, id)?);
    }
    quoted.without(&unshown);
    for file in listed {
        if file.content_id.as_ref().is_some_and(|id| quoted.images.iter().any(|i| i.id == *id)) {
            continue;
        }
        let name = attach::clean_name(&file.name);
        let mut leave = |why: &str, size: u64| {
            let (name, reason) = (name.clone(), why.to_owned());
            left_out.push(LeftOutFile { part: file.part, name, size, reason });
        };
        match ingest::file(source, file.part) {
            None => leave("unreadable", file.size),
            Some(found) if !room.takes(found.bytes.len() as u64) => {
                leave("too_large", found.bytes.len() as u64);
            }
            Some(found) => {
                files.push(kept(packer, &found.bytes, file.name, &file.media_type, None)?);
            }
        }
    }
    Ok(Taken { quoted, files, left_out })
}

/// The message itself as a file, without whom it was for in secret.
fn whole(
    packer: &Arc<Packer>,
    source: &[u8],
    subject: &str,
    most: Most,
) -> Result<OutgoingFile, ApiError> {
    if !Room::below_a_text(most).takes(source.len() as u64) {
        return Err(ApiError::field(
            "message_id",
            format!(
                "This message is {} large, and this account sends up to {}. Hand it on in the text, without the files that do not fit.",
                megabytes(source.len() as u64),
                megabytes(most.bytes)
            ),
        ));
    }
    let name: String = subject
        .chars()
        .map(|c| if c.is_control() || "/\\:*?\"<>|".contains(c) { ' ' } else { c })
        .take(80)
        .collect();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = if name.is_empty() { "message.eml".into() } else { format!("{name}.eml") };
    kept(packer, &deskbell_engine::compose::without_blind(source), name, "message/rfc822", None)
}

pub(crate) fn kept(
    packer: &Arc<Packer>,
    bytes: &[u8],
    name: String,
    media_type: &str,
    content_id: Option<String>,
) -> Result<OutgoingFile, ApiError> {
    Ok(OutgoingFile {
        blob: packer.keep_file(bytes)?,
        name,
        media_type: media_type.to_owned(),
        size: bytes.len() as u64,
        content_id,
    })
}

/// The account a draft is begun with: the wanted one, that of the message answered, or the first that sends.
async fn account_for(
    desk: &Desk,
    wanted: Option<AccountId>,
    parent: Option<AccountId>,
) -> Result<AccountId, ApiError> {
    let all = desk.store.read(account::list).await?;
    let known = |id: AccountId| all.iter().find(|account| account.id == id);
    if let Some(wanted) = wanted {
        return known(wanted).map(|account| account.id).ok_or_else(|| {
            ApiError::field("account_id", format!("There is no account {wanted}."))
        });
    }
    let writes = |account: &account::Account| account.sends || account.address.contains('@');
    let chosen = parent
        .and_then(known)
        .filter(|account| writes(account))
        .or_else(|| all.iter().find(|account| account.sends))
        .or_else(|| all.iter().find(|account| writes(account)))
        .or_else(|| parent.and_then(known))
        .or_else(|| all.first());
    chosen.map(|account| account.id).ok_or_else(|| {
        ApiError::new(Code::NoSender, "There is no account yet. Add one, then write with it.")
    })
}

/// Whom an answer is from: the one the message was addressed to, or the account's first.
async fn sender_for(
    desk: &Desk,
    account: AccountId,
    parent: Option<&Message>,
) -> Result<Option<Sender>, ApiError> {
    let senders = desk.store.read(move |c| sender::of_account(c, account)).await?;
    let addressed = |sender: &&Sender| {
        let Some(row) = parent else { return false };
        let key = deskbell_domain::address::identity_key(&sender.address);
        let to = row.recipients.to.iter().chain(&row.recipients.cc);
        row.from_address == key || to.map(Address::key).any(|other| other == key)
    };
    let chosen = senders.iter().find(addressed).or(senders.first());
    Ok(chosen.cloned())
}

/// Takes over a draft that was written with another program: from now on it is written on here.
pub(crate) async fn adopt(desk: &Desk, about: MessageId) -> Result<OutgoingId, ApiError> {
    let row = desk.store.read(move |c| message::get(c, about)).await?;
    if !row.flags.draft && !row.places.has(MailboxRole::Drafts) {
        return Err(ApiError::field("id", "This message is no draft."));
    }
    let source = conversation::raw(desk, &about.to_string()).await?;
    let packer = desk.store.packer();
    let read = tokio::task::spawn_blocking(move || -> Result<_, ApiError> {
        let parsed = parse(&source);
        let files = parsed
            .files
            .into_iter()
            .map(|file| kept(&packer, &file.bytes, file.name, &file.media_type, file.content_id));
        Ok((parsed.composition, files.collect::<Result<Vec<_>, _>>()?))
    });
    let (composition, files) = read
        .await
        .map_err(|_| ApiError::new(Code::Internal, "This draft could not be read."))??;
    let from = composition.from.as_ref().map(|from| from.address.clone());
    let token = deskbell_engine::compose::token(from.as_deref().unwrap_or_default())
        .map_err(crate::handlers::compose::refused)?;
    let kind =
        if composition.in_reply_to.is_some() { ComposeKind::Reply } else { ComposeKind::New };
    let new =
        drafts::NewDraft { account: row.account, kind, about: None, token, composition, files };
    Ok(desk.write(move |w| drafts::adopt(w, &new, about)).await?)
}
