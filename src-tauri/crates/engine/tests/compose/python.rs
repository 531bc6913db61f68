//! The same letters, read by Python's `email`.

use std::cell::RefCell;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::desk::{Desk, Letter};
use crate::letters::{by_chance, in_a_text, named, on_one_line, wanted_files};
use crate::read::{tidy, unflow};

/// Letters read of each seed.
const LETTERS: u32 = 300;

/// Names are decoded by `email.header`: what the policy's `display_name` gives has a space between the encoded words of
/// a long name, which RFC 2047 section 6.2 says belong to nothing, and one space for many. What a file is called is asked
/// of its field: `get_filename` takes quotation marks off twice.
const READER: &str = r#"
import base64, email, email.policy, json, sys
from email.header import decode_header, make_header
from email.utils import getaddresses
policy = email.policy.default.clone(utf8=True)
# Characters of an address stand in the header as they are (RFC 6532); Python keeps them as escaped bytes.
plainly = lambda text: text.encode('utf8', 'surrogateescape').decode('utf8')
for line in sys.stdin:
    source = base64.b64decode(line)
    message = email.message_from_bytes(source, policy=policy)
    bare = email.message_from_bytes(source, policy=email.policy.compat32)
    raw = lambda field: [v.replace('\r\n', '') for k, v in bare.raw_items() if k == field]
    people = lambda field: [[str(make_header(decode_header(name))), plainly(address)] for name, address in getaddresses(raw(field))]
    parsed = lambda field: [plainly(a.addr_spec) for h in message.get_all(field, []) for a in h.addresses]
    for field in ('From', 'To', 'Cc', 'Reply-To'):
        assert parsed(field) == [address for _, address in people(field)], field
    plain = message.get_body(('plain',))
    page = message.get_body(('html',))
    files = [p for p in message.walk() if p.get_content_disposition()]
    print(json.dumps({
        'subject': message['Subject'],
        'fields': message.keys(),
        'from': people('From'), 'to': people('To'), 'cc': people('Cc'), 'reply_to': people('Reply-To'),
        'text': plain.get_content(),
        'html': page.get_content() if page else None,
        'files': [[p['Content-Disposition'].params['filename'], base64.b64encode(p.get_payload(decode=True)).decode()] for p in files],
        'defects': [str(d) for part in message.walk() for d in part.defects],
    }), flush=True)
"#;

#[test]
fn python_reads_what_was_written() {
    if Command::new("python3").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "python3 is needed here");
        eprintln!("SKIPPED: there is no python3 on this machine");
        return;
    }
    let desk = Desk::new();
    let python = RefCell::new(Python::start());
    by_chance(LETTERS, |letter| {
        let mail = desk.build(letter).expect("it can be built");
        check(letter, &python.borrow_mut().read(&mail.source));
    });
    python.into_inner().end();
}

struct Python {
    child: Child,
    input: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Python {
    fn start() -> Self {
        let mut child = Command::new("python3")
            .args(["-c", READER])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 starts");
        let input = child.stdin.take().expect("its input");
        let answers = BufReader::new(child.stdout.take().expect("its answers"));
        Self { child, input, answers }
    }

    /// What Python makes of a source.
    fn read(&mut self, source: &[u8]) -> Value {
        let mut line = STANDARD.encode(source);
        line.push('\n');
        self.input.write_all(line.as_bytes()).expect("python3 listens");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("python3 answers");
        serde_json::from_str(&answer).expect("an answer")
    }

    fn end(self) {
        let Self { mut child, input, .. } = self;
        drop(input);
        assert!(child.wait().expect("python3 ends").success(), "python3 read every letter");
    }
}

fn check(letter: &Letter, found: &Value) {
    let written = &letter.composition;
    assert_eq!(found["subject"], json!(on_one_line(&written.subject)), "the subject");
    for (field, list) in [
        ("from", written.from.as_slice()),
        ("to", &written.to),
        ("cc", &written.cc),
        ("reply_to", &written.reply_to),
    ] {
        let wanted: Vec<Value> = list.iter().map(|one| json!([named(one), one.address])).collect();
        assert_eq!(found[field], json!(wanted), "{field}");
    }
    let fields = found["fields"].as_array().expect("the fields");
    assert!(!fields.contains(&json!("Bcc")), "nobody reads of those in secret");
    let text = found["text"].as_str().expect("a text");
    assert_eq!(unflow(text), tidy(written), "the text");
    if let Some(html) = &written.html {
        let page = found["html"].as_str().expect("a page").replace("\r\n", "\n");
        assert!(page.contains(&in_a_text(html)), "the page: {page}");
    }
    let wanted = wanted_files(letter);
    let wanted: Vec<Value> =
        wanted.into_iter().map(|(name, bytes)| json!([name, STANDARD.encode(bytes)])).collect();
    assert_eq!(found["files"], json!(wanted), "the files");
    // An address beyond ASCII is what RFC 6532 allows and Python's reader notes.
    let shown = [&written.to, &written.cc, &written.reply_to];
    let ascii = shown.into_iter().flatten().all(|person| person.address.is_ascii());
    assert!(!ascii || found["defects"] == json!([]), "no defect: {}", found["defects"]);
}
