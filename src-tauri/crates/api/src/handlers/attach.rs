//! Files of drafts: read once when they are attached, so that one deleted later still goes along.
//!
//! Invariant: no path comes from the webview; what is too large is refused before it is read.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use deskbell_domain::OutgoingId;
use deskbell_domain::outgoing::{OutgoingFile, OutgoingState};
use deskbell_engine::compose::token;
use deskbell_store::sync::outgoing as drafts;
use deskbell_store::table::{account, outgoing};

use crate::desk::Desk;
use crate::dto::{ApiError, AttachArgs, AttachBytesArgs, Attached, Code, DraftFile, FieldError};
use crate::handlers::answer::kept;
use crate::handlers::compose::draft_file;
use crate::handlers::id;
use crate::handlers::limits::{self, Room};
use crate::render;

/// Files of one draft.
const MOST_FILES: usize = 200;

/// Lets the person pick files.
pub async fn pick(desk: &Desk, args: AttachArgs) -> Result<Attached, ApiError> {
    let draft = id("id", &args.id)?;
    writable(desk, draft).await?;
    let paths = desk.host.pick_files(args.inline).await;
    paths_to(desk, draft, paths, args.inline).await
}

/// Attaches files by paths that did not come from the webview.
pub async fn paths(desk: &Desk, draft: &str, paths: Vec<PathBuf>) -> Result<Attached, ApiError> {
    let draft = id("id", draft)?;
    writable(desk, draft).await?;
    paths_to(desk, draft, paths, false).await
}

async fn paths_to(
    desk: &Desk,
    draft: OutgoingId,
    paths: Vec<PathBuf>,
    inline: bool,
) -> Result<Attached, ApiError> {
    let mut room = room_of(desk, draft).await?;
    let mut sizes = Vec::with_capacity(paths.len());
    for path in &paths {
        let meta = tokio::fs::metadata(path).await.map_err(|error| unread(path, &error))?;
        if !meta.is_file() {
            let name = name_of(path);
            return Err(ApiError::field("files", format!("“{name}” is no file. Choose a file.")));
        }
        room.take(&clean_name(&name_of(path)), meta.len())?;
        sizes.push(meta.len());
    }
    let mut files = Vec::with_capacity(paths.len());
    for (path, size) in paths.iter().zip(sizes) {
        let bytes = tokio::fs::read(path).await.map_err(|error| unread(path, &error))?;
        if bytes.len() as u64 > size {
            // It grew since it was measured.
            room.take(&clean_name(&name_of(path)), bytes.len() as u64 - size)?;
        }
        files.push(keep(desk, name_of(path), "", bytes, inline).await?);
    }
    add(desk, draft, files).await
}

/// Takes a file that was pasted or dropped.
pub async fn bytes(desk: &Desk, args: AttachBytesArgs) -> Result<Attached, ApiError> {
    let draft = id("id", &args.id)?;
    writable(desk, draft).await?;
    let mut room = room_of(desk, draft).await?;
    room.take(&clean_name(&args.name), decoded_size(&args.base64))?;
    let name = args.name.clone();
    let bytes = decoded(args.base64).await?;
    let file = keep(desk, name, &args.media_type, bytes, args.inline).await?;
    add(desk, draft, vec![file]).await
}

/// What the window sent.
pub(super) async fn decoded(base64: String) -> Result<Vec<u8>, ApiError> {
    tokio::task::spawn_blocking(move || STANDARD.decode(base64.trim()))
        .await
        .ok()
        .and_then(Result::ok)
        .ok_or_else(|| ApiError::field("base64", "The bytes of this file did not arrive whole."))
}

/// How many bytes these are, before anything is decoded: three of every four characters.
pub(super) fn decoded_size(base64: &str) -> u64 {
    base64.len() as u64 / 4 * 3
}

async fn writable(desk: &Desk, draft: OutgoingId) -> Result<(), ApiError> {
    let row = desk.store.read(move |c| outgoing::get(c, draft)).await?;
    if row.state == OutgoingState::Draft && row.discarded_at.is_none() {
        return Ok(());
    }
    Err(ApiError::field("id", "This message can no longer be written on."))
}

async fn add(
    desk: &Desk,
    draft: OutgoingId,
    files: Vec<OutgoingFile>,
) -> Result<Attached, ApiError> {
    let packer = desk.store.packer();
    let listed = files.iter().map(|file| draft_file(&packer, file)).collect();
    if !files.is_empty() {
        desk.write(move |w| drafts::attach(w, draft, &files)).await?;
    }
    Ok(Attached { files: listed })
}

async fn keep(
    desk: &Desk,
    name: String,
    claimed: &str,
    bytes: Vec<u8>,
    inline: bool,
) -> Result<OutgoingFile, ApiError> {
    let name = clean_name(&name);
    let mut media_type = media_type(&name, claimed);
    let mut content_id = None;
    if inline {
        let raster = render::raster_type(&bytes).ok_or_else(|| {
            ApiError::field(
                "files",
                format!(
                    "“{name}” is no picture that can stand inside a text. Attach it as a file."
                ),
            )
        })?;
        media_type = raster.to_owned();
        let id = token("").map_err(crate::handlers::compose::refused)?;
        content_id = id.split('@').next().map(str::to_owned);
    }
    let packer = desk.store.packer();
    tokio::task::spawn_blocking(move || kept(&packer, &bytes, name, &media_type, content_id))
        .await
        .map_err(|_| ApiError::new(Code::Internal, "This file could not be kept."))?
}

