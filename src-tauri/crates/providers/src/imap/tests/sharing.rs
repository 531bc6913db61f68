//! A provider that was replaced, and the one in its place: together they use no more connections than one.

use std::time::Duration;

use deskbell_domain::ProviderError;
use deskbell_domain::port::{MessageSource as _, Provider as _, StateSink as _};
use deskbell_domain::secret::Secret;
use deskbell_domain::sync::{RemoteKey, StateEdit};
use deskbell_testbed::{Script, ScriptedServer};
use tokio::time::timeout;

use super::support::{ALL, PATIENCE, inbox, quick, settings, signed_in};
use crate::imap::pace::Pace;
use crate::imap::{Connections, ImapProvider, Security};

const OPENED: &str =
    "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 2] n\r\n{tag} OK [READ-WRITE] open\r\n";

fn edited() -> Script {
    signed_in("")
        .expect("SELECT")
        .send(OPENED)
        .expect("UID SEARCH")
        .send("* SEARCH 1\r\n{tag} OK\r\n")
        .expect("UID STORE")
        .send("{tag} OK\r\n")
        .hang()
}

#[tokio::test]
async fn a_replaced_provider_and_the_one_in_its_place_have_three_connections_together() {
    let hangs = || signed_in("").expect("SELECT").hang();
    let empty = "* 0 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 1] n\r\n{tag} OK open\r\n";
    let last = signed_in("").expect("SELECT").send(empty).hang();
    let server = ScriptedServer::start([edited(), hangs(), edited(), hangs(), last]).unwrap();
    let pace = Pace { place: Duration::from_millis(200), ..quick() };
    let connections = Connections::default();
    let opened = |pace| {
        let settings = settings(server.port(), Security::None);
        ImapProvider::with_pace(settings, Secret::new("pencil"), pace).sharing(connections.clone())
    };
    let sent = |wanted: usize| {
        let server = &server;
        let selects = move || {
            server.received().iter().filter(|line| line.contains(" SELECT ")).count() >= wanted
        };
        async move {
            let looked = async {
                while !selects() {
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            };
            timeout(PATIENCE, looked).await.expect("in time");
        }
    };
    let (edit, key) = (StateEdit::Seen { value: true }, [RemoteKey::from_uid(1)]);

    let before = opened(pace);
    before.apply(&inbox(), None, &key, &edit).await.expect("an edit");
    let place = inbox();
    let mut long = Box::pin(before.pull(&place, None, ALL));
    tokio::select! {
        _ = &mut long => panic!("the server never answers"),
        () = sent(2) => {}
    }
    assert_eq!(connections.free(), 1, "one at rest, one in use");
    before.retire();
    assert_eq!(connections.free(), 2, "what was at rest is closed");

    let after = opened(pace);
    after.apply(&inbox(), None, &key, &edit).await.expect("an edit of the new one");
    let scopes = [inbox()];
    let mut watching = Box::pin(after.watch(&scopes));
    tokio::select! {
        _ = &mut watching => panic!("the server never answers"),
        () = sent(4) => {}
    }
    assert_eq!(connections.free(), 0);
    let refused = after.pull(&inbox(), None, ALL).await;
    assert!(matches!(refused, Err(ProviderError::Offline(_))), "no fourth: {refused:?}");

    // The long call ends, and its connection with it.
    drop(long);
    assert_eq!(connections.free(), 1, "a provider that is replaced keeps nothing");
    let page = timeout(PATIENCE, after.pull(&inbox(), None, ALL)).await.expect("in time");
    assert_eq!(page.expect("a page").remote_total, Some(0));
    assert_eq!(connections.free(), 0, "the third is the new one's");
    drop(watching);
    drop((before, after));
    server.finish().unwrap();
}
