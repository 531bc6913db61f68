//! Access tokens of one account: handed out while they last, fetched anew when they do not.
//!
//! Invariant: one refresh at a time, whoever asks; it runs to its end even if all who asked have gone away, since a
//! refresh token that was exchanged and not kept is lost. What it brings is kept before it is used. Asking for a token
//! that still lasts never waits for a refresh and never fails by one: it is renewed beside those who use it.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use deskbell_domain::port::AccessTokens;
use deskbell_domain::secret::Secret;
use deskbell_domain::time::{Clock, MINUTE, SECOND};
use deskbell_domain::{Millis, ProviderError};
use tokio::sync::Mutex as Turn;
use tokio::task::JoinHandle;

use super::grant::Grant;
use super::problem::Problem;

/// A token is renewed this long before its end, or in the last quarter of a shorter life.
const EARLY: Millis = 2 * MINUTE;
/// A renewal beside the readers that failed is tried again after this long; the token at hand is good meanwhile.
const AGAIN: Millis = 15 * SECOND;
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
    refresh: Arc<Turn<Refresh>>,
    /// How many refreshes have ended.
    ended: AtomicU64,
    /// Nobody renews beside the readers before this instant, ms UTC.
    rests_until: AtomicI64,
    current: Mutex<Option<Current>>,
}

struct Refresh {
    grant: Grant,
    /// The grant was renewed and could not be written down yet.
    unkept: bool,
    /// The vendor takes it no more, or it was given back.
    over: Option<String>,
    /// Another sign-in takes its place.
    replaced: bool,
    /// Why the last refresh brought nothing.
    failed: Option<ProviderError>,
}

/// The token at hand.
struct Current {
    token: Secret,
    /// From here on it is renewed, ms UTC.
    renew_from: Millis,
    /// Its end, ms UTC.
    end: Millis,
}

/// How the token at hand stands.
enum AtHand {
    Fresh(Secret),
    /// It lasts, and is to be renewed.
    Late(Secret),
}

