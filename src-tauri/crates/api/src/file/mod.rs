//! What a file of a message is, and what opening it could do: by its name, its claimed type and its first bytes.
//!
//! Pure. Names and types come from the sender and prove nothing: they only ever make a file look more dangerous,
//! never less, and a picture counts as one by its bytes alone.

mod given;
mod invitation;
mod text;

pub(crate) use given::given;
pub(crate) use invitation::invitation;
pub(crate) use text::text;

use deskbell_domain::ingested::Attachment;

use crate::dto::{AttachmentInfo, FileKind, Risk};

/// Runs commands of its own when it is opened, on one system or another; images of disks hide such files.
const PROGRAMS: &[&str] = &[
    "action",
    "apk",
    "app",
    "appimage",
    "appinstaller",
    "application",
    "appx",
    "bash",
    "bat",
    "bin",
    "cab",
    "chm",
    "cmd",
    "com",
    "command",
    "cpl",
    "csh",
    "deb",
    "desktop",
    "dll",
    "dmg",
    "exe",
    "fish",
    "gadget",
    "hta",
    "img",
    "inf",
    "iso",
    "jar",
    "jnlp",
    "js",
    "jse",
    "ksh",
    "lnk",
    "msc",
    "msi",
    "msix",
    "msp",
    "one",
    "pif",
    "pkg",
    "pl",
    "ps1",
    "psm1",
    "py",
    "pyw",
    "rb",
    "reg",
    "rpm",
    "run",
    "scf",
    "scr",
    "sh",
    "sys",
    "terminal",
    "tool",
    "url",
    "vb",
    "vbe",
    "vbs",
    "vhd",
    "vhdx",
    "webloc",
    "workflow",
    "ws",
    "wsc",
    "wsf",
    "wsh",
    "xll",
    "zsh",
];
/// Office files that carry macros.
const MACROS: &[&str] = &[
    "docm", "dotm", "potm", "ppam", "ppsm", "pptm", "sldm", "xla", "xlam", "xlm", "xlsb", "xlsm",
    "xltm",
];
/// Opens as a page of a browser: it can run scripts, and imitate a place to sign in.
const PAGES: &[&str] =
    &["htm", "html", "mht", "mhtml", "shtml", "svg", "svgz", "swf", "xht", "xhtml", "xml", "xsl"];
/// What programs open as a document, a picture, a sound, a film or a box of files.
const PLAIN: &[&str] = &[
    "7z", "aac", "ai", "asc", "avi", "avif", "bmp", "csv", "dat", "doc", "docx", "dot", "dotx",
    "eml", "eps", "epub", "flac", "gif", "gz", "heic", "heif", "ics", "indd", "jpeg", "jpg",
    "json", "key", "log", "m4a", "m4v", "md", "mkv", "mov", "mp3", "mp4", "msg", "numbers", "odg",
    "odp", "ods", "odt", "oga", "ogg", "opus", "p7m", "p7s", "pages", "pdf", "png", "pps", "ppsx",
    "ppt", "pptx", "ps", "psd", "rar", "rtf", "tar", "tgz", "tif", "tiff", "tsv", "txt", "vcf",
    "wav", "webm", "webp", "xls", "xlsx", "zip",
];
/// Read as text in the window.
const TEXTS: &[&str] = &["csv", "log", "md", "tsv", "txt", "vcf"];

/// How the window can show a file.
pub(crate) fn kind(name: &str, media_type: &str) -> FileKind {
    let ending = ending(name);
    let ends = |with: &[&str]| with.contains(&ending.as_str());
    match media_type {
        "image/png" | "image/jpeg" | "image/jpg" | "image/pjpeg" | "image/gif" | "image/webp" => {
            FileKind::Picture
        }
        "text/calendar" | "application/ics" => FileKind::Invitation,
        "message/rfc822" => FileKind::Mail,
        _ if ends(&["png", "jpg", "jpeg", "gif", "webp"]) => FileKind::Picture,
        _ if ends(&["ics"]) => FileKind::Invitation,
        _ if ends(&["eml"]) => FileKind::Mail,
        _ if ends(TEXTS) => FileKind::Text,
        "text/plain"
        | "text/csv"
        | "text/markdown"
        | "text/vcard"
        | "text/x-vcard"
        | "text/rfc822-headers"
        | "message/delivery-status"
            if !ends(PROGRAMS) && !ends(PAGES) =>
        {
            FileKind::Text
        }
        _ => FileKind::Other,
    }
}

