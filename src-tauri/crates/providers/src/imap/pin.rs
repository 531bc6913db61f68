//! A certificate a server on this machine shows, and the fingerprint a person recognises it by.
//!
//! Invariant: what is kept and compared at each connection is the certificate itself, byte for byte; the
//! fingerprint serves people only.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::SupportedCipherSuite;
use rustls::crypto::ring::cipher_suite::TLS13_AES_128_GCM_SHA256;

/// A certificate as a server showed it. Nobody has agreed to trust it yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownCertificate {
    der: Vec<u8>,
}

impl ShownCertificate {
    /// Reads what [`Self::to_pin`] wrote.
    pub(crate) fn from_pin(pin: &str) -> Option<Self> {
        STANDARD.decode(pin).ok().map(|der| Self { der })
    }

    /// As [`super::ImapSettings::pinned_certificate`] keeps it.
    pub fn to_pin(&self) -> String {
        STANDARD.encode(&self.der)
    }

    /// Its SHA-256 fingerprint as programs show it: `3A:91:…`, 32 pairs of upper-case digits.
    pub fn fingerprint(&self) -> String {
        let pairs: Vec<String> =
            sha256(&self.der).iter().map(|byte| format!("{byte:02X}")).collect();
        pairs.join(":")
    }

    /// Whether this fingerprint, typed with or without colons, spaces and capitals, is its own.
    pub fn has_fingerprint(&self, typed: &str) -> bool {
        digits(typed).is_some_and(|typed| digits(&self.fingerprint()) == Some(typed))
    }
}

/// Whether the text can be a SHA-256 fingerprint at all.
pub fn is_fingerprint(text: &str) -> bool {
    digits(text).is_some()
}

/// The 64 digits of a fingerprint, in lower case.
fn digits(text: &str) -> Option<String> {
    let bare: String = text
        .chars()
        .filter(|c| !matches!(c, ':' | ' ' | '-'))
        .map(|c| c.to_ascii_lowercase())
        .collect();
    (bare.len() == 64 && bare.chars().all(|c| c.is_ascii_hexdigit())).then_some(bare)
}

/// TLS brings the hash along: a cipher suite is named after it.
fn sha256(bytes: &[u8]) -> Vec<u8> {
    match TLS13_AES_128_GCM_SHA256 {
        SupportedCipherSuite::Tls13(suite) => {
            suite.common.hash_provider.hash(bytes).as_ref().to_vec()
        }
        SupportedCipherSuite::Tls12(suite) => {
            suite.common.hash_provider.hash(bytes).as_ref().to_vec()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_recognised_however_it_is_written() {
        let shown = ShownCertificate::from_pin("YWJj").expect("base64");
        // FIPS 180-2, appendix B.1.
        let known = "BA:78:16:BF:8F:01:CF:EA:41:41:40:DE:5D:AE:22:23:B0:03:61:A3:96:17:7A:9C:B4:10:FF:61:F2:00:15:AD";
        assert_eq!(shown.fingerprint(), known);
        for written in
            [known.to_owned(), known.replace(':', ""), known.to_lowercase().replace(':', " ")]
        {
            assert!(shown.has_fingerprint(&written), "{written}");
        }
        let other = known.replace("AD", "AE");
        assert!(is_fingerprint(&other) && !shown.has_fingerprint(&other));
        for nonsense in ["", "BA:78", &known.replace("BA", "GA"), &format!("{known}:00")] {
            assert!(!is_fingerprint(nonsense) && !shown.has_fingerprint(nonsense), "{nonsense}");
        }
    }
}
