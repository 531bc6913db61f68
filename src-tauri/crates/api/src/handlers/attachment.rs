//! The files of messages: shown, saved, and handed to the system's own programs.
//!
//! Invariant: a file is named by its message (in the store, or the token of a file that holds one) and part, both looked
//! up here; no path comes from the webview.
//! What could run is opened only after the person was warned; whoever forgets to ask is told the risk instead.

use std::path::{Path, PathBuf};

use deskbell_domain::MessageId;
use deskbell_domain::ingested::Attachment;
use deskbell_engine::ingest;
use deskbell_store::table;

use crate::desk::Desk;
use crate::dto::{
    ApiError, AttachmentArgs, AttachmentOpenArgs, AttachmentOpened, Code, Done, FileKind, FileText,
    InvitationRead, Risk, Saved,
};
use crate::handlers::{conversation, given, id};
use crate::{file, render};

/// Largest picture served to the window, in bytes and in pixels: what is larger needs a program made for it.
const LARGEST_PICTURE: usize = 30 * 1024 * 1024;
const MOST_PIXELS: usize = 120_000_000;
/// Bytes that tell a program.
const MARK: usize = 32;

/// A picture, ready to be served.
#[derive(Debug)]
pub struct Picture {
    /// By its bytes, not by what the message claims.
    pub media_type: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Saves a file of a message where the person says.
pub async fn save(desk: &Desk, args: AttachmentArgs) -> Result<Saved, ApiError> {
    let (file, source) = known(desk, &args.message_id, args.part).await?;
    let bytes = taken(source, file.part).await?;
    let Some(path) = desk.host.save_as(&file.name).await else { return Ok(Saved { path: None }) };
    let shown = path.display().to_string();
    put(&path, &bytes).await.map_err(|error| unwritten(&shown, &error))?;
    Ok(Saved { path: Some(shown) })
}

/// Opens a file in the system's program for it; what could run, only once the person was warned.
pub async fn open(desk: &Desk, args: AttachmentOpenArgs) -> Result<AttachmentOpened, ApiError> {
    let (file, path) = match ready(desk, args).await? {
        Ready::Laid { file, path } => (file, path),
        Ready::Risky(risk) => return Ok(AttachmentOpened { opened: false, risk: Some(risk) }),
    };
    desk.host.open_file(&path).map_err(|error| unopened(&file, &error))?;
    Ok(AttachmentOpened { opened: true, risk: None })
}

/// Opens a file in a program that the person chooses, with the same caution.
pub async fn open_with(
    desk: &Desk,
    args: AttachmentOpenArgs,
) -> Result<AttachmentOpened, ApiError> {
    let (file, path) = match ready(desk, args).await? {
        Ready::Laid { file, path } => (file, path),
        Ready::Risky(risk) => return Ok(AttachmentOpened { opened: false, risk: Some(risk) }),
    };
    desk.host.open_file_with(&path).await.map_err(|error| unopened(&file, &error))?;
    Ok(AttachmentOpened { opened: true, risk: None })
}

/// Hands a copy of a file to wherever the person drags it. The copy is theirs, so they may write in it.
pub async fn drag(desk: &Desk, args: AttachmentArgs) -> Result<Done, ApiError> {
    let (file, source) = known(desk, &args.message_id, args.part).await?;
    let bytes = taken(source, file.part).await?;
    let folder = desk.opened().join(format!("{}-{}-dragged", args.message_id, args.part));
    let path = folder.join(&file.name);
    let shown = path.display().to_string();
    lay_out(&folder, &path, &bytes, Keep::Writable)
        .await
        .map_err(|error| unwritten(&shown, &error))?;
    desk.host.drag_file(&path).await.map_err(|error| {
        let message = format!("“{}” could not be dragged: {error}. Save it instead.", file.name);
        ApiError::new(Code::Internal, message)
    })?;
    Ok(Done {})
}

/// A file on its way to another program.
enum Ready {
    Laid { file: Attachment, path: PathBuf },
    Risky(Risk),
}

async fn ready(desk: &Desk, args: AttachmentOpenArgs) -> Result<Ready, ApiError> {
    let (file, source) = known(desk, &args.message_id, args.part).await?;
    let bytes = taken(source, file.part).await?;
    let risk = file::risk(&file.name, &file.media_type, bytes.get(..MARK.min(bytes.len())));
    if let Some(risk) = risk.filter(|_| !args.despite_risk) {
        return Ok(Ready::Risky(risk));
    }
    let folder = desk.opened().join(format!("{}-{}", args.message_id, args.part));
    let path = folder.join(&file.name);
    let shown = path.display().to_string();
    lay_out(&folder, &path, &bytes, Keep::ReadOnly)
        .await
        .map_err(|error| unwritten(&shown, &error))?;
    Ok(Ready::Laid { file, path })
}

fn unopened(file: &Attachment, error: &str) -> ApiError {
    ApiError::new(Code::Internal, format!("No program opened “{}”: {error}.", file.name))
}

/// A text, or a mail within the mail, to be read in the window.
pub async fn text(desk: &Desk, args: AttachmentArgs) -> Result<FileText, ApiError> {
    let (file, source) = known(desk, &args.message_id, args.part).await?;
    let kind = file::kind(&file.name, &file.media_type);
    let read = tokio::task::spawn_blocking(move || file::text(&source, file.part, kind)).await;
    read.ok().flatten().ok_or_else(|| {
        ApiError::field(
            "part",
            format!("“{}” cannot be shown as text. Save it instead.", file.name),
        )
    })
}

/// What a calendar part says; `null` where it cannot be read, and is then a file like any other.
pub async fn invitation(desk: &Desk, args: AttachmentArgs) -> Result<InvitationRead, ApiError> {
    let (file, source) = known(desk, &args.message_id, args.part).await?;
    if file::kind(&file.name, &file.media_type) != FileKind::Invitation {
        return Ok(InvitationRead { invitation: None });
    }
    let read = tokio::task::spawn_blocking(move || {
        file::invitation(&ingest::file_text(&source, file.part)?)
    });
    Ok(InvitationRead { invitation: read.await.ok().flatten() })
}

/// A picture of a message for the window's own scheme.
pub async fn picture(desk: &Desk, message: &str, part: u32) -> Result<Picture, ApiError> {
    let (file, source) = known(desk, message, part).await?;
    let bytes = taken(source, file.part).await?;
    let refused = |why: &str| ApiError::field("part", format!("“{}” {why}", file.name));
    if bytes.len() > LARGEST_PICTURE {
        return Err(refused("is too large to be shown here. Save it instead."));
    }
    let media_type = render::raster_type(&bytes)
        .ok_or_else(|| refused("is no picture that can be shown here. Save it instead."))?;
    let size = imagesize::blob_size(&bytes)
        .map_err(|_| refused("is damaged: its size cannot be read. Save it instead."))?;
    if size.width.saturating_mul(size.height) > MOST_PIXELS {
        return Err(refused("has too many pixels to be shown here. Save it instead."));
    }
    Ok(Picture { media_type, bytes })
}

/// The file as the store lists it, and the source it is in.
async fn known(desk: &Desk, message: &str, part: u32) -> Result<(Attachment, Vec<u8>), ApiError> {
    let gone = || ApiError::field("part", "This message has no such file.");
    if given::is_token(message) {
        let source = given::source(desk, message).await?;
        let found = tokio::task::spawn_blocking(move || {
            let all = ingest::Opened::new(&source).attachments();
            all.into_iter().find(|file| file.part == part).map(|file| (file, source))
        });
        return found.await.ok().flatten().ok_or_else(gone);
    }
    let known: MessageId = id("message_id", message)?;
    let (files, written) = desk
        .store
        .read(move |c| {
            let files = table::attachment::of_message(c, known)?;
            let written = match table::outgoing::of_message(c, known)? {
                Some(row) if row.state.is_here() => Some(table::outgoing::files(c, row.id)?),
                _ => None,
            };
            Ok((files, written))
        })
        .await?;
    let Some(written) = written else {
        let file = files.into_iter().find(|file| file.part == part).ok_or_else(gone)?;
        return Ok((file, conversation::raw(desk, message).await?));
    };
    // A message that has not left has no parts yet: its files are counted, and found in what would leave now.
    let place = usize::try_from(part).map_err(|_| gone())?;
    let wanted = written.get(place).cloned().ok_or_else(gone)?;
    let source = conversation::raw(desk, message).await?;
    let found = tokio::task::spawn_blocking(move || {
        let all = ingest::Opened::new(&source).attachments();
        let same = |file: &Attachment| file.name == wanted.name && file.size == wanted.size;
        all.into_iter().find(same).map(|file| (file, source))
    });
    found.await.ok().flatten().ok_or_else(gone)
}

async fn taken(source: Vec<u8>, part: u32) -> Result<Vec<u8>, ApiError> {
    tokio::task::spawn_blocking(move || render::attachment(&source, part).map(|file| file.2))
        .await
        .ok()
        .flatten()
        .ok_or_else(|| ApiError::field("part", "This message has no such file."))
}

/// Whether another program may write in a file that is laid out for it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// Nobody would see the changes.
    ReadOnly,
    /// It is copied, with what may be done with it, to where it belongs to the person.
    Writable,
}

