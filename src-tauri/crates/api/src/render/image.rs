//! Decides for every image reference whether its bytes may stand in the frame, and counts what may not.
//!
//! Invariant: whatever reaches the document is a base64 `data:` URL of a PNG, JPEG, GIF or WebP whose first bytes were
//! checked. Remote images come from the caller, already fetched; nothing is fetched here.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};

use ammonia::url::{Host, Url};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use deskbell_domain::reach::is_public;
use deskbell_engine::ingest::Opened;

use super::RemoteImages;

/// Largest single image shown inside the text.
const MAX_IMAGE: usize = 2 * 1024 * 1024;
/// Most bytes of images in one frame, each use counted.
const MAX_TOTAL: usize = 10 * 1024 * 1024;

/// The images of one message.
pub(super) struct Images<'a> {
    message: &'a Opened<'a>,
    remote: &'a RemoteImages,
    spent: usize,
    /// Marks that stand for [`Self::stash`] until [`Self::fill`]: megabytes of base64 need not be parsed again.
    /// Random, so that no mail can hold one.
    mark: String,
    stash: Vec<String>,
    /// Content-IDs of the images that the text shows, lower case.
    pub(super) shown: HashSet<String>,
    /// Remote images a person could load, in order of appearance.
    pub(super) remote_urls: Vec<String>,
    known: HashSet<String>,
    blocked: HashSet<String>,
    trackers: HashSet<String>,
    refused: HashSet<String>,
    hosts: HashSet<String>,
}

/// How an `img` ends.
pub(super) enum Shown {
    /// A `data:` URL, or rather the mark for one.
    Data(String),
    /// Its place is kept, its alternative text shown.
    Placeholder,
    /// It leaves no trace.
    Nothing,
}

/// What was not loaded.
pub(super) struct Counts {
    pub(super) blocked: u32,
    pub(super) hosts: u32,
    pub(super) trackers: u32,
    pub(super) refused: u32,
}

impl<'a> Images<'a> {
    pub(super) fn new(message: &'a Opened<'a>, remote: &'a RemoteImages) -> Self {
        Self {
            message,
            remote,
            spent: 0,
            mark: format!("data:image/png;base64,{:016x}", RandomState::new().hash_one("mark")),
            stash: Vec::new(),
            shown: HashSet::new(),
            remote_urls: Vec::new(),
            known: HashSet::new(),
            blocked: HashSet::new(),
            trackers: HashSet::new(),
            refused: HashSet::new(),
            hosts: HashSet::new(),
        }
    }

    /// Resolves the source of an `img`. A tracker (tiny or hidden) is never loaded, whoever allowed what.
    pub(super) fn image(&mut self, source: &str, tracker: bool) -> Shown {
        let source = source.trim();
        if let Some(url) = remote_url(source) {
            if tracker {
                self.trackers.insert(url.to_string());
                return Shown::Nothing;
            }
            return self.remote(&url).map_or(Shown::Placeholder, Shown::Data);
        }
        if tracker {
            return Shown::Nothing;
        }
        self.embedded(source).map_or_else(
            || {
                self.refuse(source);
                Shown::Placeholder
            },
            Shown::Data,
        )
    }

    /// Resolves a CSS or attribute background.
    pub(super) fn background(&mut self, source: &str) -> Option<String> {
        match remote_url(source.trim()) {
            Some(url) => self.remote(&url),
            None => {
                let found = self.embedded(source.trim());
                if found.is_none() {
                    self.refuse(source);
                }
                found
            }
        }
    }

    /// Counts a remote reference that is never loaded: a font, a sheet, a film, a frame.
    pub(super) fn refuse(&mut self, source: &str) {
        let source = source.trim();
        let lower = source.get(..8).unwrap_or(source).to_ascii_lowercase();
        if lower.starts_with("http:")
            || lower.starts_with("https:")
            || lower.starts_with("//")
            || lower.starts_with("ftp:")
        {
            self.refused.insert(source.to_owned());
        }
    }

    pub(super) fn counts(&self) -> Counts {
        let count = |set: &HashSet<String>| u32::try_from(set.len()).unwrap_or(u32::MAX);
        Counts {
            blocked: count(&self.blocked),
            hosts: count(&self.hosts),
            trackers: count(&self.trackers),
            refused: count(&self.refused),
        }
    }

