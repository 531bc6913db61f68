//! Markup that wants to run, load, navigate or hide: none of it survives, and honest text beside it does.

use super::*;

/// What to send, and whether the word KEPT in it must still be readable.
const VECTORS: &[&str] = &[
    // Scripts and handlers.
    "KEPT<script>alert(1)</script>",
    "KEPT<SCRIPT SRC=//evil.test/x.js></SCRIPT>",
    "KEPT<scr<script>ipt>alert(1)</scr</script>ipt>",
    "KEPT<img src=x onerror=alert(1)>",
    "KEPT<img/src=x/onerror=alert(1)>",
    "KEPT<img src=\"x\"onerror=\"alert(1)\">",
    "<body onload=alert(1)>KEPT",
    "<div onmouseover='alert(1)' onclick=alert(2)>KEPT</div>",
    "<details open ontoggle=alert(1)>KEPT</details>",
    "KEPT<video><source onerror=alert(1)></video>",
    "KEPT<audio src=https://evil.test/a.mp3 autoplay></audio>",
    "KEPT<marquee onstart=alert(1)>x</marquee>",
    "<p onpointerenter=alert(1) autofocus tabindex=1 onfocus=alert(1)>KEPT</p>",
    "<form action=https://evil.test><input name=password><button formaction=javascript:alert(1)>KEPT</button></form>",
    "KEPT<input type=image src=https://evil.test/x.png>",
    "KEPT<select><option>x</option></select><keygen autofocus onfocus=alert(1)>",
    "KEPT<isindex type=image src=1 onerror=alert(1)>",
    "<button popovertarget=x>KEPT</button><div popover id=x onbeforetoggle=alert(1)>x</div>",
    // Targets of links.
    "<a href=javascript:alert(1)>KEPT</a>",
    "<a href=' &#1; javascript:alert(1)'>KEPT</a>",
    "<a href='java&#x0A;script:alert(1)'>KEPT</a>",
    "<a href='java\tscript:alert(1)'>KEPT</a>",
    "<a href='&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&colon;alert(1)'>KEPT</a>",
    "<a href='&#0000106&#0000097&#0000118&#0000097script:alert(1)'>KEPT</a>",
    "<a href='JaVaScRiPt&Tab;:alert(1)'>KEPT</a>",
    "<a href=vbscript:msgbox(1)>KEPT</a>",
    "<a href=file:///etc/passwd>KEPT</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>KEPT</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=='>KEPT</a>",
    "<a href='blob:https://evil.test/1'>KEPT</a>",
    "<a href='intent://x#Intent;scheme=x;end'>KEPT</a>",
    "<a ping=https://evil.test/p download=x href=https://fine.example/>KEPT</a>",
    "<a target=_top href=https://fine.example/>KEPT</a>",
    "<a xlink:href=javascript:alert(1)>KEPT</a>",
    "KEPT<map name=m><area shape=default href=javascript:alert(1)></map><img usemap=#m src=x>",
    // Documents inside the document.
    "KEPT<iframe src=https://evil.test></iframe>",
    "KEPT<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "KEPT<object data=https://evil.test/x.swf><param name=src value=https://evil.test></object>",
    "KEPT<embed src=https://evil.test/x.svg>",
    "KEPT<applet code=x archive=https://evil.test/x.jar></applet>",
    "KEPT<frameset><frame src=https://evil.test></frameset>",
    "<meta http-equiv=refresh content='0;url=https://evil.test'>KEPT",
    "KEPT<meta http-equiv=Set-Cookie content=a=b>",
    "<base href=https://evil.test/><a href=x>KEPT</a><img src=x.png>",
    "<link rel=stylesheet href=https://evil.test/x.css>KEPT",
    "<link rel=preload as=image href=https://evil.test/x.png><link rel=dns-prefetch href=//evil.test>KEPT",
    "KEPT<portal src=https://evil.test></portal>",
    "KEPT<canvas><script>1</script></canvas>",
    // Style.
    "<style>@import 'https://evil.test/x.css';</style>KEPT",
    "<style>@import url(//evil.test/x.css) screen;p{color:red}</style><p>KEPT</p>",
    "<style>@\\69mport 'https://evil.test/x.css';</style>KEPT",
    "<style>@font-face{font-family:x;src:url(https://evil.test/x.woff)}p{font-family:x}</style><p>KEPT</p>",
    "<style>p{background:url(https://evil.test/x.png)}</style><p>KEPT</p>",
    "<style>p{background:u\\72l(https://evil.test/x.png)}</style><p>KEPT</p>",
    "<style>p{background-image:image-set('https://evil.test/x.png' 1x)}</style><p>KEPT</p>",
    "<style>p{background-image:-webkit-image-set(url(https://evil.test/x.png) 1x)}</style><p>KEPT</p>",
    "<style>p{list-style:url(https://evil.test/x.png);cursor:url(https://evil.test/c.cur),auto}</style><p>KEPT</p>",
    "<style>input[value^=a]{background:url(https://evil.test/a)}</style>KEPT",
    "<style>p{width:expression(alert(1));behavior:url(x.htc);-moz-binding:url(//evil.test/x.xml#x)}</style><p>KEPT</p>",
    "<style>p{color:red;/*</style><script>alert(1)</script>*/}</style><p>KEPT</p>",
    "<style><!--</style><img src=x onerror=alert(1)>--></style>KEPT",
    "<style>p[title='</style><img src=x onerror=alert(1)>']{color:red}</style>KEPT",
    "<style>p::after{content:url(https://evil.test/x)}</style><p>KEPT</p>",
    "<style>@media screen{@import 'https://evil.test/x';p{background:url(//evil.test/y)}}</style><p>KEPT</p>",
    "<style>:root{--x:url(https://evil.test/x)}p{background:var(--x)}</style><p>KEPT</p>",
    "<div style='background:url(https://evil.test/x.png)'>KEPT</div>",
    "<div style='background:url(\"javascript:alert(1)\")'>KEPT</div>",
    "<div style='position:fixed;top:0;left:0;width:100%;height:100%;z-index:9'>KEPT</div>",
    "<div style='width:expre/**/ssion(alert(1))'>KEPT</div>",
    "<div style='background:\\75rl(https://evil.test/x)'>KEPT</div>",
    "<div style='color:red;}body{background:url(//evil.test/x)'>KEPT</div>",
    "<div style='filter:progid:DXImageTransform.Microsoft.AlphaImageLoader(src=\"https://evil.test/x\")'>KEPT</div>",
    "<div style=\"font-family:'\\'}x{a:url(//evil.test/x)'\">KEPT</div>",
    "<table background=https://evil.test/x.png><tr><td background=//evil.test/y.png>KEPT</td></tr></table>",
    // Images in every syntax.
    "KEPT<img src=https://evil.test/x.png srcset='https://evil.test/2.png 2x'>",
    "KEPT<picture><source srcset=https://evil.test/x.webp><img src=//evil.test/x.png></picture>",
    "KEPT<video poster=https://evil.test/p.png src=https://evil.test/v.mp4></video>",
    "KEPT<img src='data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+'>",
    "KEPT<img src='data:image/png;base64,PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+'>",
    "KEPT<img lowsrc=https://evil.test/x dynsrc=https://evil.test/y longdesc=https://evil.test/z>",
    "KEPT<image src=https://evil.test/x.png>",
    "<p>KEPT</p><svg><image href=https://evil.test/x.png /></svg>",
    // Other namespaces and mutation.
    "KEPT<svg onload=alert(1)><script>alert(1)</script></svg>",
    "KEPT<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "KEPT<svg><animate attributeName=href values=javascript:alert(1) /></svg>",
    "KEPT<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "KEPT<svg><style><img src=x onerror=alert(1)></style></svg>",
    "KEPT<svg><desc><p><style><!--</style><img src=x onerror=alert(1)>--></style></desc></svg>",
    "KEPT<svg><foreignObject><iframe src=javascript:alert(1)></iframe></foreignObject></svg>",
    "KEPT<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "KEPT<math><mi><mglyph><svg><mtext><textarea><path id='</textarea><img onerror=alert(1) src=1>'>",
    "KEPT<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "KEPT<math href=javascript:alert(1)>x</math>",
    "KEPT<math><annotation-xml encoding=text/html><style></annotation-xml><img src=x onerror=alert(1)>",
    "KEPT<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "KEPT<template><img src=x onerror=alert(1)></template>",
    "KEPT<template><div><template shadowrootmode=open><script>alert(1)</script></template></div></template>",
    "KEPT<title><img src=x onerror=alert(1)></title>",
    "KEPT<textarea><img src=x onerror=alert(1)></textarea><textarea></textarea><img src=x onerror=alert(1)>",
    "KEPT<xmp><p id='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "KEPT<noembed><img src='</noembed><img src=x onerror=alert(1)>'></noembed>",
    "KEPT<noframes><style></noframes><img src=x onerror=alert(1)></style>",
    "KEPT<plaintext><img src=x onerror=alert(1)>",
    "KEPT<!--><img src=x onerror=alert(1)>-->",
    "KEPT<!--!><img src=x onerror=alert(1)>-->",
    "KEPT<!-- --!><img src=x onerror=alert(1)> -->",
    "KEPT<!--[if mso]><script>alert(1)</script><![endif]-->",
    "KEPT<![CDATA[<img src=x onerror=alert(1)>]]>",
    "KEPT<?xml-stylesheet href=https://evil.test/x.css?><?php alert(1) ?>",
    "<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>KEPT&x;",
    "KEPT<a href='x:`' title='`><img src=x onerror=alert(1)>'>x</a>",
    "KEPT<p title=\"&lt;/p&gt;&lt;img src=x onerror=alert(1)&gt;\">x</p>",
    "KEPT&lt;script&gt;alert(1)&lt;/script&gt;",
    "KEPT<b><table><td><b><script>alert(1)</script><img src=x onerror=alert(1)></table>",
    "KEPT<a href=https://a.example/><table><a href=javascript:alert(1)>x</table></a>",
    "KEPT<select><style><!--</select><img src=x onerror=alert(1)>--></style>",
    "KEPT<table><style></table><img src=x onerror=alert(1)></style>",
    // Bytes and encodings.
    "KEPT<scr\0ipt>alert(1)</scr\0ipt><img sr\0c=x one\0rror=alert(1)>",
    "KEPT<img src=x\u{0}onerror=alert(1)>",
    "KEPT+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "KEPT\u{ff1c}script\u{ff1e}alert(1)\u{ff1c}/script\u{ff1e}",
    "KEPT<\u{a0}script>alert(1)</script>",
    "KEPT<img\u{b}src=x\u{c}onerror=alert(1)>",
    "KEPT<div id=document class=db-quoted name=cookie>x</div><form name=body></form>",
];

