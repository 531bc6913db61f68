//! One conversation: its messages and their bodies.

use deskbell_domain::message::BodyState;
use deskbell_domain::{ConversationId, MessageId};
use deskbell_store::{sync, table};

use crate::desk::Desk;
use crate::dto::{
    ApiError, BodyArgs, ById, Code, Conversation, ConversationRow, MessageBody, SuspiciousLink,
};
use crate::handlers::{given, id};
use crate::render::{RemoteImages, RenderOptions, Theme, Words};
use crate::{images, present, render, words};

/// Messages of a conversation shown at once.
const SHOWN: u32 = 500;

/// A conversation with its messages.
pub async fn open(desk: &Desk, args: ById) -> Result<Conversation, ApiError> {
    let id: ConversationId = id("id", &args.id)?;
    Ok(desk.store.read(move |c| present::conversation(c, id, SHOWN)).await?)
}

/// A conversation as a list shows it.
pub async fn row(desk: &Desk, args: ById) -> Result<ConversationRow, ApiError> {
    let id: ConversationId = id("id", &args.id)?;
    Ok(present::row(desk.store.read(move |c| table::conversation::get(c, id)).await?))
}

/// The body of a message, safe to show. A body that is not here yet is fetched.
pub async fn body(desk: &Desk, args: BodyArgs) -> Result<MessageBody, ApiError> {
    let theme = if args.theme == "dark" { Theme::Dark } else { Theme::Light };
    let words = Words { show_quoted: args.words.show_quoted, cut: args.words.cut };
    let source = if given::is_token(&args.id) {
        given::source(desk, &args.id).await?
    } else {
        match source(desk, id("id", &args.id)?).await? {
            Ok(source) => source,
            Err(missing) => return Ok(without(missing)),
        }
    };
    let mut remote_images = RemoteImages::Blocked;
    if args.remote_images {
        remote_images = RemoteImages::Allowed(
            images::fetch(desk.gateway.as_ref(), render::remote_images(&source)).await,
        );
    }
    let options = RenderOptions { theme, remote_images, words };
    let rendered = tokio::task::spawn_blocking(move || render::render(&source, &options))
        .await
        .map_err(|_| ApiError::new(Code::Internal, "This message could not be drawn."))?;
    Ok(MessageBody {
        document: Some(rendered.document),
        blocked_images: rendered.remote_images,
        blocked_hosts: rendered.remote_hosts,
        suspicious_links: rendered
            .links
            .into_iter()
            .filter(|link| link.suspicious)
            .map(|link| SuspiciousLink { text: link.text, href: link.href })
            .collect(),
        missing: None,
        missing_said: None,
    })
}

/// The source of a message, from the store or, if it is not here, from the provider.
async fn source(desk: &Desk, message: MessageId) -> Result<Result<Vec<u8>, String>, ApiError> {
    let row = desk.store.read(move |c| table::message::get(c, message)).await?;
    if !matches!(row.body_state, BodyState::Full | BodyState::Quarantined) {
        let Some(engine) = &desk.engine else {
            return Ok(Err("The text of this message is not on this machine yet.".into()));
        };
        if let Err(error) = engine.fetch_body(message).await {
            let failure = ApiError::from(error);
            return Ok(Err(format!(
                "The text of this message is not on this machine yet. {}",
                failure.message
            )));
        }
    }
    let packer = desk.store.packer();
    let kept = desk.store.read(move |c| sync::source(c, &packer, message)).await?;
    let source = match kept {
        Some(source) => Some(source),
        None => written_here(desk, message).await?,
    };
    Ok(source.ok_or_else(|| "The text of this message is not on this machine yet.".into()))
}

/// The source of a message that has not left, as it would leave now; `None` for any other.
async fn written_here(desk: &Desk, message: MessageId) -> Result<Option<Vec<u8>>, ApiError> {
    let found = desk
        .store
        .read(move |c| {
            let Some(row) = table::outgoing::of_message(c, message)? else { return Ok(None) };
            let files = table::outgoing::files(c, row.id)?;
            let account = table::account::get(c, row.account)?;
            Ok(Some((row, files, account)))
        })
        .await?;
    let Some((row, files, account)) = found else { return Ok(None) };
    let packer = desk.store.packer();
    let now = desk.now();
    let built =
        tokio::task::spawn_blocking(move || -> Result<Vec<u8>, deskbell_store::StoreError> {
            let files = files
                .into_iter()
                .map(|file| Ok((file.clone(), bytes::Bytes::from(packer.file(&file.blob)?))))
                .collect::<Result<Vec<_>, deskbell_store::StoreError>>()?;
            let at = if row.not_before > 0 { row.not_before } else { now };
            Ok(deskbell_engine::compose::draft(&row, &files, &account, at))
        });
    let built =
        built.await.map_err(|_| ApiError::new(Code::Internal, "This draft could not be built."))?;
    Ok(Some(built?))
}

fn without(missing: String) -> MessageBody {
    MessageBody {
        document: None,
        blocked_images: 0,
        blocked_hosts: 0,
        suspicious_links: Vec::new(),
        missing_said: words::said(&missing),
        missing: Some(missing),
    }
}

/// The source of a message as received, for `bell message --raw`.
pub async fn raw(desk: &Desk, message: &str) -> Result<Vec<u8>, ApiError> {
    source(desk, id("message_id", message)?)
        .await?
        .map_err(|missing| ApiError::new(Code::Offline, missing))
}

/// One message without its body.
pub async fn message(desk: &Desk, message: &str) -> Result<crate::dto::Message, ApiError> {
    let message: MessageId = id("message_id", message)?;
    Ok(desk.store.read(move |c| present::complete(c, table::message::get(c, message)?)).await?)
}
