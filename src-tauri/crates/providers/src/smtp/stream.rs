//! The stream below lettre's SMTP connection: an end to waiting, a memory of the last reply, and a way to
//! exchange what is underneath for STARTTLS.
//!
//! lettre tells neither SIZE nor what came behind a reply, and reads text that is not UTF-8 as a broken
//! connection: both matter here, because a reply that was lost leaves a message of unknown fate.

use std::fmt;
use std::future::Future as _;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

use super::pace::HEARD;
use crate::net::Transport;

/// A handle on the stream; lettre holds another one.
#[derive(Clone)]
pub(crate) struct Stream(Arc<Mutex<Inner>>);

struct Inner {
    transport: Option<Box<dyn Transport>>,
    /// What came since the last write.
    heard: Vec<u8>,
    patience: Duration,
    alarm: Pin<Box<Sleep>>,
    waiting: bool,
}

impl Stream {
    pub(crate) fn new(transport: Box<dyn Transport>, patience: Duration) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            transport: Some(transport),
            heard: Vec::new(),
            patience,
            alarm: Box::pin(sleep(patience)),
            waiting: false,
        })))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long a read or write may make no headway from now on.
    pub(crate) fn set_patience(&self, patience: Duration) {
        let mut inner = self.lock();
        inner.patience = patience;
        inner.waiting = false;
    }

    /// The lines that came since the last write, without their ends.
    pub(crate) fn heard(&self) -> Vec<String> {
        let text = String::from_utf8_lossy(&self.lock().heard).into_owned();
        text.lines().map(str::to_owned).collect()
    }

    /// Takes what is underneath, to secure it.
    pub(crate) fn take(&self) -> Option<Box<dyn Transport>> {
        self.lock().transport.take()
    }

    /// Puts it back.
    pub(crate) fn put(&self, transport: Box<dyn Transport>) {
        self.lock().transport = Some(transport);
    }
}

impl Inner {
    /// Polls what is underneath; it may make no headway for as long as the patience lasts.
    fn poll<T>(
        &mut self,
        context: &mut Context<'_>,
        work: impl FnOnce(Pin<&mut (dyn Transport + 'static)>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let Some(transport) = self.transport.as_mut() else {
            return Poll::Ready(Err(io::ErrorKind::NotConnected.into()));
        };
        if let Poll::Ready(done) = work(Pin::new(transport.as_mut()), context) {
            self.waiting = false;
            return Poll::Ready(done);
        }
        if !self.waiting {
            self.waiting = true;
            self.alarm.as_mut().reset(Instant::now() + self.patience);
        }
        match self.alarm.as_mut().poll(context) {
            Poll::Ready(()) => {
                self.waiting = false;
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut inner = self.lock();
        let before = buffer.filled().len();
        let read = inner.poll(context, |transport, context| transport.poll_read(context, buffer));
        if let Poll::Ready(Ok(())) = &read {
            let fresh = buffer.filled_mut().get_mut(before..).unwrap_or_default();
            if std::str::from_utf8(fresh).is_err() {
                fresh.iter_mut().filter(|byte| !byte.is_ascii()).for_each(|byte| *byte = b'?');
            }
            let room = HEARD.saturating_sub(inner.heard.len());
            inner.heard.extend(fresh.iter().take(room));
        }
        read
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let mut inner = self.lock();
        inner.heard.clear();
        inner.poll(context, |transport, context| transport.poll_write(context, bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.lock().poll(context, |transport, context| transport.poll_flush(context))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.lock().poll(context, |transport, context| transport.poll_shutdown(context))
    }
}

impl AsyncTokioStream for Stream {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        // Nobody asks: lettre wants it for its own logs only.
        Err(io::ErrorKind::Unsupported.into())
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stream")
    }
}
