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
