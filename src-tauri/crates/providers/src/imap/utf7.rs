//! Modified UTF-7, the encoding of mailbox names (RFC 3501 section 5.1.3).
//!
//! Invariant: decoding never fails; what is not well-formed stands as it was sent. Names are sent back to
//! the server as it spelled them, so a decoded name is for people only.

use base64::Engine as _;
use base64::alphabet::IMAP_MUTF7;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const MODIFIED_BASE64: GeneralPurpose = GeneralPurpose::new(
    &IMAP_MUTF7,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// The name a person reads.
pub(crate) fn decode(encoded: &str) -> String {
    let mut out = String::with_capacity(encoded.len());
    let mut rest = encoded;
    while let Some((plain, shifted)) = rest.split_once('&') {
        out.push_str(plain);
        let Some((block, after)) = shifted.split_once('-') else {
            out.push('&');
            rest = shifted;
            continue;
        };
        match decode_block(block) {
            Some(text) => out.push_str(&text),
            None => {
                out.push('&');
                out.push_str(block);
                out.push('-');
            }
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The text of one shifted block; an empty block is the ampersand itself.
fn decode_block(block: &str) -> Option<String> {
    if block.is_empty() {
        return Some("&".to_owned());
    }
    let bytes = MODIFIED_BASE64.decode(block).ok()?;
    if bytes.is_empty() || bytes.len() % 2 != 0 {
        return None;
    }
    let units: Vec<u16> = bytes
        .chunks_exact(2)
        .filter_map(|pair| <[u8; 2]>::try_from(pair).ok())
        .map(u16::from_be_bytes)
        .collect();
    String::from_utf16(&units).ok()
}

/// The name as the server wants it.
pub(crate) fn encode(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut shifted: Vec<u8> = Vec::new();
    let flush = |out: &mut String, shifted: &mut Vec<u8>| {
        if !shifted.is_empty() {
            out.push('&');
            out.push_str(&MODIFIED_BASE64.encode(&*shifted));
            out.push('-');
            shifted.clear();
        }
    };
    for c in name.chars() {
        if matches!(c, ' '..='~') {
            flush(&mut out, &mut shifted);
            out.push(c);
            if c == '&' {
                out.push('-');
            }
        } else {
            let mut units = [0u16; 2];
            for unit in c.encode_utf16(&mut units) {
                shifted.extend_from_slice(&unit.to_be_bytes());
            }
        }
    }
    flush(&mut out, &mut shifted);
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_from_the_standard_and_the_wild_read_as_people_wrote_them() {
        for (wire, name) in [
            ("INBOX", "INBOX"),
            ("~peter/mail/&U,BTFw-/&ZeVnLIqe-", "~peter/mail/台北/日本語"),
            ("Entw&APw-rfe", "Entwürfe"),
            ("Gel&APY-schte Objekte", "Gelöschte Objekte"),
            ("&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-", "Отправленные"),
            ("R&-D", "R&D"),
            ("&2D3cOw-", "\u{1F43B}"),
        ] {
            assert_eq!(decode(wire), name, "{wire}");
            assert_eq!(encode(name), wire, "{name}");
        }
    }

    #[test]
    fn a_name_that_is_not_well_formed_stands_as_it_was_sent() {
        for wire in ["R&D", "&", "a&b-c", "&AA-", "&2D0-", "caf\u{e9}"] {
            assert_eq!(decode(wire), wire, "nothing is guessed");
        }
    }

    proptest! {
        #[test]
        fn every_name_survives_the_way_to_the_server_and_back(name in "\\PC*") {
            let wire = encode(&name);
            prop_assert!(wire.bytes().all(|b| (0x20..0x7f).contains(&b)), "only printable ASCII: {}", wire);
            prop_assert_eq!(decode(&wire), name);
        }

        #[test]
        fn any_bytes_can_be_decoded(wire in "[&A-Za-z0-9+,\\-é]*") {
            let _ = decode(&wire);
        }
    }
}
