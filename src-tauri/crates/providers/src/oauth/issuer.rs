//! Where the pages of an OpenID Connect server are, by its issuer (OpenID Connect Discovery 1.0).

use std::time::Duration;

use serde::Deserialize;

use super::problem::Problem;
use super::vendor::{Endpoints, Vendor};
use crate::http;

/// A discovery document is a few kilobytes.
const LARGEST: usize = 256 * 1024;
const SILENCE: Duration = Duration::from_secs(20);

#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    #[serde(default)]
    userinfo_endpoint: Option<String>,
    #[serde(default)]
    revocation_endpoint: Option<String>,
}

/// Asks an issuer where its pages are.
pub async fn discover(issuer: &str) -> Result<Endpoints, Problem> {
    let issuer = issuer.trim().trim_end_matches('/');
    let wrong = |message: &str| Problem::Settings { field: "issuer", message: message.into() };
    let mut url = http::checked(issuer).map_err(|_| {
        wrong("the issuer must be an address such as https://login.example.org, with https")
    })?;
    url.set_path(&format!("{}/.well-known/openid-configuration", url.path().trim_end_matches('/')));
    let host = url.host_str().unwrap_or("the sign-in server").to_owned();
    let client = http::client(SILENCE).map_err(|error| Problem::Offline(error.to_string()))?;
    let lost = |error: &reqwest::Error| Problem::Offline(http::trouble(&host, error).to_string());
    let mut response = client.get(url).send().await.map_err(|error| lost(&error))?;
    let status = response.status();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| lost(&error))? {
        body.extend_from_slice(&chunk);
        if body.len() > LARGEST {
            return Err(wrong("the issuer's description of itself has no end; check the address"));
        }
    }
    if status.is_success() && body.trim_ascii_start().starts_with(b"<") {
        return Err(Problem::Portal);
    }
    let document: Document = serde_json::from_slice(&body).map_err(|_| {
        wrong("there is no OpenID Connect server at this address; check the issuer")
    })?;
    // Somebody else's document would send the person to somebody else's page (section 4.3).
    if document.issuer.trim_end_matches('/') != issuer {
        return Err(wrong(
            "the server there names another issuer than this one; check the address",
        ));
    }
    for page in [&document.authorization_endpoint, &document.token_endpoint] {
        http::checked(page).map_err(|_| Problem::Nonsense {
            vendor: Vendor::Custom.shown(),
            what: "its pages are not under https",
        })?;
    }
    let fit = |page: &String| http::checked(page).is_ok();
    Ok(Endpoints {
        authorize: document.authorization_endpoint,
        token: document.token_endpoint,
        userinfo: document.userinfo_endpoint.filter(fit),
        revoke: document.revocation_endpoint.filter(fit),
    })
}
