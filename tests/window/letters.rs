//! A Monday's mail with everything that comes with mail: pictures, texts, a document that could do harm, an
//! invitation, a newsletter with pictures elsewhere, and text wrapped by an old program.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// Who the mailbox belongs to.
pub const STUDIO: &str = "studio@inkwell.example";
/// The mail with files of every kind.
pub const FILES: &str = "Photos of the healed piece";
/// The mail with a calendar part.
pub const INVITATION: &str = "First aid in the studio";
/// The mail with pictures on another server.
pub const NEWSLETTER: &str = "Winter colours are here";
/// The mail with hard-wrapped lines.
pub const WRAPPED: &str = "Question before Thursday";
/// The beginning of the subjects of the mails that are put away together.
pub const ROUTINE: &str = "Receipt";

const LARGE: &[u8] = include_bytes!("../../icons/128x128@2x.png");
const SMALL: &[u8] = include_bytes!("../../icons/128x128.png");

/// The mailbox as an mbox file, oldest first.
pub fn mbox() -> Vec<u8> {
    let mut mails: Vec<String> = (0..9).map(routine).collect();
    mails.extend([newsletter(), wrapped(), invitation(), files()]);
    let mut mbox = String::new();
    for mail in mails {
        mbox.push_str("From - Sat Nov 21 08:00:00 2026\n");
        mbox.push_str(&mail.replace("\r\n", "\n").replace("\nFrom ", "\n>From "));
        mbox.push_str("\n\n");
    }
    mbox.into_bytes()
}

fn head(from: &str, subject: &str, minute: usize) -> String {
    format!(
        "From: {from}\nTo: Inkwell Studio <{STUDIO}>\nSubject: {subject}\n\
         Date: Sat, 21 Nov 2026 07:{minute:02}:00 +0000\nMessage-ID: <morning-{minute}@stories.example>\nMIME-Version: 1.0\n"
    )
}

fn routine(number: usize) -> String {
    let from = "Ink & Needle Supplies <billing@inkneedle.example>";
    let subject = format!("{ROUTINE} {}", 20_417 + number);
    format!(
        "{}Content-Type: text/plain\n\nYour order has been paid. Thank you.\n",
        head(from, &subject, number)
    )
}

fn wrapped() -> String {
    let text = "Good morning,\n\nI would like to ask whether the piece on my forearm can be touched up on\n\
                the same day, since the line near the wrist has faded a little over the\n\
                summer and I am only in town until Friday. My list so far:\n\n- the line near the wrist\n- the small leaf above it\n\n\
                Best wishes\nJonas\n\n-- \nJonas Okafor\n+49 69 1234\n";
    format!(
        "{}Content-Type: text/plain; charset=utf-8\n\n{text}",
        head("Jonas Okafor <jonas@client.example>", WRAPPED, 40)
    )
}

fn newsletter() -> String {
    let page = "<html><body style=\"background:#f6f1e7;color:#2b2620\"><h2>New pigments, softer tones</h2>\
                <img src=\"http://pictures.shop.example/banner.png\" width=\"128\" height=\"128\" alt=\"Eleven bottles\">\
                <p>Eleven colours, mixed in small batches. Free delivery this week.</p></body></html>";
    format!(
        "{}Content-Type: text/html; charset=utf-8\n\n{page}\n",
        head("Studio Collective <news@shop.example>", NEWSLETTER, 35)
    )
}

fn invitation() -> String {
    let event = "BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:first-aid@academy.example\n\
                 DTSTAMP:20261105T080002Z\nDTSTART;TZID=Europe/Berlin:20261124T180000\nDTEND;TZID=Europe/Berlin:20261124T200000\n\
                 SUMMARY:First aid in the studio\nLOCATION:Academy\\, Canal Street 22\n\
                 ORGANIZER;CN=Academy for Studio Hygiene:mailto:courses@academy.example\nEND:VEVENT\nEND:VCALENDAR\n";
    format!(
        "{}Content-Type: multipart/mixed; boundary=cut\n\n--cut\nContent-Type: text/plain; charset=utf-8\n\n\
         Dear studio,\n\nthe course takes place as planned. Please bring your gloves.\n\n\
         --cut\nContent-Type: text/calendar; charset=utf-8; method=REQUEST\n\n{event}\n--cut--\n",
        head("Academy for Studio Hygiene <courses@academy.example>", INVITATION, 45)
    )
}

fn files() -> String {
    let text = "Good morning,\n\nit has healed well, two photos attached. The sizes you asked for are in the list.\n\nMara\n";
    let mut mail = format!(
        "{}Content-Type: multipart/mixed; boundary=cut\n\n--cut\nContent-Type: text/plain; charset=utf-8\n\n{text}\n",
        head("Mara Voss <mara@client.example>", FILES, 50)
    );
    for (name, media_type, bytes) in [
        ("healed, daylight.png", "image/png", LARGE),
        ("healed, close.png", "image/png", SMALL),
        ("sizes.txt", "text/plain", b"forearm 8 cm\nwrist 3 cm\n".as_slice()),
        ("consent form.docm", "application/vnd.ms-word.document.macroEnabled.12", b"PK\x03\x04"),
    ] {
        mail.push_str(&format!(
            "--cut\nContent-Type: {media_type}; name=\"{name}\"\nContent-Disposition: attachment; filename=\"{name}\"\n\
             Content-Transfer-Encoding: base64\n\n{}\n",
            base64(bytes)
        ));
    }
    mail.push_str("--cut--\n");
    mail
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for (at, group) in bytes.chunks(3).enumerate() {
        if at > 0 && at % 19 == 0 {
            text.push('\n');
        }
        let three = [group[0], *group.get(1).unwrap_or(&0), *group.get(2).unwrap_or(&0)];
        let bits = u32::from_be_bytes([0, three[0], three[1], three[2]]);
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place)) as usize & 63];
            text.push(if place > group.len() { '=' } else { char::from(letter) });
        }
    }
    text
}

/// Stands between the window and the web: answers every request with a picture and keeps what was asked.
pub struct Web {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Web {
    /// Listens on a free port of loopback until the test ends.
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A visitor who leaves before the answer is no matter here.
                let _ = answer(stream, &kept);
            }
        });
        Self { port, asked }
    }

    /// Where it stands, as a proxy.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The heads of all requests so far.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn answer(mut stream: TcpStream, kept: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut head = String::new();
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    while let Some(line) = lines.next().transpose()?.filter(|line| !line.is_empty()) {
        head.push_str(&line);
        head.push('\n');
    }
    kept.lock().unwrap().push(head);
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        SMALL.len()
    )?;
    stream.write_all(SMALL)
}
