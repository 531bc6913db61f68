//! Plain text: nothing interpreted, everything readable.

use super::*;

fn text(content_type: &str, text: &str) -> Rendered {
    let rendered = render(&mail("Hi", content_type, text), &options());
    assert!(violations(&rendered.document).is_empty(), "{:?}", violations(&rendered.document));
    rendered
}

#[test]
fn text_is_escaped_and_keeps_its_spaces() {
    let rendered = text(
        "text/plain; charset=utf-8",
        "a < b && c > \"d\"\n  two   spaces\n\n\nafter two blank lines",
    );
    assert!(
        body_of(&rendered).contains("a &lt; b &amp;&amp; c &gt; \"d\"\n  two   spaces"),
        "{}",
        body_of(&rendered)
    );
    assert!(body_of(&rendered).contains("white-space:pre-wrap"), "{}", body_of(&rendered));
}

#[test]
fn addresses_become_links_without_the_sentence_around_them() {
    let rendered = text(
        "text/plain",
        "See https://studio.example/a_(b)?x=1&y=2. Or (www.studio.example), <mara@studio.example>! Not a.b, 3.5@, http://, foo@bar.",
    );
    let links: Vec<(&str, &str)> =
        rendered.links.iter().map(|link| (link.text.as_str(), link.href.as_str())).collect();
    assert_eq!(
        links,
        [
            ("https://studio.example/a_(b)?x=1&y=2", "https://studio.example/a_(b)?x=1&y=2"),
            ("www.studio.example", "https://www.studio.example/"),
            ("mara@studio.example", "mailto:mara@studio.example"),
        ]
    );
    assert!(rendered.links.iter().all(|link| !link.suspicious));
    assert_eq!(
        words_of(&rendered.document),
        "See https://studio.example/a_(b)?x=1&y=2. Or (www.studio.example), <mara@studio.example>! Not a.b, 3.5@, http://, foo@bar."
    );
}

#[test]
fn flowed_lines_are_joined() {
    let flowed = "This is one \nline only.\nThis is another.\n From the start\n> quoted \n> too\n>> deeper\n-- \nMara";
    let rendered = text("text/plain; charset=utf-8; format=flowed", flowed);
    let body = body_of(&rendered);
    assert!(body.contains("This is one line only.\nThis is another.\nFrom the start"), "{body}");
    assert!(body.contains("quoted too") && body.contains("deeper"), "{body}");
    assert!(body.contains("db-signature"), "the signature mark is never joined: {body}");
    let del_sp = text("text/plain; format=flowed; DelSp=yes", "Donau \ndampf\n");
    assert!(words_of(&del_sp.document).contains("Donaudampf"));
}

#[test]
fn wrapped_lines_flow_but_quotes_and_signatures_do_not() {
    let wrapped = "Hello,\n\nI would like to move my appointment on Thursday to the week after, since my\n\
                   daughter has her first day at school.\n\n> Dear client, we are looking forward to seeing you on Thursday morning\n\
                   > at nine.\n-- \nMara Voss, who has worked at the studio since the year it was opened by her\nmother";
    let rendered = text("text/plain", wrapped);
    let body = body_of(&rendered);
    assert!(body.contains("since my daughter"), "{body}");
    assert!(body.contains("Hello,\n\n"), "paragraphs stay apart: {body}");
    assert!(body.contains("morning\nat nine"), "a quote keeps its lines: {body}");
    assert!(body.contains("by her\nmother"), "a signature keeps its lines: {body}");
    let flowed = text("text/plain; format=flowed", wrapped);
    let flowed = body_of(&flowed);
    assert!(flowed.contains("since my\ndaughter"), "flowed text says itself where it goes on");
}

#[test]
fn quote_levels_are_nested() {
    let rendered = text("text/plain", "> one\n> > two\n>>> three\nback\n> again");
    assert_eq!(body_of(&rendered).matches("<blockquote").count(), 4, "{}", body_of(&rendered));
    assert_eq!(words_of(&rendered.document), "one two three back again");
}

#[test]
fn html_without_a_word_gives_way_to_the_text() {
    let source = "Subject: Hi\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=cut\r\n\r\n--cut\r\nContent-Type: text/plain\r\n\r\nthe words\r\n--cut\r\nContent-Type: text/html\r\n\r\n<html><body><div>&nbsp;</div></body></html>\r\n--cut--\r\n";
    assert_eq!(words_of(&render(source.as_bytes(), &options()).document), "the words");
    let both = source.replace("<div>&nbsp;</div>", "<div>the markup</div>");
    assert_eq!(words_of(&render(both.as_bytes(), &options()).document), "the markup");
    assert_eq!(plain(both.as_bytes()).trim(), "the words", "a terminal gets the plain part");
}

#[test]
fn a_message_that_is_one_named_text_shows_it() {
    let kind = "text/html; name=page.html\r\nContent-Disposition: inline; filename=page.html";
    let rendered = render(&mail("Hi", kind, "<p>the words</p>"), &options());
    assert_eq!(words_of(&rendered.document), "the words");
    let mislabelled = render(&mail("Hi", "text/plain", "<html><p>the words</p>"), &options());
    assert_eq!(words_of(&mislabelled.document), "the words", "HTML under the name of plain text");
}

#[test]
fn all_parts_of_a_body_are_shown() {
    let source = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=cut\r\n\r\n--cut\r\nContent-Type: text/html\r\n\r\n<p>first\r\n--cut\r\nContent-Type: text/plain\r\n\r\nlist footer <x>\r\n--cut--\r\n";
    assert_eq!(words_of(&render(source.as_bytes(), &options()).document), "first list footer <x>");
}

#[test]
fn wrong_charsets_are_read_right() {
    let mut latin = mail("Hi", "text/html", "<p>Gr");
    latin.extend_from_slice(b"\xfc\xdfe \x80 5</p>");
    assert_eq!(words_of(&render(&latin, &options()).document), "Grüße € 5");
    let mut mislabelled = mail("Hi", "text/plain; charset=us-ascii", "Gr");
    mislabelled.extend_from_slice(b"\xfc\xdfe");
    assert_eq!(words_of(&render(&mislabelled, &options()).document), "Grüße");
    let mut declared = mail(
        "Hi",
        "text/html",
        "<meta http-equiv=Content-Type content='text/html; charset=koi8-r'><p>",
    );
    declared.extend_from_slice(b"\xf0\xf2\xe9\xf7\xe5\xf4");
    assert_eq!(words_of(&render(&declared, &options()).document), "ПРИВЕТ");
}

#[test]
fn html_reads_as_text_in_a_terminal() {
    let words = plain(&html_mail(
        "<style>p{color:red}</style><h1>Prices</h1><p>Cut <b>40 €</b></p><script>alert(1)</script><ul><li>Colour</ul>",
    ));
    assert!(
        words.contains("Prices") && words.contains("40 €") && words.contains("Colour"),
        "{words}"
    );
    assert!(!words.contains("alert") && !words.contains("color:red"), "{words}");
}
