//! Settings proposed for a mail address: those the large providers publish, a likely guess for all others.

use crate::dto::{ImapSuggestion, Security, SmtpServer};

/// Settings of one provider.
struct Preset {
    domains: &'static [&'static str],
    host: &'static str,
    port: u16,
    security: Security,
    smtp: Smtp,
    hint: Option<&'static str>,
}

/// Where a provider takes mail.
struct Smtp {
    host: &'static str,
    port: u16,
    security: Security,
    /// It puts what it sends among the sent messages by itself, as its own help says.
    saves_sent: Option<bool>,
}

const fn over_tls(host: &'static str) -> Smtp {
    Smtp { host, port: SUBMISSIONS, security: Security::Tls, saves_sent: None }
}

const fn over_starttls(host: &'static str, port: u16) -> Smtp {
    Smtp { host, port, security: Security::Starttls, saves_sent: None }
}

const TLS: u16 = 993;
/// Mail is handed in over TLS from the first byte (RFC 8314).
const SUBMISSIONS: u16 = 465;
/// Mail is handed in after STARTTLS (RFC 6409).
const SUBMISSION: u16 = 587;

/// Published by the providers in their help pages; see the decision on presets.
const PRESETS: [Preset; 9] = [
    Preset {
        domains: &["gmail.com", "googlemail.com"],
        host: "imap.gmail.com",
        port: TLS,
        security: Security::Tls,
        smtp: Smtp { saves_sent: Some(true), ..over_tls("smtp.gmail.com") },
        hint: Some(
            "Google asks for an app password: myaccount.google.com/apppasswords (2-step verification must be on).",
        ),
    },
    Preset {
        domains: &[
            "yahoo.com",
            "ymail.com",
            "rocketmail.com",
            "yahoo.de",
            "yahoo.co.uk",
            "yahoo.fr",
        ],
        host: "imap.mail.yahoo.com",
        port: TLS,
        security: Security::Tls,
        smtp: over_tls("smtp.mail.yahoo.com"),
        hint: Some("Yahoo asks for an app password: make one under Account security."),
    },
    Preset {
        domains: &["aol.com"],
        host: "imap.aol.com",
        port: TLS,
        security: Security::Tls,
        smtp: over_tls("smtp.aol.com"),
        hint: Some("AOL asks for an app password: make one under Account security."),
    },
    Preset {
        domains: &["icloud.com", "me.com", "mac.com"],
        host: "imap.mail.me.com",
        port: TLS,
        security: Security::Tls,
        smtp: over_starttls("smtp.mail.me.com", SUBMISSION),
        hint: Some(
            "Apple asks for an app-specific password: account.apple.com, Sign-In and Security.",
        ),
    },
    Preset {
        domains: &["zoho.com", "zohomail.com"],
        host: "imap.zoho.com",
        port: TLS,
        security: Security::Tls,
        smtp: over_tls("smtp.zoho.com"),
        hint: Some(
            "IMAP must be switched on in Zoho's settings, and 2-step users need an app password.",
        ),
    },
    Preset {
        domains: &["zoho.eu", "zohomail.eu"],
        host: "imap.zoho.eu",
        port: TLS,
        security: Security::Tls,
        smtp: over_tls("smtp.zoho.eu"),
        hint: Some(
            "IMAP must be switched on in Zoho's settings, and 2-step users need an app password.",
        ),
    },
    Preset {
        domains: &["proton.me", "protonmail.com", "pm.me"],
        host: "127.0.0.1",
        port: 1143,
        security: Security::Starttls,
        smtp: over_starttls("127.0.0.1", 1025),
        hint: Some(
            "Proton needs Proton Mail Bridge running on this machine; use the password Bridge shows.",
        ),
    },
    Preset {
        domains: &["gmx.de", "gmx.net", "gmx.at", "gmx.ch"],
        host: "imap.gmx.net",
        port: TLS,
        security: Security::Tls,
        smtp: over_tls("mail.gmx.net"),
        hint: Some("IMAP must be switched on in GMX's settings first."),
    },
    Preset {
        domains: &["outlook.com", "hotmail.com", "live.com", "msn.com"],
        host: "outlook.office365.com",
        port: TLS,
        security: Security::Tls,
        smtp: Smtp { saves_sent: Some(true), ..over_starttls("smtp-mail.outlook.com", SUBMISSION) },
        hint: Some("Microsoft no longer accepts passwords from mail programs for these addresses."),
    },
];

/// Proposes settings for an address; the domain is enough.
pub(crate) fn suggest(address: &str) -> ImapSuggestion {
    let address = address.trim();
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain).to_lowercase();
    let preset = PRESETS.iter().find(|preset| preset.domains.contains(&domain.as_str()));
    match preset {
        Some(preset) => ImapSuggestion {
            host: preset.host.into(),
            port: preset.port,
            security: preset.security,
            user: address.into(),
            smtp: SmtpServer {
                host: preset.smtp.host.into(),
                port: preset.smtp.port,
                security: preset.smtp.security,
                user: address.into(),
                saves_sent: preset.smtp.saves_sent,
            },
            hint: preset.hint.map(Into::into),
        },
        None => ImapSuggestion {
            host: if domain.is_empty() { String::new() } else { format!("imap.{domain}") },
            port: TLS,
            security: Security::Tls,
            user: address.into(),
            smtp: SmtpServer {
                host: if domain.is_empty() { String::new() } else { format!("smtp.{domain}") },
                port: SUBMISSIONS,
                security: Security::Tls,
                user: address.into(),
                saves_sent: None,
            },
            hint: None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_domain_gets_the_likeliest_server() {
        let proposal = suggest("studio@inkwell.example");
        assert_eq!(proposal.host, "imap.inkwell.example");
        assert_eq!(proposal.port, 993);
        assert_eq!(proposal.user, "studio@inkwell.example");
        assert_eq!(
            (proposal.smtp.host.as_str(), proposal.smtp.port),
            ("smtp.inkwell.example", 465)
        );
    }

    #[test]
    fn a_known_provider_says_which_password_it_wants() {
        let proposal = suggest("Mara@GMail.com");
        assert_eq!(proposal.host, "imap.gmail.com");
        assert_eq!(proposal.smtp.saves_sent, Some(true), "and keeps what it sends");
        assert!(proposal.hint.is_some_and(|hint| hint.contains("app password")));
    }
}
