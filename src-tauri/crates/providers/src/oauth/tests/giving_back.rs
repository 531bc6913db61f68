//! A sign-in that is given back: nobody can go on with it, and a provider that cannot be asked changes nothing.

use std::sync::Arc;

use deskbell_domain::ProviderError;
use deskbell_domain::port::AccessTokens as _;
use deskbell_simulator::{Fault, Simulator};

use super::support::{Drawer, WorldClock, agree, begin, world};
use crate::oauth::{Problem, TokenKeeper, Vendor};

async fn signed_in(world: &Arc<Simulator>) -> TokenKeeper {
    let grant = agree(&begin(world).await).await.expect("signed in").grant;
    let clock = Arc::new(WorldClock(Arc::clone(world)));
    TokenKeeper::new(grant, Arc::new(Drawer::default()), clock)
}

#[tokio::test]
async fn what_was_given_back_is_good_for_nothing_here_and_there() {
    let world = world();
    let keeper = signed_in(&world).await;
    keeper.access(None).await.expect("a token");
    assert_eq!(world.world().google.oauth.refresh_tokens(), 1);
    assert_eq!(keeper.revoke().await, Some(Ok(())));
    assert_eq!(world.world().google.oauth.refresh_tokens(), 0, "the provider has taken it back");
    let asked = world.world().journal.len();
    let refused = keeper.access(None).await;
    assert!(matches!(refused, Err(ProviderError::Auth(_))), "{refused:?}");
    assert_eq!(world.world().journal.len(), asked, "and nobody is asked for another token");
}

#[tokio::test]
async fn one_that_the_provider_has_forgotten_is_given_back_already() {
    let world = world();
    let keeper = signed_in(&world).await;
    world.world().google.oauth.revoke_all();
    assert_eq!(keeper.revoke().await, Some(Ok(())));
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_named_as_such() {
    let world = world();
    for (fault, expected) in [
        (Fault::refused("POST /revoke", 503, &[], ""), Problem::Busy { vendor: "Google" }),
        (Fault::refused("POST /revoke", 200, &[], "<html>hotel</html>"), Problem::Portal),
    ] {
        let keeper = signed_in(&world).await;
        world.fault(fault);
        assert_eq!(keeper.revoke().await, Some(Err(expected)));
    }
    assert!(Vendor::Microsoft.endpoints(None).expect("known").revoke.is_none(), "none to ask");
}