/// The files a save lists, each with what is known of it: of the draft already, or kept for it.
pub(crate) async fn listed(
    desk: &Desk,
    listed: &[DraftFile],
    known: Vec<OutgoingFile>,
) -> Result<Vec<OutgoingFile>, ApiError> {
    if listed.len() > MOST_FILES {
        return Err(ApiError::field(
            "files",
            format!("A message takes {MOST_FILES} files at most."),
        ));
    }
    let mut files = Vec::with_capacity(listed.len());
    for file in listed {
        let blob = unhex(&file.blob).ok_or_else(|| gone(&file.name))?;
        let size = match known.iter().find(|known| known.blob == blob) {
            Some(known) => known.size,
            None => {
                let packer = desk.store.packer();
                let kept = tokio::task::spawn_blocking(move || packer.file(&blob)).await;
                kept.ok().and_then(Result::ok).ok_or_else(|| gone(&file.name))?.len() as u64
            }
        };
        files.push(OutgoingFile {
            blob,
            name: clean_name(&file.name),
            media_type: media_type(&file.name, &file.media_type),
            size,
            content_id: file.content_id.clone(),
        });
    }
    Ok(files)
}

fn gone(name: &str) -> ApiError {
    ApiError::field("files", gone_words(name))
}

fn gone_words(name: &str) -> String {
    format!("“{name}” is not here any more. Attach it again.")
}

/// Notes files whose bytes are lost or damaged: who still writes can attach them again.
pub(super) async fn lost(
    desk: &Desk,
    files: &[OutgoingFile],
    wrong: &mut Vec<FieldError>,
) -> Result<(), ApiError> {
    let (packer, files) = (desk.store.packer(), files.to_vec());
    let look = move || -> Vec<String> {
        let lost = files.into_iter().filter(|file| packer.file(&file.blob).is_err());
        lost.map(|file| file.name).collect()
    };
    let lost = tokio::task::spawn_blocking(look).await;
    let lost = lost.map_err(|_| ApiError::new(Code::Internal, "This draft could not be read."))?;
    wrong.extend(lost.iter().map(|name| FieldError::new("files", gone_words(name))));
    Ok(())
}

/// What a draft still has room for.
async fn room_of(desk: &Desk, draft: OutgoingId) -> Result<Room, ApiError> {
    let (row, files, own) = desk
        .store
        .read(move |c| {
            let row = outgoing::get(c, draft)?;
            let own = account::get(c, row.account)?;
            Ok((row, outgoing::files(c, draft)?, own))
        })
        .await?;
    if files.len() >= MOST_FILES {
        let message = format!("A message takes {MOST_FILES} files at most.");
        return Err(ApiError::field("files", message));
    }
    let most = limits::of(desk, row.account).await?.most;
    Ok(Room::beside(limits::bare(&row, &own) + limits::carried(&files), most))
}

fn unread(path: &Path, error: &std::io::Error) -> ApiError {
    ApiError::field("files", format!("“{}” cannot be read: {error}.", name_of(path)))
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| "file".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// A file name without path, control characters, and characters that turn the reading direction.
pub(crate) fn clean_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
    let name: String = name.chars().filter(|c| !c.is_control() && !turns(*c)).take(200).collect();
    let name = name.trim();
    if name.is_empty() { "file".to_owned() } else { name.to_owned() }
}

/// By the name's ending; what the window claims only where the ending says nothing.
fn media_type(name: &str, claimed: &str) -> String {
    if claimed == "message/rfc822" {
        return claimed.to_owned();
    }
    let by_name = mime_guess::from_path(name).first_raw().map(str::to_owned);
    let is_type = |claimed: &str| {
        let parts: Vec<&str> = claimed.split('/').collect();
        parts.len() == 2
            && parts.iter().all(|part| {
                !part.is_empty()
                    && part.len() <= 80
                    && part.chars().all(|c| c.is_ascii_alphanumeric() || "!#$&-^_.+".contains(c))
            })
    };
    by_name
        .or_else(|| Some(claimed.to_lowercase()).filter(|claimed| is_type(claimed)))
        .unwrap_or_else(|| "application/octet-stream".to_owned())
}

pub(crate) fn hex(blob: &[u8; 32]) -> String {
    blob.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut blob = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (place, byte) in blob.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(place * 2..place * 2 + 2)?, 16).ok()?;
    }
    Some(blob)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_paths_and_tricks() {
        for (given, kept) in [
            ("/etc/passwd", "passwd"),
            ("C:\\x\\a.pdf", "a.pdf"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("a\r\nBcc: x.pdf", "aBcc: x.pdf"),
            ("..", ".."),
            ("", "file"),
        ] {
            assert_eq!(clean_name(given), kept, "{given:?}");
        }
    }

    #[test]
    fn types_follow_the_name() {
        assert_eq!(media_type("a.pdf", "text/html"), "application/pdf");
        assert_eq!(media_type("noending", "Image/PNG"), "image/png");
        assert_eq!(media_type("noending", "not a type"), "application/octet-stream");
    }

    #[test]
    fn hashes_read_back() {
        let blob: [u8; 32] = std::array::from_fn(|n| n as u8 * 7);
        assert_eq!(unhex(&hex(&blob)), Some(blob));
        assert_eq!(unhex("zz"), None);
    }
}
