//! Letters of any script and any character, and what a reader must find in them.
//!
//! What is typed is put in order before it is sent, and only so: [`on_one_line`] for everything in a header,
//! [`in_a_text`] for the text. Beyond that a reader must find every character as it was written.

use std::time::UNIX_EPOCH;

use bytes::Bytes;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use deskbell_domain::Address;
use deskbell_domain::outgoing::{Composition, OutgoingFile};

use crate::desk::{Letter, file, person};

/// The seed that every run reads, beside one that nobody chose.
const SEED: u64 = 20_261_121;

/// Characters that give mail programs trouble, and some that do not.
const WORD: &str = "[a-zA-Z0-9äöüßéñçøłžāğışÀ-ÿ漢字ひらがなカタカナ한국어العربيةעבריתไทยहिन्दीΕλλάδαРусский😀👩‍👧✂️=?_@<>\\\\\"'(),;:.!#$%&*+/^`{|}~-]{1,14}";

/// Characters that are seldom met and often lost: marks of direction and of no width, marks set on what is before
/// them, the planes beyond the first and their ends, spaces of many widths, ends of lines and controls.
const SELDOM: &str = "\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}\
    \u{61c}\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}\u{ad}\u{301}\u{308}\u{323}\u{20dd}\u{94d}\u{e34}\u{fe0e}\u{fe0f}\
    \u{1f3fd}\u{1f1e9}\u{1f1ea}\u{e0067}\u{e007f}\u{e0101}\u{20000}\u{2a6df}\u{2f804}\u{30000}\u{10000}\u{1d11e}\
    \u{e000}\u{f0000}\u{10fffd}\u{fdd0}\u{fffd}\u{fffe}\u{ffff}\u{1ffff}\u{10ffff}\u{d7ff}\u{80}\u{7ff}\u{800}\
    \u{a0}\u{1680}\u{2003}\u{200a}\u{202f}\u{205f}\u{3000}\u{85}\u{2028}\u{2029}\t\r\n\u{b}\u{c}\0\u{1b}\u{7f}\u{9f}";

/// Reads letters of two seeds, of one that is always the same and of one that nobody chose; `DESKBELL_SEED=n` reads
/// those of that one again.
pub fn by_chance(letters: u32, check: impl Fn(&Letter)) {
    let asked = std::env::var("DESKBELL_SEED").ok();
    let seeds = match asked.map(|seed| seed.parse().expect("DESKBELL_SEED is a number")) {
        Some(seed) => vec![seed],
        None => vec![SEED, fresh_seed()],
    };
    for seed in seeds {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&u64::to_le_bytes(seed));
        let dice = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let config = ProptestConfig {
            cases: letters,
            failure_persistence: None,
            ..ProptestConfig::default()
        };
        let outcome = TestRunner::new_with_rng(config, dice).run(&self::letters(), |letter| {
            check(&letter);
            Ok(())
        });
        if let Err(error) = outcome {
            panic!("DESKBELL_SEED={seed}: {error}");
        }
    }
}

fn fresh_seed() -> u64 {
    let now = UNIX_EPOCH.elapsed().expect("a clock");
    u64::from(now.subsec_nanos()) ^ now.as_secs() << 20
}

/// One line without controls: a line's end between words is a space, and a tab is one.
pub fn on_one_line(text: &str) -> String {
    let ends = ['\r', '\n', '\u{85}', '\u{2028}', '\u{2029}'];
    let mut line = String::new();
    for piece in text.split(ends) {
        let piece: String = piece
            .chars()
            .map(|c| if c == '\t' { ' ' } else { c })
            .filter(|c| !c.is_control())
            .collect();
        if !line.is_empty() && !piece.is_empty() {
            line.push(' ');
        }
        line.push_str(&piece);
    }
    line
}

/// A name has no space around it, and one of nothing else is none.
pub fn named(person: &Address) -> String {
    person.name.as_deref().map(on_one_line).unwrap_or_default().trim().to_owned()
}

/// A file is called what stands behind the last stroke: a path is nobody's business.
pub fn called(file: &OutgoingFile) -> String {
    let name = on_one_line(&file.name);
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    if name.is_empty() { "file".to_owned() } else { name.to_owned() }
}

