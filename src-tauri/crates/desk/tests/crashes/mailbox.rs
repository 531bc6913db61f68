//! Where the studio sends from: a misbehaving SMTP server, and a real mailbox for the copies of what was sent.

use std::sync::Arc;
use std::time::{Duration, Instant};

use deskbell_domain::ProviderError;
use deskbell_domain::port::{
    Capabilities, CopySink, MessageSink, MessageSource, Provider, StateSink,
};
use deskbell_domain::secret::Secret;
use deskbell_engine::ProviderFactory;
use deskbell_providers::imap::{ImapProvider, ImapSettings, Security};
use deskbell_providers::smtp::{SignIn, SmtpProvider, SmtpSettings};
use deskbell_store::table::account::Account;
use deskbell_testbed::{Courier, Dovecot, OtherClient, ScriptedSmtp, SmtpOffers};

/// Who puts a copy among the sent messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeper {
    /// Nobody: a bare server, and no mailbox.
    Nobody,
    /// The server, and the settings say so, or nobody has said.
    Server { told: bool },
    /// Deskbell, and the settings say so, or nobody has said.
    Deskbell { told: bool },
}

impl Keeper {
    /// Whether one can look for what was sent.
    pub fn has_mailbox(self) -> bool {
        self != Self::Nobody
    }

    fn saves_sent(self) -> Option<bool> {
        match self {
            Self::Server { told: true } => Some(true),
            Self::Deskbell { told: true } => Some(false),
            _ => None,
        }
    }
}

/// How long a server is given to come to rest.
const DEADLINE: Duration = Duration::from_secs(120);

/// One account's servers, seen from outside.
pub struct Mailbox<'a> {
    pub smtp: ScriptedSmtp,
    pub keeper: Keeper,
    pub user: String,
    dovecot: &'a Dovecot,
}

impl<'a> Mailbox<'a> {
    /// A mailbox of its own on a shared server.
    pub fn open(dovecot: &'a Dovecot, user: &str, keeper: Keeper) -> Self {
        let offers = SmtpOffers { password: dovecot.password().into(), ..SmtpOffers::default() };
        let (port, owner) = (dovecot.imap_port(), user.to_owned());
        let password = dovecot.password().to_owned();
        let saving: Option<Courier> = matches!(keeper, Keeper::Server { .. }).then(|| {
            let courier: Courier = Box::new(move |mail| {
                let mut own = OtherClient::sign_in(port, &owner, &password).expect("a mailbox");
                own.append("Sent", "\\Seen", &mail.source).expect("a copy");
            });
            courier
        });
        let smtp = ScriptedSmtp::start_with(offers, saving).expect("a server");
        Self { smtp, keeper, user: user.to_owned(), dovecot }
    }

    /// What opens it for the engine.
    pub fn doors(&self) -> Arc<Doors> {
        let smtp = SmtpSettings {
            host: "127.0.0.1".into(),
            port: self.smtp.port(),
            security: Security::None,
            user: self.user.clone(),
            sign_in: SignIn::Password,
            saves_sent: self.keeper.saves_sent(),
            max_bytes: None,
            pinned_certificate: None,
        };
        let imap = self.keeper.has_mailbox().then(|| ImapSettings {
            address: self.user.clone(),
            user: self.user.clone(),
            host: "127.0.0.1".into(),
            port: self.dovecot.imap_port(),
            security: Security::None,
            pinned_certificate: None,
        });
        let password = self.dovecot.password().to_owned();
        Arc::new(Doors { smtp, imap, password })
    }

    /// The Message-IDs of what the server took, in order.
    pub fn taken(&self) -> Vec<String> {
        let taken = self.smtp.taken();
        taken.iter().map(|mail| mail.message_id().expect("a Message-ID")).collect()
    }

    /// The Message-IDs among the sent messages.
    pub fn sent(&self) -> Vec<String> {
        let mut phone =
            OtherClient::sign_in(self.dovecot.imap_port(), &self.user, self.dovecot.password())
                .expect("a second client");
        phone.command("SELECT Sent").expect("there is a Sent");
        let fetch = "UID FETCH 1:* (BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])";
        let answers = phone.command(fetch).expect("a list");
        let copies = answers.iter().filter(|line| line.contains(" FETCH ("));
        copies.map(|line| line.split(['<', '>']).nth(1).expect("an id").to_owned()).collect()
    }

    /// Waits until both servers know that the program is gone: no human is as fast to start it again.
    pub fn rest(&self) {
        self.dovecot.rest().expect("the mailbox comes to rest");
        let ends = Instant::now() + DEADLINE;
        while !self.smtp.is_idle() {
            assert!(Instant::now() < ends, "the server that sends comes to rest");
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

/// Opens the account as the program does: one mailbox that receives and sends.
pub struct Doors {
    smtp: SmtpSettings,
    imap: Option<ImapSettings>,
    password: String,
}

impl ProviderFactory for Doors {
    fn open(&self, _: &Account, _: Option<Secret>) -> Result<Arc<dyn Provider>, ProviderError> {
        let secret = Secret::new(&*self.password);
        let imap = self.imap.clone().map(|imap| Arc::new(ImapProvider::new(imap, secret.clone())));
        let sent = imap.as_ref().map(|imap| Arc::clone(imap) as Arc<dyn CopySink>);
        let smtp = SmtpProvider::new(self.smtp.clone(), Some(secret), sent);
        Ok(Arc::new(Both { imap, smtp }))
    }
}

struct Both {
    imap: Option<Arc<ImapProvider>>,
    smtp: SmtpProvider,
}

impl Provider for Both {
    fn capabilities(&self) -> Capabilities {
        self.imap.as_ref().map_or_else(|| self.smtp.capabilities(), |imap| imap.capabilities())
    }

    fn messages(&self) -> Option<&dyn MessageSource> {
        self.imap.as_ref()?.messages()
    }

    fn state(&self) -> Option<&dyn StateSink> {
        self.imap.as_ref()?.state()
    }

    fn sink(&self) -> Option<&dyn MessageSink> {
        Some(&self.smtp)
    }

    fn copies(&self) -> Option<&dyn CopySink> {
        self.imap.as_deref().map(|imap| imap as &dyn CopySink)
    }
}
