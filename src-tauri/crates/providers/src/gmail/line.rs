//! The line to the Gmail API: one request, paid for, and what a refusal means.
//!
//! Invariant: a refusal that only says "too often" is never taken for a lost permission, nor the other way
//! round; what is no answer of Google's is named as such and read by nobody.

use std::sync::Arc;

use bytes::Bytes;
use deskbell_domain::ProviderError;
use deskbell_domain::port::AccessTokens;
use reqwest::Method;
use serde::de::DeserializeOwned;

use super::meter::{For, Meter};
use super::wire::Refusal;
use crate::http::{Answer, Ask, Fault, SignedApi, page, shorten};

/// Reasons of a 403 that mean "too often" (Gmail API, "Resolve errors").
const TOO_OFTEN: [&str; 4] =
    ["rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded", "quotaExceeded"];
/// Reasons of a 403 that mean a permission was not given.
const NOT_PERMITTED: [&str; 2] = ["insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"];

/// See the module.
pub(super) struct Line {
    pub(super) api: SignedApi,
    pub(super) meter: Meter,
}

/// A refusal to a request that names something: that thing is not there.
pub(super) fn is_not_there(error: &ProviderError) -> bool {
    matches!(error, ProviderError::Rejected { code, .. } if code == "404")
}

/// A refusal of what was asked, as it was asked.
pub(super) fn is_misasked(error: &ProviderError) -> bool {
    matches!(error, ProviderError::Rejected { code, .. } if code == "400")
}

impl Line {
    pub(super) fn new(
        base: &str,
        tokens: Arc<dyn AccessTokens>,
        meter: Meter,
    ) -> Result<Self, ProviderError> {
        Ok(Self { api: SignedApi::new(base, tokens)?, meter })
    }

    /// Reads something below `users/me`.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
        units: u32,
        whom: For,
    ) -> Result<T, ProviderError> {
        let url = self.api.url(&below(path), query)?;
        self.meter.take(units, whom).await;
        read(&yes(self.api.ask(Ask::get(url)).await?)?)
    }

    /// Does something below `users/me`; the answer is left as it is.
    pub(super) async fn tell(
        &self,
        method: Method,
        path: &[&str],
        body: Bytes,
        units: u32,
    ) -> Result<Answer, ProviderError> {
        let url = self.api.url(&below(path), &[])?;
        self.meter.take(units, For::Person).await;
        let ask = Ask::new(method, url);
        let ask = if body.is_empty() { ask } else { ask.body("application/json", body) };
        yes(self.api.ask(ask).await?)
    }

    /// Hands a message over beside a few words of JSON, as it is (`uploadType=multipart`). What kept the
    /// answer from coming is left to the caller: the message may have got there.
    pub(super) async fn hand_over(
        &self,
        path: &[&str],
        words: &serde_json::Value,
        source: &[u8],
    ) -> Result<Answer, Fault> {
        let mut steps = vec!["upload"];
        steps.extend(below(path));
        let url = self.api.url(&steps, &[("uploadType", "multipart")])?;
        let boundary = boundary(source);
        let head = format!(
            "--{boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{words}\r\n\
             --{boundary}\r\nContent-Type: message/rfc822\r\n\r\n"
        );
        let tail = format!("\r\n--{boundary}--\r\n");
        let body = [head.as_bytes(), source, tail.as_bytes()].concat();
        let kind = format!("multipart/related; boundary={boundary}");
        let mut ask = Ask::new(Method::POST, url).header("content-type", kind);
        ask.body = body.into();
        self.api.ask(ask).await
    }
}

/// A line that does not stand in the source.
fn boundary(source: &[u8]) -> String {
    format!("deskbell_{}", blake3::hash(source).to_hex())
}

fn below<'a>(path: &[&'a str]) -> Vec<&'a str> {
    ["gmail", "v1", "users", "me"].iter().chain(path).copied().collect()
}

/// An answer that says yes; anything else is an error.
pub(super) fn yes(answer: Answer) -> Result<Answer, ProviderError> {
    if answer.is_yes() { Ok(answer) } else { Err(refusal(&answer)) }
}

/// The answer as JSON of this shape.
pub(super) fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, ProviderError> {
    answer.json().ok_or_else(unreadable)
}

pub(super) fn unreadable() -> ProviderError {
    ProviderError::Protocol("Gmail's answer could not be read; it may have been cut short".into())
}

/// What a refusal means.
pub(super) fn refusal(answer: &Answer) -> ProviderError {
    if answer.is_page() && answer.status < 500 {
        return page();
    }
    refused(answer.status, &answer.body, answer.after)
}

/// What a refusal means, alone or out of a batch.
pub(super) fn refused(
    status: u16,
    body: &[u8],
    after: Option<std::time::Duration>,
) -> ProviderError {
    let refusal: Refusal = serde_json::from_slice(body).unwrap_or_default();
    let says = |reasons: &[&str]| {
        let named = refusal.error.errors.iter().map(|error| error.reason.as_str());
        named.chain([refusal.error.status.as_str()]).any(|reason| reasons.contains(&reason))
    };
    match status {
        401 => ProviderError::Auth("Google does not accept this sign-in any more".into()),
        403 if says(&TOO_OFTEN) || says(&["RESOURCE_EXHAUSTED"]) => {
            ProviderError::RateLimited { after }
        }
        403 if says(&NOT_PERMITTED) => ProviderError::Auth(
            "Google was not given every permission; sign in again and leave all boxes ticked"
                .into(),
        ),
        429 => ProviderError::RateLimited { after },
        500.. => ProviderError::Offline(format!("the provider has trouble of its own ({status})")),
        // A filter on the way: what was asked for is neither done nor refused.
        status if status != 404 && !refusal.is_googles() => ProviderError::Protocol(format!(
            "something between here and Google refused the request ({status}); Deskbell tries again"
        )),
        status => ProviderError::Rejected {
            code: status.to_string(),
            message: shorten(&refusal.error.message),
        },
    }
}
