//! What a server may send, from its bytes to what it means, for a fuzzer: without a server, a sign-in, a clock.

use std::collections::HashMap;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use deskbell_domain::message::Flags;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::fetch::{Fetched, keywords, parse_date, unasked_flags};
use super::session::{News, Selected, View};
use super::{roles, utf7, wire};

/// A server that has said everything it will ever say.
struct Said {
    left: Vec<u8>,
    at: usize,
}

impl AsyncRead for Said {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        // Cut where a network might cut, too.
        let size = buffer.remaining().min(61);
        let end = (self.at + size).min(self.left.len());
        buffer.put_slice(self.left.get(self.at..end).unwrap_or_default());
        self.at = end;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Said {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// Reads answers to their end, as the answer to a command in a selected mailbox.
pub fn answers(bytes: &[u8]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let Ok(runtime) = runtime else { return };
    runtime.block_on(async {
        let said = Box::new(Said { left: bytes.to_vec(), at: 0 });
        let mut wire = wire::Wire::new(said, Duration::from_secs(1));
        let mut selected = Selected {
            name: "INBOX".into(),
            view: View::default(),
            news: News::default(),
            waiting: None,
            sizes: HashMap::new(),
            keywords: HashMap::new(),
            labels: HashMap::new(),
            permanent: None,
        };
        let mut flags: Vec<(u32, Flags)> = Vec::new();
        // Whatever ends it, it ends.
        let _ = wire
            .finish("D1", |response| {
                selected.note(response);
                let _ = (Fetched::read(response), keywords(response));
                flags.extend(unasked_flags(response));
            })
            .await;
    });
}

/// Reads names of mailboxes, and dates. A name that is encoded anew is read as the same name.
///
/// # Panics
/// Where it is not.
pub fn names(text: &str) {
    for line in text.lines().take(100) {
        let name = utf7::decode(line);
        assert_eq!(utf7::decode(&utf7::encode(&name)), name, "a name survives the way and back");
        let _ = (roles::guessed(&name), parse_date(line));
    }
}
