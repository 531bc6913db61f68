//! Tokens that expire, rotate and are taken back, while many ask for them.

use std::sync::Arc;
use std::time::Duration;

use deskbell_domain::ProviderError;
use deskbell_domain::port::AccessTokens as _;
use deskbell_domain::secret::Secret;
use deskbell_domain::time::{HOUR, MINUTE, SECOND};
use deskbell_simulator::{Fault, Simulator};

use super::support::{Drawer, plan, signed_in, world};
use crate::oauth::TokenKeeper;

const TOKEN: &str = "POST /token";

struct Stage {
    world: Arc<Simulator>,
    drawer: Arc<Drawer>,
    keeper: Arc<TokenKeeper>,
}

impl Stage {
    async fn signed_in(rotates: bool) -> Self {
        let world = world();
        world.world().google.oauth.rotates = rotates;
        let (keeper, drawer) = signed_in(&world, plan(&world)).await;
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

    async fn ask(&self) -> Result<Secret, ProviderError> {
        self.keeper.access(None).await
    }

    /// Looks until it is so.
    async fn until(&self, what: &str, so: impl AsyncFn(&Self) -> bool) {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
        while !so(self).await {
            assert!(tokio::time::Instant::now() < deadline, "waited in vain for {what}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
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
    stage.world.fault(Fault::late(TOKEN, Duration::from_millis(150)));
    let keeper = Arc::clone(&stage.keeper);
    let gone = tokio::time::timeout(Duration::from_millis(20), keeper.access(None)).await;
    assert!(gone.is_err(), "the caller gave up");
    let token = stage.keeper.access(None).await.expect("a token");
    assert_eq!(stage.exchanges(), 1, "the exchange went on by itself, and its token is used");
    let kept =
        stage.drawer.kept.lock().expect("whole").last().and_then(crate::oauth::Grant::access);
    assert_eq!(kept.map(|kept| kept.expose().to_owned()).as_deref(), Some(token.expose()));
}

#[tokio::test]
async fn a_token_near_its_end_is_renewed_beside_those_who_use_it() {
    let stage = Stage::signed_in(true).await;
    let first = stage.ask().await.expect("a token");
    stage.world.advance(HOUR - 90 * SECOND);
    // The answer is held back until everybody has asked.
    stage.world.fault(Fault::late(TOKEN, Duration::from_millis(200)));
    for _ in 0..20 {
        let token = stage.ask().await.expect("a token");
        assert_eq!(token.expose(), first.expose(), "nobody waits: this one still lasts");
    }
    stage
        .until("the new token", async |stage: &Stage| {
            stage.ask().await.expect("a token").expose() != first.expose()
        })
        .await;
    assert_eq!(stage.exchanges(), 1, "one renewal for all who asked");
    assert_eq!(stage.kept(), 1, "and kept before it is used");
}

#[tokio::test]
async fn a_renewal_that_fails_disturbs_nobody_while_the_token_lasts() {
    let stage = Stage::signed_in(true).await;
    let first = stage.ask().await.expect("a token");
    stage.world.advance(HOUR - 90 * SECOND);
    stage.world.fault(Fault::refused(TOKEN, 503, &[], ""));
    for round in 1..=2 {
        stage
            .until("a renewal in vain", async |stage: &Stage| {
                let token = stage.ask().await.expect("the token at hand is good");
                assert_eq!(token.expose(), first.expose());
                stage.exchanges() == round
            })
            .await;
        for _ in 0..20 {
            stage.ask().await.expect("the token at hand is good");
        }
        stage.keeper.settled().await;
        assert_eq!(stage.exchanges(), round, "the provider is left alone for a while");
        if round == 1 {
            stage.world.fault(Fault::refused(TOKEN, 429, &[], ""));
            stage.world.advance(16 * SECOND);
        }
    }
    stage.world.advance(16 * SECOND);
    stage
        .until("the new token", async |stage: &Stage| {
            stage.ask().await.expect("a token").expose() != first.expose()
        })
        .await;
    assert_eq!(stage.exchanges(), 3);
}

#[tokio::test]
async fn a_sign_in_taken_back_early_lets_the_token_at_hand_serve_to_its_end() {
    let stage = Stage::signed_in(true).await;
    let first = stage.ask().await.expect("a token");
    stage.world.world().google.oauth.revoke_user("mara@voss.example");
    stage.world.advance(HOUR - MINUTE);
    stage
        .until("a renewal in vain", async |stage: &Stage| {
            let token = stage.ask().await.expect("nobody has turned it away yet");
            assert_eq!(token.expose(), first.expose());
            stage.exchanges() == 1
        })
        .await;
    stage.keeper.settled().await;
    stage.world.advance(MINUTE);
    for refused in [None, Some(&first)] {
        let outcome = stage.keeper.access(refused).await;
        assert!(matches!(outcome, Err(ProviderError::Auth(_))), "{outcome:?}");
    }
    assert_eq!(stage.exchanges(), 1, "nobody is asked again what was refused");
}

#[tokio::test]
async fn a_token_of_a_short_life_is_not_renewed_by_every_reader() {
    let stage = Stage::signed_in(true).await;
    stage.world.world().google.oauth.access_lives = 40 * SECOND;
    stage.world.advance(2 * HOUR);
    let short = stage.ask().await.expect("a token");
    stage.world.advance(25 * SECOND);
    for _ in 0..10 {
        let token = stage.ask().await.expect("a token");
        assert_eq!(token.expose(), short.expose());
    }
    stage.keeper.settled().await;
    assert_eq!(stage.exchanges(), 1, "only the last quarter of its life is for renewing");
}

#[tokio::test]
async fn a_refused_token_is_replaced_at_once_whatever_its_end_is_said_to_be() {
    let stage = Stage::signed_in(false).await;
    let first = stage.ask().await.expect("a token");
    stage.world.world().google.oauth.expire_access();
    let second = stage.keeper.access(Some(&first)).await.expect("a token");
    assert_ne!(first.expose(), second.expose());
    let again = stage.keeper.access(Some(&first)).await.expect("a token");
    assert_eq!(second.expose(), again.expose(), "who comes late with the old one gets the new one");
    assert_eq!(stage.exchanges(), 1);
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
async fn a_provider_in_trouble_is_asked_once_for_all_and_again_later() {
    let stage = Stage::signed_in(true).await;
    stage.world.advance(HOUR);
    stage.world.fault(Fault::refused(TOKEN, 503, &[], ""));
    let asked = (0..20).map(|_| stage.keeper.access(None));
    for busy in futures::future::join_all(asked).await {
        assert!(matches!(busy, Err(ProviderError::RateLimited { .. })), "{busy:?}");
    }
    assert_eq!(stage.exchanges(), 1, "those who waited for it share its failure");
    stage.ask().await.expect("a token");
    assert_eq!(stage.exchanges(), 2);
}

#[tokio::test]
async fn a_renewal_under_way_is_never_kept_over_the_sign_in_that_takes_its_place() {
    let stage = Stage::signed_in(true).await;
    stage.world.advance(2 * HOUR);
    stage.world.fault(Fault::late(TOKEN, Duration::from_millis(150)));
    let keeper = Arc::clone(&stage.keeper);
    let gone = tokio::time::timeout(Duration::from_millis(20), keeper.access(None)).await;
    assert!(gone.is_err(), "the renewal goes on by itself");
    stage.keeper.end().await;
    assert_eq!(stage.kept(), 1, "whoever replaces the sign-in writes after it");

    // Two hours on the old one would renew again, and write over the new one.
    stage.world.advance(2 * HOUR);
    let refused = stage.ask().await.expect_err("it gives out nothing any more");
    assert!(matches!(refused, ProviderError::Offline(_)), "nobody is asked to sign in: {refused}");
    assert_eq!((stage.exchanges(), stage.kept()), (1, 1), "nothing is renewed and nothing kept");
}

#[tokio::test]
async fn what_could_not_be_kept_is_not_kept_later_over_the_sign_in_that_takes_its_place() {
    let stage = Stage::signed_in(true).await;
    stage.world.advance(2 * HOUR);
    *stage.drawer.jammed.lock().expect("whole") = true;
    stage.ask().await.expect_err("what came could not be kept");
    *stage.drawer.jammed.lock().expect("whole") = false;
    stage.keeper.end().await;
    stage.ask().await.expect_err("it has ended");
    assert_eq!(stage.kept(), 0, "the new sign-in stands");
}
