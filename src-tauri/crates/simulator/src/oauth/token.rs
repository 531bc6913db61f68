//! Tokens: given for a code or for another token, told of, and taken back.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{CODE_LIVES, Granted, OAuthWorld, Pairs, text};

fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

fn wrong(status: StatusCode, error: &str, words: &str) -> Response {
    (status, Json(json!({ "error": error, "error_description": words }))).into_response()
}

pub(super) fn token(world: &mut OAuthWorld, asked: &Pairs, now: i64, issuer: &str) -> Response {
    let client = text(asked, "client_id");
    let Some(known) = world.clients.get(client) else {
        return wrong(
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            "The OAuth client was not found.",
        );
    };
    if known.secret.as_deref().is_some_and(|secret| secret != text(asked, "client_secret")) {
        return wrong(StatusCode::UNAUTHORIZED, "invalid_client", "The client secret is invalid.");
    }
    let bad = |words: &str| wrong(StatusCode::BAD_REQUEST, "invalid_grant", words);
    match text(asked, "grant_type") {
        "authorization_code" => {
            // Taken out whatever comes of it: a code is tried once.
            let Some(code) = world.codes.remove(text(asked, "code")) else {
                return bad("Malformed auth code.");
            };
            if now - code.at >= CODE_LIVES || code.granted.client != client {
                return bad("The code has expired.");
            }
            if code.redirect != text(asked, "redirect_uri") {
                return wrong(StatusCode::BAD_REQUEST, "redirect_uri_mismatch", "Bad Request");
            }
            if code.challenge != challenge_of(text(asked, "code_verifier")) {
                return bad("Invalid code verifier.");
            }
            let refresh = code.refreshable.then(|| world.keep(&code.granted));
            let id_token = code
                .granted
                .scopes
                .contains("openid")
                .then(|| id_token(&code.granted, code.nonce.as_deref(), issuer, now));
            answer(world, code.granted, refresh, id_token, now)
        }
        "refresh_token" => {
            let token = text(asked, "refresh_token");
            let known = world.refresh.get(token).filter(|granted| granted.client == client);
            let Some(granted) = known.cloned() else {
                return bad("Token has been expired or revoked.");
            };
            let next = world.rotates.then(|| {
                world.refresh.remove(token);
                world.keep(&granted)
            });
            answer(world, granted, next, None, now)
        }
        _ => wrong(StatusCode::BAD_REQUEST, "unsupported_grant_type", "Invalid grant_type"),
    }
}

/// The scopes of an answer.
fn told(world: &OAuthWorld, granted: &Granted) -> String {
    let Some(resource) = &world.long_scopes else {
        return granted.scopes.iter().cloned().collect::<Vec<_>>().join(" ");
    };
    let told = granted.scopes.iter().filter(|scope| Some(*scope) != world.refresh_scope.as_ref());
    let long = told.map(|scope| match scope.as_str() {
        "openid" | "email" | "profile" => scope.clone(),
        scope => format!("{resource}{}", scope.rsplit('/').next().unwrap_or_default()),
    });
    long.collect::<Vec<_>>().join(" ")
}

fn answer(
    world: &mut OAuthWorld,
    granted: Granted,
    refresh: Option<String>,
    id_token: Option<String>,
    now: i64,
) -> Response {
    let scope = told(world, &granted);
    let access = world.open(granted, now);
    let mut answer = json!({
        "access_token": access,
        "expires_in": world.access_lives / 1_000,
        "scope": scope,
        "token_type": "Bearer",
    });
    if let Value::Object(fields) = &mut answer {
        fields.extend(refresh.map(|token| ("refresh_token".to_owned(), token.into())));
        fields.extend(id_token.map(|token| ("id_token".to_owned(), token.into())));
    }
    Json(answer).into_response()
}

/// An ID token; its signature is none, as whoever gets it got it from the issuer itself.
fn id_token(granted: &Granted, nonce: Option<&str>, issuer: &str, now: i64) -> String {
    let seconds = now.div_euclid(1_000);
    let claims = json!({
        "iss": issuer,
        "aud": granted.client,
        "sub": URL_SAFE_NO_PAD.encode(Sha256::digest(&granted.user)),
        "email": granted.user,
        "email_verified": true,
        "preferred_username": granted.user,
        "nonce": nonce,
        "iat": seconds,
        "exp": seconds + 3_600,
    });
    let head = json!({ "alg": "RS256", "typ": "JWT", "kid": "simulator" });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{}", part(&head), part(&claims), URL_SAFE_NO_PAD.encode("unsigned"))
}

pub(super) fn revoke(world: &mut OAuthWorld, asked: &Pairs) -> Response {
    let token = text(asked, "token");
    let granted = world
        .refresh
        .remove(token)
        .or_else(|| world.access.remove(token).map(|access| access.granted));
    match granted {
        // Either token takes the whole grant with it.
        Some(granted) => {
            world.access.retain(|_, access| access.granted != granted);
            world.refresh.retain(|_, other| *other != granted);
            Json(json!({})).into_response()
        }
        None => wrong(StatusCode::BAD_REQUEST, "invalid_token", "Token expired or revoked"),
    }
}
