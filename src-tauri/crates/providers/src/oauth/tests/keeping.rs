//! Tokens that expire, rotate and are taken back, while many ask for them.

use std::sync::Arc;

use deskbell_domain::ProviderError;
use deskbell_domain::port::AccessTokens as _;
use deskbell_domain::time::{HOUR, MINUTE, SECOND};
use deskbell_simulator::{Fault, Simulator};

use super::support::{Drawer, WorldClock, agree, begin, world};
use crate::oauth::TokenKeeper;

struct Stage {
    world: Arc<Simulator>,
    drawer: Arc<Drawer>,
    keeper: Arc<TokenKeeper>,
}

impl Stage {
    async fn signed_in(rotates: bool) -> Self {
        let world = world();
        world.world().google.oauth.rotates = rotates;
        let grant = agree(&begin(&world).await).await.expect("signed in").grant;
        let drawer = Arc::new(Drawer::default());
        let clock = Arc::new(WorldClock(Arc::clone(&world)));
        let keeper = Arc::new(TokenKeeper::new(grant, drawer.clone(), clock));
        Self { world, drawer, keeper }
    }

    fn exchanges(&self) -> usize {
        let journal = &self.world.world().journal;
        // The first was the code's.
        journal.iter().filter(|entry| entry.path.ends_with("/token")).count() - 1
    }

    fn kept(&self) -> usize {
        self.drawer.kept.lock().expect("whole").len()
    }
}

#[tokio::test]
async fn a_token_that_lasts_is_handed_out_without_asking_anybody() {
    let stage = Stage::signed_in(true).await;
    let one = stage.keeper.access(None).await.expect("a token");
    let two = stage.keeper.access(None).await.expect("a token");
    assert_eq!(one.expose(), two.expose());
    assert_eq!(stage.exchanges(), 0);
}

#[tokio::test]
async fn many_who_ask_at_once_share_one_refresh() {
    let stage = Stage::signed_in(true).await;
    let old = stage.keeper.access(None).await.expect("a token");
    stage.world.advance(2 * HOUR);
    let asked = (0..20).map(|_| {
        let keeper = Arc::clone(&stage.keeper);
        let old = old.clone();
        async move { keeper.access(Some(&old)).await.expect("a token").expose().to_owned() }
    });
    let mut tokens = futures::future::join_all(asked).await;
    tokens.dedup();
    assert_eq!(tokens.len(), 1, "all have the same token");
    assert_eq!(stage.exchanges(), 1, "a rotating refresh token is exchanged once");
    assert_eq!(stage.kept(), 1, "and what came was kept");
}

#[tokio::test]
async fn a_refresh_whose_caller_has_gone_is_still_kept() {
    let stage = Stage::signed_in(true).await;
    stage.world.advance(2 * HOUR);
    let late = deskbell_simulator::Strike::Late(std::time::Duration::from_millis(150));
    let at = "POST /token".to_owned();
    stage.world.fault(Fault { at, carried_out: true, strike: late });
    let keeper = Arc::clone(&stage.keeper);
    let gone =
        tokio::time::timeout(std::time::Duration::from_millis(20), keeper.access(None)).await;
    assert!(gone.is_err(), "the caller gave up");
    let token = stage.keeper.access(None).await.expect("a token");
    assert_eq!(stage.exchanges(), 1, "the exchange went on by itself, and its token is used");
    let kept =
        stage.drawer.kept.lock().expect("whole").last().and_then(crate::oauth::Grant::access);
    assert_eq!(kept.map(|kept| kept.expose().to_owned()).as_deref(), Some(token.expose()));
}

#[tokio::test]
async fn a_token_near_its_end_is_renewed_and_a_refused_one_at_once() {
    let stage = Stage::signed_in(false).await;
    let first = stage.keeper.access(None).await.expect("a token");
    stage.world.advance(HOUR - 90 * SECOND);
    let second = stage.keeper.access(None).await.expect("a token");
    assert_ne!(first.expose(), second.expose(), "before it ends in the middle of something");
    stage.world.world().google.oauth.expire_access();
    let third = stage.keeper.access(Some(&second)).await.expect("a token");
    assert_ne!(second.expose(), third.expose(), "whatever its end is said to be");
    let again = stage.keeper.access(Some(&second)).await.expect("a token");
    assert_eq!(third.expose(), again.expose(), "who comes late with the old one gets the new one");
    assert_eq!(stage.exchanges(), 2);
}

#[tokio::test]
async fn what_cannot_be_kept_is_not_used() {
    let stage = Stage::signed_in(true).await;
    stage.world.advance(2 * HOUR);
    *stage.drawer.jammed.lock().expect("whole") = true;
    let refused = stage.keeper.access(None).await;
    assert!(matches!(refused, Err(ProviderError::Offline(_))), "{refused:?}");
    *stage.drawer.jammed.lock().expect("whole") = false;
    stage.keeper.access(None).await.expect("kept now");
    assert_eq!(stage.exchanges(), 1, "the new refresh token was not thrown away meanwhile");
    assert_eq!(stage.kept(), 1);
}

#[tokio::test]
async fn a_sign_in_that_was_taken_back_is_for_the_person_and_is_asked_about_once() {
    let stage = Stage::signed_in(true).await;
    stage.world.world().google.oauth.revoke_user("mara@voss.example");
    stage.world.advance(2 * HOUR);
    for _ in 0..3 {
        let refused = stage.keeper.access(None).await;
        assert!(matches!(refused, Err(ProviderError::Auth(_))), "{refused:?}");
    }
    assert_eq!(stage.exchanges(), 1, "no loop: nobody is asked again what was refused");
    assert_eq!(stage.kept(), 0, "and nothing that was there is overwritten");
}

#[tokio::test]
async fn a_provider_in_trouble_is_asked_again_later() {
    let stage = Stage::signed_in(true).await;
    stage.world.advance(HOUR - MINUTE);
    stage.world.fault(Fault::refused("POST /token", 503, &[], ""));
    let busy = stage.keeper.access(None).await;
    assert!(matches!(busy, Err(ProviderError::RateLimited { .. })), "{busy:?}");
    stage.keeper.access(None).await.expect("a token");
    assert_eq!(stage.exchanges(), 2);
}
