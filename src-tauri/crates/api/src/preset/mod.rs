//! Settings proposed for a mail address: those the large providers publish, a likely guess for all others.

mod table;

use self::table::{PRESETS, Password, Preset};
use crate::dto::{
    ImapSuggestion, MailRoute, OauthProvider, PasswordHint, PasswordKind, Proposal, ProposalSource,
    Security, ServerGuess, SmtpServer,
};
use crate::words;

const TLS: u16 = 993;
/// Mail is handed in over TLS from the first byte (RFC 8314).
const SUBMISSIONS: u16 = 465;
/// Mail is handed in after STARTTLS (RFC 6409).
const SUBMISSION: u16 = 587;

/// The domain of an address in small letters; empty where there is none.
pub(crate) fn domain(address: &str) -> String {
    let domain = address.trim().rsplit_once('@').map_or("", |(_, domain)| domain);
    domain.trim_end_matches('.').to_lowercase()
}

/// Proposes settings for an address; the domain is enough.
pub(crate) fn suggest(address: &str) -> ImapSuggestion {
    let address = address.trim();
    let domain = domain(address);
    match by_domain(&domain) {
        Some(preset) => ImapSuggestion {
            host: preset.host.into(),
            port: preset.port,
            security: preset.security,
            user: address.into(),
            smtp: preset.smtp(address),
            hint: preset.hint().map(|hint| hint.message),
        },
        None => {
            let named = |kind: &str| {
                if domain.is_empty() { String::new() } else { format!("{kind}.{domain}") }
            };
            ImapSuggestion {
                host: named("imap"),
                port: TLS,
                security: Security::Tls,
                user: address.into(),
                smtp: SmtpServer {
                    host: named("smtp"),
                    port: SUBMISSIONS,
                    security: Security::Tls,
                    user: address.into(),
                    saves_sent: None,
                },
                hint: None,
            }
        }
    }
}

/// What a provider known by the address's domain publishes; best first.
pub(crate) fn proposals(address: &str) -> Vec<Proposal> {
    by_domain(&domain(address))
        .map(|preset| preset.proposals(address.trim(), ProposalSource::Preset))
        .unwrap_or_default()
}

/// The servers of an address for a sign-in with this provider in the browser, where it has any of its own; one provider
/// signs in to mailboxes of more than one name.
pub(crate) fn by_browser(
    provider: OauthProvider,
    address: &str,
) -> Option<(ServerGuess, SmtpServer)> {
    let fitting = |one: Proposal| {
        let (imap, smtp) = one.imap.filter(|_| one.oauth == Some(provider)).zip(one.smtp)?;
        // Both sign in by the address that signs in, which is not known yet.
        let user = String::new;
        Some((ServerGuess { user: user(), ..imap }, SmtpServer { user: user(), ..smtp }))
    };
    proposals(address).into_iter().find_map(fitting)
}

/// What the provider publishes that receives a domain's mail, by the names of its receiving servers.
pub(crate) fn by_receiver(address: &str, receivers: &[String]) -> Vec<Proposal> {
    let ends = |receiver: &str, end: &str| {
        receiver == end || receiver.strip_suffix(end).is_some_and(|rest| rest.ends_with('.'))
    };
    let found = receivers.iter().find_map(|receiver| {
        let receiver = receiver.trim_end_matches('.').to_lowercase();
        PRESETS.iter().find(|preset| preset.mx.iter().any(|end| ends(&receiver, end)))
    });
    found.map(|preset| preset.proposals(address.trim(), ProposalSource::Mx)).unwrap_or_default()
}

/// The likeliest server of a domain nobody knows anything about.
pub(crate) fn guess(address: &str) -> Proposal {
    let guess = suggest(address);
    Proposal {
        source: ProposalSource::Guess,
        provider: MailRoute::Imap,
        name: guess.host.clone(),
        oauth: None,
        imap: Some(ServerGuess {
            host: guess.host,
            port: guess.port,
            security: guess.security,
            user: guess.user,
        }),
        smtp: Some(guess.smtp),
        password: Some(PasswordHint::usual()),
        unsafe_source: false,
    }
}

impl PasswordHint {
    /// What is said where nobody knows more.
    pub fn usual() -> Self {
        hint(PasswordKind::Plain, None, "Use the password of this mailbox.".into())
    }
}

fn by_domain(domain: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.domains.contains(&domain))
}

fn hint(kind: PasswordKind, url: Option<&str>, message: String) -> PasswordHint {
    PasswordHint { kind, url: url.map(Into::into), said: words::said(&message), message }
}

impl Preset {
    fn smtp(&self, address: &str) -> SmtpServer {
        SmtpServer {
            host: self.smtp.host.into(),
            port: self.smtp.port,
            security: self.smtp.security,
            user: address.into(),
            saves_sent: self.smtp.saves_sent,
        }
    }

    fn hint(&self) -> Option<PasswordHint> {
        let name = self.name;
        let (url, message) = match self.password {
            Password::None => return None,
            Password::Usual => return Some(PasswordHint::usual()),
            Password::ImapOff => (
                None,
                format!(
                    "Use the password of this mailbox. IMAP must be switched on first in the settings of {name}."
                ),
            ),
            Password::App(page) => (
                Some(page),
                format!(
                    "{name} takes no usual password from mail programs: make an app password on its page and paste it. 2-step verification must be on there."
                ),
            ),
            Password::PaidApp(page) => (
                Some(page),
                format!(
                    "{name} takes no usual password from mail programs: make an app password on its page and paste it; 2-step verification must be on there. IMAP must be switched on first in the settings of {name}, and its free plan has none."
                ),
            ),
            Password::Second(page) => (
                Some(page),
                format!("{name} has a password of its own for mail programs; set it on its page."),
            ),
            Password::Bridge => (
                Some("https://proton.me/mail/bridge"),
                "Proton Mail Bridge must run on this machine; use the user name and the password it shows."
                    .into(),
            ),
        };
        Some(hint(self.password.kind(), url, message))
    }

