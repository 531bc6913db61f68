//! Which mailbox signed in: the ID token's claims, or the vendor's userinfo.
//!
//! The token came from the vendor itself over TLS, so its signature needs no check (OpenID Connect Core 1.0 section
//! 3.1.3.7, point 6); whom it is for, for which attempt, and when, is checked.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use deskbell_domain::Millis;
use deskbell_domain::secret::Secret;
use deskbell_domain::time::{MINUTE, SECOND};
use serde::Deserialize;

use super::problem::Problem;

/// Clocks may differ by so much.
const SKEW: Millis = 5 * MINUTE;
/// An answer about oneself is small.
const LARGEST: usize = 64 * 1024;

/// What is read of an ID token or of userinfo.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Claims {
    email: Option<String>,
    preferred_username: Option<String>,
    upn: Option<String>,
    nonce: Option<String>,
    aud: Option<Audience>,
    iat: Option<i64>,
    exp: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Claims {
    /// Reads an ID token and refuses one that is not this attempt's.
    pub(super) fn read(
        token: &Secret,
        client: &str,
        nonce: &str,
        now: Millis,
        vendor: &'static str,
    ) -> Result<Self, Problem> {
        let broken = || Problem::Nonsense { vendor, what: "its ID token cannot be read" };
        let payload = token.expose().split('.').nth(1).ok_or_else(broken)?;
        let payload =
            URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).map_err(|_| broken())?;
        let claims: Self = serde_json::from_slice(&payload).map_err(|_| broken())?;
        let ours = match &claims.aud {
            Some(Audience::One(one)) => one == client,
            Some(Audience::Many(many)) => many.iter().any(|one| one == client),
            None => true,
        };
        if !ours || claims.nonce.as_deref() != Some(nonce) {
            return Err(Problem::Foreign);
        }
        let ahead = claims.iat.map_or(0, |iat| iat.saturating_mul(SECOND) - now);
        let behind = claims.exp.map_or(0, |exp| now - exp.saturating_mul(SECOND));
        let off = ahead.max(behind);
        if off > SKEW {
            // An ID token is made for this moment: its time of issue tells how far off we are.
            let off = claims.iat.map_or(off, |iat| (now - iat.saturating_mul(SECOND)).abs());
            return Err(Problem::Clock { minutes: off / MINUTE });
        }
        Ok(claims)
    }

    /// The mailbox's address.
    pub(super) fn address(&self) -> Option<&str> {
        let known = [&self.email, &self.preferred_username, &self.upn];
        known.into_iter().flatten().map(String::as_str).find(|name| is_address(name))
    }
}

fn is_address(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'))
        && !text.chars().any(|c| c.is_control() || c.is_whitespace())
}

/// Asks the vendor who signed in.
pub(super) async fn ask(http: &reqwest::Client, url: &str, access: &Secret) -> Option<Claims> {
    let mut response = http.get(url).bearer_auth(access.expose()).send().await.ok()?;
    if !response.status().is_success() {
        return None;
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        body.extend_from_slice(&chunk);
        if body.len() > LARGEST {
            return None;
        }
    }
    serde_json::from_slice(&body).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_795_244_400_000;

    fn token(claims: &str) -> Secret {
        Secret::new(format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims)))
    }

    fn read(claims: &str) -> Result<Claims, Problem> {
        Claims::read(&token(claims), "desk", "n-1", NOW, "Google")
    }

    #[test]
    fn the_mailbox_is_the_one_the_vendor_names() {
        let claims = read(r#"{"aud":"desk","nonce":"n-1","email":"mara@voss.example"}"#);
        assert_eq!(claims.expect("good").address(), Some("mara@voss.example"));
        let claims = read(
            r#"{"aud":["x","desk"],"nonce":"n-1","email":null,"preferred_username":"m@v.example"}"#,
        );
        assert_eq!(claims.expect("good").address(), Some("m@v.example"));
    }

    #[test]
    fn a_token_of_another_attempt_or_program_is_not_used() {
        for claims in [
            r#"{"aud":"desk","nonce":"n-2","email":"a@b.example"}"#,
            r#"{"aud":"desk","email":"a@b.example"}"#,
            r#"{"aud":"other","nonce":"n-1","email":"a@b.example"}"#,
        ] {
            assert_eq!(read(claims).err(), Some(Problem::Foreign), "{claims}");
        }
    }

    #[test]
    fn a_clock_that_is_wrong_is_named_with_how_far() {
        let at = |offset: i64| {
            let iat = NOW / SECOND + offset;
            let exp = iat + 3_600;
            read(&format!(r#"{{"aud":"desk","nonce":"n-1","iat":{iat},"exp":{exp}}}"#)).err()
        };
        assert_eq!(at(0), None);
        assert_eq!(at(4 * 60), None, "a few minutes are usual");
        assert_eq!(at(20 * 60), Some(Problem::Clock { minutes: 20 }), "our clock is behind");
        assert_eq!(at(-3 * 3_600), Some(Problem::Clock { minutes: 180 }), "our clock is ahead");
    }
}
