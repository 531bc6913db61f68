//! Hostile snippets cut, mixed and nested at random: the document stays inert and a second cleaning changes nothing.

use proptest::prelude::*;

use super::*;

const SNIPPETS: &[&str] = &[
    "<script>",
    "</script>",
    "<style>",
    "</style>",
    "<svg>",
    "</svg>",
    "<math>",
    "<mtext>",
    "<mglyph>",
    "<annotation-xml encoding=text/html>",
    "<foreignObject>",
    "<desc>",
    "<title>",
    "</title>",
    "<textarea>",
    "</textarea>",
    "<noscript>",
    "</noscript>",
    "<template>",
    "</template>",
    "<iframe srcdoc='",
    "<xmp>",
    "</xmp>",
    "<!--",
    "-->",
    "--!>",
    "<![CDATA[",
    "]]>",
    "<?x ",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<caption>",
    "<select>",
    "<option>",
    "</select>",
    "<form>",
    "</form>",
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<a href=javascript:alert(1)>",
    "<a href=https://a.example/>",
    "</a>",
    "<img src=x onerror=alert(1)>",
    "<img src=https://evil.test/x.png>",
    "<div style='",
    "'>",
    "\">",
    "`>",
    "background:url(https://evil.test/x)",
    "@import 'https://evil.test';",
    "u\\72l(",
    "}",
    "{",
    "/*",
    "*/",
    "expression(",
    "&lt;",
    "&#x3c;",
    "&quot;",
    "\0",
    "\u{202e}",
    "x",
    "=",
    "/",
    "<",
    ">",
    "<pre>\n\n",
    "<details open ontoggle=alert(1)>",
    "<button>",
    "<li>",
    "<dd>",
    "<h1>",
    "<ruby><rt>",
    "<center>",
    "<font color=red>",
    "<nobr>",
    "<object data=x>",
    "<embed src=//evil.test>",
    "<base href=//evil.test>",
    "<meta http-equiv=refresh content=0>",
    "<link rel=stylesheet href=//evil.test>",
    "<body onload=alert(1) background=//evil.test/x>",
    "<html>",
    "<head>",
    "<frameset>",
    "<plaintext>",
    "<blockquote type=cite>",
    "<div class=gmail_quote>",
    "On Monday Mara wrote:",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mixed_snippets_stay_inert(picks in prop::collection::vec((0..SNIPPETS.len(), 0usize..64), 1..40)) {
        let mut html = String::new();
        for (snippet, keep) in picks {
            let snippet = SNIPPETS[snippet];
            // A third of the snippets are torn somewhere.
            let keep = if keep < 20 { keep.min(snippet.len()) } else { snippet.len() };
            html.push_str(dom::split_at_char(snippet, keep).0);
        }
        let rendered = render_html(&html);
        let found = violations(&rendered.document);
        prop_assert!(found.is_empty(), "{found:?} from {html:?} in {}", rendered.document);
        let body = body_of(&rendered);
        prop_assert_eq!(gate::pass(body), body, "cleaning twice differs, from {:?}", html);
    }

    #[test]
    fn any_css_stays_inert(css in "[ -~]{0,80}(url|@import|\\\\75rl|image-set|expression)?[(\"']?https?://evil[.]test[ -~]{0,40}") {
        assert_inert(&format!("<style>{css}</style><p style=\"{}\">x</p>", css.replace('"', "&quot;")));
    }

    #[test]
    fn any_bytes_render(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut source = b"Content-Type: text/html\r\n\r\n".to_vec();
        source.extend(bytes);
        prop_assert!(violations(&render(&source, &options()).document).is_empty());
    }
}
