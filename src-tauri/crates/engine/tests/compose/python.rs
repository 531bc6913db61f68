//! The same letters, read by Python's `email`.

use std::io::Write as _;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::desk::{Desk, Letter};
use crate::read::{letters, tidy, unflow};

/// Letters read in one go.
const LETTERS: usize = 400;

const READER: &str = r#"
import base64, email, email.policy, json, sys
policy = email.policy.default.clone(utf8=True)
for line in sys.stdin:
    message = email.message_from_bytes(base64.b64decode(line), policy=policy)
    # Characters of an address stand in the header as they are (RFC 6532); Python keeps them as escaped bytes.
    plainly = lambda text: text.encode('utf8', 'surrogateescape').decode('utf8')
    people = lambda field: [[plainly(a.display_name), plainly(a.addr_spec)] for h in message.get_all(field, []) for a in h.addresses]
    plain = message.get_body(('plain',))
    page = message.get_body(('html',))
    print(json.dumps({
        'subject': message['Subject'],
        'from': people('From'), 'to': people('To'), 'cc': people('Cc'),
        'text': plain.get_content(),
        'html': page.get_content() if page else None,
        'files': [[p.get_filename(), base64.b64encode(p.get_payload(decode=True)).decode()] for p in message.iter_attachments()],
        'defects': [str(d) for part in message.walk() for d in part.defects],
    }))
"#;

#[test]
fn python_reads_what_was_written() {
    if Command::new("python3").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "python3 is needed here");
        eprintln!("SKIPPED: there is no python3 on this machine");
        return;
    }
    let desk = Desk::new();
    let mut runner = TestRunner::deterministic();
    let letters: Vec<Letter> = (0..LETTERS)
        .map(|_| letters().new_tree(&mut runner).expect("a letter").current())
        .collect();
    let answers = read(letters.iter().map(|letter| desk.build(letter).expect("is built").source));
    assert_eq!(answers.len(), letters.len(), "every letter was read");
    for (letter, found) in letters.iter().zip(&answers) {
        check(letter, found);
    }
}

/// What Python makes of each source.
fn read(sources: impl Iterator<Item = bytes::Bytes>) -> Vec<Value> {
    let mut python = Command::new("python3")
        .args(["-c", READER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 starts");
    let mut input = String::new();
    for source in sources {
        STANDARD.encode_string(&source, &mut input);
        input.push('\n');
    }
    let mut pipe = python.stdin.take().expect("its input");
    let writing = std::thread::spawn(move || pipe.write_all(input.as_bytes()));
    let output = python.wait_with_output().expect("python3 ends");
    writing.join().expect("no panic").expect("all was written");
    assert!(output.status.success(), "python3 read every letter");
    let text = String::from_utf8(output.stdout).expect("its answers");
    text.lines().map(|line| serde_json::from_str(line).expect("an answer")).collect()
}

fn check(letter: &Letter, found: &Value) {
    let written = &letter.composition;
    assert_eq!(found["subject"], json!(written.subject), "the subject");
    for (field, list) in
        [("from", written.from.as_slice()), ("to", &written.to), ("cc", &written.cc)]
    {
        let found = found[field].as_array().expect("people");
        assert_eq!(found.len(), list.len(), "{field}");
        for (found, person) in found.iter().zip(list) {
            assert_eq!(found[1], json!(person.address), "{field}");
            let name = person.name.clone().unwrap_or_default();
            let (mut found, mut wanted) = (found[0].as_str().expect("a name").to_owned(), name);
            // Python puts spaces between the words of a long name, which RFC 2047 section 6.2 says belong to nothing.
            if wanted.len() > 45 {
                found.retain(|c| c != ' ');
                wanted.retain(|c| c != ' ');
            }
            assert_eq!(found, wanted, "{field}");
        }
    }
    let text = found["text"].as_str().expect("a text");
    assert_eq!(unflow(text), tidy(written), "the text");
    if let Some(html) = &written.html {
        let page = found["html"].as_str().expect("a page");
        assert!(page.contains(html.as_str()), "the page: {page}");
    }
    let files: Value = letter
        .files
        .iter()
        .map(|(file, bytes)| json!([file.name, STANDARD.encode(bytes)]))
        .collect();
    assert_eq!(found["files"], files, "the files");
    // An address beyond ASCII is what RFC 6532 allows and Python's reader notes.
    let ascii = written.recipients().all(|person| person.address.is_ascii());
    assert!(!ascii || found["defects"] == json!([]), "no defect: {}", found["defects"]);
}
