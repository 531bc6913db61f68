//! The message answered or handed on, as it stands below the new text.
//!
//! Invariant: a quoted mail is cleaned like everything else that is sent; its images come along only where
//! they are part of it.

use deskbell_domain::template::escape;
use deskbell_domain::{Address, Millis};
use deskbell_engine::ingest::{Opened, Piece};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::dto::QuoteWords;
use crate::render;
use deskbell_engine::compose::clean;

/// Most HTML of one message that is quoted; of a longer one only its beginning.
const MOST: usize = 1024 * 1024;
/// Largest image carried over, and most of them.
const IMAGE: usize = 5 * 1024 * 1024;
const IMAGES: usize = 30;

/// A message's text, ready to be quoted.
#[derive(Debug, Default)]
pub(crate) struct Quoted {
    /// Clean HTML.
    pub(crate) html: String,
    /// The images it shows.
    pub(crate) images: Vec<Image>,
}

/// An image inside a quoted text.
#[derive(Debug)]
pub(crate) struct Image {
    /// Content-ID without brackets.
    pub(crate) id: String,
    /// By its bytes.
    pub(crate) media_type: &'static str,
    /// The file.
    pub(crate) bytes: Vec<u8>,
}

impl Quoted {
    /// Takes images out that cannot come along: a text does not show what it does not bring.
    pub(crate) fn without(&mut self, ids: &[String]) {
        for id in ids {
            let named = format!("src=\"cid:{}\"", id.replace('&', "&amp;"));
            while let Some(at) = self.html.find(&named) {
                let begins = self.html.get(..at).and_then(|before| before.rfind("<img"));
                let ends = self.html.get(at..).and_then(|after| after.find('>'));
                let (Some(begins), Some(ends)) = (begins, ends) else { break };
                self.html.replace_range(begins..=at + ends, "");
            }
        }
        self.images.retain(|image| !ids.contains(&image.id));
    }
}

/// Reads the text of a source for quoting.
pub(crate) fn quoted(source: &[u8]) -> Quoted {
    render::on_deep_stack(|| read(source)).unwrap_or_default()
}

fn read(source: &[u8]) -> Quoted {
    let opened = Opened::new(source);
    let mut html = String::new();
    for as_html in [true, false] {
        for piece in opened.pieces(as_html) {
            let markup = match piece {
                Piece::Html(markup) => markup,
                Piece::Plain { text, flowed, del_sp } => {
                    render::plain_to_html(&text, flowed, del_sp)
                }
            };
            let end = markup.floor_char_boundary(MOST.min(markup.len()));
            html.push_str(&clean(markup.get(..end).unwrap_or_default()));
        }
        if !deskbell_engine::compose::text_of(&html).trim().is_empty() || html.contains("<img") {
            break;
        }
        html.clear();
    }
    let mut images = Vec::new();
    let mut seen = Vec::new();
    for after in html.split("src=\"cid:").skip(1).take(IMAGES) {
        let id = after.split('"').next().unwrap_or_default().replace("&amp;", "&");
        if seen.contains(&id) {
            continue;
        }
        seen.push(id.clone());
        let Some(bytes) = opened.by_content_id(&id, IMAGE) else { continue };
        if let Some(media_type) = render::raster_type(&bytes) {
            images.push(Image { id, media_type, bytes: bytes.into_owned() });
        }
    }
    Quoted { html, images }
}

/// "On Monday, Mara wrote:" and the text, as below an answer.
pub(crate) fn wrote(quoted: &str, author: &str, at: Millis, words: &QuoteWords) -> String {
    let line = words.wrote.replace("{date}", &time(at, words)).replace("{name}", author);
    format!(
        "<div data-quote=\"\"><p>{}</p><blockquote type=\"cite\">{quoted}</blockquote></div>",
        escape(&line)
    )
}

/// What a message that is handed on says of itself.
pub(crate) struct Head<'a> {
    pub(crate) from: Option<&'a Address>,
    pub(crate) date: Millis,
    pub(crate) subject: &'a str,
    pub(crate) to: &'a [Address],
    pub(crate) cc: &'a [Address],
}

/// "Forwarded message", who wrote it when to whom, and the text.
pub(crate) fn forwarded(quoted: &str, head: &Head<'_>, words: &QuoteWords) -> String {
    let field = |place: usize, plain: &str| {
        escape(words.fields.get(place).map_or(plain, String::as_str)).into_owned()
    };
    let spell = |person: &Address| match &person.name {
        Some(name) if !name.trim().is_empty() => format!("{name} <{}>", person.address),
        _ => person.address.clone(),
    };
    let all = |people: &[Address]| people.iter().map(spell).collect::<Vec<_>>().join(", ");
    let lines = [
        (field(0, "From"), head.from.map(spell).unwrap_or_default()),
        (field(1, "Date"), time(head.date, words)),
        (field(2, "Subject"), head.subject.to_owned()),
        (field(3, "To"), all(head.to)),
        (field(4, "Cc"), all(head.cc)),
    ];
    let lines: Vec<String> = lines
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}: {}", escape(value)))
        .collect();
    format!(
        "<div data-quote=\"\"><p>---------- {} ----------<br>{}</p>{quoted}</div>",
        escape(&words.forwarded),
        lines.join("<br>")
    )
}

