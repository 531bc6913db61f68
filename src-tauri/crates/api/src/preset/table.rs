//! What the large providers publish for mail programs, in their help pages.
//!
//! Addresses of pages are those the providers name today; a page that moves is found from there by its provider.

use crate::dto::{MailRoute, OauthProvider, PasswordKind, Security};

/// Where a provider takes mail.
pub(super) struct Smtp {
    pub(super) host: &'static str,
    pub(super) port: u16,
    pub(super) security: Security,
    /// It puts what it sends among the sent messages by itself, as its own help says.
    pub(super) saves_sent: Option<bool>,
}

/// Which password a provider wants from a mail program.
#[derive(Clone, Copy)]
pub(super) enum Password {
    /// The usual one.
    Usual,
    /// The usual one, once IMAP is switched on in the provider's settings.
    ImapOff,
    /// One made for mail programs, on this page.
    App(&'static str),
    /// The same, once IMAP is switched on in the provider's settings, which its free plan does not have.
    PaidApp(&'static str),
    /// A second password of the mailbox, set on this page.
    Second(&'static str),
    /// What Proton Mail Bridge shows.
    Bridge,
    /// None is taken any more.
    None,
}

impl Password {
    pub(super) fn kind(self) -> PasswordKind {
        match self {
            Self::App(_) | Self::PaidApp(_) | Self::Second(_) => PasswordKind::AppPassword,
            Self::Bridge => PasswordKind::Bridge,
            Self::Usual | Self::ImapOff | Self::None => PasswordKind::Plain,
        }
    }
}

/// One provider.
pub(super) struct Preset {
    pub(super) name: &'static str,
    pub(super) domains: &'static [&'static str],
    /// Endings of the names of the servers that receive its mail, for domains of its customers.
    pub(super) mx: &'static [&'static str],
    /// The IMAP and the SMTP server of those domains, where they are others than those of its own.
    pub(super) hosted: Option<(&'static str, &'static str)>,
    pub(super) host: &'static str,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) smtp: Smtp,
    pub(super) password: Password,
    /// Who checks a sign-in in the browser.
    pub(super) oauth: Option<OauthProvider>,
    /// Its own API.
    pub(super) api: Option<MailRoute>,
}

const fn over_tls(host: &'static str) -> Smtp {
    Smtp { host, port: super::SUBMISSIONS, security: Security::Tls, saves_sent: None }
}

const fn over_starttls(host: &'static str, port: u16) -> Smtp {
    Smtp { host, port, security: Security::Starttls, saves_sent: None }
}

/// IMAP over TLS, a password, no API.
const fn plain(name: &'static str, host: &'static str, smtp: Smtp, password: Password) -> Preset {
    Preset {
        name,
        domains: &[],
        mx: &[],
        hosted: None,
        host,
        port: super::TLS,
        security: Security::Tls,
        smtp,
        password,
        oauth: None,
        api: None,
    }
}

/// Zoho in one of its data centres. A domain of one's own has servers of its own: `imappro` and `smtppro` (Zoho's help
/// on IMAP, not confirmed for every data centre).
const fn zoho(
    host: &'static str,
    smtp: &'static str,
    hosted: (&'static str, &'static str),
    page: &'static str,
    domains: &'static [&'static str],
    mx: &'static [&'static str],
) -> Preset {
    let hosted = Some(hosted);
    Preset { domains, mx, hosted, ..plain("Zoho", host, over_tls(smtp), Password::PaidApp(page)) }
}

