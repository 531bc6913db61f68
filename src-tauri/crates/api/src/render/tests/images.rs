//! Images: remote ones wait to be asked for, trackers never come, those inside the mail are shown if they are images.

use super::*;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n rest of a picture";

fn with_inline(html: &str, parts: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut source = format!(
        "Subject: Photos\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=cut\r\n\r\n--cut\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n"
    );
    for (id, kind, bytes) in parts {
        source.push_str(&format!("--cut\r\nContent-Type: {kind}\r\nContent-ID: <{id}>\r\nContent-Disposition: inline\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n", STANDARD.encode(bytes)));
    }
    source.push_str("--cut--\r\n");
    source.into_bytes()
}

fn allowed(urls: &[String]) -> RenderOptions {
    let data = format!("data:image/png;base64,{}", STANDARD.encode(PNG));
    let fetched = urls.iter().map(|url| (url.clone(), data.clone())).collect();
    RenderOptions { remote_images: RemoteImages::Allowed(fetched), ..options() }
}

#[test]
fn remote_images_wait_until_they_are_asked_for() {
    let html = "<img src='https://a.example/1.png' alt='Our salon' width=300><img src='//b.example/2.png'><table background='https://a.example/3.png'><tr><td style='background-image:url(https://c.example/4.png)'>x</td></tr></table><style>h1{background:url(\"https://c.example/5.png\") no-repeat}</style><h1>y</h1>";
    let rendered = assert_inert(html);
    assert_eq!((rendered.remote_images, rendered.remote_hosts), (5, 3));
    assert!(!rendered.document.contains("a.example"), "{}", rendered.document);
    assert!(
        words_of(&rendered.document).contains("Our salon"),
        "the alternative text is read instead"
    );

    let urls = remote_images(&html_mail(html));
    assert_eq!(
        urls,
        [
            "https://a.example/1.png",
            "https://b.example/2.png",
            "https://a.example/3.png",
            "https://c.example/4.png",
            "https://c.example/5.png"
        ]
    );

    let loaded = render(&html_mail(html), &allowed(&urls));
    assert_eq!(loaded.remote_images, 0, "all of them are shown");
    assert!(violations(&loaded.document).is_empty(), "{:?}", violations(&loaded.document));
    assert_eq!(loaded.document.matches("data:image/png;base64,").count(), 5);
    assert!(!loaded.document.contains("example/"), "no address is left in the frame");
}

#[test]
fn an_image_that_could_not_be_fetched_stays_counted() {
    let html = "<img src=https://a.example/1.png><img src=https://a.example/2.png>";
    let rendered = render(&html_mail(html), &allowed(&["https://a.example/1.png".to_owned()]));
    assert_eq!((rendered.remote_images, rendered.remote_hosts), (1, 1));
}

#[test]
fn what_a_server_sends_must_be_an_image() {
    let html = "<img src=https://a.example/1.png>";
    for sent in [
        "data:image/png;base64,PHN2Zy8+",
        "data:text/html,<script>",
        "https://a.example/1.png",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "javascript:alert(1)",
    ] {
        let fetched =
            [("https://a.example/1.png".to_owned(), sent.to_owned())].into_iter().collect();
        let rendered = render(
            &html_mail(html),
            &RenderOptions { remote_images: RemoteImages::Allowed(fetched), ..options() },
        );
        assert!(violations(&rendered.document).is_empty(), "{sent}");
        assert_eq!(rendered.remote_images, 1, "{sent}");
    }
}