    /// Its API, IMAP with a sign-in in the browser, IMAP with a password: whatever there is, best first.
    fn proposals(&self, address: &str, source: ProposalSource) -> Vec<Proposal> {
        let own = (self.host, self.smtp.host);
        let hosted = self.hosted.filter(|_| source == ProposalSource::Mx);
        let (imap, smtp) = hosted.unwrap_or(own);
        let mail = |oauth, password| Proposal {
            source,
            provider: MailRoute::Imap,
            name: self.name.into(),
            oauth,
            imap: Some(ServerGuess {
                host: imap.into(),
                port: self.port,
                security: self.security,
                user: address.into(),
            }),
            smtp: Some(SmtpServer { host: smtp.into(), ..self.smtp(address) }),
            password,
            unsafe_source: false,
        };
        let api = self.api.map(|provider| Proposal {
            provider,
            imap: None,
            smtp: None,
            ..mail(self.oauth, None)
        });
        let by_password = self.hint().map(|hint| mail(None, Some(hint)));
        let by_browser = self.oauth.map(|oauth| mail(Some(oauth), None));
        // Where there is no API, the browser needs a client id few have: the password comes first.
        let (second, third) =
            if self.api.is_some() { (by_browser, by_password) } else { (by_password, by_browser) };
        [api, second, third].into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_at_aol_signs_in_with_yahoo_and_lies_at_aol() {
        let servers = |address: &str| {
            let (imap, smtp) = by_browser(OauthProvider::Yahoo, address)?;
            Some((imap.host, smtp.host))
        };
        let pair = |imap: &str, smtp: &str| Some((imap.to_owned(), smtp.to_owned()));
        assert_eq!(servers("mara@AOL.com"), pair("imap.aol.com", "smtp.aol.com"));
        assert_eq!(servers("mara@yahoo.de"), pair("imap.mail.yahoo.com", "smtp.mail.yahoo.com"));
        assert_eq!(servers("mara@gmail.com"), None, "Yahoo signs nobody in there");
        assert_eq!(servers("mara@studio.example"), None, "the provider's usual ones");
    }

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

    #[test]
    fn each_provider_names_the_exact_page_of_its_app_passwords() {
        for preset in PRESETS {
            let Some(hint) = preset.hint() else { continue };
            let exact = hint.url.as_deref().is_some_and(|url| url.starts_with("https://"));
            let wanted = hint.kind != PasswordKind::Plain;
            assert_eq!(exact, wanted, "{}: a page where one is needed", preset.name);
            assert!(hint.said.is_some(), "{}: said in every language", preset.name);
        }
    }

    #[test]
    fn microsoft_is_offered_without_a_password_and_google_with_all_three_ways() {
        let microsoft = proposals("mara@hotmail.com");
        assert!(microsoft.iter().all(|one| one.password.is_none()), "it takes none any more");
        assert_eq!(microsoft.first().map(|one| one.provider), Some(MailRoute::Graph));
        let google: Vec<_> = proposals("mara@gmail.com")
            .iter()
            .map(|one| (one.provider, one.oauth.is_some()))
            .collect();
        assert_eq!(
            google,
            [(MailRoute::Gmail, true), (MailRoute::Imap, true), (MailRoute::Imap, false)]
        );
    }

    #[test]
    fn a_domain_of_its_own_is_recognised_by_who_receives_its_mail() {
        let hosted = |receiver: &str| {
            by_receiver("a@inkwell.example", &[receiver.into()]).first().map(|one| one.name.clone())
        };
        assert_eq!(hosted("ASPMX.L.GOOGLE.COM.").as_deref(), Some("Gmail"));
        assert_eq!(hosted("inkwell.mail.protection.outlook.com").as_deref(), Some("Outlook"));
        assert_eq!(hosted("mx01.mail.icloud.com").as_deref(), Some("iCloud"));
        assert_eq!(hosted("mx.notgoogle.com"), None, "only whole labels count");
    }

    #[test]
    fn zoho_has_other_servers_for_domains_of_its_customers_and_says_what_they_must_switch_on() {
        let servers = |found: Vec<Proposal>| {
            let one = found.into_iter().next().expect("Zoho is known");
            let hint = one.password.expect("a password").message;
            assert!(hint.contains("switched on") && hint.contains("free plan has none"), "{hint}");
            (one.imap.expect("a server").host, one.smtp.expect("a server").host)
        };
        let pair = |imap: &str, smtp: &str| (imap.to_owned(), smtp.to_owned());
        assert_eq!(
            servers(proposals("mara@zohomail.eu")),
            pair("imap.zoho.eu", "smtp.zoho.eu"),
            "an address of Zoho's own"
        );
        for place in ["com", "eu", "in", "com.au", "jp"] {
            assert_eq!(
                servers(by_receiver("a@inkwell.example", &[format!("mx2.zoho.{place}")])),
                pair(&format!("imappro.zoho.{place}"), &format!("smtppro.zoho.{place}")),
                "a domain of one's own, in the data centre that receives its mail"
            );
        }
    }
}
