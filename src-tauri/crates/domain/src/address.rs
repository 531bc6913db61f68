//! Mail addresses as they stand in a header: a name, if any, and the address itself.

use serde::{Deserialize, Serialize};

/// One mailbox of a From, To, Cc, Bcc or Reply-To header (RFC 5322, section 3.4).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Address {
    /// The display name, decoded; `None` where the header carries none.
    pub name: Option<String>,
    /// `local@domain`, spelt as in the header.
    pub address: String,
}

impl Address {
    /// The form under which two spellings of an address are the same identity: trimmed and lower case.
    ///
    /// RFC 5321 lets a server tell `A@x` from `a@x`; none in use does, and people never do.
    pub fn key(&self) -> String {
        identity_key(&self.address)
    }

    /// The name if there is one, else the address.
    pub fn label(&self) -> &str {
        self.name.as_deref().filter(|name| !name.trim().is_empty()).unwrap_or(&self.address)
    }
}

/// The comparable form of an address; see [`Address::key`].
pub fn identity_key(address: &str) -> String {
    address.trim().to_lowercase()
}

/// The comparable form of an address as the name of a mailbox: Gmail delivers to one mailbox whatever dots and `+tags`
/// stand in its name, at either of its two domains (Gmail help, "Dots don't matter in Gmail addresses"). Elsewhere, and
/// at companies' own domains, each of them may be somebody else's.
pub fn mailbox_key(address: &str) -> String {
    let key = identity_key(address);
    match key.rsplit_once('@') {
        Some((local, "gmail.com" | "googlemail.com")) => {
            let name = local.split_once('+').map_or(local, |(name, _)| name);
            format!("{}@gmail.com", name.replace('.', ""))
        }
        _ => key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_gmail_mailbox_has_many_names_and_another_provider_s_has_one() {
        for name in
            ["Mara.Voss@gmail.com", "maravoss+shop@googlemail.com", " m.a.r.a.voss@GMAIL.com"]
        {
            assert_eq!(mailbox_key(name), "maravoss@gmail.com", "{name}");
        }
        for name in
            ["mara.voss@studio.example", "maravoss+shop@outlook.com", "maravoss@gmail.com.example"]
        {
            assert_eq!(mailbox_key(name), name, "somebody else may own it");
        }
    }
}