/// Writes a file for another program, for this user alone.
pub(super) async fn lay_out(
    folder: &Path,
    path: &Path,
    bytes: &[u8],
    keep: Keep,
) -> std::io::Result<()> {
    if tokio::fs::read(path).await.is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    if tokio::fs::try_exists(folder).await? {
        tokio::fs::remove_dir_all(folder).await?;
    }
    tokio::fs::create_dir_all(folder).await?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        tokio::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).await?;
    }
    put(path, bytes).await?;
    if keep == Keep::Writable {
        return Ok(());
    }
    let mut permissions = tokio::fs::metadata(path).await?.permissions();
    permissions.set_readonly(true);
    tokio::fs::set_permissions(path, permissions).await
}

async fn put(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    tokio::fs::write(path, bytes).await?;
    #[cfg(windows)]
    {
        // Office and the shell ask before they trust what carries this mark; a disk that takes none is left alone.
        let mut mark = path.as_os_str().to_owned();
        mark.push(":Zone.Identifier");
        let _ = tokio::fs::write(mark, b"[ZoneTransfer]\r\nZoneId=3\r\n").await;
    }
    Ok(())
}

pub(super) fn unwritten(path: &str, error: &std::io::Error) -> ApiError {
    ApiError::new(Code::Storage, format!("{path} could not be written: {error}."))
}
