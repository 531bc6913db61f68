//! What the browser shows once it has answered: a still page, without scripts and without anything loaded.

/// A page and its status.
#[derive(Clone, Copy)]
pub(super) struct Page {
    status: &'static str,
    language: &'static str,
    title: &'static str,
    text: &'static str,
}

pub(super) const DONE_EN: Page = Page {
    status: "200 OK",
    language: "en",
    title: "Back to Deskbell",
    text: "Deskbell has the answer. You can close this page.",
};
pub(super) const DONE_DE: Page = Page {
    status: "200 OK",
    language: "de",
    title: "Zurück zu Deskbell",
    text: "Deskbell hat die Antwort. Sie können diese Seite schließen.",
};
pub(super) const REFUSED_EN: Page = Page {
    status: "400 Bad Request",
    language: "en",
    title: "Not used",
    text: "This answer does not belong to the sign-in that Deskbell waits for. Sign in again from Deskbell.",
};
pub(super) const REFUSED_DE: Page = Page {
    status: "400 Bad Request",
    language: "de",
    title: "Nicht verwendet",
    text: "Diese Antwort gehört nicht zu der Anmeldung, auf die Deskbell wartet. Melden Sie sich in Deskbell neu an.",
};
pub(super) const NOT_FOUND: Page =
    Page { status: "404 Not Found", language: "en", title: "Nothing here", text: "" };

impl Page {
    /// The whole HTTP answer. The address line holds the code, so nothing may be kept or passed on.
    pub(super) fn whole(self) -> String {
        let Self { status, language, title, text } = self;
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
}
