//! Access tokens of one account: handed out while they last, fetched anew when they do not.
//!
//! Invariant: one refresh at a time, whoever asks; it runs to its end even if all who asked have gone away, since a
//! refresh token that was exchanged and not kept is lost. What it brings is kept before it is used. Asking for a token
//! that still lasts never waits for a refresh.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use deskbell_domain::port::AccessTokens;
use deskbell_domain::secret::Secret;
use deskbell_domain::time::{Clock, MINUTE};
use deskbell_domain::{Millis, ProviderError};

use super::exchange::Exchange;
use super::grant::Grant;

/// A token is renewed this long before its end.
const EARLY: Millis = 2 * MINUTE;
/// A token of unknown life is taken to live this long.
const USUAL_LIFE: Duration = Duration::from_secs(5 * 60);

/// Keeps the grant of one account where a crash does not reach it.
#[async_trait]
pub trait Keep: Send + Sync {
    /// Writes the grant down, in place of the one before; on return it is on disk.
    async fn keep(&self, grant: &Grant) -> Result<(), String>;
}

/// See the module.
pub struct TokenKeeper {
    shared: Arc<Shared>,
}

struct Shared {
    keep: Arc<dyn Keep>,
    clock: Arc<dyn Clock>,
    /// Held by the refresh under way.
    refresh: tokio::sync::Mutex<Refresh>,
    /// The token and its end.
    current: Mutex<Option<(Secret, Millis)>>,
}

struct Refresh {
    grant: Grant,
    /// The grant was renewed and could not be written down yet.
    unkept: bool,
    /// The vendor takes it no more.
    over: Option<String>,
}

impl TokenKeeper {
    /// Takes over a grant.
    pub fn new(grant: Grant, keep: Arc<dyn Keep>, clock: Arc<dyn Clock>) -> Self {
        let current = grant.access().map(|access| (access, grant.expires_at));
        let refresh = Refresh { grant, unkept: false, over: None };
        let shared = Shared {
            keep,
            clock,
            refresh: tokio::sync::Mutex::new(refresh),
            current: Mutex::new(current),
        };
        Self { shared: Arc::new(shared) }
    }
}

impl Shared {
    /// The token at hand, if it is good for longer than `margin` and not the one refused.
    fn at_hand(&self, refused: Option<&Secret>, margin: Millis) -> Option<Secret> {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let (token, end) = current.as_ref()?;
        let good = self.clock.now() < end - margin
            && refused.is_none_or(|refused| refused.expose() != token.expose());
        good.then(|| token.clone())
    }

    /// Fetches a new token, unless somebody just has.
    async fn renew(&self, refused: Option<&Secret>) -> Result<Secret, ProviderError> {
        let mut refresh = self.refresh.lock().await;
        if let Some(token) = self.at_hand(refused, EARLY) {
            return Ok(token);
        }
        if let Some(words) = &refresh.over {
            return Err(ProviderError::Auth(words.clone()));
        }
        if !refresh.unkept {
            self.exchange(&mut refresh).await?;
        }
        if let Err(why) = self.keep.keep(&refresh.grant).await {
            tracing::warn!("a renewed sign-in could not be kept");
            return Err(ProviderError::Offline(format!(
                "the renewed sign-in could not be stored: {why}"
            )));
        }
        refresh.unkept = false;
        let token = refresh.grant.access().unwrap_or_else(|| Secret::new(""));
        let renewed = (token.clone(), refresh.grant.expires_at);
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Some(renewed);
        Ok(token)
    }

    async fn exchange(&self, refresh: &mut Refresh) -> Result<(), ProviderError> {
        let (client, endpoints) = (refresh.grant.client(), refresh.grant.endpoints());
        let exchange = Exchange::new(refresh.grant.vendor, &client, &endpoints)
            .map_err(super::Problem::into_provider)?;
        let outcome = exchange.refresh(&Secret::new(refresh.grant.refresh.as_str())).await;
        let tokens = match outcome {
            Ok(tokens) => tokens,
            Err(problem) => {
                let error = problem.into_provider();
                if let ProviderError::Auth(words) = &error {
                    refresh.over = Some(words.clone());
                }
                return Err(error);
            }
        };
        let lives = tokens.lives.unwrap_or(USUAL_LIFE);
        if let Some(next) = &tokens.refresh {
            refresh.grant.refresh = next.expose().to_owned();
        }
        refresh.grant.access = Some(tokens.access.expose().to_owned());
        refresh.grant.expires_at =
            self.clock.now() + Millis::try_from(lives.as_millis()).unwrap_or(0);
        refresh.unkept = true;
        Ok(())
    }
}

#[async_trait]
impl AccessTokens for TokenKeeper {
    async fn access(&self, refused: Option<&Secret>) -> Result<Secret, ProviderError> {
        if let Some(token) = self.shared.at_hand(refused, EARLY) {
            return Ok(token);
        }
        // Somebody renews it already, and this one lasts a little longer.
        if self.shared.refresh.try_lock().is_err()
            && let Some(token) = self.shared.at_hand(refused, 0)
        {
            return Ok(token);
        }
        let (shared, refused) = (Arc::clone(&self.shared), refused.cloned());
        #[expect(
            clippy::disallowed_methods,
            reason = "no loop: it ends with one exchange, which must not be cut short by whoever asked for it"
        )]
        let renewing = tokio::spawn(async move { shared.renew(refused.as_ref()).await });
        renewing.await.unwrap_or_else(|_| {
            Err(ProviderError::Offline("the sign-in could not be renewed".into()))
        })
    }
}
