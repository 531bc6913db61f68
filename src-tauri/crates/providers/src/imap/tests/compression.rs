//! COMPRESS=DEFLATE (RFC 4978): agreed on with a real server, refused by others, and both directions in whatever
//! pieces the network makes of it.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_imap::imap_proto::{MailboxDatum, Response};
use deskbell_domain::secret::Secret;
use deskbell_testbed::{Dovecot, DovecotOptions, Filed, ScriptedServer, unless_missing};
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::support::{ALL, Mirror, inbox, quick, settings, signed_in};
use crate::imap::connect::{Connected, connect};
use crate::imap::fetch::Fetched;
use crate::imap::pace::Pace;
use crate::imap::wire::{Command, Wire};
use crate::imap::{ImapProvider, Security};

/// A line between a client and a server on which every byte is seen.
struct Tap {
    port: u16,
    sent: Arc<Mutex<Vec<u8>>>,
    answered: Arc<Mutex<Vec<u8>>>,
    task: JoinHandle<()>,
}

impl Tap {
    #[expect(clippy::disallowed_methods, reason = "a line of the test's own")]
    async fn to(server: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let (sent, answered) = (Arc::<Mutex<Vec<u8>>>::default(), Arc::<Mutex<Vec<u8>>>::default());
        let seen = (Arc::clone(&sent), Arc::clone(&answered));
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let there = TcpStream::connect((Ipv4Addr::LOCALHOST, server)).await;
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = there.expect("the server").into_split();
                tokio::spawn(carry(from_client, to_server, Arc::clone(&seen.0)));
                tokio::spawn(carry(from_server, to_client, Arc::clone(&seen.1)));
            }
        });
        Self { port, sent, answered, task }
    }

    fn sent(&self) -> String {
        String::from_utf8_lossy(&self.sent.lock().expect("whole")).into_owned()
    }

    fn answered(&self) -> usize {
        self.answered.lock().expect("whole").len()
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, seen: Arc<Mutex<Vec<u8>>>) {
    let mut piece = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut piece).await {
        seen.lock().expect("whole").extend_from_slice(&piece[..count]);
        if to.write_all(&piece[..count]).await.is_err() {
            return;
        }
    }
}

/// What a server at a distance is spoken to with; on loopback compression only costs time.
fn from_afar() -> Pace {
    Pace { compress_always: true, ..quick() }
}

#[tokio::test]
async fn a_mailbox_is_synced_through_the_compression_of_a_real_server() {
    let options = DovecotOptions { compression: true, ..Default::default() };
    let Some(mut server) = unless_missing(Dovecot::start(options)).expect("Dovecot starts") else {
        return;
    };
    let user = server.user().to_owned();
    let letter = |n: u32| {
        let words = "Until Friday then, at three in the afternoon. ".repeat(400);
        format!("Subject: mail {n}\r\nMessage-ID: <{n}@client.example>\r\n\r\n{words}\r\n")
    };
    let mails: Vec<String> = (0..40).map(letter).collect();
    let bytes: usize = mails.iter().map(String::len).sum();
    server.fill_maildir(&user, "INBOX", mails.iter().map(Filed::from)).expect("filled");
    let nearby = Pace { compress_always: false, ..from_afar() };
    for (pace, compressed) in [(from_afar(), true), (nearby, false)] {
        let tap = Tap::to(server.imap_port()).await;
        let settings = settings(tap.port, Security::None);
        let account = ImapProvider::with_pace(settings, Secret::new(server.password()), pace);
        let mut mirror = Mirror::default();
        mirror.sync(&account, &inbox(), ALL).await;
        let mut subjects = mirror.subjects();
        subjects.sort();
        let mut wanted: Vec<String> = (0..40).map(|n| format!("mail {n}")).collect();
        wanted.sort();
        assert_eq!(subjects, wanted, "every mail came whole");
        let sent = tap.sent();
        assert_eq!(sent.contains("COMPRESS DEFLATE"), compressed, "{sent}");
        assert_eq!(sent.contains("FETCH"), !compressed, "what follows is not readable: {sent}");
        let carried = tap.answered();
        assert_eq!(
            carried < bytes / 4,
            compressed,
            "{carried} bytes were carried for {bytes} of mail"
        );
    }
}

async fn sign_in(server: &ScriptedServer) -> Connected {
    let settings = settings(server.port(), Security::None);
    let password = Secret::new("pencil").into();
    connect(&settings, &password, &from_afar()).await.expect("signed in")
}

#[tokio::test]
async fn a_server_that_refuses_its_own_compression_is_spoken_to_plainly() {
    for refusal in ["{tag} NO [COMPRESSIONACTIVE] not now\r\n", "{tag} BAD what\r\n"] {
        let script = signed_in("COMPRESS=DEFLATE")
            .expect("COMPRESS DEFLATE")
            .send(refusal)
            .expect("NOOP")
            .send("* 3 EXISTS\r\n{tag} OK\r\n");
        let server = ScriptedServer::start([script]).unwrap();
        let mut connected = sign_in(&server).await;
        assert!(!connected.wire.is_compressed(), "{refusal}");
        connected.wire.run(Command::new("NOOP"), |_| {}).await.expect("answered in plain words");
        drop(connected);
        server.finish().unwrap();
    }
}

