//! What is proposed for an address, with names and files of our own.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};

use hickory_resolver::proto::op::{Message, MessageType, ResponseCode};
use hickory_resolver::proto::rr::rdata::{MX, SRV};
use hickory_resolver::proto::rr::{Name, RData, Record};

use super::{Asked, Discovery, Names, Origin, xml};
use crate::net::Security;

const FILE: &str = r#"<?xml version="1.0"?>
<clientConfig version="1.1"><emailProvider id="inkwell.example">
  <displayName>Inkwell Mail</displayName>
  <incomingServer type="pop3"><hostname>pop.inkwell.example</hostname><port>995</port>
    <socketType>SSL</socketType><username>%EMAILADDRESS%</username></incomingServer>
  <incomingServer type="imap"><hostname>plain.inkwell.example</hostname><port>143</port>
    <socketType>plain</socketType><username>%EMAILADDRESS%</username></incomingServer>
  <incomingServer type="imap"><hostname>mail.%EMAILDOMAIN%</hostname><port>993</port>
    <socketType>SSL</socketType><username>%EMAILLOCALPART%</username>
    <authentication>password-cleartext</authentication></incomingServer>
  <outgoingServer type="smtp"><hostname>smtp.inkwell.example</hostname><port>587</port>
    <socketType>STARTTLS</socketType><username>%EMAILADDRESS%</username></outgoingServer>
</emailProvider></clientConfig>"#;

/// Answers like a name server that knows these records.
fn name_server(records: Vec<Record>) -> SocketAddr {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let address = socket.local_addr().expect("bound");
    std::thread::spawn(move || {
        let mut bytes = [0_u8; 2_048];
        while let Ok((length, from)) = socket.recv_from(&mut bytes) {
            let Ok(asked) = Message::from_vec(&bytes[..length]) else { continue };
            let mut answer = asked.clone();
            answer.metadata.message_type = MessageType::Response;
            answer.additionals.clear();
            let query = asked.queries.first().expect("a question");
            let known = records.iter().filter(|record| {
                record.name == *query.name() && record.record_type() == query.query_type()
            });
            answer.answers = known.cloned().collect();
            if answer.answers.is_empty() {
                answer.metadata.response_code = ResponseCode::NXDomain;
            }
            let _ = socket.send_to(&answer.to_vec().expect("written"), from);
        }
    });
    address
}

fn name(text: &str) -> Name {
    Name::from_ascii(text).expect("a name")
}

fn srv(service: &str, priority: u16, port: u16, target: &str) -> Record {
    let owner = name(&format!("{service}._tcp.inkwell.example."));
    Record::from_rdata(owner, 60, RData::SRV(SRV::new(priority, 1, port, name(target))))
}

/// Answers every request with this file; the place of it.
fn file_server(status: &'static str, body: String) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = listener.local_addr().expect("bound").port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut bytes = [0_u8; 4_096];
            let _ = stream.read(&mut bytes);
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", body.len());
            let _ = write!(stream, "{head}Connection: close\r\n\r\n{body}");
        }
    });
    format!("http://127.0.0.1:{port}/{{domain}}/config.xml")
}

#[tokio::test]
async fn the_domains_own_records_and_files_are_proposed_together() {
    let mx = RData::MX(MX::new(10, name("aspmx.l.google.com.")));
    let second = RData::MX(MX::new(20, name("backup.example.")));
    let server = name_server(vec![
        srv("_imaps", 20, 993, "slow.inkwell.example."),
        srv("_imaps", 10, 1993, "imap.inkwell.example."),
        srv("_submissions", 0, 0, "."),
        srv("_submission", 0, 587, "relay.elsewhere.example."),
        Record::from_rdata(name("inkwell.example."), 60, second),
        Record::from_rdata(name("inkwell.example."), 60, mx),
    ]);
    let places = vec![
        file_server("404 Not Found", String::new()),
        file_server("200 OK", FILE.into()),
        file_server("200 OK", "<html>Welcome to the hotel</html>".into()),
    ];
    let found = Discovery::at(Names::at(server), places).find("Mara@Inkwell.example").await;
    assert_eq!(found.receivers, ["aspmx.l.google.com", "backup.example"], "the preferred first");
    let [by_srv, by_file] = found.configurations.as_slice() else { panic!("{found:?}") };
    assert_eq!(by_srv.origin, Origin::Srv);
    assert_eq!((by_srv.imap.host.as_str(), by_srv.imap.port), ("imap.inkwell.example", 1993));
    let smtp = by_srv.smtp.as_ref().expect("the second service, as the first is said not to be");
    assert_eq!((smtp.port, smtp.security), (587, Security::StartTls));
    assert!(by_srv.doubtful, "a server of another domain wants a second look");
    assert_eq!(by_file.name.as_deref(), Some("Inkwell Mail"));
    assert_eq!(by_file.imap.host, "mail.inkwell.example");
    assert_eq!(by_file.imap.user, "Mara", "as the file says");
}

#[tokio::test]
async fn a_network_that_knows_nothing_proposes_nothing() {
    let server = name_server(Vec::new());
    let places = vec![file_server("200 OK", "<html>".into()), "http://example.org/x".into()];
    let found = Discovery::at(Names::at(server), places).find("a@inkwell.example").await;
    assert_eq!(found, super::Findings::default(), "no words, no error");
    for no_address in ["", "a", "a@", "@b.example", "a@b", "a@b c.example"] {
        let none = Discovery::at(None, Vec::new()).find(no_address).await;
        assert_eq!(none, super::Findings::default(), "{no_address:?}");
    }
}

#[test]
fn a_configuration_never_proposes_plain_text_or_a_strange_host() {
    let asked = Asked::of("a@inkwell.example").expect("an address");
    let one = |host: &str, socket: &str| {
        xml::read(
            &format!(
                "<clientConfig><emailProvider><incomingServer type='imap'><hostname>{host}</hostname>\
                 <port>993</port><socketType>{socket}</socketType></incomingServer></emailProvider></clientConfig>"
            ),
            &asked,
        )
    };
    let found = one("imap.b.example", "SSL").expect("a proposal");
    assert_eq!(found.imap.user, "a@inkwell.example", "the address where nothing is said");
    assert!(one("imap.b.example", "plain").is_none());
    assert!(one("imap b.example", "SSL").is_none());
    assert!(one("b.example/x", "SSL").is_none());
    let bomb = "<a>".repeat(10_000);
    assert!(xml::read(&bomb, &asked).is_none(), "depth has an end");
    let entity = "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><a>&e;</a>";
    assert!(xml::read(entity, &asked).is_none(), "nothing is read from elsewhere");
}
