//! The providers one signs in to in the browser: where their pages are, and what Deskbell asks them for.
//!
//! Sources: the providers' own OAuth pages and discovery documents. What is only known by hearsay is a constant
//! with a name, and every address can be replaced by a base URL of one's own.

use serde::{Deserialize, Serialize};

/// Who checks a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vendor {
    /// Google.
    Google,
    /// Microsoft: personal accounts, and those of schools and companies.
    Microsoft,
    /// Yahoo and AOL.
    Yahoo,
    /// Any OpenID Connect server, by its issuer.
    Custom,
}

/// What the tokens are for. One token reaches one of them: Microsoft gives none for two resources at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// The vendor's own API for mail.
    Api,
    /// IMAP and SMTP with XOAUTH2.
    Imap,
}

/// How the browser's answer comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// To a port of this machine (RFC 8252 section 7.3).
    Loopback,
    /// To an address of Deskbell's own scheme (RFC 8252 section 7.1).
    DeepLink,
    /// To this page of one's own, under https: it shows the answer, for the person to paste, or hands it on to
    /// Deskbell's own scheme. For providers that redirect nowhere else.
    Page(String),
}

/// Where Yahoo takes a sign-in back, by its discovery document; not confirmed, and only ever tried.
const YAHOO_REVOKES: &str = "/oauth2/revoke";
/// What a deep link of a sign-in begins with.
pub const DEEP_LINK: &str = "deskbell://oauth/callback";

/// Where a vendor's pages are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// The page in the browser.
    pub authorize: String,
    /// Where codes and refresh tokens are exchanged.
    pub token: String,
    /// Who signed in, where the ID token does not say.
    pub userinfo: Option<String>,
    /// Where a sign-in is given back (RFC 7009), where there is such a place.
    pub revoke: Option<String>,
}

/// Deskbell as a vendor knows it.
#[derive(Clone)]
pub struct Client {
    /// Its id, which is no secret.
    pub id: String,
    /// Its secret, where the vendor gave one; Google does to desktop programs, and does not take it for secret.
    pub secret: Option<deskbell_domain::secret::Secret>,
}

