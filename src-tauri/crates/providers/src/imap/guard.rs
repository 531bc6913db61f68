//! The stream between the network and async-imap: whole, harmless lines, and an end to waiting.
//!
//! Owns three protections that the IMAP parser lacks: a deadline on every silent read; repair or removal of
//! answers that would end (or panic in) the parser; and the splitting of very long answers, which the parser
//! would otherwise read again from the start with every packet. Literals pass through untouched.
//! Also undoes COMPRESS=DEFLATE. Leaves all meaning to `wire` and above.

use std::fmt;
use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf as _, BytesMut};
use flate2::{Decompress, FlushDecompress, Status};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

use super::vet::vet_line;
use crate::net::Transport;

/// Bytes asked of the network at once.
const READ_SIZE: usize = 64 * 1024;
/// A line longer than this is not an answer but an attack; ten million UIDs fit.
const MAX_LINE: usize = 128 * 1024 * 1024;

/// The guarded stream.
pub(crate) struct Guard {
    inner: Box<dyn Transport>,
    /// Bytes as received (and inflated), not yet looked at.
    raw: BytesMut,
    /// How many bytes of `raw` are known to hold no line end.
    searched: usize,
    /// Bytes that may be handed over.
    ready: BytesMut,
    /// Bytes of a literal still to pass.
    literal_left: u64,
    /// The next line goes on an answer that was interrupted by a literal.
    continues: bool,
    inflate: Option<Box<Inflate>>,
    patience: Duration,
    alarm: Pin<Box<Sleep>>,
    waiting: bool,
}

struct Inflate {
    state: Decompress,
    packed: BytesMut,
    /// The last output filled its room: more may come out without more going in.
    full: bool,
}

impl Guard {
    pub(crate) fn new(inner: Box<dyn Transport>, patience: Duration) -> Self {
        Self {
            inner,
            raw: BytesMut::new(),
            searched: 0,
            ready: BytesMut::new(),
            literal_left: 0,
            continues: false,
            inflate: None,
            patience,
            alarm: Box::pin(sleep(patience)),
            waiting: false,
        }
    }

    /// How long a read may stay silent from now on.
    pub(crate) fn set_patience(&mut self, patience: Duration) {
        self.patience = patience;
        self.waiting = false;
    }

    /// Whether bytes are waiting that were received already.
    pub(crate) fn has_received(&self) -> bool {
        !self.raw.is_empty() || !self.ready.is_empty()
    }

    /// Everything received from now on is deflated (RFC 4978).
    pub(crate) fn start_inflating(&mut self) {
        let packed = std::mem::take(&mut self.raw);
        self.searched = 0;
        self.inflate =
            Some(Box::new(Inflate { state: Decompress::new(false), packed, full: false }));
    }

    /// The stream beneath, for a TLS handshake on top of it.
    pub(crate) fn into_inner(self) -> Box<dyn Transport> {
        self.inner
    }

    /// Moves what can be judged from `raw` to `ready`; false when more bytes are needed.
    fn advance(&mut self) -> io::Result<bool> {
        if self.literal_left > 0 {
            let take = usize::try_from(self.literal_left).unwrap_or(usize::MAX).min(self.raw.len());
            if take == 0 {
                return Ok(false);
            }
            let part = self.raw.split_to(take);
            self.searched = 0;
            self.literal_left -= take as u64;
            self.ready.unsplit(part);
            return Ok(true);
        }
        let unseen = self.raw.get(self.searched..).unwrap_or_default();
        let Some(offset) = unseen.iter().position(|byte| *byte == b'\n') else {
            self.searched = self.raw.len();
            if self.raw.len() > MAX_LINE {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a line without an end"));
            }
            return Ok(false);
        };
        let line = self.raw.split_to(self.searched + offset + 1);
        self.searched = 0;
        let whole = !self.continues;
        match literal_size(&line) {
            Some(size) => {
                self.literal_left = size;
                self.continues = true;
                vet_line(&line, false, &mut self.ready);
            }
            None => {
                self.continues = false;
                vet_line(&line, whole, &mut self.ready);
            }
        }
        Ok(true)
    }

