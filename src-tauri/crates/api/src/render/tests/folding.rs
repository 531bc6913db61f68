//! Quoted text is folded, and what the author wrote is always in sight.

use super::*;

fn folded(html: &str) -> Rendered {
    let rendered = assert_inert(html);
    assert!(rendered.quoted_folded, "must be folded: {}", body_of(&rendered));
    assert_eq!(body_of(&rendered).matches("<details").count(), 1, "{}", body_of(&rendered));
    assert!(
        body_of(&rendered).contains("<summary>Show quoted text</summary>"),
        "{}",
        body_of(&rendered)
    );
    let (own, _) = body_of(&rendered).split_once("<details").expect("a fold");
    assert!(words_of(own).contains("Thanks"), "the answer stays in sight: {own}");
    assert!(!words_of(own).contains("Tuesday"), "the quote does not: {own}");
    rendered
}

#[test]
fn every_client_s_way_to_quote_is_folded() {
    for html in [
        "<div dir=ltr>Thanks!</div><br><div class='gmail_quote gmail_quote_container'><div class=gmail_attr>On Mon, Mara wrote:</div><blockquote class=gmail_quote>Tuesday?</blockquote></div>",
        "<p>Thanks!</p><div class=moz-cite-prefix>Am 03.05.2026 um 10:00 schrieb Mara:<br></div><blockquote type=cite cite='mid:1'>Tuesday?</blockquote>",
        "Thanks!<br><br>On 3 May 2026, at 10:00, <a href='mailto:m@a.example'>Mara</a> wrote:<br><blockquote>Tuesday?</blockquote>",
        "<p>Thanks!</p><hr><div id=divRplyFwdMsg><b>From:</b> Mara</div><div>Tuesday?</div>",
        "<p>Thanks!</p><div id=x_appendonsend></div><hr><div><b>Von:</b> Mara</div><div>Tuesday?</div>",
        "<div class=WordSection1><p>Thanks!</p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p><b>From:</b> Mara<br><b>Sent:</b> Monday<br><b>Subject:</b> Hi</p></div></div><p>Tuesday?</p></div>",
        "<div>Thanks!</div><div>-----Original Message-----<br>From: Mara</div><div>Tuesday?</div>",
        "<div>Thanks!</div><div class=yahoo_quoted>On Monday, Mara wrote: Tuesday?</div>",
        "<div>Thanks!</div><div class=protonmail_quote>Tuesday?</div>",
        "<p>Thanks!</p><p>Le lun. 3 mai 2026 à 10:00, Mara a écrit&nbsp;:</p><blockquote>Tuesday?</blockquote>",
    ] {
        folded(html);
    }
}

#[test]
fn plain_quotes_are_folded_with_the_line_that_introduces_them() {
    for text in [
        "Thanks!\n\nOn Mon, 3 May 2026 at 10:00, Mara <m@a.example> wrote:\n> Tuesday?\n> At ten?\n",
        "Thanks!\n\nAm 03.05.2026 um 10:00 schrieb Mara:\n> Tuesday?\n",
        "Thanks!\n\n-----Ursprüngliche Nachricht-----\nVon: Mara\nGesendet: Montag\n\nTuesday?\n",
        "Thanks!\n\nFrom: Mara\nSent: Monday\nTo: Desk\n\nTuesday?\n",
    ] {
        let rendered = render(&mail("Re: Hi", "text/plain; charset=utf-8", text), &options());
        let (own, quoted) = body_of(&rendered)
            .split_once("<details")
            .unwrap_or_else(|| panic!("a fold in {}", body_of(&rendered)));
        assert!(rendered.quoted_folded, "{text}");
        assert!(words_of(own).contains("Thanks!") && !words_of(own).contains("Mara"), "{own}");
        assert!(words_of(quoted).contains("Tuesday?"), "{quoted}");
    }
}

#[test]
fn a_mail_that_is_only_a_quote_is_open() {
    for html in [
        "<div class=gmail_quote>Tuesday?</div>",
        "<blockquote type=cite>Tuesday?</blockquote>&nbsp;<br>",
        "<hr><div id=divRplyFwdMsg>From: Mara</div><p>Tuesday?</p>",
    ] {
        let rendered = assert_inert(html);
        assert!(!rendered.quoted_folded, "{html}");
        assert!(
            !body_of(&rendered).contains("<details class=\"db-quoted\">"),
            "nothing closed: {}",
            body_of(&rendered)
        );
        assert!(words_of(&rendered.document).contains("Tuesday?"));
    }
}

#[test]
fn answers_between_the_lines_keep_their_questions() {
    let rendered = assert_inert(
        "<blockquote type=cite>Tuesday?</blockquote><p>Yes.</p><blockquote type=cite>At ten?</blockquote><p>Eleven.</p>",
    );
    assert!(!rendered.quoted_folded);
    assert!(!body_of(&rendered).contains("<details"), "{}", body_of(&rendered));
    assert_eq!(words_of(&rendered.document), "Tuesday? Yes. At ten? Eleven.");
}

#[test]
fn a_forwarded_message_is_open() {
    let html = "<p>See below</p><div class=gmail_quote><div class=gmail_attr>---------- Forwarded message ---------<br>From: Mara</div>Tuesday?</div>";
    assert!(!assert_inert(html).quoted_folded);
    let outlook = mail(
        "WG: Termin",
        "text/html; charset=utf-8",
        "<p>siehe unten</p><div id=divRplyFwdMsg>Von: Mara</div><p>Dienstag?</p>",
    );
    assert!(!render(&outlook, &options()).quoted_folded);
}

#[test]
fn signatures_are_dimmed_and_stay() {
    let rendered =
        assert_inert("<p>Thanks!</p><div class=gmail_signature>Mara Voss<br>Studio</div>");
    assert!(
        body_of(&rendered).contains("class=\"gmail_signature db-signature\""),
        "{}",
        body_of(&rendered)
    );
    let text = render(&mail("Hi", "text/plain", "Thanks!\n-- \nMara Voss\nStudio\n"), &options());
    assert!(body_of(&text).contains("db-signature"), "{}", body_of(&text));
    assert!(words_of(&text.document).contains("Mara Voss"));
}

#[test]
fn a_plain_blockquote_is_no_quote() {
    let rendered =
        assert_inert("<p>My favourite line:</p><blockquote>To be or not to be</blockquote>");
    assert!(!rendered.quoted_folded);
}
