//! From what the network says about an address to what a person is proposed.

use deskbell_api::dto::{
    MailRoute, PasswordHint, Proposal, ProposalSource, Security, ServerGuess, SmtpServer,
};
use deskbell_providers::discover::{Configuration, Origin, Server};
use deskbell_providers::imap;

/// One proposal; its password is the mailbox's own, as far as anybody knows.
pub(crate) fn proposal(found: Configuration) -> Proposal {
    let source = match found.origin {
        Origin::Srv => ProposalSource::Srv,
        Origin::Autoconfig => ProposalSource::Autoconfig,
    };
    Proposal {
        source,
        provider: MailRoute::Imap,
        name: found.name.unwrap_or_else(|| found.imap.host.clone()),
        oauth: None,
        imap: Some(server(found.imap)),
        smtp: found.smtp.map(|smtp| {
            let ServerGuess { host, port, security, user } = server(smtp);
            SmtpServer { host, port, security, user, saves_sent: None }
        }),
        password: Some(PasswordHint::usual()),
        unsafe_source: found.doubtful,
    }
}

fn server(found: Server) -> ServerGuess {
    let security = match found.security {
        imap::Security::None => Security::None,
        imap::Security::StartTls => Security::Starttls,
        imap::Security::Tls => Security::Tls,
    };
    ServerGuess { host: found.host, port: found.port, security, user: found.user }
}
