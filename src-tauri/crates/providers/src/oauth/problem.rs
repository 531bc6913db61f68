//! Why a sign-in did not succeed, in words a person can act on.
//!
//! Invariant: a text made here holds the vendor's name and its error code at most; never a code, a token or a
//! query.

use deskbell_domain::ProviderError;

use crate::http::{PAGE, shorten};

/// Why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The person said no.
    #[error(
        "nothing was allowed on the page in the browser, so nothing was signed in. Sign in again and allow what Deskbell asks for"
    )]
    Denied,
    /// The ten minutes are over.
    #[error("the sign-in in the browser was not finished within ten minutes. Sign in again")]
    Expired,
    /// The answer was used before.
    #[error("this answer of the browser has been used already. Sign in again")]
    Used,
    /// The answer is of no sign-in begun here.
    #[error("an answer came that does not belong to this sign-in; it was not used. Sign in again")]
    Foreign,
    /// What was pasted holds no answer.
    #[error(
        "this is not the address the browser ended on: it must hold “code=” and “state=”. Copy the whole address line, or all of what the page shows"
    )]
    NoAnswer,
    /// The code was not accepted.
    #[error(
        "{vendor} did not accept the answer of the browser; it may be too old, or of another sign-in. Sign in again"
    )]
    CodeRefused {
        /// Who.
        vendor: &'static str,
    },
    /// Not everything was allowed.
    #[error(
        "{vendor} was not allowed to give Deskbell all it needs for mail ({missing}). Sign in again and tick everything"
    )]
    MissingScope {
        /// Who.
        vendor: &'static str,
        /// What is missing.
        missing: String,
    },
    /// No refresh token was given.
    #[error(
        "{vendor} gave no lasting sign-in; it would end within the hour. Sign in again and allow access while you are away"
    )]
    NotLasting {
        /// Who.
        vendor: &'static str,
    },
    /// Only an administrator may allow it.
    #[error(
        "your organisation lets only its administrator allow Deskbell. Send the administrator the page to do so"
    )]
    ConsentBlocked {
        /// The page for the administrator.
        page: Option<String>,
    },
    /// The clocks differ.
    #[error(
        "this machine's clock is {minutes} minutes off, so the sign-in looks outdated. Set the clock, then sign in again"
    )]
    Clock {
        /// By how much.
        minutes: i64,
    },
    /// A web page came.
    #[error("{PAGE}")]
    Portal,
    /// Nobody answered.
    #[error("{0}")]
    Offline(String),
    /// The client id is unknown or unfit.
    #[error(
        "{vendor} does not accept Deskbell's client id ({code}). Check the client id, its secret and its redirect addresses"
    )]
    Client {
        /// Who.
        vendor: &'static str,
        /// The vendor's error.
        code: String,
    },
    /// The vendor asks for patience.
    #[error("{vendor} has trouble of its own at the moment. Sign in again later")]
    Busy {
        /// Who.
        vendor: &'static str,
    },
    /// The answer makes no sense.
    #[error("{vendor} sent an answer that makes no sense ({what}). Sign in again later")]
    Nonsense {
        /// Who.
        vendor: &'static str,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The settings of the sign-in are wrong.
    #[error("{message}")]
    Settings {
        /// Which field.
        field: &'static str,
        /// What is wrong with it and what to do.
        message: String,
    },
    /// It signed in, and nobody knows who.
    #[error("{vendor} does not say which mailbox signed in. Allow it to tell the mail address")]
    Nobody {
        /// Who.
        vendor: &'static str,
    },
    /// The vendor's own error.
    #[error("{vendor} refused the sign-in ({code})")]
    Other {
        /// Who.
        vendor: &'static str,
        /// Its error.
        code: String,
    },
}

