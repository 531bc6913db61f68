//! Commands out, answers in: tags, literals, compression of what is sent.
//!
//! Owns the async-imap client and its one outstanding conversation. Commands are written here rather than
//! by async-imap, which logs each of them with its arguments, passwords included.
//! Invariant: after an error other than a tagged NO the wire is of no more use.

use std::io;
use std::time::Duration;

use async_imap::Client;
use async_imap::imap_proto::{Outcome, Response, ResponseCode, Status};
use flate2::{Compress, Compression, FlushCompress};
use tokio::io::AsyncWriteExt as _;
use tokio::time::timeout;

use super::error::{ImapError, shorten};
use super::guard::Guard;
use crate::net::Transport;

/// Literals up to this length may be sent unasked even to servers that know only LITERAL- (RFC 7888).
const SHORT_LITERAL: usize = 4096;
/// Bytes of a message written at once.
const PIECE: usize = 64 * 1024;

/// A command under construction: text, and arguments that may need a literal.
#[derive(Default)]
pub(crate) struct Command {
    parts: Vec<Part>,
}

enum Part {
    Text(Vec<u8>),
    Literal(Vec<u8>),
}

impl Command {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self::default().text(text)
    }

    /// Adds text as it stands.
    pub(crate) fn text(mut self, text: impl Into<String>) -> Self {
        self.parts.push(Part::Text(text.into().into_bytes()));
        self
    }

    /// Adds an argument as a quoted string, or as a literal where quoting cannot carry it.
    pub(crate) fn argument(mut self, value: &str) -> Self {
        if value.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
            let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
            self.parts.push(Part::Text(format!("\"{escaped}\"").into_bytes()));
        } else {
            self.parts.push(Part::Literal(value.as_bytes().to_vec()));
        }
        self
    }
}

/// How a command ended well.
#[derive(Debug, Default)]
pub(crate) struct Done {
    /// The response code, where the parser knows it.
    pub(crate) code: Option<ResponseCode<'static>>,
}

/// A connection that speaks IMAP.
pub(crate) struct Wire {
    client: Client<Guard>,
    tag: u32,
    deflate: Option<Compress>,
    /// The server takes literals without being asked (LITERAL+, or LITERAL- for short ones).
    pub(crate) literal_plus: bool,
    silence: Duration,
}

impl Wire {
    pub(crate) fn new(transport: Box<dyn Transport>, silence: Duration) -> Self {
        Self {
            client: Client::new(Guard::new(transport, silence)),
            tag: 0,
            deflate: None,
            literal_plus: false,
            silence,
        }
    }

    /// Gives the stream back, for STARTTLS. Bytes that came before the handshake were not protected by it
    /// and are an attack (CVE-2011-0411).
    pub(crate) fn into_transport(self) -> Result<Box<dyn Transport>, ImapError> {
        let guard = self.client.into_inner();
        if guard.has_received() {
            return Err(ImapError::Tls(
                "the server spoke before the secure connection was made".into(),
            ));
        }
        Ok(guard.into_inner())
    }

    /// How long reads may stay silent from now on.
    pub(crate) fn set_patience(&mut self, patience: Duration) {
        self.client.get_mut().set_patience(patience);
    }

    /// Back to the usual patience.
    pub(crate) fn reset_patience(&mut self) {
        self.set_patience(self.silence);
    }

    /// Whether both directions are deflated.
    #[cfg(test)]
    pub(crate) fn is_compressed(&self) -> bool {
        self.deflate.is_some()
    }

    /// Both directions are deflated from now on.
    pub(crate) fn start_compression(&mut self) {
        self.client.get_mut().start_inflating();
        self.deflate = Some(Compress::new(Compression::fast(), false));
    }

