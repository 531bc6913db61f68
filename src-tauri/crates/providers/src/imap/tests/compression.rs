//! COMPRESS=DEFLATE (RFC 4978): both directions, in whatever pieces the network makes of it.

use std::time::Duration;

use async_imap::imap_proto::{MailboxDatum, Response};
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

use crate::imap::fetch::Fetched;
use crate::imap::wire::{Command, Wire};

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
