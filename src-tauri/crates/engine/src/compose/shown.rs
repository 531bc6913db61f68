//! Which images a text shows: the Content-IDs that its HTML names by `cid:` (RFC 2392).
//!
//! Invariant: an image counts by its whole name; `cid:logo2` does not show `logo`, and neither do words about it.

use std::collections::HashSet;

use super::plain::{attribute, end_of_tag};

/// The Content-IDs, without brackets, of the images that cleaned HTML shows.
pub(super) fn shown(html: &str) -> HashSet<String> {
    let mut ids = HashSet::new();
    let mut rest = html;
    while let Some((_, markup)) = rest.find('<').and_then(|at| rest.split_at_checked(at)) {
        if let Some(comment) = markup.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let (tag, after) = end_of_tag(markup);
        rest = after;
        let is_image = tag.get(..5).is_some_and(|begin| begin.eq_ignore_ascii_case("<img "));
        let source = if is_image { attribute(tag, "src") } else { None };
        if let Some(id) = source.as_deref().and_then(|source| source.strip_prefix("cid:")) {
            // A URL may spell any character by its number; most programs write the name as it is.
            ids.extend(spelt_out(id));
            ids.insert(id.to_owned());
        }
    }
    ids
}

/// The name with `%40` and the like resolved; `None` where nothing is spelt so.
fn spelt_out(id: &str) -> Option<String> {
    let (before, mut rest) = id.split_once('%')?;
    let mut bytes = before.as_bytes().to_vec();
    loop {
        let byte = rest.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(byte.unwrap_or(b'%'));
        let after = if byte.is_some() { rest.get(2..).unwrap_or_default() } else { rest };
        let Some((words, more)) = after.split_once('%') else {
            bytes.extend_from_slice(after.as_bytes());
            return String::from_utf8(bytes).ok();
        };
        bytes.extend_from_slice(words.as_bytes());
        rest = more;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_shown_by_its_whole_name_in_a_tag() {
        let cases = [
            (r#"<p><img src="cid:abc"></p>"#, vec!["abc"]),
            (r#"<img alt="x > cid:no" width="3" src="cid:a">b<img src="cid:b">"#, vec!["a", "b"]),
            (r#"<img src="cid:a&amp;b@x">"#, vec!["a&b@x"]),
            (r#"<img src="cid:100%25(1)%40x">"#, vec!["100%25(1)%40x", "100%(1)@x"]),
            (r#"<img src="cid:5%zz%">"#, vec!["5%zz%"]),
            (r#"<p>cid:words "cid:quoted"</p><!-- <img src="cid:gone"> -->"#, vec![]),
            (
                r#"<a href="cid:link">x</a><img alt="cid:words"><img src="https://x.example">"#,
                vec![],
            ),
            ("<img", vec![]),
        ];
        for (html, ids) in cases {
            let ids: HashSet<String> = ids.into_iter().map(str::to_owned).collect();
            assert_eq!(shown(html), ids, "{html}");
        }
    }
}