    /// Sends a command and returns its tag.
    pub(crate) async fn send(&mut self, command: Command) -> Result<String, ImapError> {
        self.tag += 1;
        let tag = format!("D{}", self.tag);
        let mut bytes = format!("{tag} ").into_bytes();
        for part in command.parts {
            match part {
                Part::Text(text) => bytes.extend_from_slice(&text),
                Part::Literal(literal) if self.literal_plus => {
                    bytes.extend_from_slice(format!("{{{}+}}\r\n", literal.len()).as_bytes());
                    bytes.extend_from_slice(&literal);
                }
                Part::Literal(literal) => {
                    bytes.extend_from_slice(format!("{{{}}}\r\n", literal.len()).as_bytes());
                    self.write(&bytes).await?;
                    self.invitation(&tag).await?;
                    bytes = literal;
                }
            }
        }
        bytes.extend_from_slice(b"\r\n");
        self.write(&bytes).await?;
        Ok(tag)
    }

    /// Sends a command that ends with a whole message, piece by piece; its tag. A long one is announced first,
    /// so that the server can refuse it before it travels.
    pub(crate) async fn send_with_message(
        &mut self,
        command: Command,
        message: &[u8],
    ) -> Result<String, ImapError> {
        let plus = self.literal_plus && message.len() <= SHORT_LITERAL;
        let length = format!("{{{}{}}}", message.len(), if plus { "+" } else { "" });
        let tag = self.send(command.text(length)).await?;
        if !plus {
            self.invitation(&tag).await?;
        }
        for piece in message.chunks(PIECE) {
            self.write(piece).await?;
        }
        self.write(b"\r\n").await?;
        Ok(tag)
    }

    /// Sends bytes that are no command: the answer to an invitation.
    pub(crate) async fn send_line(&mut self, line: &str) -> Result<(), ImapError> {
        self.write(format!("{line}\r\n").as_bytes()).await
    }

