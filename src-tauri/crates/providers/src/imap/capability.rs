//! What an IMAP server says it can do.
//!
//! Invariant: everything above decides by these flags, never by the server's name.

use async_imap::imap_proto::Capability;

/// The capabilities that change what is done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caps {
    /// Quick resynchronisation (RFC 7162), switched on.
    pub qresync: bool,
    /// Mod-sequences (RFC 7162).
    pub condstore: bool,
    /// ENABLE (RFC 5161).
    pub enable: bool,
    /// IDLE (RFC 2177).
    pub idle: bool,
    /// UID MOVE (RFC 6851).
    pub can_move: bool,
    /// UID EXPUNGE and COPYUID (RFC 4315).
    pub uidplus: bool,
    /// Roles of mailboxes in LIST (RFC 6154).
    pub special_use: bool,
    /// A role can be given when a mailbox is made (RFC 6154).
    pub create_special_use: bool,
    /// LIST with RETURN options (RFC 5258).
    pub list_extended: bool,
    /// COMPRESS=DEFLATE (RFC 4978).
    pub compress: bool,
    /// ID (RFC 2971).
    pub id: bool,
    /// Literals without waiting (RFC 7888).
    pub literal_plus: bool,
    /// An initial response with AUTHENTICATE (RFC 4959).
    pub sasl_ir: bool,
    /// SASL PLAIN (RFC 4616).
    pub auth_plain: bool,
    /// SASL XOAUTH2.
    pub auth_xoauth2: bool,
    /// Gmail's labels, threads and names of messages (X-GM-EXT-1).
    pub gmail: bool,
    /// LOGIN is refused on this connection.
    pub login_disabled: bool,
}

impl Caps {
    pub(crate) fn read(all: &[Capability<'_>]) -> Self {
        let mut caps = Self::default();
        for one in all {
            match one {
                Capability::Imap4rev1 => {}
                Capability::Auth(name) => {
                    caps.auth_plain |= name.eq_ignore_ascii_case("PLAIN");
                    caps.auth_xoauth2 |= name.eq_ignore_ascii_case("XOAUTH2");
                }
                Capability::Atom(name) => caps.note(&name.to_ascii_uppercase()),
            }
        }
        caps
    }

    fn note(&mut self, name: &str) {
        match name {
            "QRESYNC" => (self.qresync, self.condstore) = (true, true),
            "CONDSTORE" => self.condstore = true,
            "ENABLE" => self.enable = true,
            "IDLE" => self.idle = true,
            "MOVE" => self.can_move = true,
            "UIDPLUS" => self.uidplus = true,
            "SPECIAL-USE" => self.special_use = true,
            "CREATE-SPECIAL-USE" => self.create_special_use = true,
            "LIST-EXTENDED" => self.list_extended = true,
            "COMPRESS=DEFLATE" => self.compress = true,
            "ID" => self.id = true,
            "LITERAL+" => self.literal_plus = true,
            "X-GM-EXT-1" => self.gmail = true,
            "SASL-IR" => self.sasl_ir = true,
            "LOGINDISABLED" => self.login_disabled = true,
            // IMAP4rev2 (RFC 9051) contains these.
            "IMAP4REV2" => {
                self.enable = true;
                self.idle = true;
                self.can_move = true;
                self.uidplus = true;
                self.special_use = true;
                self.sasl_ir = true;
            }
            _ => {}
        }
    }
}