/// A moment as the window wrote it, else as every language reads it, by this machine's clock.
fn time(at: Millis, words: &QuoteWords) -> String {
    if let Some(date) = &words.date {
        return date.clone();
    }
    let at = Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> QuoteWords {
        QuoteWords {
            wrote: "On {date}, {name} wrote:".into(),
            forwarded: "Forwarded message".into(),
            fields: ["From", "Date", "Subject", "To", "Cc"].map(str::to_owned).to_vec(),
            date: None,
        }
    }

    #[test]
    fn a_hostile_mail_is_quoted_without_its_teeth() {
        let source = b"From: a@x.example\r\nContent-Type: text/html\r\n\r\n<p onclick=x()>Hi<img src=https://t.example/p.gif><script>x()</script></p>";
        let quoted = quoted(source);
        assert_eq!(quoted.html.trim(), "<p>Hi</p>");
        let html = wrote(&quoted.html, "<b>Eve</b>", 0, &words());
        assert!(html.contains("&lt;b&gt;Eve&lt;/b&gt; wrote:"), "a name is no markup: {html}");
    }

    #[test]
    fn an_image_that_is_part_of_the_mail_comes_along() {
        let source = concat!(
            "From: a@x.example\r\nContent-Type: multipart/related; boundary=b\r\n\r\n",
            "--b\r\nContent-Type: text/html\r\n\r\n<p>Logo <img src=\"cid:logo@x\"></p>\r\n",
            "--b\r\nContent-Type: image/png\r\nContent-ID: <logo@x>\r\nContent-Transfer-Encoding: base64\r\n\r\n",
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==\r\n--b--\r\n"
        );
        let quoted = quoted(source.as_bytes());
        assert!(quoted.html.contains("<img src=\"cid:logo@x\">"), "{}", quoted.html);
        let images: Vec<_> = quoted.images.iter().map(|i| (i.id.as_str(), i.media_type)).collect();
        assert_eq!(images, [("logo@x", "image/png")]);
    }

    #[test]
    fn an_image_that_stays_behind_leaves_no_gap_in_the_text() {
        let image = |id: &str| Image { id: id.into(), media_type: "image/png", bytes: Vec::new() };
        let html = r#"<p>A<img alt="x" src="cid:a&amp;b"> B<img src="cid:c"></p>"#.to_owned();
        let mut quoted = Quoted { html, images: vec![image("a&b"), image("c")] };
        quoted.without(&["a&b".to_owned()]);
        assert_eq!(quoted.html, r#"<p>A B<img src="cid:c"></p>"#);
        assert_eq!(quoted.images.len(), 1);
    }

    #[test]
    fn a_plain_mail_is_quoted_as_well() {
        let source = b"From: a@x.example\r\n\r\nHello <Ruth>,\r\n\r\nsee you.\r\n";
        let html = quoted(source).html;
        assert!(html.contains("Hello &lt;Ruth&gt;,"), "{html}");
    }

    #[test]
    fn what_is_handed_on_says_where_it_comes_from() {
        let from = Address { name: Some("Mara".into()), address: "mara@x.example".into() };
        let head = Head { from: Some(&from), date: 0, subject: "A <b>", to: &[], cc: &[] };
        let html = forwarded("<p>x</p>", &head, &words());
        assert!(html.contains("From: Mara &lt;mara@x.example&gt;<br>Date: "), "{html}");
        assert!(html.contains("Subject: A &lt;b&gt;</p><p>x</p>"), "{html}");
    }

    #[test]
    fn who_else_was_to_know_stands_below_whom_it_was_to() {
        let person = |address: &str| Address { name: None, address: address.into() };
        let (to, cc) = ([person("ruth@x")], [person("tom@x"), person("jonas@x")]);
        let head = Head { from: None, date: 0, subject: "", to: &to, cc: &cc };
        let mut words = words();
        let html = forwarded("<p>x</p>", &head, &words);
        assert!(html.contains("To: ruth@x<br>Cc: tom@x, jonas@x</p>"), "{html}");
        let plain = deskbell_engine::compose::text_of(&html);
        assert!(plain.contains("To: ruth@x\nCc: tom@x, jonas@x\n"), "{plain}");
        words.fields = ["Von", "Datum", "Betreff", "An", "Kopie"].map(str::to_owned).to_vec();
        let html = forwarded("", &head, &words);
        assert!(html.contains("An: ruth@x<br>Kopie: tom@x, jonas@x</p>"), "{html}");
        let html = forwarded("", &Head { cc: &[], ..head }, &words);
        assert!(!html.contains("Kopie"), "where there is nobody, nothing is said: {html}");
    }

    #[test]
    fn a_date_stands_as_the_window_writes_it() {
        let german = QuoteWords { date: Some("21. November 2026 um 09:05".into()), ..words() };
        let html = wrote("<p>x</p>", "Mara", 0, &german);
        assert!(html.contains("On 21. November 2026 um 09:05, Mara wrote:"), "{html}");
        let head = Head { from: None, date: 0, subject: "", to: &[], cc: &[] };
        let html = forwarded("<p>x</p>", &head, &german);
        assert!(html.contains("Date: 21. November 2026 um 09:05"), "{html}");
    }
}