#[test]
fn nothing_hostile_survives_and_the_text_beside_it_does() {
    assert!(VECTORS.len() >= 60, "{} vectors", VECTORS.len());
    for vector in VECTORS {
        let rendered = assert_inert(vector);
        let words = words_of(&rendered.document);
        assert!(words.contains("KEPT"), "the text beside {vector:?} is lost: {words:?}");
    }
}

#[test]
fn the_check_sees_what_it_looks_for() {
    let mut unseen: Vec<&str> = VECTORS
        .iter()
        .copied()
        .filter(|vector| {
            violations(&format!("<html><head></head><body>{vector}</body></html>")).is_empty()
        })
        .collect();
    // These hold nothing a browser would obey: the markup is text, or void, once it is parsed.
    let void =
        ["+ADw-", "&lt;", "\u{ff1c}", "\u{a0}", "<frameset", "expre/**/", "image/png", "<!ENTITY"];
    unseen.retain(|vector| !void.iter().any(|sign| vector.contains(sign)));
    assert!(unseen.is_empty(), "the check is blind to {unseen:#?}");
}

#[test]
fn all_vectors_in_one_mail_are_as_harmless_as_each_alone() {
    let all: String =
        VECTORS.iter().filter(|vector| !vector.contains("<plaintext")).copied().collect();
    assert_inert(&all);
    let reversed: String = VECTORS.iter().rev().copied().collect();
    assert_inert(&reversed);
}

