//! Filters CSS, in `style` attributes and `<style>` sheets, down to properties that only dress what is there.
//!
//! The input is parsed by cssparser and written anew from its tokens, so what a browser reads is what was checked.
//! A declaration is dropped whole as soon as one token in it is not understood. Nothing that loads, runs, escapes the
//! flow or covers other content is on the list; `url()` survives only as a `data:` URL from [`super::image::Images`].

use cssparser::{Parser, ToCss, Token};

use super::allow::{COLORS, FUNCTIONS, IMAGE_PROPERTIES, NO_COLOR, PROPERTIES};
use super::image::Images;

/// Most bytes of sheets and most bytes of one `style` attribute that are read.
const MAX_SHEET: usize = 256 * 1024;
const MAX_ATTRIBUTE: usize = 16 * 1024;
/// Nesting of functions and at-rules that is followed.
const MAX_NESTING: u8 = 8;

/// What filtering found beside the result.
#[derive(Default)]
pub(super) struct Styled {
    /// Declarations or rules, safe inside a `style` attribute or element.
    pub(super) css: String,
    /// A text or background colour is set.
    pub(super) colored: bool,
}

/// Filters the value of a `style` attribute.
pub(super) fn attribute(css: &str, images: &mut Images<'_>) -> Styled {
    let mut styled = Styled::default();
    let css = super::dom::split_at_char(css, MAX_ATTRIBUTE).0;
    declarations(&mut Parser::new(css), images, &mut styled);
    styled
}

/// Filters a `<style>` sheet.
pub(super) fn sheet(css: &str, images: &mut Images<'_>) -> Styled {
    let mut styled = Styled::default();
    let css = super::dom::split_at_char(css, MAX_SHEET).0;
    rules(&mut Parser::new(css), images, &mut styled, 0);
    styled
}

/// A declaration of a filtered `style` value, looked up by name.
pub(super) fn value_of<'a>(filtered: &'a str, name: &str) -> Option<&'a str> {
    filtered
        .split(';')
        .filter_map(|declaration| declaration.split_once(':'))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

fn rules(parser: &mut Parser<'_>, images: &mut Images<'_>, styled: &mut Styled, level: u8) {
    while let Some(prelude) = prelude(parser, images) {
        let Prelude { at_rule, text, block } = prelude;
        if !block {
            continue;
        }
        let mut inner = Styled::default();
        let keep = match at_rule.as_deref() {
            None => {
                nested(parser, |parser| declarations(parser, images, &mut inner));
                text.is_some()
            }
            // A mail that brings its own dark dress still sits on the white sheet: its dark rules would not fit.
            Some("media")
                if level < 3 && text.as_deref().is_some_and(|text| !text.contains("prefers-")) =>
            {
                nested(parser, |parser| rules(parser, images, &mut inner, level + 1));
                true
            }
            Some(_) => {
                nested(parser, |parser| count_references(parser, images, 0));
                false
            }
        };
        if keep && !inner.css.is_empty() {
            if at_rule.is_some() {
                styled.css.push_str("@media ");
            }
            styled.css.push_str(text.as_deref().unwrap_or_default().trim());
            styled.css.push('{');
            styled.css.push_str(&inner.css);
            styled.css.push_str("}\n");
            styled.colored |= inner.colored;
        }
    }
}

fn nested<'i>(parser: &mut Parser<'i>, mut body: impl FnMut(&mut Parser<'i>)) {
    // The only error is input left over, which is what lies past a limit.
    let _: Result<(), cssparser::ParseError<()>> = parser.parse_nested_block(|parser| {
        body(parser);
        Ok(())
    });
}

struct Prelude {
    at_rule: Option<String>,
    /// `None` where it holds something that must not be written out again.
    text: Option<String>,
    block: bool,
}

