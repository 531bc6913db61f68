//! Microsoft's ways of its own: the name of this machine, long names of scopes, tokens that rotate, organisations that
//! say no.

use std::net::{Ipv6Addr, TcpListener};
use std::sync::Arc;

use deskbell_domain::ProviderError;
use deskbell_domain::port::AccessTokens as _;
use deskbell_domain::time::HOUR;
use deskbell_simulator::{Consent, Fault, Simulator};

use super::support::{agree, begin_with, microsoft, redirected, shown, signed_in, world};
use crate::oauth::{Problem, Reach, Vendor};

const TOKEN: &str = "POST /common/oauth2/v2.0/token";
const OWN: &str = "ada@studio.example";
/// Microsoft's list of AADSTS codes.
const NOT_CONSENTED: &str =
    "AADSTS65001: The user or administrator has not consented to use the application with ID 'x'.";

/// What the window looks for, in `administrator.rs` of the api crate.
const BLOCKED: &str = "your organisation lets only its administrator allow Deskbell. Send the administrator the page to do so: https://login.microsoftonline.com/";

fn outlook() -> Arc<Simulator> {
    let world = world();
    world.world().microsoft.oauth.user = OWN.into();
    world
}

/// What the page was told of the way back.
fn redirect_of(page: &str) -> String {
    let (_, rest) = page.split_once("redirect_uri=").expect("a redirect address");
    let escaped = rest.split('&').next().unwrap_or_default();
    escaped.replace("%3A", ":").replace("%2F", "/")
}

async fn outcome(world: &Arc<Simulator>, reach: Reach) -> Result<Option<String>, Problem> {
    let attempt = begin_with(world, microsoft(world, reach)).await;
    agree(&attempt).await.map(|signed_in| signed_in.address)
}

#[tokio::test]
async fn the_answer_comes_to_localhost_by_whichever_address_the_browser_takes() {
    let world = outlook();
    let has_v6 = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok();
    let addresses = if has_v6 { vec!["127.0.0.1", "[::1]"] } else { vec!["127.0.0.1"] };
    for address in addresses {
        let attempt = begin_with(&world, microsoft(&world, Reach::Api)).await;
        let redirect = redirect_of(attempt.url());
        let port = redirect.strip_prefix("http://localhost:").expect("no other name is registered");
        assert!(port.parse::<u16>().is_ok(), "and nothing behind the port, no slash: {redirect}");
        let to = redirected(attempt.url()).await.expect("sent back");
        let browser = async { shown(&to.replace("localhost", address)).await };
        let (answer, (status, ..)) = tokio::join!(attempt.answer(), browser);
        assert_eq!(status, 200, "{address}");
        let signed_in = attempt.finish(answer.expect("ours")).await;
        let signed_in = signed_in.expect("the code is exchanged for the same redirect address");
        assert_eq!(signed_in.address.as_deref(), Some(OWN), "{address}");
    }
}

#[tokio::test]
async fn scopes_count_by_their_short_names_and_their_long_ones() {
    let world = outlook();
    for (reach, resource) in [
        (Reach::Api, None),
        (Reach::Api, Some("https://graph.microsoft.com/")),
        (Reach::Imap, None),
        (Reach::Imap, Some("https://outlook.office.com/")),
    ] {
        world.world().microsoft.oauth.long_scopes = resource.map(str::to_owned);
        let address = outcome(&world, reach).await;
        assert_eq!(address, Ok(Some(OWN.into())), "{reach:?}, told with {resource:?}");
    }
}

#[tokio::test]
async fn a_scope_that_was_not_allowed_is_named() {
    let world = outlook();
    for (reach, missing) in [
        (Reach::Api, "Mail.Send"),
        (Reach::Api, "Mail.ReadWrite"),
        (Reach::Imap, "https://outlook.office.com/SMTP.Send"),
    ] {
        let allowed = Vendor::Microsoft.scopes(reach).iter().filter(|scope| **scope != missing);
        let allowed = allowed.map(|scope| (*scope).to_owned()).collect();
        world.world().microsoft.oauth.consent = Consent::Only(allowed);
        for resource in [None, Some("https://graph.microsoft.com/".to_owned())] {
            world.world().microsoft.oauth.long_scopes = resource;
            let Err(Problem::MissingScope { missing: named, vendor }) =
                outcome(&world, reach).await
            else {
                panic!("{missing} is needed");
            };
            assert_eq!((vendor, named.as_str()), ("Microsoft", missing));
        }
    }
}