/// Errors by which an organisation keeps its people from allowing a program: "needs the administrator's
/// approval" and "may not consent" (Microsoft's list of AADSTS codes).
const BLOCKED: [&str; 4] = ["AADSTS65001", "AADSTS90094", "AADSTS90093", "AADSTS50105"];
/// Errors about the client id, its secret and its redirect address (same list).
const UNFIT_CLIENT: [&str; 5] =
    ["AADSTS700016", "AADSTS7000215", "AADSTS7000218", "AADSTS50011", "AADSTS9002313"];

impl Problem {
    /// What an `error` of the authorise page or the token endpoint means (RFC 6749 sections 4.1.2.1 and 5.2,
    /// OpenID Connect Core section 3.1.2.6).
    pub(crate) fn of(vendor: &'static str, error: &str, description: &str, client: &str) -> Self {
        let says = |known: &[&str]| known.iter().any(|code| description.contains(code));
        if says(&BLOCKED) || matches!(error, "consent_required" | "admin_policy_enforced") {
            return Self::ConsentBlocked { page: admin_page(vendor, client) };
        }
        if says(&UNFIT_CLIENT) {
            return Self::Client { vendor, code: shorten(error) };
        }
        match error {
            "access_denied" => Self::Denied,
            "invalid_grant" => Self::CodeRefused { vendor },
            "invalid_scope" => Self::MissingScope { vendor, missing: "scope".into() },
            "invalid_client"
            | "unauthorized_client"
            | "redirect_uri_mismatch"
            | "deleted_client"
            | "org_internal" => Self::Client { vendor, code: shorten(error) },
            // The last two are no words of OAuth; some servers say them by a 400 or 403.
            "temporarily_unavailable"
            | "server_error"
            | "slow_down"
            | "rate_limit_exceeded"
            | "too_many_requests" => Self::Busy { vendor },
            other => Self::Other { vendor, code: shorten(other) },
        }
    }

    /// What it means for an account that was signed in: whether a person must do something.
    pub(crate) fn into_provider(self) -> ProviderError {
        match self {
            Self::Offline(words) => ProviderError::Offline(words),
            Self::Busy { .. } => ProviderError::RateLimited { after: None },
            Self::Portal | Self::Nonsense { .. } => ProviderError::Protocol(self.to_string()),
            Self::CodeRefused { vendor } => ProviderError::Auth(format!(
                "{vendor} no longer accepts this sign-in; it was taken back, or the password was changed"
            )),
            // A renewal can show no button: the page goes along in its words.
            Self::ConsentBlocked { page: Some(ref page) } => {
                ProviderError::Auth(format!("{self}: {page}"))
            }
            other => ProviderError::Auth(other.to_string()),
        }
    }
}

/// Where an administrator allows a program for everyone (Microsoft identity platform, admin consent).
fn admin_page(vendor: &str, client: &str) -> Option<String> {
    let plain = client.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    (vendor == super::Vendor::Microsoft.shown() && plain).then(|| {
        format!("https://login.microsoftonline.com/organizations/v2.0/adminconsent?client_id={client}&scope=https://graph.microsoft.com/.default")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organisation_that_blocks_consent_gets_the_page_for_its_administrator() {
        let words =
            "AADSTS65001: The user or administrator has not consented to use the application";
        for error in ["invalid_grant", "access_denied"] {
            let problem = Problem::of("Microsoft", error, words, "11111111-2222");
            let Problem::ConsentBlocked { page: Some(page) } = &problem else {
                panic!("{problem:?}");
            };
            assert!(page.contains("client_id=11111111-2222"), "{page}");
        }
    }

    #[test]
    fn a_refused_refresh_is_for_the_person_and_a_lost_one_is_not() {
        let refused = Problem::of("Google", "invalid_grant", "Token has been revoked.", "id");
        assert!(matches!(refused.into_provider(), ProviderError::Auth(_)));
        for error in ["temporarily_unavailable", "rate_limit_exceeded"] {
            let busy = Problem::of("Google", error, "", "id");
            assert!(matches!(busy.into_provider(), ProviderError::RateLimited { .. }), "{error}");
        }
        assert!(matches!(Problem::Portal.into_provider(), ProviderError::Protocol(_)));
    }
}