/// Reads up to the `{` of a rule or the `;` of a statement; `None` at the end.
fn prelude(parser: &mut Parser<'_>, images: &mut Images<'_>) -> Option<Prelude> {
    let mut at_rule = None;
    let mut text = Some(String::new());
    let mut began = false;
    loop {
        let Ok(token) = parser.next_including_whitespace().cloned() else {
            return began.then_some(Prelude { at_rule, text: None, block: false });
        };
        match token {
            Token::CDO | Token::CDC => continue,
            Token::WhiteSpace(_) if !began => continue,
            Token::AtKeyword(name) if !began => at_rule = Some(name.to_ascii_lowercase()),
            Token::Semicolon if at_rule.is_some() => {
                return Some(Prelude { at_rule, text, block: false });
            }
            Token::CurlyBracketBlock => return Some(Prelude { at_rule, text, block: true }),
            token => {
                if !append_selector(parser, &token, &mut text, images, 0) {
                    text = None;
                }
            }
        }
        began = true;
    }
}

/// Writes one token of a selector or a media query, blocks included; false where it must not be kept.
fn append_selector(
    parser: &mut Parser<'_>,
    token: &Token<'_>,
    out: &mut Option<String>,
    images: &mut Images<'_>,
    level: u8,
) -> bool {
    note_reference(token, images);
    let close = match token {
        Token::Function(name)
            if name.eq_ignore_ascii_case("url") || name.eq_ignore_ascii_case("src") =>
        {
            None
        }
        Token::Function(_) | Token::ParenthesisBlock => Some(")"),
        Token::SquareBracketBlock => Some("]"),
        Token::Ident(_)
        | Token::Hash(_)
        | Token::IDHash(_)
        | Token::QuotedString(_)
        | Token::Number { .. }
        | Token::Percentage { .. }
        | Token::Dimension { .. }
        | Token::WhiteSpace(_)
        | Token::Colon
        | Token::Comma
        | Token::IncludeMatch
        | Token::DashMatch
        | Token::PrefixMatch
        | Token::SuffixMatch
        | Token::SubstringMatch
        | Token::Delim('.' | '>' | '+' | '~' | '*' | '=') => Some(""),
        _ => None,
    };
    let Some(close) = close else {
        if matches!(token, Token::Function(_)) {
            nested(parser, |parser| count_references(parser, images, 0));
        }
        return false;
    };
    let written = token.to_css_string();
    // `>` is a combinator; `<`, and `url(` inside a string, have no business in a selector.
    let lower = written.to_ascii_lowercase();
    let mut keep = !lower.contains('<')
        && !lower.contains("url(")
        && !lower.contains("//")
        && !lower.contains("script:");
    if let Some(out) = out.as_mut() {
        out.push_str(&written);
    }
    if !close.is_empty() {
        if level >= MAX_NESTING {
            return false;
        }
        nested(parser, |parser| {
            while let Ok(token) = parser.next_including_whitespace().cloned() {
                keep &= append_selector(parser, &token, out, images, level + 1);
            }
        });
        if let Some(out) = out.as_mut() {
            out.push_str(close);
        }
    }
    keep
}

fn declarations(parser: &mut Parser<'_>, images: &mut Images<'_>, styled: &mut Styled) {
    while let Ok(token) = parser.next().cloned() {
        let name = match token {
            Token::Semicolon => continue,
            Token::Ident(name) => name.to_ascii_lowercase(),
            token => {
                note_reference(&token, images);
                skip_declaration(parser, &token, images);
                continue;
            }
        };
        if parser.next().cloned() != Ok(Token::Colon) {
            skip_declaration(parser, &Token::Colon, images);
            continue;
        }
        let mut value = Some(String::new());
        let with_images = IMAGE_PROPERTIES.contains(&name.as_str());
        while let Ok(token) = parser.next_including_whitespace().cloned() {
            if token == Token::Semicolon {
                break;
            }
            if !append_value(parser, &token, &mut value, images, with_images, 0) {
                value = None;
            }
        }
        let known = PROPERTIES.contains(&name.as_str());
        let Some(value) = value.filter(|_| known) else { continue };
        let value = value.trim();
        if value.is_empty() {
            continue;
        }
        if COLORS.contains(&name.as_str())
            && !NO_COLOR
                .contains(&value.to_ascii_lowercase().trim_end_matches("!important").trim_end())
        {
            styled.colored = true;
        }
        if !styled.css.is_empty() {
            styled.css.push(';');
        }
        styled.css.push_str(&name);
        styled.css.push(':');
        styled.css.push_str(value);
    }
}

