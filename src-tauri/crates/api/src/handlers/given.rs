//! Files handed to Deskbell from outside: an mbox or a folder of mail to be imported, a single message to be looked at.
//!
//! Invariant: the path comes from the host and stays here, the window holds a token; nothing is stored or imported
//! before the person says so.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::desk::Desk;
use crate::dto::{ApiError, Code, FileText, TokenArgs, Wish};
use crate::file;

/// Largest message that is looked at, in bytes; servers take far smaller ones.
const LARGEST: u64 = 64 * 1024 * 1024;
/// Bytes that tell an mbox.
const MARK: &[u8] = b"From ";

/// What the window is to do with a file or a folder.
pub async fn receive(desk: &Desk, path: PathBuf) -> Result<Wish, ApiError> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
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

/// A single message, as text.
pub async fn text(desk: &Desk, args: TokenArgs) -> Result<FileText, ApiError> {
    let path = desk.recall(&args.token)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let size = tokio::fs::metadata(&path).await.map_err(|error| unread(&name, &error))?.len();
    if size > LARGEST {
        let message = format!("“{name}” is too large to be shown. Import it instead.");
        return Err(ApiError::field("token", message));
    }
    let source = tokio::fs::read(&path).await.map_err(|error| unread(&name, &error))?;
    if !is_mail(&source) {
        let message = format!("“{name}” is no mail: it does not begin with a header.");
        return Err(ApiError::field("token", message));
    }
    let read = tokio::task::spawn_blocking(move || file::mail(source)).await;
    read.map_err(|error| unread(&name, &error))
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
