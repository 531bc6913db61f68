//! The page before which a person sits: who may be sent back where, and with what.

use std::collections::BTreeSet;

use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};

use super::{Code, Consent, Granted, OAuthClient, OAuthWorld, Pairs, text};

/// Loopback addresses may have any port (RFC 8252 section 7.3); everything else is registered.
fn may_redirect(client: &OAuthClient, to: &str) -> bool {
    let loopback = ["http://127.0.0.1:", "http://localhost:", "http://[::1]:"];
    loopback.iter().any(|base| to.starts_with(base)) || client.redirects.contains(to)
}

fn page(status: StatusCode, words: &str) -> Response {
    (status, Html(format!("<!doctype html><title>Sign in</title><p>{words}"))).into_response()
}

pub(super) fn authorize(world: &mut OAuthWorld, asked: &Pairs, now: i64) -> Response {
    let to = text(asked, "redirect_uri");
    let client = text(asked, "client_id");
    match world.clients.get(client) {
        // Where nobody may be sent, the person is told (RFC 6749 section 4.1.2.1).
        None => return page(StatusCode::UNAUTHORIZED, "Error 401: invalid_client"),
        Some(known) if !may_redirect(known, to) => {
            return page(StatusCode::BAD_REQUEST, "Error 400: redirect_uri_mismatch");
        }
        Some(_) => {}
    }
    let state = text(asked, "state");
    let back = |pairs: &[(&str, &str)]| {
        let mut url = format!("{to}{}", if to.contains('?') { '&' } else { '?' });
        for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
            url.push_str(&format!("{name}={}&", escaped(value)));
        }
        (StatusCode::FOUND, [(header::LOCATION, url.trim_end_matches('&').to_owned())])
            .into_response()
    };
    let refuse = |error: &str, words: &str| {
        back(&[("error", error), ("error_description", words), ("state", state)])
    };
    if text(asked, "response_type") != "code" {
        return refuse("unsupported_response_type", "response_type must be code");
    }
    let challenge = text(asked, "code_challenge");
    if text(asked, "code_challenge_method") != "S256" || challenge.len() != 43 {
        return refuse("invalid_request", "a code_challenge of method S256 is needed");
    }
    let wanted: BTreeSet<String> =
        text(asked, "scope").split_whitespace().map(str::to_owned).collect();
    if wanted.is_empty() {
        return refuse("invalid_scope", "no scope was asked for");
    }
    let scopes = match &world.consent {
        Consent::Grants => wanted,
        Consent::Only(some) => wanted.into_iter().filter(|scope| some.contains(scope)).collect(),
        Consent::Denies => return refuse("access_denied", "the person said no"),
        Consent::Barred(error, words) => return refuse(error, words),
        Consent::Leaves => return page(StatusCode::OK, "Choose an account"),
    };
    let refreshable = match &world.refresh_scope {
        Some(scope) => scopes.contains(scope),
        // Google gives one for offline access alone.
        None => text(asked, "access_type") == "offline",
    };
    let granted = Granted { user: world.user.clone(), scopes, client: client.into() };
    let code = world.name("code");
    let spelled = granted.scopes.iter().cloned().collect::<Vec<_>>().join(" ");
    world.codes.insert(
        code.clone(),
        Code {
            granted,
            challenge: challenge.into(),
            redirect: to.into(),
            nonce: asked.get("nonce").cloned(),
            refreshable,
            at: now,
        },
    );
    back(&[("code", &code), ("scope", &spelled), ("state", state)])
}

/// Escapes a value of a query: everything but unreserved characters (RFC 3986 section 2.3).
fn escaped(value: &str) -> String {
    let mut spelled = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            spelled.push(char::from(byte));
        } else {
            spelled.push_str(&format!("%{byte:02X}"));
        }
    }
    spelled
}
