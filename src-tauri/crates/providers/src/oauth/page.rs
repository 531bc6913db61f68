//! What the browser shows once it has answered: a still page, without scripts and without anything loaded.
//!
//! The words come from whoever begins the attempt, in one language or in several; the browser's own wish decides
//! among those.

/// What is said in one language; plain text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClosingWords {
    /// The language, as HTML and browsers name it: `de`.
    pub language: String,
    /// The answer was taken: heading, text.
    pub done: (String, String),
    /// The answer belongs to another attempt: heading, text.
    pub foreign: (String, String),
    /// Another address was asked for: heading.
    pub nothing: String,
}

/// What a request came to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Outcome {
    Done,
    Foreign,
    Nothing,
}

/// The words in the language the browser asks for, or else the first.
pub(super) fn chosen<'a>(all: &'a [ClosingWords], wanted: &str) -> Option<&'a ClosingWords> {
    let mut tags = wanted.split(',').map(|tag| tag.split([';', '-']).next().unwrap_or("").trim());
    let found = tags.find_map(|tag| all.iter().find(|one| one.language.eq_ignore_ascii_case(tag)));
    found.or(all.first())
}

/// The whole HTTP answer. The address line holds the code, so nothing may be kept or passed on.
pub(super) fn whole(outcome: Outcome, words: &ClosingWords) -> String {
    let (status, title, text) = match outcome {
        Outcome::Done => ("200 OK", &words.done.0, words.done.1.as_str()),
        Outcome::Foreign => ("400 Bad Request", &words.foreign.0, words.foreign.1.as_str()),
        Outcome::Nothing => ("404 Not Found", &words.nothing, ""),
    };
    let (language, title, text) = (escaped(&words.language), escaped(title), escaped(text));
    let body = format!(
        "<!doctype html><html lang=\"{language}\"><meta charset=\"utf-8\"><title>{title}</title>\
         <body style=\"font:16px system-ui;margin:20vh auto;max-width:30em;padding:0 1em\">\
         <h1 style=\"font-size:1.4em\">{title}</h1><p>{text}</p></body></html>"
    );
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'\r\n\
         Referrer-Policy: no-referrer\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(language: &str) -> ClosingWords {
        ClosingWords {
            language: language.into(),
            done: (format!("done {language}"), "a < b & c".into()),
            ..ClosingWords::default()
        }
    }

    #[test]
    fn a_browser_chooses_among_the_languages_it_is_offered() {
        let both = [words("en"), words("de")];
        let picked = |wanted: &str| chosen(&both, wanted).map(|one| one.language.as_str());
        for german in ["de", "de-DE,de;q=0.9,en;q=0.8", "DE-at", "fr,de;q=0.5,en;q=0.3"] {
            assert_eq!(picked(german), Some("de"), "{german}");
        }
        for english in ["", "en-US,de;q=0.5", "fr-FR", "deutsch"] {
            assert_eq!(picked(english), Some("en"), "{english}");
        }
        let one = [words("de")];
        assert_eq!(chosen(&one, "en").map(|one| one.language.as_str()), Some("de"), "the only one");
        assert_eq!(chosen(&[], "en"), None);
    }

    #[test]
    fn words_are_text_and_never_markup() {
        let shown = whole(Outcome::Done, &words("en"));
        assert!(shown.contains("<h1 style=\"font-size:1.4em\">done en</h1>"), "{shown}");
        assert!(shown.contains("<p>a &lt; b &amp; c</p>"), "{shown}");
    }
}
