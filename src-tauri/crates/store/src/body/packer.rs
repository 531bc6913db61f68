//! Packs and unpacks bodies. Shared by all threads; knows every dictionary of the profile.
//!
//! A packed value is: the dictionary's number as one byte (0 for none), the unpacked length as four bytes
//! little endian, a zstd frame. The length bounds what a damaged or hostile value can make us allocate.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{OnceLock, PoisonError, RwLock};

use rusqlite::Connection;
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};

use crate::body::blobs::Blobs;
use crate::body::dictionary::{self, Samples, Trained};
use crate::body::layout::{self, Gap};
use crate::{StoreError, table};

/// Compression level: beyond it mail shrinks little and the first sync slows down.
const LEVEL: i32 = 3;
/// The longest value ever unpacked.
const LONGEST: usize = 256 * 1024 * 1024;

/// A body ready to be inserted.
#[derive(Debug)]
pub struct PackedBody {
    pub(crate) source: Vec<u8>,
    pub(crate) layout: Option<String>,
    pub(crate) text: Vec<u8>,
    pub(crate) blobs: Vec<([u8; 32], i64)>,
}

struct Dictionary {
    number: u8,
    bytes: Vec<u8>,
    /// It may hold words of erased mail: nothing is packed with it any more.
    retired: AtomicBool,
    /// Made when the first body is packed: a program that only reads needs none.
    encoder: OnceLock<EncoderDictionary<'static>>,
    decoder: OnceLock<DecoderDictionary<'static>>,
}

impl Dictionary {
    fn encoder(&self) -> &EncoderDictionary<'static> {
        self.encoder.get_or_init(|| EncoderDictionary::copy(&self.bytes, LEVEL))
    }

    fn is_retired(&self) -> bool {
        self.retired.load(Ordering::Acquire)
    }

    fn decoder(&self) -> &DecoderDictionary<'static> {
        self.decoder.get_or_init(|| DecoderDictionary::copy(&self.bytes))
    }
}

/// See the module.
pub struct Packer {
    blobs: Blobs,
    /// Kept for the life of the process, so that each thread may hold a context that borrows one.
    dictionaries: RwLock<BTreeMap<u8, &'static Dictionary>>,
    samples: Samples,
}

/// A zstd context is large to make; each thread keeps its last one of each kind, with the dictionary it was
/// made with.
struct Kept<C> {
    made_with: *const Dictionary,
    context: C,
}

thread_local! {
    static COMPRESSING: RefCell<Option<Kept<Compressor<'static>>>> = const { RefCell::new(None) };
    static DECOMPRESSING: RefCell<Option<Kept<Decompressor<'static>>>> = const { RefCell::new(None) };
}

/// Works with the kept context, making it anew where the dictionary is another than before.
fn with_context<C, T>(
    slot: &mut Option<Kept<C>>,
    dictionary: Option<&'static Dictionary>,
    make: impl FnOnce() -> std::io::Result<C>,
    work: impl FnOnce(&mut C) -> std::io::Result<T>,
) -> std::io::Result<T> {
    let made_with = dictionary.map_or(std::ptr::null(), std::ptr::from_ref);
    match slot {
        Some(kept) if kept.made_with == made_with => work(&mut kept.context),
        _ => work(&mut slot.insert(Kept { made_with, context: make()? }).context),
    }
}

fn compress_with(
    dictionary: Option<&'static Dictionary>,
    bytes: &[u8],
) -> std::io::Result<Vec<u8>> {
    let make = || match dictionary {
        Some(dictionary) => Compressor::with_prepared_dictionary(dictionary.encoder()),
        None => Compressor::new(LEVEL),
    };
    COMPRESSING.with_borrow_mut(|slot| with_context(slot, dictionary, make, |c| c.compress(bytes)))
}

fn decompress_with(
    dictionary: Option<&'static Dictionary>,
    frame: &[u8],
    capacity: usize,
) -> std::io::Result<Vec<u8>> {
    let make = || match dictionary {
        Some(dictionary) => Decompressor::with_prepared_dictionary(dictionary.decoder()),
        None => Decompressor::new(),
    };
    DECOMPRESSING.with_borrow_mut(|slot| {
        with_context(slot, dictionary, make, |d| d.decompress(frame, capacity))
    })
}

