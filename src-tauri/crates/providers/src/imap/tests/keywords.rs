//! Labels as keywords: set here and seen there, set there and seen here, on every rung; and on servers that
//! keep none.

use deskbell_domain::ProviderError;
use deskbell_domain::port::StateSink as _;
use deskbell_domain::sync::{RemoteKey, StateEdit};
use deskbell_testbed::ScriptedServer;

use super::conformance::Phone;
use super::support::{ALL, Mirror, account, dovecot, inbox, mail, rungs, scripted, signed_in};

fn label(keyword: &str, value: bool) -> StateEdit {
    StateEdit::Label { keyword: keyword.into(), name: String::new(), value }
}

#[tokio::test]
async fn a_label_travels_both_ways_on_every_rung() {
    for rung in rungs() {
        let Some(server) = dovecot(rung) else { return };
        for number in 1..=3 {
            server.deliver(server.user(), &mail(number)).unwrap();
        }
        let account = account(&server);
        let mut phone = Phone::on(&server);
        phone.client.command("UID STORE 1 +FLAGS (Wichtig $Forwarded NonJunk)").unwrap();
        let mut mirror = Mirror::default();
        mirror.sync(&account, &inbox(), ALL).await;
        assert_eq!(mirror.keywords_of("mail 1"), ["Wichtig"], "no system's own keyword is a label");
        assert!(mirror.keywords_of("mail 2").is_empty());

        phone.client.command("UID STORE 2 +FLAGS (Wichtig VIP)").unwrap();
        phone.client.command("UID STORE 1 -FLAGS (Wichtig)").unwrap();
        mirror.sync(&account, &inbox(), ALL).await;
        let mut second = mirror.keywords_of("mail 2");
        second.sort();
        assert_eq!(second, ["VIP", "Wichtig"], "set by the phone");
        assert!(mirror.keywords_of("mail 1").is_empty(), "taken away by the phone");

        let key = mirror.key_of("mail 3");
        for (value, found) in [(true, "* SEARCH 3"), (false, "* SEARCH")] {
            for _ in 0..2 {
                let done = account
                    .apply(&inbox(), None, std::slice::from_ref(&key), &label("Follow_up", value))
                    .await
                    .expect("the keyword is taken");
                assert_eq!(done.len(), 1);
            }
            phone.client.command("NOOP").unwrap();
            let there = phone.client.command("UID SEARCH KEYWORD Follow_up").unwrap();
            assert!(there.iter().any(|line| line.trim() == found), "{value}: {there:?}");
            mirror.sync(&account, &inbox(), ALL).await;
            assert_eq!(
                mirror.keywords_of("mail 3").len(),
                usize::from(value),
                "and comes back once"
            );
        }
    }
}

#[tokio::test]
async fn a_mailbox_that_keeps_no_keywords_refuses_a_label_and_is_not_asked_to_forget_it() {
    let script = signed_in("UIDPLUS").expect("SELECT \"INBOX\"").send(
        "* 1 EXISTS\r\n* OK [PERMANENTFLAGS (\\Seen \\Flagged)] kept\r\n* OK [UIDVALIDITY 7] v\r\n\
               * OK [UIDNEXT 2] n\r\n{tag} OK [READ-WRITE] open\r\n",
    );
    let server = ScriptedServer::start(vec![script]).expect("a server");
    let refused = scripted(&server)
        .apply(&inbox(), None, &[RemoteKey::from_uid(1)], &label("VIP", true))
        .await
        .expect_err("it would be forgotten");
    assert!(matches!(refused, ProviderError::Rejected { .. }), "{refused:?}");
}
