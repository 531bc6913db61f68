//! How soon a provider looks again: at its usual pace, and at a faster one while a person looks at the account.
//!
//! Owns the two pauses. Invariant: a pause is counted from the last look, so that attention that comes shortens the one
//! under way, and ends it where the faster pace has passed already; however often attention comes and goes, nothing
//! is looked at more often than at that pace. Leaves to the provider what a look is, and by which clock it waits.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

/// See the module.
pub(crate) struct Attention {
    usual: Duration,
    attentive: Duration,
    given: AtomicBool,
    came: Notify,
}

impl Attention {
    /// Attention nobody gives yet. The pause while somebody does is never longer than the usual one.
    pub(crate) fn new(usual: Duration, attentive: Duration) -> Self {
        let attentive = attentive.min(usual);
        Self { usual, attentive, given: AtomicBool::new(false), came: Notify::new() }
    }

    /// Says whether a person looks at the account now.
    pub(crate) fn set(&self, given: bool) {
        if !self.given.swap(given, Ordering::SeqCst) && given {
            self.came.notify_waiters();
        }
    }

    /// How long to wait between two looks, as it is now.
    pub(crate) fn pause(&self) -> Duration {
        if self.given.load(Ordering::SeqCst) { self.attentive } else { self.usual }
    }

    /// Ends once attention has come since this was called, awaited or not.
    pub(crate) fn comes(&self) -> impl Future<Output = ()> + Send + '_ {
        self.came.notified()
    }

    /// Waits until another look is due: `since` says how long ago the last one was, `wait` waits by the same clock.
    pub(crate) async fn rest<W: Future<Output = ()>>(
        &self,
        since: impl Fn() -> Duration,
        wait: impl Fn(Duration) -> W,
    ) {
        loop {
            // Listened for before the pace is read, so that no attention comes unheard in between.
            let comes = self.comes();
            let left = self.pause().saturating_sub(since());
            if left.is_zero() {
                return;
            }
            tokio::select! {
                () = comes => {}
                () = wait(left) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::AtomicU64;

    use futures::FutureExt as _;

    use super::*;

    const fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    /// A clock moved by hand, and what was waited for by it.
    #[derive(Default)]
    struct Hands {
        now: AtomicU64,
        waits: Mutex<Vec<Duration>>,
        moved: Notify,
    }

    impl Hands {
        fn now(&self) -> Duration {
            seconds(self.now.load(Ordering::SeqCst))
        }

        fn advance(&self, by: u64) {
            self.now.fetch_add(by, Ordering::SeqCst);
            self.moved.notify_waiters();
        }

        async fn wait(&self, pause: Duration) {
            self.waits.lock().expect("the waits").push(pause);
            let end = self.now() + pause;
            loop {
                let moved = self.moved.notified();
                if self.now() >= end {
                    return;
                }
                moved.await;
            }
        }

        fn waits(&self) -> Vec<Duration> {
            self.waits.lock().expect("the waits").clone()
        }

        /// Rests from now on.
        async fn rest(&self, attention: &Attention) {
            let looked = self.now();
            attention.rest(|| self.now() - looked, |pause| self.wait(pause)).await;
        }
    }

    #[test]
    fn a_pause_is_over_at_the_usual_pace_and_no_sooner() {
        let (hands, attention) = (Hands::default(), Attention::new(seconds(60), seconds(15)));
        let mut rest = Box::pin(hands.rest(&attention));
        assert_eq!(rest.as_mut().now_or_never(), None);
        hands.advance(59);
        assert_eq!(rest.as_mut().now_or_never(), None, "nobody looks");
        hands.advance(1);
        assert_eq!(rest.as_mut().now_or_never(), Some(()));
        assert_eq!(hands.waits(), [seconds(60)], "and nobody looks at the clock meanwhile");
    }

    #[test]
    fn attention_shortens_a_pause_under_way() {
        let (hands, attention) = (Hands::default(), Attention::new(seconds(60), seconds(15)));
        let mut rest = Box::pin(hands.rest(&attention));
        assert_eq!(rest.as_mut().now_or_never(), None);
        hands.advance(5);
        attention.set(true);
        assert_eq!(rest.as_mut().now_or_never(), None, "the last look is young still");
        hands.advance(9);
        assert_eq!(rest.as_mut().now_or_never(), None);
        hands.advance(1);
        assert_eq!(rest.as_mut().now_or_never(), Some(()), "a quarter of a minute after it");
        let again = hands.rest(&attention);
        assert_eq!(again.now_or_never(), None);
        assert_eq!(hands.waits(), [seconds(60), seconds(10), seconds(15)], "counted from the look");
    }

    #[test]
    fn attention_after_a_long_pause_has_looked_at_once() {
        let (hands, attention) = (Hands::default(), Attention::new(seconds(60), seconds(15)));
        let mut rest = Box::pin(hands.rest(&attention));
        assert_eq!(rest.as_mut().now_or_never(), None);
        hands.advance(15);
        attention.set(true);
        assert_eq!(rest.as_mut().now_or_never(), Some(()));
    }

    #[test]
    fn attention_that_went_leaves_the_usual_pause() {
        let (hands, attention) = (Hands::default(), Attention::new(seconds(60), seconds(15)));
        attention.set(true);
        let mut rest = Box::pin(hands.rest(&attention));
        assert_eq!(rest.as_mut().now_or_never(), None);
        attention.set(false);
        hands.advance(15);
        assert_eq!(rest.as_mut().now_or_never(), None, "nobody is there to see it");
        hands.advance(45);
        assert_eq!(rest.as_mut().now_or_never(), Some(()));
    }

    #[test]
    fn attention_that_comes_and_goes_hastens_nothing_beyond_its_pace() {
        let (hands, attention) = (Hands::default(), Attention::new(seconds(60), seconds(15)));
        let mut rest = Box::pin(hands.rest(&attention));
        for second in 0..15 {
            assert_eq!(rest.as_mut().now_or_never(), None, "second {second}");
            attention.set(true);
            assert_eq!(rest.as_mut().now_or_never(), None, "second {second}");
            attention.set(false);
            hands.advance(1);
        }
    }

    #[test]
    fn a_pause_shorter_than_the_attentive_one_stays() {
        let attention = Attention::new(seconds(1), seconds(10));
        attention.set(true);
        assert_eq!(attention.pause(), seconds(1));
    }
}
