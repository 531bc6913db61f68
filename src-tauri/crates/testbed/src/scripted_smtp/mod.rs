//! A mail server that misbehaves on demand: drops, refuses, dawdles and talks nonsense at any step of a
//! transaction, and tells what it really took.
//!
//! Invariant: a message counts as taken if and only if the server got its end and no fault before
//! [`Moment::Verdict`] struck; what the client was told of it is another matter.

mod session;

use std::collections::{HashMap, VecDeque};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::Context as _;

/// A step of the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moment {
    /// The greeting.
    Greeting,
    /// The answer to EHLO.
    Ehlo,
    /// The answer to the sign-in.
    Auth,
    /// The answer to MAIL.
    Mail,
    /// The answer to RCPT; the first one of a message.
    Rcpt,
    /// The answer to DATA.
    Data,
    /// In the middle of the message.
    Body,
    /// The end of the message has come, and it is not taken yet.
    End,
    /// The message is taken; only the answer is still to come.
    Verdict,
    /// The message is taken and the client knows; nothing else was asked yet.
    After,
    /// The answer to QUIT.
    Quit,
}

impl Moment {
    /// Every step up to the verdict on a message, in order.
    pub const EVERY: [Self; 9] = [
        Self::Greeting,
        Self::Ehlo,
        Self::Auth,
        Self::Mail,
        Self::Rcpt,
        Self::Data,
        Self::Body,
        Self::End,
        Self::Verdict,
    ];

    /// Whether it comes before any message is named, once for a connection.
    fn is_of_connection(self) -> bool {
        matches!(self, Self::Greeting | Self::Ehlo | Self::Auth)
    }
}

/// What goes wrong there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The connection is closed without a word.
    Drop,
    /// This is said instead, without line end; `421` ends the connection too.
    Reply(String),
    /// Nothing is said any more, and the connection stays open.
    Silence,
    /// Bytes that are not SMTP.
    Garbage,
    /// The answer comes late, and is right.
    Late(Duration),
}

/// A message the server took.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The argument of MAIL FROM, with its parameters.
    pub from: String,
    /// Addresses whose RCPT was answered with 250.
    pub to: Vec<String>,
    /// The message with CRLF line ends, dots as they were.
    pub source: Vec<u8>,
    /// The number of its connection, from 1.
    pub connection: usize,
}

impl Taken {
    /// Its Message-ID without brackets.
    pub fn message_id(&self) -> Option<String> {
        let text = String::from_utf8_lossy(&self.source);
        let line = text.lines().take_while(|line| !line.is_empty()).find(|line| {
            line.get(..11).is_some_and(|name| name.eq_ignore_ascii_case("message-id:"))
        })?;
        let (_, id) = line.split_once('<')?;
        Some(id.trim_end().trim_end_matches('>').to_owned())
    }
}

/// What the server offers.
#[derive(Clone, Debug)]
pub struct SmtpOffers {
    /// SIZE, if told.
    pub size: Option<u64>,
    /// 8BITMIME.
    pub eight_bit: bool,
    /// SMTPUTF8.
    pub utf8: bool,
    /// DSN.
    pub dsn: bool,
    /// AUTH mechanisms; empty for a server that asks for no sign-in.
    pub mechanisms: Vec<String>,
    /// The one password (or access token) that is right.
    pub password: String,
    /// Most recipients of one message.
    pub recipients: usize,
}

impl Default for SmtpOffers {
    fn default() -> Self {
        Self {
            size: Some(10_000_000),
            eight_bit: true,
            utf8: true,
            dsn: false,
            mechanisms: vec!["PLAIN".into(), "LOGIN".into(), "XOAUTH2".into()],
            password: "pencil".into(),
            recipients: 1000,
        }
    }
}

/// Decides for one message which fault strikes, if any; it is given the number of the message, from 1. A fault that
/// strikes before a message is named strikes the next connection.
pub type Chance = Box<dyn FnMut(usize) -> Option<(Moment, Fault)> + Send>;
/// Called with every message right after it was taken, before the verdict is said.
pub type Courier = Box<dyn Fn(&Taken) + Send + Sync>;

