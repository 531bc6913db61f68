//! The server does what the tests that build on it take for granted.

use super::*;
use crate::unless_missing;

const HELLO: &[u8] =
    b"From: mara@client.example\r\nSubject: Appointment\r\nMessage-ID: <1@client.example>\r\n\r\nHello\r\n.\r\nMara\r\n";

fn started(options: DovecotOptions) -> Option<Dovecot> {
    unless_missing(Dovecot::start(options)).unwrap()
}

#[test]
fn a_delivered_mail_is_there_to_read() {
    let Some(server) = started(DovecotOptions::default()) else {
        return;
    };
    server.deliver(server.user(), HELLO).unwrap();
    let mut phone = server.other_client().unwrap();
    let boxes = phone.command("LIST \"\" * RETURN (SPECIAL-USE)").unwrap().join("\n");
    for role in ["\\Drafts", "\\Sent", "\\Archive", "\\Trash", "\\Junk"] {
        assert!(boxes.contains(role), "no {role} in {boxes}");
    }
    phone.command("SELECT INBOX").unwrap();
    let mail = phone.command("UID FETCH 1:* (BODY.PEEK[])").unwrap().join("\n");
    assert!(mail.contains("Subject: Appointment"), "{mail}");
    assert!(mail.contains("Hello\r\n.\r\nMara"), "the dot line was lost: {mail}");
}

#[test]
fn the_sync_ladder_can_be_shortened() {
    let rungs = [
        (Capabilities::Full, true, true),
        (Capabilities::NoQresync, true, false),
        (Capabilities::NoCondstore, false, false),
        (Capabilities::Only("IMAP4rev1 IDLE".into()), false, false),
    ];
    for (capabilities, condstore, qresync) in rungs {
        let options = DovecotOptions { capabilities: capabilities.clone(), ..Default::default() };
        let Some(server) = started(options) else {
            return;
        };
        let said = server.other_client().unwrap().command("CAPABILITY").unwrap().join(" ");
        let offers = |word: &str| said.split(' ').any(|offered| offered == word);
        assert_eq!(offers("CONDSTORE"), condstore, "{capabilities:?}: {said}");
        assert_eq!(offers("QRESYNC"), qresync, "{capabilities:?}: {said}");
        assert!(offers("IDLE"), "{capabilities:?}: {said}");
    }
}

#[test]
fn a_filled_mailbox_keeps_order_flags_and_dates() {
    let Some(mut server) = started(DovecotOptions::default()) else {
        return;
    };
    let user = server.user().to_owned();
    let received = std::time::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let mails = (0..300).map(|n| Filed {
        raw: format!("Subject: number {n}\n\nbody\n"),
        flags: if n == 0 { "FS" } else { "" },
        received: Some(received),
    });
    assert_eq!(server.fill_maildir(&user, "Clients/2026", mails).unwrap(), 300);
    let mut phone = server.other_client().unwrap();
    let selected = phone.command("SELECT Clients/2026").unwrap().join("\n");
    assert!(selected.contains("* 300 EXISTS"), "{selected}");
    let first =
        phone.command("UID FETCH 1 (FLAGS INTERNALDATE BODY.PEEK[HEADER])").unwrap().join("\n");
    assert!(first.contains("number 0\r\n"), "{first}");
    assert!(first.contains("\\Flagged \\Seen"), "{first}");
    assert!(first.contains("Sep-2001"), "{first}");
    let last = phone.command("UID FETCH 300 (BODY.PEEK[HEADER])").unwrap().join("\n");
    assert!(last.contains("number 299\r\n"), "{last}");
}

#[test]
fn a_restarted_server_has_its_mail_and_its_ports() {
    let Some(mut server) = started(DovecotOptions::default()) else {
        return;
    };
    server.deliver(server.user(), HELLO).unwrap();
    let port = server.imap_port();
    server.stop();
    assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err(), "it still listens");
    server.restart().unwrap();
    assert_eq!(server.imap_port(), port);
    let selected = server.other_client().unwrap().command("SELECT INBOX").unwrap().join("\n");
    assert!(selected.contains("* 1 EXISTS"), "{selected}");
}