    fn remote(&mut self, url: &Url) -> Option<String> {
        let key = url.to_string();
        if self.known.insert(key.clone()) {
            self.remote_urls.push(key.clone());
        }
        let remote = self.remote;
        let fetched = match remote {
            RemoteImages::Blocked => None,
            RemoteImages::Allowed(fetched) => fetched
                .get(&key)
                .and_then(|data| decode_data_url(data))
                .and_then(|bytes| self.spend(&bytes)),
        };
        if fetched.is_none() {
            self.hosts.extend(url.host_str().map(str::to_owned));
            self.blocked.insert(key);
        }
        fetched
    }

    fn embedded(&mut self, source: &str) -> Option<String> {
        let (scheme, rest) = source.split_once(':')?;
        if scheme.eq_ignore_ascii_case("cid") {
            let id = rest.trim_matches(['<', '>', ' ']);
            let message = self.message;
            // One byte more than may be shown tells what is too large.
            let named = |id: &str| {
                Some((id.to_ascii_lowercase(), message.by_content_id(id, MAX_IMAGE + 1)?))
            };
            let (id, bytes) = named(id).or_else(|| named(&percent_decode(id)))?;
            let data = self.spend(&bytes)?;
            self.shown.insert(id);
            return Some(data);
        }
        decode_data_url(source).and_then(|bytes| self.spend(&bytes))
    }

    fn spend(&mut self, bytes: &[u8]) -> Option<String> {
        let media_type = raster_type(bytes)?;
        if bytes.len() > MAX_IMAGE || self.spent + bytes.len() > MAX_TOTAL {
            return None;
        }
        self.spent += bytes.len();
        self.stash.push(format!("data:{media_type};base64,{}", STANDARD.encode(bytes)));
        Some(format!("{}{:08x}", self.mark, self.stash.len() - 1))
    }

    /// Puts the images into a finished document, each once.
    pub(super) fn fill(&mut self, document: &str) -> String {
        let mut pieces = document.split(self.mark.as_str());
        let mut out = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let (index, rest) = piece.split_at_checked(8).unwrap_or((piece, ""));
            let at = usize::from_str_radix(index, 16).ok();
            // A parser may have copied an element; the bytes are not copied with it.
            let data =
                at.and_then(|at| self.stash.get_mut(at)).map(std::mem::take).unwrap_or_default();
            out.push_str(if data.is_empty() { "data:image/png;base64," } else { &data });
            out.push_str(rest);
        }
        out
    }
}

/// True for a URL that [`super::remote_images`] could list; a redirect to any other is not to be followed.
pub fn may_fetch(url: &str) -> bool {
    remote_url(url).is_some()
}

/// The URL of a remote image that could be fetched: http or https, a public host name or address.
pub(super) fn remote_url(source: &str) -> Option<Url> {
    let url = if source.starts_with("//") {
        Url::parse(&format!("https:{source}"))
    } else {
        Url::parse(source)
    }
    .ok()?;
    let public = match url.host()? {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            name.contains('.')
                && !["localhost", "local", "internal", "home.arpa"]
                    .iter()
                    .any(|zone| in_zone(name, zone))
        }
        Host::Ipv4(address) => is_public(address.into()),
        Host::Ipv6(address) => is_public(address.into()),
    };
    (matches!(url.scheme(), "http" | "https") && public).then_some(url)
}

fn in_zone(name: &str, zone: &str) -> bool {
    name.strip_suffix(zone).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Decodes `data:…;base64,…`; any declared type, since only the bytes count.
fn decode_data_url(source: &str) -> Option<Vec<u8>> {
    let (scheme, rest) = source.split_once(':')?;
    let (head, body) = rest.split_once(',')?;
    if !scheme.eq_ignore_ascii_case("data")
        || !head.to_ascii_lowercase().ends_with(";base64")
        || body.len() > MAX_IMAGE * 3 / 2
    {
        return None;
    }
    let body: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    STANDARD.decode(body).ok()
}

/// The media type of a raster image by its first bytes; SVG is none, since it can hold scripts and links.
pub(crate) fn raster_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

fn percent_decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.as_bytes();
    while let [first, rest @ ..] = bytes {
        bytes = match rest {
            [high, low, tail @ ..]
                if *first == b'%' && high.is_ascii_hexdigit() && low.is_ascii_hexdigit() =>
            {
                let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or(0) as u8;
                out.push(digit(*high) * 16 + digit(*low));
                tail
            }
            _ => {
                out.push(*first);
                rest
            }
        };
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The map a caller fills with what it fetched: URL as listed by [`super::remote_images`], to a base64 `data:` URL.
pub type FetchedImages = HashMap<String, String>;
