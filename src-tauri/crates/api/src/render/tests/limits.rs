//! Input made to exhaust time, memory or the stack: a bounded document comes out, with a note where something is missing.

use super::*;

#[test]
fn ten_thousand_nested_elements_do_not_overflow() {
    for open in [
        "<div>",
        "<b>",
        "<blockquote>",
        "<table><tr><td>",
        "<ul><li>",
        "<font size=2>",
        "<a href=https://a.example/>",
        "<svg>",
        "<math><mtext>",
        "<p><b>",
        "<table><b>",
        "<x-y>",
        "<template>",
        "<svg><style>",
        "<button><p>",
    ] {
        let html = format!("<p>KEPT</p>{}deep", open.repeat(10_000));
        let rendered = assert_inert(&html);
        assert!(words_of(&rendered.document).contains("KEPT"), "{open}");
    }
}

#[test]
fn text_below_the_depth_limit_is_still_readable() {
    let rendered =
        assert_inert(&format!("{}deep down{}", "<div>".repeat(3000), "</div>".repeat(3000)));
    assert!(words_of(&rendered.document).contains("deep down"));
}

#[test]
fn twenty_megabytes_are_cut_with_a_note() {
    let html = format!(
        "<p>KEPT</p>{}",
        "<p>price list, page after page, without an end in sight</p>\n".repeat(350_000)
    );
    assert!(html.len() > 20_000_000);
    let rendered = render_html(&html);
    assert!(rendered.cut);
    assert!(rendered.document.len() < 8_000_000, "{} bytes", rendered.document.len());
    assert!(rendered.document.contains("This message was cut."), "the person is told");
}

#[test]
fn misnested_formatting_cannot_multiply() {
    let tags: String = (0..500).map(|n| format!("<b title={n}>")).collect();
    let html = format!("<p>{tags}</p>{}", "<p>x".repeat(100_000));
    let rendered = render_html(&html);
    assert!(rendered.document.len() < 40_000_000, "{} bytes", rendered.document.len());
    let opened = "<p><button>".repeat(50);
    let misplaced = "<p>x</b></i>".repeat(5000);
    let tangled = format!("{opened}<a><b><i><font color=red>{misplaced}");
    assert!(violations(&render_html(&tangled).document).is_empty());
}

#[test]
fn a_tag_with_a_hundred_thousand_attributes_is_left_out() {
    let attributes: String = (0..100_000).map(|n| format!(" a{n}=1")).collect();
    let rendered = assert_inert(&format!("<p>KEPT</p><div{attributes}>lost</div>"));
    assert!(rendered.cut);
    assert!(words_of(&rendered.document).starts_with("KEPT"));
}

#[test]
fn deep_styles_and_deep_messages_end() {
    let css = format!(
        "<style>{}p{{color:red}}</style><p style='width:{}1px'>KEPT</p>",
        "@media screen{".repeat(20_000),
        "calc(".repeat(3000)
    );
    assert!(words_of(&assert_inert(&css).document).contains("KEPT"));
    let mut nested = String::from("Subject: outer\r\n");
    for _ in 0..3000 {
        nested.push_str("Content-Type: message/rfc822\r\n\r\n");
    }
    nested.push_str("Content-Type: text/html\r\n\r\n<p>inner</p>");
    assert!(violations(&render(nested.as_bytes(), &options()).document).is_empty());
}

#[test]
fn nonsense_is_an_empty_frame() {
    for source in [
        &b""[..],
        b"\0\0\0",
        b"\r\n\r\n",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n--x--",
        &[0xff; 4000],
    ] {
        let rendered = render(source, &options());
        assert!(violations(&rendered.document).is_empty(), "{source:?}");
        let _ = plain(source);
    }
    assert!(render(b"", &options()).is_empty);
}