#[test]
fn a_vector_inside_a_plain_text_stays_text() {
    for vector in VECTORS {
        let rendered = render(&mail("Hi", "text/plain; charset=utf-8", vector), &options());
        let found = violations(&rendered.document);
        assert!(found.is_empty(), "{found:?} from {vector:?}");
    }
}

#[test]
fn a_charset_cannot_smuggle_markup() {
    let utf7 = mail(
        "Hi",
        "text/html; charset=utf-7",
        "KEPT+ADw-script+AD4-alert(1)+ADw-/script+AD4-+ADw-img src=x onerror=alert(1)+AD4-",
    );
    assert!(
        violations(&render(&utf7, &options()).document).is_empty(),
        "UTF-7 is decoded before it is cleaned"
    );
    let declared = html_mail("<meta charset=utf-7>KEPT+ADw-script+AD4-alert(1)+ADw-/script+AD4-");
    let rendered = render(&declared, &options());
    assert!(violations(&rendered.document).is_empty(), "a declared UTF-7 is not obeyed");
    assert!(rendered.document.contains("<meta charset=\"utf-8\">"), "the document says what it is");
    for charset in ["iso-2022-jp", "utf-16le", "gb18030", "hz-gb-2312", "x-nonsense", ""] {
        let mut source = mail("Hi", &format!("text/html; charset={charset}"), "KEPT");
        source.extend_from_slice(
            b"\x1b$B\x3c\xff\xfe<\x00s\x00c\x00ript>\x80\x81~{<img src=x onerror=alert(1)>",
        );
        assert!(violations(&render(&source, &options()).document).is_empty(), "{charset}");
    }
}