    /// Waits for the server's invitation to go on with a command.
    pub(crate) async fn invitation(&mut self, tag: &str) -> Result<(), ImapError> {
        loop {
            let answer = self
                .read(|response| match response {
                    Response::Continue(_) => Some(Ok(())),
                    Response::Done { tag: done, status, outcome } if done.0 == tag => {
                        Some(verdict(status, outcome).and_then(|_| {
                            Err(ImapError::Protocol(
                                "the server ended a command before it was complete".into(),
                            ))
                        }))
                    }
                    _ => None,
                })
                .await?;
            if let Some(answer) = answer {
                return answer;
            }
        }
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), ImapError> {
        let packed = match self.deflate.as_mut() {
            Some(deflate) => Some(compress(deflate, bytes)?),
            None => None,
        };
        let guard = self.client.get_mut();
        let writing = async {
            guard.write_all(packed.as_deref().unwrap_or(bytes)).await?;
            guard.flush().await
        };
        match timeout(self.silence, writing).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(lost(&error)),
            Err(_) => Err(ImapError::Lost("the server takes no more data".into())),
        }
    }

    /// Reads the next answer with `look`; async-imap's type for an answer cannot be named, only shown.
    pub(crate) async fn read<R>(
        &mut self,
        look: impl FnOnce(&Response<'_>) -> R + Send,
    ) -> Result<R, ImapError> {
        match self.client.read_response().await {
            Ok(Some(response)) => match response.parsed() {
                Response::Data { status: Status::Bye, outcome } => {
                    Err(ImapError::Bye { text: words(outcome) })
                }
                other => Ok(look(other)),
            },
            Ok(None) => Err(ImapError::Lost("the server closed the connection".into())),
            Err(error) => Err(lost(&error)),
        }
    }

    /// Reads to the end of the command with this tag; `each` sees every untagged answer.
    pub(crate) async fn finish(
        &mut self,
        tag: &str,
        mut each: impl FnMut(&Response<'_>) + Send,
    ) -> Result<Done, ImapError> {
        loop {
            let end = self
                .read(|response| match response {
                    Response::Done { tag: done, status, outcome } if done.0 == tag => {
                        Some(verdict(status, outcome))
                    }
                    other => {
                        each(other);
                        None
                    }
                })
                .await?;
            if let Some(end) = end {
                return end;
            }
        }
    }

    /// Reads to the end of a sign-in. A refusal comes as a challenge first, which wants an empty answer before
    /// the server says NO (Google's and Microsoft's description of XOAUTH2).
    pub(crate) async fn finish_challenged(&mut self, tag: &str) -> Result<Done, ImapError> {
        loop {
            let end = self
                .read(|response| match response {
                    Response::Continue(_) => Some(None),
                    Response::Done { tag: done, status, outcome } if done.0 == tag => {
                        Some(Some(verdict(status, outcome)))
                    }
                    _ => None,
                })
                .await?;
            match end {
                None => {}
                Some(None) => self.send_line("").await?,
                Some(Some(end)) => return end,
            }
        }
    }

    /// Sends a command and reads to its end.
    pub(crate) async fn run(
        &mut self,
        command: Command,
        each: impl FnMut(&Response<'_>) + Send,
    ) -> Result<Done, ImapError> {
        let tag = self.send(command).await?;
        self.finish(&tag, each).await
    }
}

/// A tagged answer as success or error.
fn verdict(status: &Status, outcome: &Outcome<'_>) -> Result<Done, ImapError> {
    match status {
        Status::Ok => Ok(Done { code: outcome.code.as_ref().and_then(owned_code) }),
        Status::No => Err(ImapError::No { text: words(outcome) }),
        _ => Err(ImapError::Bad { text: shorten(&words(outcome)) }),
    }
}

/// The response codes that somebody needs after their answer is gone.
pub(crate) fn owned_code(code: &ResponseCode<'_>) -> Option<ResponseCode<'static>> {
    match code {
        ResponseCode::CopyUid(validity, from, to) => {
            Some(ResponseCode::CopyUid(*validity, from.clone(), to.clone()))
        }
        ResponseCode::Capabilities(all) => Some(ResponseCode::Capabilities(
            all.iter()
                .map(|one| match one {
                    async_imap::imap_proto::Capability::Imap4rev1 => {
                        async_imap::imap_proto::Capability::Imap4rev1
                    }
                    async_imap::imap_proto::Capability::Auth(name) => {
                        async_imap::imap_proto::Capability::Auth(name.to_string().into())
                    }
                    async_imap::imap_proto::Capability::Atom(name) => {
                        async_imap::imap_proto::Capability::Atom(name.to_string().into())
                    }
                })
                .collect(),
        )),
        ResponseCode::AppendUid(validity, uids) => {
            Some(ResponseCode::AppendUid(*validity, uids.clone()))
        }
        ResponseCode::TryCreate => Some(ResponseCode::TryCreate),
        ResponseCode::ReadOnly => Some(ResponseCode::ReadOnly),
        _ => None,
    }
}

/// The server's words; a code the parser took out is put back in front.
pub(crate) fn words(outcome: &Outcome<'_>) -> String {
    let text = outcome.information.as_deref().unwrap_or_default();
    match outcome.code {
        Some(ResponseCode::TryCreate) => format!("[TRYCREATE] {text}"),
        Some(ResponseCode::Alert) => format!("[ALERT] {text}"),
        Some(ResponseCode::ReadOnly) => format!("[READ-ONLY] {text}"),
        _ => text.to_owned(),
    }
}

/// An I/O error in words; parse errors carry the server's bytes, which may be somebody's mail, and lose them.
fn lost(error: &io::Error) -> ImapError {
    match error.kind() {
        io::ErrorKind::Other | io::ErrorKind::InvalidData => {
            ImapError::Protocol("the server sent something that is not IMAP".into())
        }
        io::ErrorKind::TimedOut => ImapError::Lost("the server stayed silent for too long".into()),
        io::ErrorKind::UnexpectedEof => {
            ImapError::Lost("the connection was cut in the middle of an answer".into())
        }
        kind => ImapError::Lost(format!("the connection broke ({kind})")),
    }
}

fn compress(state: &mut Compress, bytes: &[u8]) -> Result<Vec<u8>, ImapError> {
    let mut out = Vec::with_capacity(bytes.len() + 64);
    let start = state.total_in();
    loop {
        let used = usize::try_from(state.total_in() - start).unwrap_or(usize::MAX);
        let rest = bytes.get(used..).unwrap_or_default();
        state
            .compress_vec(rest, &mut out, FlushCompress::Sync)
            .map_err(|_| ImapError::Protocol("the command could not be compressed".into()))?;
        let all_in = state.total_in() - start >= bytes.len() as u64;
        if all_in && out.len() < out.capacity() {
            return Ok(out);
        }
        out.reserve(out.capacity().max(256));
    }
}