/// Passes over a declaration that cannot be read, up to its `;`.
fn skip_declaration(parser: &mut Parser<'_>, first: &Token<'_>, images: &mut Images<'_>) {
    let mut token = first.clone();
    loop {
        if opens_block(&token) {
            nested(parser, |parser| count_references(parser, images, 0));
        }
        match parser.next().cloned() {
            Ok(Token::Semicolon) | Err(_) => return,
            Ok(next) => {
                note_reference(&next, images);
                token = next;
            }
        }
    }
}

fn opens_block(token: &Token<'_>) -> bool {
    matches!(
        token,
        Token::Function(_)
            | Token::ParenthesisBlock
            | Token::SquareBracketBlock
            | Token::CurlyBracketBlock
    )
}

/// Writes one token of a value, blocks included; false where the declaration must go.
fn append_value(
    parser: &mut Parser<'_>,
    token: &Token<'_>,
    out: &mut Option<String>,
    images: &mut Images<'_>,
    with_images: bool,
    level: u8,
) -> bool {
    match token {
        Token::UnquotedUrl(url) => return append_url(url, out, images, with_images),
        Token::Function(name) if name.eq_ignore_ascii_case("url") => {
            let mut url = None;
            nested(parser, |parser| {
                url = parser.expect_string().ok().map(|url| url.to_string());
                count_references(parser, images, 0);
            });
            return url.is_some_and(|url| append_url(&url, out, images, with_images));
        }
        _ => note_reference(token, images),
    }
    let keep = match token {
        Token::Function(name) => {
            FUNCTIONS.contains(&name.to_ascii_lowercase().as_str()) && level < MAX_NESTING
        }
        Token::ParenthesisBlock => level > 0 && level < MAX_NESTING,
        Token::Ident(_)
        | Token::Hash(_)
        | Token::IDHash(_)
        | Token::QuotedString(_)
        | Token::Number { .. }
        | Token::Percentage { .. }
        | Token::Dimension { .. }
        | Token::WhiteSpace(_)
        | Token::Comma
        | Token::Delim('/' | '+' | '-' | '*' | '!') => true,
        _ => false,
    };
    if !keep {
        if opens_block(token) {
            nested(parser, |parser| count_references(parser, images, 0));
        }
        return false;
    }
    let written = token.to_css_string();
    // Escapes are legal and never needed for these properties; what uses them wants to be misread.
    let mut keep = !written.contains(['\\', '<', '>', '&'])
        && !written.contains("//")
        && !written.contains('(')
        || matches!(token, Token::Function(_) | Token::ParenthesisBlock);
    if let Some(out) = out.as_mut() {
        out.push_str(if matches!(token, Token::WhiteSpace(_)) { " " } else { &written });
    }
    if opens_block(token) {
        nested(parser, |parser| {
            while let Ok(token) = parser.next_including_whitespace().cloned() {
                keep &= append_value(parser, &token, out, images, false, level + 1);
            }
        });
        if let Some(out) = out.as_mut() {
            out.push(')');
        }
    }
    keep
}

fn append_url(
    url: &str,
    out: &mut Option<String>,
    images: &mut Images<'_>,
    with_images: bool,
) -> bool {
    if !with_images {
        images.refuse(url);
        return false;
    }
    let Some(data) = images.background(url) else { return false };
    if let Some(out) = out.as_mut() {
        // Base64 and a raster type: nothing in it can end the string.
        out.push_str("url('");
        out.push_str(&data);
        out.push_str("')");
    }
    true
}

/// Counts what would have been loaded by something that is dropped.
fn count_references(parser: &mut Parser<'_>, images: &mut Images<'_>, level: u8) {
    while let Ok(token) = parser.next().cloned() {
        note_reference(&token, images);
        if opens_block(&token) && level < MAX_NESTING {
            nested(parser, |parser| count_references(parser, images, level + 1));
        }
    }
}

fn note_reference(token: &Token<'_>, images: &mut Images<'_>) {
    if let Token::UnquotedUrl(url) | Token::BadUrl(url) | Token::QuotedString(url) = token {
        images.refuse(url);
    }
}
