//! Files handed to Deskbell from outside: an mbox or a folder of mail to be imported, a single message to be looked at
//! and, if the person wants it, imported.
//!
//! Invariant: the path comes from the host and stays here, the window holds a token, which also stands for the message
//! in `message_body` and in the attachment commands; nothing is stored or imported before the person says so. What is
//! dropped on the window comes without a path: it lies among the files opened, until the next start clears them away.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use deskbell_domain::AccountId;
use deskbell_engine::compose::token;
use deskbell_engine::ingest;

use crate::desk::{Desk, PICKED};
use crate::dto::{Account, ApiError, Code, GivenBytes, GivenImport, GivenMail, TokenArgs, Wish};
use crate::file;
use crate::handlers::accounts::refuse_read_only;
use crate::handlers::attach::{decoded, decoded_size};
use crate::handlers::attachment::{Keep, lay_out, unwritten};
use crate::handlers::{collections, compose, optional_id};

/// Largest message that is looked at, in bytes; servers take far smaller ones.
const LARGEST: u64 = 64 * 1024 * 1024;
/// What a message is called that came without a name.
const NAMELESS: &str = "message.eml";
/// Bytes that tell an mbox.
const MARK: &[u8] = b"From ";

/// What the window is to do with a file or a folder.
pub async fn receive(desk: &Desk, path: PathBuf) -> Result<Wish, ApiError> {
    let name = shown(&path);
    let looked = path.clone();
    let begins = tokio::task::spawn_blocking(move || many(&looked)).await;
    let many =
        begins.map_err(|error| unread(&name, &error))?.map_err(|error| unread(&name, &error))?;
    if !many {
        return Ok(Wish::Mail { token: desk.remember(path), name });
    }
    Ok(Wish::Import {
        own_address: desk.gateway.guess_owner(path.clone()).await,
        path: path.display().to_string(),
        token: desk.remember(path),
    })
}

/// What the window is to do with a file that was dropped on it.
pub async fn bytes(desk: &Desk, args: GivenBytes) -> Result<Wish, ApiError> {
    // The name is the webview's word: of a path only its end is taken, and nothing a file system takes amiss.
    let name = ingest::safe_name(&args.name).unwrap_or_else(|| NAMELESS.to_owned());
    if decoded_size(&args.base64) > LARGEST {
        return Err(too_large("base64", &name));
    }
    let bytes = decoded(args.base64).await?;
    let folder = desk.opened().join(token("").map_err(compose::refused)?);
    let path = folder.join(&name);
    lay_out(&folder, &path, &bytes, Keep::ReadOnly)
        .await
        .map_err(|error| unwritten(&name, &error))?;
    receive(desk, path).await
}

/// Whether a message's name is the token of a file rather than the id of a row.
pub(super) fn is_token(message: &str) -> bool {
    message.starts_with(PICKED)
}

/// A single message, in the form of any other, and where it could be imported.
pub async fn mail(desk: &Desk, args: TokenArgs) -> Result<GivenMail, ApiError> {
    let path = desk.recall(&args.token)?;
    let source = source(desk, &args.token).await?;
    let written =
        tokio::fs::metadata(&path).await.ok().and_then(|metadata| metadata.modified().ok());
    let since = written.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    let at = since.and_then(|since| i64::try_from(since.as_millis()).ok()).unwrap_or_default();
    let token = args.token;
    let message = tokio::task::spawn_blocking(move || file::given(token, source, at)).await;
    let message = message.map_err(|error| unread(&shown(&path), &error))?;
    Ok(GivenMail { message, collections: collections::list(desk).await? })
}

/// Imports a single message into a collection of such, or into a new one.
pub async fn import(desk: &Desk, form: GivenImport) -> Result<Account, ApiError> {
    refuse_read_only(desk)?;
    let source = read(&desk.recall(&form.token)?).await?;
    let account = optional_id::<AccountId>("account_id", form.account_id.as_deref())?;
    match account {
        Some(account) => collections::add_to(desk, account, source).await,
        None => collections::begin(desk, source, &form.name, &form.own_address).await,
    }
}

/// The source of a single message that is to be shown.
pub(super) async fn source(desk: &Desk, token: &str) -> Result<Vec<u8>, ApiError> {
    let path = desk.recall(token)?;
    let name = shown(&path);
    let size = tokio::fs::metadata(&path).await.map_err(|error| unread(&name, &error))?.len();
    if size > LARGEST {
        return Err(too_large("token", &name));
    }
    read(&path).await
}

fn too_large(field: &str, name: &str) -> ApiError {
    let message = format!("“{name}” is too large to be shown. Import it instead.");
    ApiError::field(field, message)
}

/// Reads a single message, however large.
async fn read(path: &Path) -> Result<Vec<u8>, ApiError> {
    let name = shown(path);
    let source = tokio::fs::read(path).await.map_err(|error| unread(&name, &error))?;
    if !is_mail(&source) {
        let message = format!("“{name}” is no mail: it does not begin with a header.");
        return Err(ApiError::field("token", message));
    }
    Ok(source)
}

/// The file's name, as a person sees it.
fn shown(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Whether more than one message lies there.
fn many(path: &Path) -> std::io::Result<bool> {
    if path.is_dir() {
        return Ok(true);
    }
    let mut start = Vec::new();
    std::fs::File::open(path)?.take(MARK.len() as u64).read_to_end(&mut start)?;
    Ok(start == MARK)
}

/// Whether it begins as RFC 5322 has it: with a field's name, a colon behind it.
fn is_mail(source: &[u8]) -> bool {
    let source = source.strip_prefix(b"\xef\xbb\xbf").unwrap_or(source);
    let name = source.split(|byte| *byte == b':').next().unwrap_or_default();
    let letters = |byte: &u8| (33..=126).contains(byte);
    name.len() < source.len() && !name.is_empty() && name.iter().all(letters)
}

fn unread(name: &str, error: &dyn std::fmt::Display) -> ApiError {
    ApiError::new(Code::Storage, format!("“{name}” could not be read: {error}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_begins_with_a_header_and_an_mbox_with_from() {
        assert!(is_mail(b"Subject: Hello\r\n\r\nWords"));
        assert!(is_mail(b"\xef\xbb\xbfFrom: a@b.example\n\n"));
        for none in [b"".as_slice(), b"%PDF-1.7 x: y", b"no header here", b": x", b"\x7fELF\0:"] {
            assert!(!is_mail(none), "{none:?}");
        }
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).expect("a file");
            path
        };
        assert!(many(&file("a.mbox", "From x@y.example Sat\nSubject: a\n\n")).expect("is read"));
        assert!(!many(&file("a.eml", "From: x@y.example\n\n")).expect("is read"));
        assert!(!many(&file("b.eml", "")).expect("is read"));
        assert!(many(folder.path()).expect("is read"), "a folder is imported");
        assert!(many(&folder.path().join("gone")).is_err());
    }
}