/// Lines ended alike, without controls but tabs.
pub fn in_a_text(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

/// The files as a reader is to find them: images that the page shows, then the others; images that it does not show
/// stay behind.
pub fn wanted_files(letter: &Letter) -> Vec<(String, &Bytes)> {
    let shown = |file: &OutgoingFile| {
        let (id, html) = (file.content_id.as_deref()?, letter.composition.html.as_deref()?);
        Some(html.contains(&format!("cid:{id}")))
    };
    let of = |wanted: Option<bool>| {
        let files = letter.files.iter().filter(move |(file, _)| shown(file) == wanted);
        files.map(|(file, bytes)| (called(file), bytes))
    };
    of(Some(true)).chain(of(None)).collect()
}

fn any_word() -> impl Strategy<Value = String> {
    let seldom: Vec<char> = SELDOM.chars().collect();
    let one =
        prop_oneof![3 => any::<char>(), 2 => select(seldom), 1 => proptest::char::range(' ', '~')];
    let strange = vec(one, 1..14).prop_map(|letters| letters.into_iter().collect());
    prop_oneof![3 => WORD, 2 => strange]
}

/// Words with one space, many, other ones or none between them, and at times around them.
fn words(most: usize) -> impl Strategy<Value = String> {
    let gap = || {
        prop_oneof![
            3 => Just(" "), 1 => select(vec!["", "", "  ", "\t", " \t ", "   ", "\u{3000}"])
        ]
    };
    let edge = || prop_oneof![8 => Just(""), 1 => Just(" "), 1 => Just("  "), 1 => Just("\t")];
    (edge(), vec((any_word(), gap()), 0..most), edge()).prop_map(|(before, words, after)| {
        let words: String = words.into_iter().flat_map(|(word, gap)| [word, gap.into()]).collect();
        format!("{before}{words}{after}")
    })
}

fn file_names() -> impl Strategy<Value = String> {
    let tame = "[a-zA-Z0-9äöü漢字한국어العربية😀 =?_@'(),;!#$%&+^`{}~\"\\\\-]{1,60}";
    (prop_oneof![tame.boxed(), words(8).boxed()], select(vec![".pdf", ".png", ".txt", ""]))
        .prop_map(|(name, end)| format!("{name}{end}"))
}

fn texts() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        words(30),
        Just(String::new()),
        Just("From here".to_owned()),
        Just(".".to_owned()),
        Just(" indented".to_owned()),
        Just("> quoted".to_owned()),
        Just("-- ".to_owned()),
        Just("=20".to_owned()),
        Just("x".repeat(1_200)),
    ];
    vec(line, 1..8).prop_map(|lines| lines.join("\n"))
}

fn people(least: usize, domain: &'static str) -> impl Strategy<Value = Vec<Address>> {
    let address = prop_oneof![
        "[a-z]{1,10}[.+_-][a-z0-9]{1,10}@[a-z]{1,10}\\.".prop_map(move |start| start + domain),
        Just(format!("用户@例子.{domain}")),
        Just(format!("jörg@müller.{domain}")),
    ];
    let one = (option::of(words(4)), address).prop_map(|(name, address)| Address { name, address });
    vec(one, least..5)
}

fn files() -> impl Strategy<Value = Vec<(OutgoingFile, Bytes)>> {
    let bytes = prop_oneof![
        vec(any::<u8>(), 0..400),
        Just(b"lines\nended\r\nin\rmany ways\n\n".to_vec()),
        Just(Vec::new()),
    ];
    let kind =
        select(vec!["application/pdf", "text/plain", "image/png", "multipart/mixed", "not a type"]);
    let one = (file_names(), kind, bytes).prop_map(|(name, kind, bytes)| {
        // A reader decodes what says it is text.
        let is_text = kind == "text/plain" && std::str::from_utf8(&bytes).is_err();
        let kind = if is_text { "application/octet-stream" } else { kind };
        file(&name, kind, None, &bytes)
    });
    vec(one, 0..4)
}

/// Images of the text, each with whether the page shows it.
fn images() -> impl Strategy<Value = Vec<(bool, (OutgoingFile, Bytes))>> {
    let one = (any::<bool>(), file_names(), vec(any::<u8>(), 0..200));
    vec(one, 0..3).prop_map(|images| {
        let numbered = images.into_iter().enumerate();
        numbered
            .map(|(number, (shown, name, bytes))| {
                let id = format!("image{number}@studio.example");
                (shown, file(&name, "image/png", Some(&id), &bytes))
            })
            .collect()
    })
}

pub fn letters() -> impl Strategy<Value = Letter> {
    let html = option::of(words(20).prop_map(|words| {
        let words = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        format!("<p>{words}</p>")
    }));
    let all = (people(1, "example"), people(0, "example"), people(0, "hidden.test"));
    let subject = prop_oneof![1 => Just(String::new()), 12 => words(12)];
    let said = (subject, texts(), html, option::of(words(4)));
    (all, people(0, "example"), said, files(), images()).prop_map(
        |((to, cc, bcc), reply_to, (subject, text, html, name), mut files, images)| {
            let shown: String = images
                .iter()
                .filter(|(shown, _)| *shown)
                .filter_map(|(_, (file, _))| file.content_id.as_ref())
                .map(|id| format!("<img src=\"cid:{id}\">"))
                .collect();
            files.extend(images.into_iter().map(|(_, image)| image));
            let from = person(name.as_deref().unwrap_or_default(), "desk@studio.example");
            let composition = Composition {
                from: Some(from),
                to,
                cc,
                bcc,
                reply_to,
                subject,
                text,
                html: html.map(|html| html + &shown),
                in_reply_to: Some("parent@x.example".into()),
                references: vec!["root@x.example".into(), "parent@x.example".into()],
            };
            Letter { composition, files }
        },
    )
}
