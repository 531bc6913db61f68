//! The client ids Deskbell shows itself with: those it came with, those a person entered.

use deskbell_domain::AccountId;
use deskbell_domain::secret::Secret;
use deskbell_store::table::oauth_client;

use crate::browser::Browser;
use crate::desk::Desk;
use crate::dto::{
    ApiError, Code, NoArgs, OauthClient, OauthClientForm, OauthClientList, OauthProvider, Redirect,
};
use crate::handlers::accounts::{refuse_read_only, seal};

/// Whose secrets are sealed for no account.
const NOBODY: AccountId = AccountId(0);

/// Every provider's client.
pub async fn list(desk: &Desk, _: NoArgs) -> Result<OauthClientList, ApiError> {
    use OauthProvider::{Custom, Google, Microsoft, Yahoo};
    let mut clients = Vec::new();
    for provider in [Google, Microsoft, Yahoo, Custom] {
        clients.push(one(desk, provider).await?);
    }
    Ok(OauthClientList { clients })
}

/// Enters a client, or goes back to the one Deskbell came with.
pub async fn put(desk: &Desk, form: OauthClientForm) -> Result<OauthClient, ApiError> {
    let filled = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    let (id, secret) = (filled(form.client_id), filled(form.client_secret));
    let unfit = |text: &str| text.chars().any(|c| c.is_control() || c.is_whitespace());
    if id.as_deref().is_some_and(unfit) {
        let text = "This is no client id; copy it again, without spaces.";
        return Err(ApiError::field("client_id", text));
    }
    let issuer = filled(form.issuer);
    if issuer.as_deref().is_some_and(unfit) {
        let text = "Enter the address of the sign-in server, such as https://login.example.org.";
        return Err(ApiError::field("issuer", text));
    }
    let page = filled(form.redirect_page);
    if page
        .as_deref()
        .is_some_and(|page| unfit(page) || !page.starts_with("https://") || page.contains('#'))
    {
        let text = "The page must be an address such as https://studio.example/signed-in, with https and without #.";
        return Err(ApiError::field("redirect_page", text));
    }
    let redirect = form.redirect.unwrap_or(Redirect::Loopback);
    if redirect == Redirect::DeepLink && !browser(desk)?.facts(form.provider).deep_links {
        let text = "This provider answers to a port of this machine only; choose that.";
        return Err(ApiError::field("redirect", text));
    }
    refuse_read_only(desk)?;
    let provider = word(form.provider);
    let Some(client_id) = id else {
        desk.write(move |w| oauth_client::delete(w, provider)).await?;
        return one(desk, form.provider).await;
    };
    let _sealing = desk.sealing.read().await;
    let secret = match secret {
        Some(secret) => Some(seal(desk, NOBODY, &Secret::new(secret)).await?),
        None => None,
    };
    let redirect = redirect_word(redirect).to_owned();
    let row = oauth_client::OauthClient {
        provider: provider.into(),
        client_id,
        secret,
        issuer,
        page,
        redirect,
    };
    desk.write(move |w| oauth_client::put(w, &row)).await?;
    one(desk, form.provider).await
}

async fn one(desk: &Desk, provider: OauthProvider) -> Result<OauthClient, ApiError> {
    let stored = desk.store.read(move |c| oauth_client::get(c, word(provider))).await?;
    let facts = browser(desk)?.facts(provider);
    let default = stored.is_none();
    let redirect_page = stored.as_ref().and_then(|row| row.page.clone());
    let redirect = redirect_of(stored.as_ref());
    let (client_id, has_secret, issuer) = match stored {
        Some(row) => (Some(row.client_id), row.secret.is_some(), row.issuer),
        None => (facts.built_in, facts.built_in_secret, None),
    };
    Ok(OauthClient {
        provider,
        client_id,
        has_secret,
        default,
        issuer,
        redirect_page,
        redirect,
        deep_links: facts.deep_links,
        scopes: facts.scopes,
        redirect_uris: facts.redirect_uris,
        guide_url: facts.guide_url,
    })
}

/// What the composition root knows of signing in in the browser.
pub(super) fn browser(desk: &Desk) -> Result<&dyn Browser, ApiError> {
    desk.gateway.browser().ok_or_else(|| {
        ApiError::new(Code::Internal, "This Deskbell cannot sign in in the browser.")
    })
}

fn redirect_word(redirect: Redirect) -> &'static str {
    match redirect {
        // Where a page is registered, it is what counts.
        Redirect::Loopback | Redirect::Page => "loopback",
        Redirect::DeepLink => "deep_link",
    }
}

/// How the answer to a client's sign-ins comes back; one that Deskbell came with takes it by a port.
pub(super) fn redirect_of(client: Option<&oauth_client::OauthClient>) -> Redirect {
    match client {
        Some(client) if client.page.is_some() => Redirect::Page,
        Some(client) if client.redirect == redirect_word(Redirect::DeepLink) => Redirect::DeepLink,
        _ => Redirect::Loopback,
    }
}

/// The provider's word in the database.
pub(super) fn word(provider: OauthProvider) -> &'static str {
    match provider {
        OauthProvider::Google => "google",
        OauthProvider::Microsoft => "microsoft",
        OauthProvider::Yahoo => "yahoo",
        OauthProvider::Custom => "custom",
    }
}