impl TokenKeeper {
    /// Takes over a grant.
    pub fn new(grant: Grant, keep: Arc<dyn Keep>, clock: Arc<dyn Clock>) -> Self {
        let end = grant.expires_at;
        let current = grant.access().map(|token| Current { token, renew_from: end - EARLY, end });
        let refresh = Refresh { grant, unkept: false, over: None, replaced: false, failed: None };
        let shared = Shared {
            keep,
            clock,
            refresh: Arc::new(Turn::new(refresh)),
            ended: AtomicU64::new(0),
            rests_until: AtomicI64::new(Millis::MIN),
            current: Mutex::new(current),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Waits for a refresh that is under way: a program that ends in its middle loses the sign-in.
    pub async fn settled(&self) {
        drop(self.shared.refresh.lock().await);
    }

    /// Renews nothing from here on, since another sign-in takes this one's place: what is kept then is not written
    /// over. A refresh under way ends first; the token at hand goes on as long as it lasts.
    pub async fn end(&self) {
        self.shared.refresh.lock().await.replaced = true;
    }

    /// Renews a token that lasts, unless somebody does already or has just failed to.
    fn renew_beside(&self) {
        if self.shared.clock.now() < self.shared.rests_until.load(Ordering::Relaxed) {
            return;
        }
        let Ok(mut refresh) = Arc::clone(&self.shared.refresh).try_lock_owned() else { return };
        let shared = Arc::clone(&self.shared);
        drop(detached(async move {
            // It may have been renewed between the look and the turn.
            if !matches!(shared.at_hand(None), Some(AtHand::Late(_))) {
                return;
            }
            if let Err(error) = shared.fetch(&mut refresh).await {
                let pause = match error {
                    ProviderError::RateLimited { after: Some(after) } => millis(after),
                    _ => AGAIN,
                };
                tracing::debug!("a token that still lasts could not be renewed yet");
                shared.rests_until.store(shared.clock.now() + pause, Ordering::Relaxed);
            }
        }));
    }

    /// Gives the sign-in back to its vendor, so that nobody can use it any more; `None` where the vendor takes none
    /// back. A refresh under way ends first: what it brings is what is given back.
    pub async fn revoke(&self) -> Option<Result<(), Problem>> {
        let mut refresh = self.shared.refresh.lock().await;
        refresh.over = Some("this sign-in was given back; sign in again".into());
        self.shared.current.lock().unwrap_or_else(PoisonError::into_inner).take();
        let exchange = match refresh.grant.exchange() {
            Ok(exchange) => exchange,
            Err(problem) => return Some(Err(problem)),
        };
        exchange.revoke(&Secret::new(refresh.grant.refresh.as_str())).await
    }
}

impl Shared {
    /// The token at hand, if it lasts and is not the one refused, which is never given again.
    fn at_hand(&self, refused: Option<&Secret>) -> Option<AtHand> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        current.take_if(|current| {
            refused.is_some_and(|refused| refused.expose() == current.token.expose())
        });
        let Current { token, renew_from, end } = current.as_ref()?;
        let now = self.clock.now();
        if now >= *end {
            return None;
        }
        let token = token.clone();
        Some(if now < *renew_from { AtHand::Fresh(token) } else { AtHand::Late(token) })
    }

    /// Fetches a new token, unless somebody just has; `ended` counts the refreshes that had ended when it was
    /// asked for: the failure of a later one is an answer to this asker too.
    async fn renew(&self, refused: Option<&Secret>, ended: u64) -> Result<Secret, ProviderError> {
        let mut refresh = self.refresh.lock().await;
        if let Some(AtHand::Fresh(token) | AtHand::Late(token)) = self.at_hand(refused) {
            return Ok(token);
        }
        if self.ended.load(Ordering::Relaxed) > ended
            && let Some(error) = &refresh.failed
        {
            return Err(error.clone());
        }
        self.fetch(&mut refresh).await
    }

    async fn fetch(&self, refresh: &mut Refresh) -> Result<Secret, ProviderError> {
        let outcome = self.fetched(refresh).await;
        refresh.failed = outcome.as_ref().err().cloned();
        self.ended.fetch_add(1, Ordering::Relaxed);
        outcome
    }

    async fn fetched(&self, refresh: &mut Refresh) -> Result<Secret, ProviderError> {
        if let Some(words) = &refresh.over {
            return Err(ProviderError::Auth(words.clone()));
        }
        if refresh.replaced {
            // No reason to ask the person: the new one is there in a moment.
            return Err(ProviderError::Offline("the sign-in is being replaced".into()));
        }
        if !refresh.unkept {
            self.exchange(refresh).await?;
        }
        if let Err(why) = self.keep.keep(&refresh.grant).await {
            tracing::warn!("a renewed sign-in could not be kept");
            return Err(ProviderError::Offline(format!(
                "the renewed sign-in could not be stored: {why}"
            )));
        }
        refresh.unkept = false;
        let token = refresh.grant.access().unwrap_or_else(|| Secret::new(""));
        let (now, end) = (self.clock.now(), refresh.grant.expires_at);
        let renew_from = end - EARLY.min((end - now) / 4);
        let renewed = Current { token: token.clone(), renew_from, end };
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Some(renewed);
        Ok(token)
    }

    async fn exchange(&self, refresh: &mut Refresh) -> Result<(), ProviderError> {
        let exchange = refresh.grant.exchange().map_err(Problem::into_provider)?;
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
        refresh.grant.expires_at = self.clock.now() + millis(lives);
        refresh.unkept = true;
        Ok(())
    }
}

#[async_trait]
impl AccessTokens for TokenKeeper {
    async fn access(&self, refused: Option<&Secret>) -> Result<Secret, ProviderError> {
        match self.shared.at_hand(refused) {
            Some(AtHand::Fresh(token)) => return Ok(token),
            Some(AtHand::Late(token)) => {
                self.renew_beside();
                return Ok(token);
            }
            None => {}
        }
        let ended = self.shared.ended.load(Ordering::Relaxed);
        let (shared, refused) = (Arc::clone(&self.shared), refused.cloned());
        let renewing = detached(async move { shared.renew(refused.as_ref(), ended).await });
        renewing.await.unwrap_or_else(|_| {
            Err(ProviderError::Offline("the sign-in could not be renewed".into()))
        })
    }
}

/// Goes on by itself, whoever waits for it or does not.
fn detached<T: Send + 'static>(
    renewing: impl Future<Output = T> + Send + 'static,
) -> JoinHandle<T> {
    #[expect(
        clippy::disallowed_methods,
        reason = "no loop: it ends with one exchange, which must not be cut short by whoever asked for it"
    )]
    tokio::spawn(renewing)
}

fn millis(time: Duration) -> Millis {
    Millis::try_from(time.as_millis()).unwrap_or(0)
}