#[tokio::test]
async fn a_sign_in_that_would_not_last_is_refused() {
    let world = outlook();
    let allowed = Vendor::Microsoft.scopes(Reach::Api).iter();
    let allowed = allowed.filter(|scope| **scope != "offline_access");
    let allowed = allowed.map(|scope| (*scope).to_owned()).collect();
    world.world().microsoft.oauth.consent = Consent::Only(allowed);
    let refused = outcome(&world, Reach::Api).await;
    assert_eq!(refused, Err(Problem::NotLasting { vendor: "Microsoft" }));
}

#[tokio::test]
async fn each_renewal_is_asked_for_with_the_refresh_token_of_the_last_one() {
    let world = outlook();
    let (keeper, drawer) = signed_in(&world, microsoft(&world, Reach::Api)).await;
    let mut tokens = vec![keeper.access(None).await.expect("a token").expose().to_owned()];
    for _ in 0..3 {
        world.advance(2 * HOUR);
        tokens.push(keeper.access(None).await.expect("a token").expose().to_owned());
        assert_eq!(world.world().microsoft.oauth.refresh_tokens(), 1, "the last one is used up");
    }
    tokens.sort();
    tokens.dedup();
    assert_eq!(tokens.len(), 4, "a token for each renewal");
    let mut kept: Vec<String> =
        drawer.kept.lock().expect("whole").iter().map(|grant| grant.refresh.clone()).collect();
    kept.dedup();
    assert_eq!(kept.len(), 3, "each refresh token is kept before it is needed");
}

#[tokio::test]
async fn an_organisation_that_says_no_gets_the_page_for_its_administrator() {
    let world = outlook();
    for error in ["access_denied", "consent_required"] {
        let barred = Consent::Barred(error.into(), NOT_CONSENTED.into());
        world.world().microsoft.oauth.consent = barred;
        let Err(Problem::ConsentBlocked { page: Some(page) }) = outcome(&world, Reach::Api).await
        else {
            panic!("{error}: only the administrator can help");
        };
        assert!(page.contains("adminconsent?client_id=5a1e0000-0000-4000-8000-000000000001"));
    }
    world.world().microsoft.oauth.consent = Consent::Grants;
    let refused =
        format!("{{\"error\":\"invalid_grant\",\"error_description\":\"{NOT_CONSENTED}\"}}");
    world.fault(Fault::refused(TOKEN, 400, &[], &refused));
    let at_the_code = outcome(&world, Reach::Api).await;
    assert!(matches!(at_the_code, Err(Problem::ConsentBlocked { .. })), "{at_the_code:?}");

    // It is taken back later on.
    let (keeper, _) = signed_in(&world, microsoft(&world, Reach::Api)).await;
    world.advance(2 * HOUR);
    world.fault(Fault::refused(TOKEN, 400, &[], &refused));
    for _ in 0..3 {
        let outcome = keeper.access(None).await;
        assert!(
            matches!(&outcome, Err(ProviderError::Auth(words)) if words.starts_with(BLOCKED)
                && words.ends_with("/.default") && words.contains("/adminconsent?client_id=5a1e0000")),
            "the page for the administrator goes along: {outcome:?}"
        );
    }
    let asked = world.world().journal.iter().filter(|entry| entry.status == Some(400)).count();
    assert_eq!(asked, 2, "once with the code, once with the refresh token: no loop");
}

#[tokio::test]
async fn a_client_that_microsoft_does_not_know_is_named_as_the_cause() {
    let world = outlook();
    for code in ["AADSTS700016: Application not found.", "AADSTS7000218: client_secret missing."] {
        let refused =
            format!("{{\"error\":\"unauthorized_client\",\"error_description\":\"{code}\"}}");
        world.fault(Fault::refused(TOKEN, 400, &[], &refused));
        let outcome = outcome(&world, Reach::Imap).await;
        assert!(matches!(outcome, Err(Problem::Client { vendor: "Microsoft", .. })), "{outcome:?}");
    }
}