impl Packer {
    /// Reads the profile's dictionaries.
    pub(crate) fn load(c: &Connection, blobs: &Path) -> Result<Self, StoreError> {
        let stored = table::body::dictionaries(c)?;
        let used = stored.iter().any(|one| !one.retired);
        let samples = if used { Samples::default() } else { Samples::wanted() };
        let packer = Self { blobs: Blobs::new(blobs), dictionaries: RwLock::default(), samples };
        for one in stored {
            packer.adopt(one.number, &one.bytes);
            if one.retired {
                packer.retire(&[one.number]);
            }
        }
        Ok(packer)
    }

    /// Uses a stored dictionary from now on.
    pub(crate) fn adopt(&self, number: i64, bytes: &[u8]) {
        let Ok(number) = u8::try_from(number) else { return };
        let dictionary: &'static Dictionary = Box::leak(Box::new(Dictionary {
            number,
            bytes: bytes.to_vec(),
            retired: AtomicBool::new(false),
            encoder: OnceLock::new(),
            decoder: OnceLock::new(),
        }));
        let mut all = self.dictionaries.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(number, dictionary);
    }

    /// A dictionary trained on what was packed so far, exactly once, when there is enough of it.
    pub(crate) fn offer_sample(&self, source: &[u8]) -> Option<Trained> {
        self.samples.offer(source)
    }

    /// Whether no mail was erased since this was trained that it may have been trained on.
    pub(crate) fn still_stands(&self, trained: &Trained) -> bool {
        self.samples.still_stands(trained)
    }

    /// Nothing is packed with these any more; what was packed with them is still unpacked.
    pub(crate) fn retire(&self, numbers: &[i64]) {
        let all = self.dictionaries.read().unwrap_or_else(PoisonError::into_inner);
        for dictionary in all.values().filter(|one| numbers.contains(&i64::from(one.number))) {
            dictionary.retired.store(true, Ordering::Release);
        }
    }

    /// Forgets dictionaries that nothing is packed with.
    pub(crate) fn forget(&self, numbers: &[i64]) {
        let mut all = self.dictionaries.write().unwrap_or_else(PoisonError::into_inner);
        all.retain(|number, _| !numbers.contains(&i64::from(*number)));
    }

    /// Collects samples anew where there is no dictionary to pack with, and forgets those collected: mail is
    /// erased that may be among them.
    pub(crate) fn begin_samples_anew(&self) {
        self.samples.begin_anew(self.newest().is_none());
    }

    /// A packed value, packed with what is used now; its text stays what it is.
    pub(crate) fn repack(&self, packed: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.compress(&self.decompress(packed)?)
    }

    /// What of a packed source is trained on.
    pub(crate) fn sample(&self, packed: &[u8]) -> Option<Vec<u8>> {
        Some(dictionary::sample(&self.decompress(packed).ok()?))
    }

    /// Packs a body; attachments are written to disk before this returns.
    pub fn pack(&self, source: &[u8], text: &str) -> Result<PackedBody, StoreError> {
        let mut rest = Vec::new();
        let mut gaps = Vec::new();
        let mut blobs = Vec::new();
        let mut from = 0;
        for run in layout::find(source) {
            rest.extend_from_slice(source.get(from..run.start).unwrap_or_default());
            let hash = self.blobs.put(&run.bytes)?;
            blobs.push((hash, i64::try_from(run.bytes.len()).unwrap_or(i64::MAX)));
            let hex = blake3::Hash::from_bytes(hash).to_hex().to_string();
            gaps.push(Gap { at: rest.len(), hash: hex, line: run.line, crlf: run.crlf });
            from = run.end;
        }
        let (packed, layout) = if gaps.is_empty() {
            (self.compress(source)?, None)
        } else {
            rest.extend_from_slice(source.get(from..).unwrap_or_default());
            (self.compress(&rest)?, Some(table::outbox::encode(&gaps)?))
        };
        Ok(PackedBody { source: packed, layout, text: self.compress(text.as_bytes())?, blobs })
    }

    /// Keeps the bytes of a file a person attaches, on disk before this returns; the name it is found under.
    ///
    /// It stays as long as a row of `blob` counts a holder; without one the next sweep takes it.
    pub fn keep_file(&self, bytes: &[u8]) -> Result<[u8; 32], StoreError> {
        self.blobs.put_whole(bytes)
    }

    /// Whether a kept file is there, by its length.
    pub fn has_file(&self, name: &[u8; 32], size: u64) -> bool {
        i64::try_from(size).is_ok_and(|size| self.blobs.has(name, size))
    }

    /// The bytes of a kept file.
    pub fn file(&self, name: &[u8; 32]) -> Result<Vec<u8>, StoreError> {
        self.blobs.get(name)
    }

    /// Whether what a packed body needs is there to stay: its dictionary and its attachment files.
    ///
    /// Only the writer takes these away, so an answer given on its thread holds for its transaction.
    pub(crate) fn holds(&self, packed: &PackedBody) -> bool {
        let known = |value: &[u8]| {
            value.first().is_some_and(|number| {
                *number == 0 || self.dictionary(*number).is_ok_and(|one| !one.is_retired())
            })
        };
        known(&packed.source)
            && known(&packed.text)
            && packed.blobs.iter().all(|(hash, size)| self.blobs.has(hash, *size))
    }

    /// Gives a source back, byte for byte.
    pub(crate) fn unpack(
        &self,
        packed: &[u8],
        layout: Option<&str>,
    ) -> Result<Vec<u8>, StoreError> {
        let rest = self.decompress(packed)?;
        let Some(layout) = layout else { return Ok(rest) };
        let gaps: Vec<Gap> = serde_json::from_str(layout)
            .map_err(|error| StoreError::Body(format!("its layout: {error}")))?;
        let mut source = Vec::with_capacity(rest.len());
        let mut from = 0;
        for gap in gaps {
            source.extend_from_slice(rest.get(from..gap.at).unwrap_or_default());
            from = gap.at;
            let hash = blake3::Hash::from_hex(&gap.hash)
                .map_err(|error| StoreError::Body(format!("its layout: {error}")))?;
            let bytes = self.blobs.get(hash.as_bytes())?;
            source.extend_from_slice(&layout::encode(&bytes, gap.line, gap.crlf));
        }
        source.extend_from_slice(rest.get(from..).unwrap_or_default());
        Ok(source)
    }

    /// Gives a text back.
    pub(crate) fn unpack_text(&self, packed: &[u8]) -> Result<String, StoreError> {
        let bytes = self.decompress(packed)?;
        Ok(String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }

    /// The attachment files there are, whoever holds them.
    pub(crate) fn blob_files(&self) -> Vec<[u8; 32]> {
        self.blobs.files()
    }

    pub(crate) fn remove_blobs(&self, hashes: &[[u8; 32]]) {
        for hash in hashes {
            self.blobs.remove(hash);
        }
    }

    fn dictionary(&self, number: u8) -> Result<&'static Dictionary, StoreError> {
        let all = self.dictionaries.read().unwrap_or_else(PoisonError::into_inner);
        all.get(&number).copied().ok_or_else(|| {
            StoreError::Body(format!("its compression dictionary {number} is missing"))
        })
    }

    fn newest(&self) -> Option<&'static Dictionary> {
        let all = self.dictionaries.read().unwrap_or_else(PoisonError::into_inner);
        all.values().rev().find(|dictionary| !dictionary.is_retired()).copied()
    }

    fn compress(&self, bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
        let length = u32::try_from(bytes.len())
            .ok()
            .filter(|length| *length as usize <= LONGEST)
            .ok_or_else(|| StoreError::Body("it is longer than 256 MB".into()))?;
        let dictionary = self.newest();
        let frame = compress_with(dictionary, bytes)?;
        let mut packed = Vec::with_capacity(frame.len() + 5);
        packed.push(dictionary.map_or(0, |dictionary| dictionary.number));
        packed.extend_from_slice(&length.to_le_bytes());
        packed.extend_from_slice(&frame);
        Ok(packed)
    }

    fn decompress(&self, packed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let damaged = || StoreError::Body("its head is damaged".into());
        let (head, frame) = packed.split_at_checked(5).ok_or_else(damaged)?;
        let &[number, a, b, c, d] = head else { return Err(damaged()) };
        let length = u32::from_le_bytes([a, b, c, d]) as usize;
        if length > LONGEST {
            return Err(StoreError::Body("it claims to be longer than 256 MB".into()));
        }
        // zstd reserves what it is told to; a frame of a few bytes must not reserve a quarter gigabyte.
        // 32,768 is what zstd makes of one byte repeated.
        let plausible = length.min(frame.len().saturating_mul(32_768) + 131_072);
        let dictionary = match number {
            0 => None,
            _ => Some(self.dictionary(number)?),
        };
        let unpacked = decompress_with(dictionary, frame, plausible);
        let unpacked = unpacked.map_err(|error| StoreError::Body(error.to_string()))?;
        if unpacked.len() != length {
            return Err(StoreError::Body("its length is not what was stored".into()));
        }
        Ok(unpacked)
    }
}