#[derive(Default)]
pub(crate) struct State {
    pub(crate) offers: SmtpOffers,
    pub(crate) faults: VecDeque<(Moment, Fault)>,
    pub(crate) chance: Option<Chance>,
    /// What the chance decided for the message under way.
    pub(crate) drawn: HashMap<usize, (Moment, Fault)>,
    pub(crate) refused: HashMap<String, String>,
    pub(crate) taken: Vec<Taken>,
    pub(crate) lines: Vec<String>,
    pub(crate) connections: usize,
    /// Connections that have not ended yet.
    serving: usize,
    pub(crate) messages: usize,
    open: Vec<TcpStream>,
    stopped: bool,
}

/// The server; dropping it closes every connection.
pub struct ScriptedSmtp {
    port: u16,
    state: Arc<Mutex<State>>,
    acceptor: Option<JoinHandle<()>>,
}

impl ScriptedSmtp {
    /// Listens on a free loopback port, in plain text.
    pub fn start(offers: SmtpOffers) -> anyhow::Result<Self> {
        Self::start_with(offers, None)
    }

    /// The same; `courier` is given every message taken: to hand it to a mailbox, to put a copy in Sent.
    pub fn start_with(offers: SmtpOffers, courier: Option<Courier>) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("listening")?;
        let port = listener.local_addr()?.port();
        let state = Arc::new(Mutex::new(State { offers, ..State::default() }));
        let shared = Arc::clone(&state);
        let courier = Arc::new(courier);
        let acceptor = std::thread::spawn(move || accept(&listener, &shared, &courier));
        Ok(Self { port, state, acceptor: Some(acceptor) })
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Lets something go wrong the next time this moment comes. Faults of the same moment strike in order.
    pub fn fault(&self, at: Moment, what: Fault) {
        lock(&self.state).faults.push_back((at, what));
    }

    /// Lets chance decide for every message from now on.
    pub fn leave_to_chance(&self, chance: Chance) {
        lock(&self.state).chance = Some(chance);
    }

    /// Nothing goes wrong from now on.
    pub fn behave(&self) {
        let mut state = lock(&self.state);
        state.faults.clear();
        state.chance = None;
        state.drawn.clear();
    }

    /// Answers RCPT for this address with a reply of its own from now on.
    pub fn refuse(&self, address: &str, reply: &str) {
        lock(&self.state).refused.insert(address.to_owned(), reply.to_owned());
    }

    /// Every message taken so far, in order.
    pub fn taken(&self) -> Vec<Taken> {
        lock(&self.state).taken.clone()
    }

    /// Every command line so far; messages and passwords are left out.
    pub fn lines(&self) -> Vec<String> {
        lock(&self.state).lines.clone()
    }

    /// Connections accepted so far.
    pub fn connections(&self) -> usize {
        lock(&self.state).connections
    }

    /// Whether nobody is connected, so that what was handed in is taken or lost.
    pub fn is_idle(&self) -> bool {
        lock(&self.state).serving == 0
    }

    /// Closes every connection; new ones are accepted.
    pub fn hang_up(&self) {
        for stream in lock(&self.state).open.drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for ScriptedSmtp {
    fn drop(&mut self) {
        lock(&self.state).stopped = true;
        self.hang_up();
        // Wakes the acceptor, which then sees that it shall stop.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}

impl std::fmt::Debug for ScriptedSmtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ScriptedSmtp").field("port", &self.port).finish_non_exhaustive()
    }
}

pub(crate) fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn accept(listener: &TcpListener, state: &Arc<Mutex<State>>, courier: &Arc<Option<Courier>>) {
    let mut sessions = Vec::new();
    for stream in listener.incoming().flatten() {
        let number = {
            let mut state = lock(state);
            if state.stopped {
                break;
            }
            state.open.extend(stream.try_clone());
            state.connections += 1;
            state.serving += 1;
            state.connections
        };
        let (state, courier) = (Arc::clone(state), Arc::clone(courier));
        sessions.push(std::thread::spawn(move || {
            // A broken connection is what this server is for.
            let _ = session::serve(&stream, number, &state, courier.as_ref().as_ref());
            let _ = stream.shutdown(Shutdown::Both);
            lock(&state).serving -= 1;
        }));
        sessions.retain(|session| !session.is_finished());
    }
    for session in sessions {
        let _ = session.join();
    }
}
