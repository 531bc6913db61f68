//! Asking Graph: at most three requests at once, every one with stable ids, and refusals in plain words.
//!
//! Invariant: `IdType="ImmutableId"` and a `client-request-id` of its own go with every request: a mailbox in
//! which both kinds of ids are mixed is broken for good.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use deskbell_domain::ProviderError;
use deskbell_domain::port::AccessTokens;
use reqwest::{Method, Url};
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;

use super::settings::GraphSettings;
use super::wire::ODataError;
use crate::http::{Answer, Ask, Fault, NoAnswer, SignedApi, page, shorten};

/// Requests of one account at the same time. A mailbox answers four for one app, and refuses the fifth with
/// 429 (Graph's service limits for Outlook); one is left to spare for another Deskbell.
const AT_ONCE: usize = 3;
/// Of a JSON answer no more is read.
const LARGEST_JSON: usize = 16 * 1024 * 1024;

/// Codes by which a delta says that its token is not known any more.
const LOST: [&str; 4] =
    ["syncstatenotfound", "syncstateinvalid", "resyncrequired", "resync_required"];

/// Graph, as one account may ask it.
pub(crate) struct Graph {
    pub(crate) api: SignedApi,
    permits: Semaphore,
    session: u64,
    asked: AtomicU64,
}

/// What Graph refused.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) words: String,
}

impl Refusal {
    pub(crate) fn of(answer: &Answer) -> Self {
        let told = answer.json::<ODataError>().unwrap_or_default().error;
        Self { status: answer.status, code: shorten(&told.code), words: shorten(&told.message) }
    }

    /// The item or folder is not there (any more), or its name is no name Graph could have given.
    pub(crate) fn is_gone(&self) -> bool {
        self.status == 404 && !self.is_lost() && !self.code.contains("Mailbox")
            || self.code == "ErrorInvalidIdMalformed"
    }

    pub(crate) fn is_lost(&self) -> bool {
        self.status == 410 || LOST.contains(&self.code.to_lowercase().as_str())
    }
}

impl Graph {
    pub(crate) fn new(
        settings: &GraphSettings,
        tokens: Arc<dyn AccessTokens>,
    ) -> Result<Self, ProviderError> {
        Ok(Self::over(SignedApi::new(settings.base(), tokens)?))
    }

    pub(crate) fn over(api: SignedApi) -> Self {
        let session = RandomState::new().build_hasher().finish();
        Self { api, permits: Semaphore::new(AT_ONCE), session, asked: AtomicU64::new(0) }
    }

    pub(crate) fn url(&self, path: &[&str], query: &[(&str, &str)]) -> Result<Url, Fault> {
        Ok(self.api.url(path, query)?)
    }

