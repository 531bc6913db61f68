//! What an API answered: status, the few headers that matter, and the body as what it should be.

use std::time::Duration;

use bytes::Bytes;
use deskbell_domain::ProviderError;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

/// A provider's words are cut after this many characters.
const WORDS_KEPT: usize = 300;
/// Nobody is left alone for longer than this, whatever is asked.
const LONGEST_PAUSE: Duration = Duration::from_secs(24 * 60 * 60);

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Bytes,
    /// The pause asked for.
    pub(crate) after: Option<Duration>,
    /// `X-Message-Id`.
    pub(crate) message_id: Option<String>,
    html: bool,
}

impl Answer {
    pub(super) fn begin(status: u16, headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let html =
            text("content-type").is_some_and(|kind| kind.trim_start().starts_with("text/html"));
        let reset = || {
            // Seconds left, or the second at which the count begins anew, by the server's own clock.
            let reset: u64 =
                text("x-ratelimit-reset").or_else(|| text("ratelimit-reset"))?.parse().ok()?;
            let now = || text("date").and_then(seconds_of);
            Some(if reset > 1_000_000_000 { reset.saturating_sub(now()?) } else { reset })
        };
        let asked = text("retry-after").and_then(|value| pause(value, text("date")));
        let after = asked.or_else(|| reset().filter(|_| status == 429).map(Duration::from_secs));
        Self {
            status,
            body: Bytes::new(),
            after: after.map(|after| after.min(LONGEST_PAUSE)),
            message_id: text("x-message-id").map(shorten).filter(|id| !id.is_empty()),
            html,
        }
    }

    /// Whether this is a page for people: a network's own sign-in page, a proxy's error. Not a word of it is
    /// the provider's.
    pub(crate) fn is_page(&self) -> bool {
        self.html || self.body.trim_ascii_start().starts_with(b"<")
    }

    /// Whether it calls itself a page, whatever it begins with.
    pub(crate) fn is_html(&self) -> bool {
        self.html
    }

    /// Whether the provider said yes.
    pub(crate) fn is_yes(&self) -> bool {
        (200..300).contains(&self.status) && !self.is_page()
    }

    /// The body as JSON of this shape.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }

    /// What a refusal to read something means; `words` are the provider's.
    pub(crate) fn refusal(&self, words: &str) -> ProviderError {
        if self.is_page() && self.status < 500 {
            return page();
        }
        match self.status {
            401 => ProviderError::Auth(format!("check the API key ({words})")),
            429 => ProviderError::RateLimited { after: self.after },
            500.. => ProviderError::Offline(format!(
                "the provider has trouble of its own ({})",
                self.status
            )),
            status => {
                ProviderError::Rejected { code: status.to_string(), message: words.to_owned() }
            }
        }
    }
}

/// A page came where an API should answer.
pub(crate) fn page() -> ProviderError {
    ProviderError::Protocol(PAGE.into())
}

/// What is said when a page comes where an API should answer.
pub(crate) const PAGE: &str = "a web page came instead of the provider's answer; this network may want you to sign in to it first, in a browser";

/// `Retry-After` in both of its forms (RFC 9110 section 10.2.3); a date is read by the server's own clock.
fn pause(value: &str, now: Option<&str>) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let at = seconds_of(value)?;
    Some(Duration::from_secs(at.saturating_sub(now.and_then(seconds_of)?)))
}

/// Seconds since 1970 of an HTTP date.
fn seconds_of(date: &str) -> Option<u64> {
    let at = httpdate::parse_http_date(date.trim()).ok()?;
    at.duration_since(std::time::UNIX_EPOCH).ok().map(|since| since.as_secs())
}

/// A provider's words on one line and not too long.
pub(crate) fn shorten(text: &str) -> String {
    let plain: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(WORDS_KEPT).collect();
    plain.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(headers: &[(&'static str, &'static str)]) -> Option<u64> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().expect("a header"));
        }
        Answer::begin(429, &map).after.map(|after| after.as_secs())
    }

    #[test]
    fn a_pause_is_read_in_every_form() {
        let date = ("date", "Sat, 21 Nov 2026 07:00:00 GMT");
        assert_eq!(after(&[("retry-after", "120")]), Some(120));
        assert_eq!(after(&[("retry-after", "Sat, 21 Nov 2026 07:02:00 GMT"), date]), Some(120));
        assert_eq!(after(&[("retry-after", "Sat, 21 Nov 2026 06:00:00 GMT"), date]), Some(0));
        assert_eq!(after(&[("ratelimit-reset", "3")]), Some(3));
        assert_eq!(after(&[("x-ratelimit-reset", "1795244460"), date]), Some(60));
        assert_eq!(after(&[("retry-after", "soon")]), None);
        assert_eq!(after(&[("retry-after", "99999999")]), Some(86_400), "a day is enough");
    }

    #[test]
    fn a_page_is_no_answer() {
        let mut answer = Answer::begin(200, &HeaderMap::new());
        answer.body = Bytes::from_static(b"\n <!doctype html><title>Welcome to the hotel</title>");
        assert!(!answer.is_yes());
        assert!(
            matches!(answer.refusal("x"), ProviderError::Protocol(words) if words.contains("web page"))
        );
        answer.body = Bytes::from_static(b"{}");
        assert!(answer.is_yes());
    }
}