impl Vendor {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Google, Self::Microsoft, Self::Yahoo, Self::Custom];

    /// Where its pages are; below `base` for a rehearsal. `None` for [`Vendor::Custom`], whose issuer tells.
    pub fn endpoints(self, base: Option<&str>) -> Option<Endpoints> {
        let base = base.map(|base| base.trim_end_matches('/'));
        let at = |usual: &str, path: &str| format!("{}{path}", base.unwrap_or(usual));
        Some(match self {
            Self::Google => Endpoints {
                authorize: at("https://accounts.google.com", "/o/oauth2/v2/auth"),
                token: at("https://oauth2.googleapis.com", "/token"),
                userinfo: Some(at("https://openidconnect.googleapis.com", "/v1/userinfo")),
                revoke: Some(at("https://oauth2.googleapis.com", "/revoke")),
            },
            Self::Microsoft => {
                let page = |name| {
                    at("https://login.microsoftonline.com", &format!("/common/oauth2/v2.0/{name}"))
                };
                // Its userinfo takes tokens for Graph only; the ID token says enough. Nothing is given back there by
                // a program: the person does so on the page of their account.
                let (authorize, token) = (page("authorize"), page("token"));
                Endpoints { authorize, token, userinfo: None, revoke: None }
            }
            Self::Yahoo => Endpoints {
                authorize: at("https://api.login.yahoo.com", "/oauth2/request_auth"),
                token: at("https://api.login.yahoo.com", "/oauth2/get_token"),
                userinfo: Some(at("https://api.login.yahoo.com", "/openid/v1/userinfo")),
                revoke: Some(at("https://api.login.yahoo.com", YAHOO_REVOKES)),
            },
            Self::Custom => return None,
        })
    }

    /// What Deskbell asks for; empty where the vendor has no such way.
    pub fn scopes(self, reach: Reach) -> &'static [&'static str] {
        match (self, reach) {
            (Self::Google, Reach::Api) => {
                &["openid", "email", "https://www.googleapis.com/auth/gmail.modify"]
            }
            // The only scope that opens IMAP and SMTP.
            (Self::Google, Reach::Imap) => &["openid", "email", "https://mail.google.com/"],
            (Self::Microsoft, Reach::Api) => &[
                "openid",
                "email",
                "profile",
                "offline_access",
                "User.Read",
                "Mail.ReadWrite",
                "Mail.Send",
            ],
            (Self::Microsoft, Reach::Imap) => &[
                "openid",
                "email",
                "profile",
                "offline_access",
                "https://outlook.office.com/IMAP.AccessAsUser.All",
                "https://outlook.office.com/SMTP.Send",
            ],
            (Self::Yahoo, Reach::Imap) => &["openid", "mail-r", "mail-w"],
            (Self::Custom, Reach::Imap) => &["openid", "email", "offline_access"],
            (Self::Yahoo | Self::Custom, Reach::Api) => &[],
        }
    }

    /// Without which of the scopes nothing works. Vendors answer with names of their own for the others.
    pub(crate) fn needed(self, reach: Reach) -> impl Iterator<Item = &'static str> {
        let common = ["openid", "email", "profile", "offline_access"];
        // What an unknown server calls the right to mail, only it knows.
        let strict = self != Self::Custom;
        let scopes = self.scopes(reach).iter().copied();
        scopes.filter(move |scope| strict && !common.contains(scope))
    }

    /// What its page wants besides what everybody's does.
    pub(crate) fn extras(self) -> &'static [(&'static str, &'static str)] {
        match self {
            // Only so it gives a refresh token, and gives one again.
            Self::Google => &[("access_type", "offline"), ("prompt", "consent")],
            Self::Microsoft => &[("prompt", "select_account")],
            // OpenID Connect Core 1.0 section 11: offline access is asked for with the consent shown.
            Self::Custom => &[("prompt", "consent")],
            Self::Yahoo => &[],
        }
    }

    /// The name of this machine in its redirect addresses. Microsoft ignores the port of `localhost` only.
    pub(crate) fn loopback_name(self) -> &'static str {
        match self {
            Self::Google | Self::Yahoo | Self::Custom => "127.0.0.1",
            Self::Microsoft => "localhost",
        }
    }

    /// Whether it redirects to an address of a scheme of one's own. Google keeps those for phones.
    pub fn takes_deep_links(self) -> bool {
        matches!(self, Self::Microsoft | Self::Custom)
    }

    /// The redirect addresses to register with it; none where it takes those under https only, which are a page of the
    /// person's own.
    pub fn redirects(self) -> Vec<String> {
        // The port is not part of what is registered.
        let loopback = match self {
            Self::Microsoft => Some("http://localhost"),
            Self::Google | Self::Custom => Some("http://127.0.0.1/"),
            // By the reports of other programs' authors; its own pages do not say (unconfirmed).
            Self::Yahoo => None,
        };
        let deep = self.takes_deep_links().then_some(DEEP_LINK);
        loopback.into_iter().chain(deep).map(str::to_owned).collect()
    }

    /// Where it lets one make a client id.
    pub fn guide(self) -> &'static str {
        match self {
            Self::Google => "https://console.cloud.google.com/apis/credentials",
            Self::Microsoft => "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps",
            Self::Yahoo => "https://developer.yahoo.com/apps/create/",
            Self::Custom => "https://openid.net/specs/openid-connect-discovery-1_0.html",
        }
    }

    /// The client id this build came with, if whoever built it gave one; the open source has none.
    pub fn built_in(self) -> Option<Client> {
        let (id, secret) = match self {
            Self::Google => (
                option_env!("DESKBELL_GOOGLE_CLIENT_ID"),
                option_env!("DESKBELL_GOOGLE_CLIENT_SECRET"),
            ),
            Self::Microsoft => (option_env!("DESKBELL_MICROSOFT_CLIENT_ID"), None),
            Self::Yahoo => (
                option_env!("DESKBELL_YAHOO_CLIENT_ID"),
                option_env!("DESKBELL_YAHOO_CLIENT_SECRET"),
            ),
            Self::Custom => (None, None),
        };
        Some(Client {
            id: id?.to_owned(),
            secret: secret.map(deskbell_domain::secret::Secret::new),
        })
    }

    /// As a person calls it.
    pub fn shown(self) -> &'static str {
        match self {
            Self::Google => "Google",
            Self::Microsoft => "Microsoft",
            Self::Yahoo => "Yahoo",
            Self::Custom => "the sign-in server",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_vendor_is_asked_where_it_says_it_is() {
        let google = Vendor::Google.endpoints(None).expect("known");
        assert_eq!(google.authorize, "https://accounts.google.com/o/oauth2/v2/auth");
        let microsoft = Vendor::Microsoft.endpoints(Some("http://127.0.0.1:9/microsoft/"));
        assert_eq!(
            microsoft.map(|known| known.token).as_deref(),
            Some("http://127.0.0.1:9/microsoft/common/oauth2/v2.0/token"),
            "a rehearsal stands in for all of its hosts"
        );
    }

    #[test]
    fn yahoo_is_told_no_address_that_it_would_refuse() {
        assert_eq!(Vendor::Google.redirects(), ["http://127.0.0.1/"]);
        assert_eq!(Vendor::Yahoo.redirects(), [""; 0], "only a page of one's own, under https");
    }

    #[test]
    fn one_sign_in_never_asks_microsoft_for_two_resources() {
        for reach in [Reach::Api, Reach::Imap] {
            let scopes = Vendor::Microsoft.scopes(reach);
            let of_office = scopes.iter().any(|scope| scope.starts_with("https://outlook.office"));
            let of_graph = scopes.iter().any(|scope| scope.starts_with("Mail."));
            assert!(of_office != of_graph, "{reach:?}: a request carries one resource only");
        }
    }
}