#[tokio::test]
async fn what_comes_with_the_consent_is_compressed_already() {
    let mut packed = Vec::with_capacity(1024);
    Compress::new(Compression::default(), false)
        .compress_vec(b"* 3 EXISTS\r\nD3 OK\r\n", &mut packed, FlushCompress::Sync)
        .expect("compresses");
    let consent = [b"D2 OK DEFLATE active\r\n", packed.as_slice()].concat();
    let script = signed_in("COMPRESS=DEFLATE").expect("D2 COMPRESS DEFLATE").send(consent).hang();
    let server = ScriptedServer::start([script]).unwrap();
    let mut connected = sign_in(&server).await;
    assert!(connected.wire.is_compressed());
    let mut exists = 0;
    let noted = |response: &Response<'_>| {
        if let Response::MailboxData(MailboxDatum::Exists(count)) = response {
            exists = *count;
        }
    };
    connected.wire.run(Command::new("NOOP"), noted).await.expect("answered");
    assert_eq!(exists, 3);
    drop(connected);
    server.finish().unwrap();
}

#[tokio::test]
async fn nothing_is_compressed_on_this_machine_nor_where_it_is_not_offered() {
    for (offered, pace) in [("COMPRESS=DEFLATE", quick()), ("ENABLE", from_afar())] {
        let script = signed_in(offered).expect("NOOP").send("{tag} OK\r\n");
        let server = ScriptedServer::start([script]).unwrap();
        let settings = settings(server.port(), Security::None);
        let password = Secret::new("pencil").into();
        let mut connected = connect(&settings, &password, &pace).await.expect("signed in");
        connected.wire.run(Command::new("NOOP"), |_| {}).await.expect("answered");
        drop(connected);
        server.finish().unwrap();
    }
}

/// Compresses an answer as a server does, and sends it in small pieces.
async fn answer(stream: &mut DuplexStream, state: &mut Compress, text: &[u8], piece: usize) {
    let mut packed = Vec::with_capacity(text.len() + 1024);
    state.compress_vec(text, &mut packed, FlushCompress::Sync).expect("compresses");
    for part in packed.chunks(piece) {
        stream.write_all(part).await.expect("the client reads");
        tokio::task::yield_now().await;
    }
}

/// Reads one compressed command line.
async fn command(stream: &mut DuplexStream, state: &mut Decompress) -> String {
    let mut line = Vec::with_capacity(64 * 1024);
    while !line.ends_with(b"\r\n") {
        let mut packed = [0; 512];
        let count = stream.read(&mut packed).await.expect("the client writes");
        assert!(count > 0, "the client closed the connection");
        state.decompress_vec(&packed[..count], &mut line, FlushDecompress::Sync).expect("inflates");
    }
    String::from_utf8(line).expect("a command is text").trim_end().to_owned()
}

#[tokio::test]
async fn a_compressed_conversation_is_the_same_conversation() {
    let body: Vec<u8> =
        (0..200_000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    for piece in [1, 7, 4096, 1 << 20] {
        // A piece of one byte makes enough trouble with a short body.
        let body = if piece == 1 { &body[..5_000] } else { &body[..] };
        let (client, mut server) = duplex(8 * 1024);
        let mut wire = Wire::new(Box::new(client), Duration::from_secs(20));
        wire.start_compression();
        let play = async {
            let (mut deflate, mut inflate) =
                (Compress::new(Compression::default(), false), Decompress::new(false));
            assert_eq!(command(&mut server, &mut inflate).await, "D1 NOOP");
            answer(&mut server, &mut deflate, b"* 3 EXISTS\r\nD1 OK\r\n", piece).await;
            assert_eq!(command(&mut server, &mut inflate).await, "D2 UID FETCH 9 (BODY.PEEK[])");
            let head = format!("* 1 FETCH (UID 9 BODY[] {{{}}}\r\n", body.len());
            let text = [head.as_bytes(), body, b")\r\nD2 OK\r\n"].concat();
            answer(&mut server, &mut deflate, &text, piece).await;
        };
        let mut exists = 0;
        let mut whole = None;
        let talk = async {
            let noted = |response: &Response<'_>| {
                if let Response::MailboxData(MailboxDatum::Exists(count)) = response {
                    exists = *count;
                }
            };
            wire.run(Command::new("NOOP"), noted).await.expect("answered");
            let fetch = Command::new("UID FETCH 9 (BODY.PEEK[])");
            let noted =
                |response: &Response<'_>| whole = Fetched::read(response).and_then(|one| one.full);
            wire.run(fetch, noted).await.expect("answered");
        };
        tokio::join!(play, talk);
        assert_eq!(exists, 3);
        assert!(whole.as_deref() == Some(body), "the body came through whole in pieces of {piece}");
    }
}