    /// A request of which the answer is JSON or nothing.
    pub(crate) fn request(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Ask, Fault> {
        Ok(Ask::new(method, self.url(path, query)?).largest(LARGEST_JSON))
    }

    /// Asks, whatever the answer is.
    pub(crate) async fn ask(&self, ask: Ask) -> Result<Answer, Fault> {
        self.ask_preferring(ask, None).await
    }

    /// Asks for pages of this many items.
    pub(crate) async fn ask_preferring(
        &self,
        ask: Ask,
        page_size: Option<u32>,
    ) -> Result<Answer, Fault> {
        let _permit = self.permits.acquire().await.map_err(|_| {
            Fault::None(NoAnswer::NotSent("the account was closed meanwhile".into()))
        })?;
        if ask.bare {
            return self.api.ask(ask).await;
        }
        let prefer = match page_size {
            None => "IdType=\"ImmutableId\"".to_owned(),
            Some(size) => format!("IdType=\"ImmutableId\", odata.maxpagesize={size}"),
        };
        let ask = ask.header("prefer", prefer).header("client-request-id", self.request_id());
        self.api.ask(ask).await
    }

    /// A GUID no other request of this program has.
    fn request_id(&self) -> String {
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        let session = self.session;
        format!(
            "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
            session >> 32,
            session >> 16 & 0xffff,
            session >> 4 & 0xfff,
            session & 0xfff,
            number & 0xffff_ffff_ffff
        )
    }

    /// Asks for JSON; the outer error is no answer, the inner one a refusal Graph explains.
    pub(crate) async fn json<T: DeserializeOwned>(
        &self,
        ask: Ask,
    ) -> Result<Result<T, Refusal>, ProviderError> {
        let answer = self.ask(ask).await?;
        read(&answer)
    }
}

/// Reads an answer; what concerns the account and not the request is an error of the outer kind.
pub(crate) fn read<T: DeserializeOwned>(
    answer: &Answer,
) -> Result<Result<T, Refusal>, ProviderError> {
    if let Some(refusal) = refused(answer)? {
        return Ok(Err(refusal));
    }
    answer.json().map(Ok).ok_or_else(|| {
        let words = "Microsoft's answer is cut off or no JSON; try again in a moment";
        ProviderError::Protocol(words.into())
    })
}

/// What of the request was refused; an error where the account as a whole is concerned.
pub(crate) fn refused(answer: &Answer) -> Result<Option<Refusal>, ProviderError> {
    if answer.is_yes() {
        return Ok(None);
    }
    if answer.is_page() && answer.status < 500 {
        return Err(page());
    }
    let refusal = Refusal::of(answer);
    let Refusal { status, code, words } = &refusal;
    match status {
        _ if refusal.is_lost() => Ok(Some(refusal)),
        401 => Err(ProviderError::Auth(
            "Microsoft does not accept this sign-in any more; sign in again".into(),
        )),
        403 if answer.after.is_some() || is_too_often(code) => {
            Err(ProviderError::RateLimited { after: answer.after })
        }
        403 if is_missing_scope(code) => Err(ProviderError::Auth(
            "Microsoft was not told that Deskbell may read and change this mailbox; sign in again and allow it".into(),
        )),
        _ if code.contains("MailboxNotEnabledForRESTAPI") => Err(ProviderError::Rejected {
            code: code.clone(),
            message: "this Microsoft account has no mailbox in the cloud; add it by IMAP instead".into(),
        }),
        429 => Err(ProviderError::RateLimited { after: answer.after }),
        403 if code.is_empty() => Err(ProviderError::Protocol(
            "something between here and Microsoft refused the request (403); Deskbell tries again".into(),
        )),
        503 | 504 if answer.after.is_some() => {
            Err(ProviderError::RateLimited { after: answer.after })
        }
        500.. => Err(ProviderError::Offline(format!(
            "Microsoft has trouble of its own ({status}); Deskbell goes on by itself"
        ))),
        300..=399 => Err(ProviderError::Protocol(
            "Microsoft pointed somewhere else; check the account's address of the API".into(),
        )),
        _ => {
            tracing::debug!(status, code, words, "Graph refused");
            Ok(Some(refusal))
        }
    }
}

/// Codes of a refusal that only says "too often", whatever its status (Graph's error codes; services behind it
/// pass on their own).
fn is_too_often(code: &str) -> bool {
    let code = code.to_lowercase();
    code.contains("throttl") || code == "toomanyrequests" || code == "activitylimitreached"
}

/// The code of a refusal for want of a permission, or of what one item or folder allows.
pub(crate) const DENIED: &str = "ErrorAccessDenied";

/// Whether a refusal may concern what was asked for alone.
pub(crate) fn is_denied(answer: &Answer) -> bool {
    answer.status == 403 && answer.after.is_none() && Refusal::of(answer).code == DENIED
}

fn is_missing_scope(code: &str) -> bool {
    matches!(code, DENIED | "Authorization_RequestDenied" | "AccessDenied")
}

impl From<Refusal> for ProviderError {
    fn from(refusal: Refusal) -> Self {
        let Refusal { status, code, words } = refusal;
        let code = if code.is_empty() { status.to_string() } else { code };
        let message = match code.as_str() {
            "ErrorQuotaExceeded" => "the mailbox is full; make room in it".to_owned(),
            _ if words.is_empty() => format!("Microsoft said no ({status})"),
            _ => words,
        };
        Self::Rejected { code, message }
    }
}