#[test]
fn renumbering_changes_uidvalidity_and_keeps_the_mail() {
    let Some(mut server) = started(DovecotOptions::default()) else {
        return;
    };
    let user = server.user().to_owned();
    server.deliver(&user, HELLO).unwrap();
    server.other_client().unwrap().command("SELECT INBOX").unwrap();
    let next = server.renumber(&user, "INBOX").unwrap();
    let selected = server.other_client().unwrap().command("SELECT INBOX").unwrap().join("\n");
    assert!(selected.contains(&format!("[UIDVALIDITY {next}]")), "{selected}");
    assert!(selected.contains("* 1 EXISTS"), "{selected}");
}

#[test]
fn only_the_named_users_exist_when_users_are_named() {
    let users =
        vec![("ada@a.example".into(), "one two".into()), ("bo@b.example".into(), "three".into())];
    let Some(server) = started(DovecotOptions { users, ..Default::default() }) else {
        return;
    };
    assert_eq!(server.user(), "ada@a.example");
    server.other_client().unwrap();
    OtherClient::sign_in(server.imap_port(), "bo@b.example", "three").unwrap();
    let refused = OtherClient::sign_in(server.imap_port(), "bo@b.example", "pencil").unwrap_err();
    assert!(refused.to_string().contains("AUTHENTICATIONFAILED"), "{refused}");
}

#[test]
fn a_message_over_the_limit_is_refused() {
    let options = DovecotOptions { max_message_bytes: Some(1_000), ..Default::default() };
    let Some(server) = started(options) else {
        return;
    };
    server.deliver(server.user(), HELLO).unwrap();
    let big = [HELLO, &[b'x'; 2_000]].concat();
    assert!(server.deliver(server.user(), &big).is_err(), "2 kB passed a limit of 1 kB");
    assert!(server.other_client().unwrap().append("Drafts", "\\Draft", &big).is_err());
}

#[test]
fn every_kind_of_certificate_is_served() {
    let openssl = find_program("openssl", "openssl");
    let Some(openssl) = unless_missing(openssl).unwrap() else {
        return;
    };
    let kinds = [
        (Certificate::Valid, "Verify return code: 0 (ok)"),
        (Certificate::Expired, "certificate has expired"),
        (Certificate::WrongName, "IP address mismatch"),
        (Certificate::SelfSigned, "Verify return code: 0 (ok)"),
    ];
    for (certificate, verdict) in kinds {
        let Some(server) = started(DovecotOptions { certificate, ..Default::default() }) else {
            return;
        };
        let ports = [(server.imaps_port(), None), (server.imap_port(), Some("imap"))];
        for (port, starttls) in ports {
            let mut probe = Command::new(&openssl);
            probe.args(["s_client", "-verify_ip", "127.0.0.1", "-connect"]);
            probe.arg(format!("127.0.0.1:{port}")).arg("-CAfile").arg(server.ca_pem_path());
            probe.args(starttls.iter().flat_map(|protocol| ["-starttls", protocol]));
            let output = probe.stdin(Stdio::null()).output().unwrap();
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(said.contains(verdict), "{certificate:?} {starttls:?}: {said}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn it_rests_when_its_clients_are_gone_and_not_before() {
    let Some(server) = started(DovecotOptions::default()) else {
        return;
    };
    server.rest().unwrap();
    let phone = server.other_client().unwrap();
    assert!(server.is_talking().unwrap() && server.is_serving().unwrap());
    // Gone while it signs in: the log has half of it.
    for _ in 0..20 {
        use std::io::Write as _;
        let mut hasty = TcpStream::connect((Ipv4Addr::LOCALHOST, server.imap_port())).unwrap();
        let login = format!("a LOGIN {} {}\r\n", server.user(), server.password());
        hasty.write_all(login.as_bytes()).unwrap();
    }
    drop(phone);
    server.rest().unwrap();
    // A process may still begin for one who was gone before it: it has nobody who could ask it for anything.
    assert!(!server.is_talking().unwrap());
}
