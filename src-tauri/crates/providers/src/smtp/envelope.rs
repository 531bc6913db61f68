//! The envelope: whom a message is from and for, in the form a server is told.
//!
//! Invariant: what is told holds no character that could end a command; domains travel in their ASCII form,
//! so that SMTPUTF8 (RFC 6531) is needed only for a name before the `@`.

use deskbell_domain::outgoing::{OutgoingMessage, RefusedRecipient, SendOutcome};
use lettre::Address;

use super::connect::Offers;

/// Whom a message is from and for.
#[derive(Debug)]
pub(crate) struct Envelope {
    pub(crate) sender: Address,
    /// As a person wrote it, and as the server is told.
    pub(crate) recipients: Vec<(String, Address)>,
    /// The message or an address in it needs SMTPUTF8.
    pub(crate) utf8: bool,
    /// The message holds bytes beyond ASCII.
    pub(crate) eight_bit: bool,
    bytes: u64,
}

impl Envelope {
    /// Reads the envelope; `Rejected` names every address that is none.
    pub(crate) fn of(mail: &OutgoingMessage) -> Result<Self, SendOutcome> {
        let Some(sender) = read(&mail.sender.address) else {
            return Err(rejected(
                "sender",
                format!(
                    "“{}” is no address to send from; check the sender.",
                    plain(&mail.sender.address)
                ),
                Vec::new(),
            ));
        };
        let mut recipients = Vec::with_capacity(mail.recipients.len());
        let mut wrong = Vec::new();
        for address in &mail.recipients {
            match read(address) {
                Some(read) => recipients.push((address.clone(), read)),
                None => wrong.push(RefusedRecipient {
                    address: address.clone(),
                    reason: "this is no mail address".into(),
                }),
            }
        }
        if let Some(first) = wrong.first() {
            let message = format!("“{}” is no mail address; correct it.", plain(&first.address));
            return Err(rejected("recipient", message, wrong));
        }
        if recipients.is_empty() {
            return Err(rejected(
                "recipient",
                "The message is for nobody; add a recipient.".into(),
                wrong,
            ));
        }
        let beyond = |address: &Address| !address.user().is_ascii();
        let utf8 = beyond(&sender)
            || recipients.iter().any(|(_, address)| beyond(address))
            || !headers(&mail.source).is_ascii();
        Ok(Self {
            sender,
            recipients,
            utf8,
            eight_bit: !mail.source.is_ascii(),
            bytes: mail.source.len() as u64,
        })
    }

    /// Refuses here what the server says it cannot carry.
    pub(crate) fn suits(&self, offers: &Offers) -> Result<(), SendOutcome> {
        if let Some(limit) = offers.size.filter(|limit| *limit > 0 && self.bytes > *limit) {
            return Err(rejected(
                "too_large",
                format!(
                    "The message has {} and this server takes at most {}; remove a file or send a link.",
                    megabytes(self.bytes),
                    megabytes(limit)
                ),
                Vec::new(),
            ));
        }
        if self.utf8 && !offers.utf8 {
            let beyond = |address: &&Address| !address.user().is_ascii();
            let own = Some(&self.sender).filter(beyond);
            let whose = own.or_else(|| self.recipients.iter().map(|(_, a)| a).find(beyond));
            let message = match whose {
                Some(address) => format!(
                    "This server cannot carry the letters in {address}; ask for an address in plain letters."
                ),
                None => "This server cannot carry the letters in the message's headers.".into(),
            };
            let refused = self.recipients.iter().filter(|(_, address)| beyond(&address));
            let refused = refused.map(|(written, _)| RefusedRecipient {
                address: written.clone(),
                reason: "the server cannot carry its letters".into(),
            });
            return Err(rejected("smtputf8", message, refused.collect()));
        }
        if self.eight_bit && !offers.eight_bit {
            return Err(rejected(
                "8bitmime",
                "This server carries plain ASCII only; the message must be encoded.".into(),
                Vec::new(),
            ));
        }
        Ok(())
    }

    /// Bytes of the message.
    pub(crate) fn bytes(&self) -> usize {
        usize::try_from(self.bytes).unwrap_or(usize::MAX)
    }
}

/// An address a server can be told, its domain in ASCII.
fn read(address: &str) -> Option<Address> {
    // The check below knows quoted names, in which nearly everything may stand; nothing here needs more.
    if address.chars().any(|c| c.is_control() || c == '<' || c == '>') {
        return None;
    }
    let (user, domain) = address.trim().rsplit_once('@')?;
    let domain =
        if domain.is_ascii() { domain.to_owned() } else { idna::domain_to_ascii(domain).ok()? };
    Address::new(user, domain).ok()
}

/// The header block.
fn headers(source: &[u8]) -> &[u8] {
    let end = source.windows(4).position(|window| window == b"\r\n\r\n");
    source.get(..end.unwrap_or(source.len())).unwrap_or(source)
}

fn rejected(code: &str, message: String, refused: Vec<RefusedRecipient>) -> SendOutcome {
    SendOutcome::Rejected { code: code.into(), message, refused }
}

fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(120).collect()
}

fn megabytes(bytes: u64) -> String {
    let tenths = bytes.div_ceil(100_000);
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_can_end_a_command() {
        for hostile in [
            "a@b.example>\r\nRCPT TO:<evil@c.example",
            "a\r\n@b.example",
            "\"a\r\nDATA\"@b.example",
            "a@b.example\n",
            "a\u{85}b@c.example",
            "<a@b.example>",
            "a b@c.example",
            "@b.example",
            "a@",
            "",
        ] {
            assert!(read(hostile).is_none(), "{hostile:?} must not reach a server");
        }
    }

    #[test]
    fn a_foreign_domain_travels_in_ascii_and_a_foreign_name_does_not() {
        let address = read("info@bücher.example").expect("an address");
        assert_eq!(address.domain(), "xn--bcher-kva.example");
        let address = read("józef@bücher.example").expect("an address");
        assert_eq!(address.to_string(), "józef@xn--bcher-kva.example");
    }
}