/// Every provider known by name.
pub(super) const PRESETS: &[Preset] = &[
    Preset {
        domains: &["gmail.com", "googlemail.com"],
        mx: &["google.com", "googlemail.com"],
        oauth: Some(OauthProvider::Google),
        api: Some(MailRoute::Gmail),
        ..plain(
            "Gmail",
            "imap.gmail.com",
            Smtp { saves_sent: Some(true), ..over_tls("smtp.gmail.com") },
            Password::App("https://myaccount.google.com/apppasswords"),
        )
    },
    Preset {
        domains: &[
            "outlook.com",
            "outlook.de",
            "outlook.fr",
            "outlook.es",
            "outlook.it",
            "outlook.at",
            "hotmail.com",
            "hotmail.de",
            "hotmail.fr",
            "hotmail.es",
            "hotmail.it",
            "hotmail.co.uk",
            "live.com",
            "live.de",
            "live.fr",
            "live.co.uk",
            "live.nl",
            "msn.com",
            "passport.com",
        ],
        mx: &["outlook.com", "office365.us"],
        oauth: Some(OauthProvider::Microsoft),
        api: Some(MailRoute::Graph),
        ..plain(
            "Outlook",
            "outlook.office365.com",
            Smtp {
                saves_sent: Some(true),
                ..over_starttls("smtp-mail.outlook.com", super::SUBMISSION)
            },
            Password::None,
        )
    },
    Preset {
        domains: &[
            "yahoo.com",
            "yahoo.de",
            "yahoo.co.uk",
            "yahoo.fr",
            "yahoo.es",
            "yahoo.it",
            "yahoo.ca",
            "yahoo.com.au",
            "yahoo.com.br",
            "yahoo.co.in",
            "yahoo.in",
            "ymail.com",
            "rocketmail.com",
            "myyahoo.com",
        ],
        mx: &["yahoodns.net"],
        oauth: Some(OauthProvider::Yahoo),
        ..plain(
            "Yahoo",
            "imap.mail.yahoo.com",
            over_tls("smtp.mail.yahoo.com"),
            Password::App("https://login.yahoo.com/myaccount/security/app-password"),
        )
    },
    Preset {
        domains: &["aol.com", "aim.com", "aol.de", "aol.co.uk", "love.com", "verizon.net"],
        oauth: Some(OauthProvider::Yahoo),
        ..plain(
            "AOL",
            "imap.aol.com",
            over_tls("smtp.aol.com"),
            Password::App("https://login.aol.com/myaccount/security/app-password"),
        )
    },
    Preset {
        domains: &["icloud.com", "me.com", "mac.com"],
        mx: &["mail.icloud.com"],
        ..plain(
            "iCloud",
            "imap.mail.me.com",
            over_starttls("smtp.mail.me.com", super::SUBMISSION),
            Password::App("https://account.apple.com/account/manage"),
        )
    },
    zoho(
        "imap.zoho.com",
        "smtp.zoho.com",
        ("imappro.zoho.com", "smtppro.zoho.com"),
        "https://accounts.zoho.com/home#security/app_password",
        &["zoho.com", "zohomail.com"],
        &["zoho.com", "zohomail.com"],
    ),
    zoho(
        "imap.zoho.eu",
        "smtp.zoho.eu",
        ("imappro.zoho.eu", "smtppro.zoho.eu"),
        "https://accounts.zoho.eu/home#security/app_password",
        &["zoho.eu", "zohomail.eu"],
        &["zoho.eu", "zohomail.eu"],
    ),
    zoho(
        "imap.zoho.in",
        "smtp.zoho.in",
        ("imappro.zoho.in", "smtppro.zoho.in"),
        "https://accounts.zoho.in/home#security/app_password",
        &["zoho.in", "zohomail.in"],
        &["zoho.in", "zohomail.in"],
    ),
    zoho(
        "imap.zoho.com.au",
        "smtp.zoho.com.au",
        ("imappro.zoho.com.au", "smtppro.zoho.com.au"),
        "https://accounts.zoho.com.au/home#security/app_password",
        &["zoho.com.au", "zohomail.com.au"],
        &["zoho.com.au", "zohomail.com.au"],
    ),
    zoho(
        "imap.zoho.jp",
        "smtp.zoho.jp",
        ("imappro.zoho.jp", "smtppro.zoho.jp"),
        "https://accounts.zoho.jp/home#security/app_password",
        &["zoho.jp", "zohomail.jp"],
        &["zoho.jp", "zohomail.jp"],
    ),
    Preset {
        domains: &["proton.me", "protonmail.com", "protonmail.ch", "pm.me"],
        mx: &["protonmail.ch"],
        port: 1143,
        security: Security::Starttls,
        ..plain("Proton", "127.0.0.1", over_starttls("127.0.0.1", 1025), Password::Bridge)
    },
    Preset {
        domains: &["fastmail.com", "fastmail.fm", "fastmail.de", "messagingengine.com"],
        mx: &["messagingengine.com"],
        ..plain(
            "Fastmail",
            "imap.fastmail.com",
            over_tls("smtp.fastmail.com"),
            Password::App("https://app.fastmail.com/settings/security/integrations"),
        )
    },
    Preset {
        domains: &["gmx.de", "gmx.net", "gmx.at", "gmx.ch", "gmx.eu"],
        ..plain("GMX", "imap.gmx.net", over_tls("mail.gmx.net"), Password::ImapOff)
    },
    Preset {
        domains: &["gmx.com", "gmx.us", "gmx.co.uk", "gmx.fr", "gmx.es"],
        ..plain("GMX", "imap.gmx.com", over_tls("mail.gmx.com"), Password::ImapOff)
    },
    Preset {
        domains: &["web.de", "email.de"],
        ..plain(
            "WEB.DE",
            "imap.web.de",
            over_starttls("smtp.web.de", super::SUBMISSION),
            Password::ImapOff,
        )
    },
    Preset {
        domains: &["t-online.de", "magenta.de"],
        ..plain(
            "T-Online",
            "secureimap.t-online.de",
            over_tls("securesmtp.t-online.de"),
            Password::Second("https://account.idm.telekom.com/account-manager/"),
        )
    },
    Preset {
        domains: &["mailbox.org"],
        mx: &["mailbox.org"],
        ..plain("mailbox.org", "imap.mailbox.org", over_tls("smtp.mailbox.org"), Password::Usual)
    },
    Preset {
        domains: &["posteo.de", "posteo.net", "posteo.org", "posteo.eu", "posteo.at", "posteo.ch"],
        ..plain("Posteo", "posteo.de", over_tls("posteo.de"), Password::Usual)
    },
    Preset {
        domains: &["freenet.de"],
        ..plain("freenet", "mx.freenet.de", over_tls("mx.freenet.de"), Password::ImapOff)
    },
    Preset {
        domains: &["online.de", "onlinehome.de"],
        mx: &["kundenserver.de", "ionos.de", "ionos.com", "1and1.com"],
        ..plain("IONOS", "imap.ionos.de", over_tls("smtp.ionos.de"), Password::Usual)
    },
    Preset {
        mx: &["rzone.de", "strato.de"],
        ..plain("STRATO", "imap.strato.de", over_tls("smtp.strato.de"), Password::Usual)
    },
    Preset {
        domains: &["yandex.com", "yandex.ru", "ya.ru"],
        mx: &["yandex.net", "yandex.ru"],
        ..plain(
            "Yandex",
            "imap.yandex.com",
            over_tls("smtp.yandex.com"),
            Password::App("https://id.yandex.com/security/app-passwords"),
        )
    },
];