#[test]
fn trackers_are_never_listed_and_never_loaded() {
    for pixel in [
        "<img src=https://t.example/p width=1 height=1>",
        "<img src=https://t.example/p style='width:2px;height:2px'>",
        "<img src=https://t.example/p width=0>",
        "<img src=https://t.example/p style='display:none'>",
        "<img src=https://t.example/p hidden>",
        "<div style='display:none !important'><p><img src=https://t.example/p width=600></p></div>",
        "<span style='visibility:hidden'><img src=https://t.example/p></span>",
        "<img src=https://t.example/p height='1'>",
    ] {
        let rendered = assert_inert(pixel);
        assert_eq!((rendered.remote_images, rendered.trackers), (0, 1), "{pixel}");
        assert!(remote_images(&html_mail(pixel)).is_empty(), "{pixel}");
        let asked = render(&html_mail(pixel), &allowed(&["https://t.example/p".to_owned()]));
        assert!(!asked.document.contains("data:image"), "{pixel}");
    }
    assert_eq!(
        render_html("<img src=https://a.example/line.png width=600 height=1>").trackers,
        0,
        "a drawn line is none"
    );
}

#[test]
fn fonts_sheets_films_and_frames_are_refused_and_counted() {
    let rendered = assert_inert(
        "<link rel=stylesheet href=https://a.example/1.css><style>@import 'https://a.example/2.css';@font-face{src:url(https://a.example/3.woff)}</style><video poster=https://a.example/4.png></video><iframe src=https://a.example/5></iframe><object data=https://a.example/6></object><embed src=https://a.example/7>x",
    );
    assert_eq!((rendered.remote_refused, rendered.remote_images), (7, 0));
}

#[test]
fn nothing_is_fetched_from_the_house_itself() {
    for host in [
        "localhost",
        "127.0.0.1",
        "127.1",
        "0x7f000001",
        "[::1]",
        "10.0.0.4",
        "192.168.1.1",
        "169.254.169.254",
        "printer",
        "nas.local",
        "[::ffff:10.0.0.1]",
        "100.64.1.1",
        "[fd00::1]",
    ] {
        let html = format!("<img src='http://{host}/x.png'>");
        assert!(remote_images(&html_mail(&html)).is_empty(), "{host}");
        assert!(!may_fetch(&format!("http://{host}/x.png")), "nor by a redirect to {host}");
        assert_inert(&html);
    }
}

#[test]
fn images_inside_the_mail_are_shown_where_they_are_named() {
    let html = "<p>Look <img src='cid:cut%40studio' alt=Cut></p><img src='cid:evil'><img src='cid:none' alt=Gone><img src='cid:lie'>";
    let parts: &[(&str, &str, &[u8])] = &[
        ("cut@studio", "image/png", PNG),
        ("evil", "image/svg+xml", b"<svg onload='alert(1)'/>"),
        ("lie", "image/png", b"<svg onload='alert(1)'/>"),
    ];
    let rendered = render(&with_inline(html, parts), &options());
    assert!(violations(&rendered.document).is_empty(), "{:?}", violations(&rendered.document));
    assert_eq!(
        rendered.document.matches("src=\"data:image/png;base64,").count(),
        1,
        "{}",
        body_of(&rendered)
    );
    assert!(words_of(&rendered.document).contains("Gone"));
    let inline: Vec<bool> = rendered.attachments.iter().map(|file| file.inline).collect();
    assert_eq!(inline, [true, false, false], "only what the text shows is inline");
}

#[test]
fn images_too_large_for_the_frame_stay_files() {
    let mut large = PNG.to_vec();
    large.resize(2 * 1024 * 1024 + 1, 7);
    let rendered =
        render(&with_inline("<img src=cid:a alt=Big>x", &[("a", "image/png", &large)]), &options());
    assert!(!rendered.document.contains("data:image"));
    large.resize(1024 * 1024, 7);
    let many = "<img src=cid:a>".repeat(40);
    let rendered = render(&with_inline(&many, &[("a", "image/png", &large)]), &options());
    assert_eq!(rendered.document.matches("data:image").count(), 10, "ten megabytes in all");
}

#[test]
fn a_picture_written_into_the_markup_is_shown_if_it_is_one() {
    let html = format!("<img src='data:image/png;base64,{}'>", STANDARD.encode(PNG));
    assert!(assert_inert(&html).document.contains("src=\"data:image/png;base64,"));
}