    /// Inflates what has come; false when more bytes are needed.
    fn inflate(&mut self) -> io::Result<bool> {
        let Some(inflate) = self.inflate.as_mut() else { return Ok(false) };
        if inflate.packed.is_empty() && !inflate.full {
            return Ok(false);
        }
        let mut out = Vec::with_capacity(READ_SIZE);
        let before = inflate.state.total_in();
        let status = inflate
            .state
            .decompress_vec(&inflate.packed, &mut out, FlushDecompress::Sync)
            .map_err(|_| {
                io::Error::new(io::ErrorKind::InvalidData, "the compressed stream is damaged")
            })?;
        let used = usize::try_from(inflate.state.total_in() - before).unwrap_or(0);
        inflate.packed.advance(used.min(inflate.packed.len()));
        inflate.full = out.len() == out.capacity();
        if used == 0 && out.is_empty() && status != Status::StreamEnd {
            return Ok(false);
        }
        if status == Status::StreamEnd {
            inflate.packed.clear();
        }
        self.raw.extend_from_slice(&out);
        Ok(!out.is_empty())
    }

    /// Polls the network into `raw` (or the inflater); the count of bytes, 0 at the end of the stream.
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let target = match self.inflate.as_mut() {
            Some(inflate) => &mut inflate.packed,
            None => &mut self.raw,
        };
        let held = target.len();
        target.resize(held + READ_SIZE, 0);
        let space = target.get_mut(held..).unwrap_or_default();
        let mut buf = ReadBuf::new(space);
        let polled = Pin::new(&mut self.inner).poll_read(cx, &mut buf);
        let count = buf.filled().len();
        target.truncate(held + count);
        match polled {
            Poll::Ready(outcome) => Poll::Ready(outcome.map(|()| count)),
            Poll::Pending => Poll::Pending,
        }
    }

    /// Reads a piece of a literal straight to where it is wanted.
    fn poll_literal(
        &mut self,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let limit = usize::try_from(self.literal_left).unwrap_or(usize::MAX).min(buf.remaining());
        let mut part = ReadBuf::new(buf.initialize_unfilled_to(limit));
        ready!(Pin::new(&mut self.inner).poll_read(cx, &mut part))?;
        let count = part.filled().len();
        buf.advance(count);
        self.literal_left -= count as u64;
        self.waiting = false;
        Poll::Ready(Ok(()))
    }

    /// Ends a read that has been silent for too long.
    fn poll_alarm(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.waiting {
            self.alarm.as_mut().reset(Instant::now() + self.patience);
            self.waiting = true;
        }
        ready!(self.alarm.as_mut().poll(cx));
        self.waiting = false;
        Poll::Ready(Err(io::Error::new(
            io::ErrorKind::TimedOut,
            "the server stayed silent for too long",
        )))
    }
}

/// The size of the literal that this line announces, if it does.
fn literal_size(line: &[u8]) -> Option<u64> {
    let line = line.strip_suffix(b"\n")?;
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let line = line.strip_suffix(b"}")?;
    let open = line.iter().rposition(|byte| *byte == b'{')?;
    let digits = line.get(open + 1..)?;
    let digits = digits.strip_suffix(b"+").unwrap_or(digits);
    std::str::from_utf8(digits).ok()?.parse().ok()
}

impl AsyncRead for Guard {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        loop {
            if !this.ready.is_empty() {
                let count = this.ready.len().min(buf.remaining());
                let part = this.ready.split_to(count);
                buf.put_slice(&part);
                return Poll::Ready(Ok(()));
            }
            if this.advance()? || this.inflate()? {
                continue;
            }
            if this.literal_left > 0 && this.raw.is_empty() && this.inflate.is_none() {
                match this.poll_literal(cx, buf) {
                    Poll::Pending => return this.poll_alarm(cx),
                    done => return done,
                }
            }
            match this.poll_fill(cx) {
                Poll::Ready(Ok(0)) => return Poll::Ready(Ok(())),
                Poll::Ready(Ok(_)) => this.waiting = false,
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return this.poll_alarm(cx),
            }
        }
    }
}

impl AsyncWrite for Guard {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").field("compressed", &self.inflate.is_some()).finish_non_exhaustive()
    }
}