/// A file as the window lists it.
pub(crate) fn shown(file: Attachment) -> AttachmentInfo {
    AttachmentInfo {
        part: file.part,
        kind: kind(&file.name, &file.media_type),
        risk: risk(&file.name, &file.media_type, None),
        name: file.name,
        media_type: file.media_type,
        size: i64::try_from(file.size).unwrap_or(i64::MAX),
        inline: file.inline,
    }
}

/// What opening a file could do. `bytes` are its first ones, where they are at hand.
pub(crate) fn risk(name: &str, media_type: &str, bytes: Option<&[u8]>) -> Option<Risk> {
    let ending = ending(name);
    let ends = |with: &[&str]| with.contains(&ending.as_str());
    if ends(PROGRAMS) || bytes.is_some_and(is_program) {
        return Some(Risk::Program);
    }
    if ends(MACROS) {
        return Some(Risk::Macros);
    }
    if ends(PAGES) || matches!(media_type, "text/html" | "application/xhtml+xml" | "image/svg+xml")
    {
        return Some(Risk::Page);
    }
    (!ends(PLAIN)).then_some(Risk::Unknown)
}

/// What stands behind the last dot, in lower case.
fn ending(name: &str) -> String {
    // Windows drops dots and spaces at the end and opens what is left.
    let name = name.trim_end_matches(['.', ' ']);
    name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default()
}

/// Windows and DOS, Linux, macOS, Java (which macOS's fat binaries share a mark with), a script, a shortcut.
fn is_program(bytes: &[u8]) -> bool {
    [
        b"MZ".as_slice(),
        b"\x7fELF",
        b"\xcf\xfa\xed\xfe",
        b"\xce\xfa\xed\xfe",
        b"\xca\xfe\xba\xbe",
        b"#!",
        b"L\0\0\0\x01\x14\x02\0",
        b"[InternetShortcut]",
        b"[Desktop Entry]",
    ]
    .iter()
    .any(|mark| bytes.starts_with(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_run_is_named_whatever_it_calls_itself() {
        let cases = [
            ("invoice.pdf.exe", "application/pdf", Some(Risk::Program)),
            ("Rechnung.JS", "text/plain", Some(Risk::Program)),
            ("notes.txt.lnk. ", "text/plain", Some(Risk::Program)),
            ("prices.docm", "application/msword", Some(Risk::Macros)),
            ("login.html", "text/html", Some(Risk::Page)),
            ("logo.svg", "image/svg+xml", Some(Risk::Page)),
            ("attachment-2", "text/html", Some(Risk::Page)),
            ("strange.xyz", "application/octet-stream", Some(Risk::Unknown)),
            ("noending", "application/pdf", Some(Risk::Unknown)),
            ("contract.pdf", "application/pdf", None),
            ("Über uns.DOCX", "application/octet-stream", None),
        ];
        for (name, media_type, expected) in cases {
            assert_eq!(risk(name, media_type, None), expected, "{name}");
        }
        assert_eq!(risk("contract.pdf", "application/pdf", Some(b"MZ\x90")), Some(Risk::Program));
        assert_eq!(risk("contract.pdf", "application/pdf", Some(b"%PDF-1.7")), None);
    }

    #[test]
    fn a_file_is_shown_by_type_or_else_by_name() {
        let cases = [
            ("a.jpg", "application/octet-stream", FileKind::Picture),
            ("a.bin", "image/png", FileKind::Picture),
            ("a.heic", "image/heic", FileKind::Other),
            ("a.svg", "image/svg+xml", FileKind::Other),
            ("a.csv", "application/vnd.ms-excel", FileKind::Text),
            ("a.js", "text/plain", FileKind::Other),
            ("a.html", "text/html", FileKind::Other),
            ("invite.ics", "application/octet-stream", FileKind::Invitation),
            ("Termin.eml", "message/rfc822", FileKind::Mail),
        ];
        for (name, media_type, expected) in cases {
            assert_eq!(kind(name, media_type), expected, "{name}");
        }
    }
}