#[test]
fn the_frame_has_its_own_policy() {
    let rendered = render_html("<p>Hello</p>");
    let (head, _) = rendered.document.split_once("<body>").expect("a head");
    assert!(
        head.contains(
            "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:;"
        ),
        "{head}"
    );
    assert!(
        head.find("Content-Security-Policy") < head.find("<style>"),
        "the policy comes before what it rules"
    );
}

#[test]
fn a_mail_cannot_wear_the_classes_of_the_frame() {
    let rendered = render_html("<p class='db-suspicious note x_db-y' id=db-1>Hello</p>");
    assert_eq!(body_of(&rendered), "<p class=\"note x_db-y\">Hello</p>");
}

#[test]
fn links_lead_out_of_the_frame_and_show_their_target() {
    let rendered = assert_inert(
        "<a href='https://shop.example/a?b=1&amp;c=2' title='https://bank.example'>offer</a> <a href=https://evil.test/>https://bank.example/login</a>",
    );
    assert!(body_of(&rendered).starts_with("<a "), "{}", body_of(&rendered));
    assert!(
        body_of(&rendered).contains("title=\"https://shop.example/a?b=1&amp;c=2\""),
        "{}",
        body_of(&rendered)
    );
    assert!(
        !body_of(&rendered).contains("title=\"https://bank.example\""),
        "the mail's own title would lie"
    );
    let said: Vec<(&str, bool)> =
        rendered.links.iter().map(|link| (link.href.as_str(), link.suspicious)).collect();
    assert_eq!(said, [("https://shop.example/a?b=1&c=2", false), ("https://evil.test/", true)]);
    assert_eq!(body_of(&rendered).matches("db-suspicious").count(), 1);
}

#[test]
fn honest_style_stays() {
    let rendered = assert_inert(
        "<style>.price td{color:#b00;padding:4px 8px}@media (max-width:600px){.price{width:100%!important}}</style><table class=price width=600 bgcolor='#eeeeee' style='border-collapse:collapse;mso-table-lspace:0pt'><tr><td align=center style='font-family:\"Segoe UI\",Arial;color:rgb(10, 20, 30)'>Cut</td></tr></table>",
    );
    assert!(
        rendered.document.contains(".price td{color:#b00;padding:4px 8px}"),
        "{}",
        rendered.document
    );
    assert!(
        rendered.document.contains("@media (max-width:600px){.price{width:100%!important}"),
        "{}",
        rendered.document
    );
    assert!(
        body_of(&rendered).contains("style=\"border-collapse:collapse\""),
        "{}",
        body_of(&rendered)
    );
    assert!(body_of(&rendered).contains("color:rgb(10, 20, 30)"), "{}", body_of(&rendered));
}

#[test]
fn a_mail_without_colours_follows_the_window_and_any_other_sits_on_white() {
    let scheme = |html: &str| {
        let document = render_html(html).document;
        let (_, rest) =
            document.split_once("\"color-scheme\" content=\"").expect("a colour scheme");
        rest.split('"').next().map(str::to_owned)
    };
    assert_eq!(scheme("<p style='margin:0'>Hello</p>").as_deref(), Some("dark"));
    for coloured in [
        "<p style='color:black'>x</p>",
        "<body bgcolor=white>x",
        "<font color=red>x</font>",
        "<style>p{background:#eee}</style><p>x",
    ] {
        assert_eq!(scheme(coloured).as_deref(), Some("light"), "{coloured}");
    }
}
