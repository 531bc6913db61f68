//! Lives of the program, and work that is killed half-way.

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::post::Post;
use crate::sender::{Sender, StillClock};

/// A future that dies after so many steps, as a process does that is killed.
pub struct Mortal<F> {
    pub life: F,
    pub steps: u32,
}

impl<F: Future + Unpin> Future for Mortal<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.steps == 0 {
            return Poll::Ready(None);
        }
        self.steps -= 1;
        Pin::new(&mut self.life).poll(context).map(Some)
    }
}

/// One life of the program.
pub fn live(directory: &Path, post: &Post, clock: &StillClock, story: impl AsyncFnOnce(&Sender)) {
    // A runtime of its own: dropped, nothing of this life goes on.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let sender = Sender::open(directory, post, clock).await;
        story(&sender).await;
    });
}
