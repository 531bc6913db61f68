//! Signing in, and what is said when it does not work.

use deskbell_domain::ProviderError;
use deskbell_domain::outgoing::SendOutcome;
use deskbell_domain::secret::Secret;
use deskbell_testbed::{Fault, Moment, ScriptedSmtp, SmtpOffers};

use super::support::{accepted, mail, send, sender, server, settings, with};
use crate::smtp::pace::Pace;
use crate::smtp::{Security, SignIn, SmtpProvider, SmtpSettings};

fn offering(mechanisms: &[&str]) -> ScriptedSmtp {
    let mechanisms = mechanisms.iter().map(|one| (*one).to_owned()).collect();
    ScriptedSmtp::start(SmtpOffers { mechanisms, ..SmtpOffers::default() }).unwrap()
}

#[tokio::test]
async fn each_way_to_sign_in_works() {
    for (mechanisms, sign_in, used) in [
        (vec!["PLAIN", "LOGIN"], SignIn::Password, "AUTH PLAIN"),
        (vec!["LOGIN"], SignIn::Password, "AUTH LOGIN"),
        (vec!["PLAIN", "XOAUTH2"], SignIn::Xoauth2, "AUTH XOAUTH2"),
    ] {
        let server = offering(&mechanisms);
        let sender = with(SmtpSettings { sign_in, ..settings(server.port()) }, Pace::default());
        assert!(accepted(&send(&sender, &mail("one@x", &["bob@y.example"])).await), "{used}");
        assert!(server.lines().iter().any(|line| line == used), "{:?}", server.lines());
    }
    let open = offering(&[]);
    let sender =
        with(SmtpSettings { user: String::new(), ..settings(open.port()) }, Pace::default());
    assert!(
        accepted(&send(&sender, &mail("one@x", &["bob@y.example"])).await),
        "no sign-in wanted"
    );
}

#[tokio::test]
async fn a_wrong_password_asks_for_the_person_and_a_tired_server_does_not() {
    for sign_in in [SignIn::Password, SignIn::Xoauth2] {
        let server = server();
        let settings = SmtpSettings { sign_in, ..settings(server.port()) };
        let wrong = Some(Secret::new("crayon"));
        let sender =
            SmtpProvider::with_pace(settings, wrong.map(Into::into), None, Pace::default());
        let outcome = send(&sender, &mail("one@x", &["bob@y.example"])).await;
        let SendOutcome::SignIn(words) = &outcome else { panic!("{outcome:?}") };
        let remedy = if sign_in == SignIn::Password { "app password" } else { "sign in again" };
        assert!(words.contains(remedy) && !words.contains("crayon"), "{words}");
        assert!(matches!(sender.check().await, Err(ProviderError::Auth(_))));
    }
    let server = server();
    server.fault(Moment::Auth, Fault::Reply("454 4.7.0 try later".into()));
    let outcome = send(&sender(&server), &mail("one@x", &["bob@y.example"])).await;
    assert!(matches!(outcome, SendOutcome::Retry { .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_check_says_what_is_wrong_and_where() {
    let server = server();
    assert_eq!(sender(&server).check().await.expect("all is well"), Some(10_000_000));
    let tried = async |change: fn(&mut SmtpSettings)| {
        let mut settings = settings(server.port());
        change(&mut settings);
        with(settings, Pace::default()).check().await.expect_err("must not work")
    };
    let field = |error: ProviderError| match error {
        ProviderError::Rejected { code, .. } => code,
        other => panic!("{other:?}"),
    };
    assert_eq!(field(tried(|s| s.host = "mail.example.org".into()).await), "settings.security");
    assert_eq!(field(tried(|s| s.host = "a b".into()).await), "settings.host");
    assert_eq!(field(tried(|s| s.port = 0).await), "settings.port");
    assert_eq!(field(tried(|s| s.user = "a\r\nb".into()).await), "settings.user");
    let told = tried(|s| s.security = Security::Tls).await;
    assert!(matches!(&told, ProviderError::Protocol(words) if words.contains("465")), "{told:?}");
    let told = tried(|s| s.security = Security::StartTls).await;
    assert!(matches!(&told, ProviderError::Tls(words) if words.contains("STARTTLS")), "{told:?}");
    let told = tried(|s| s.host = "unknown.localhost".into()).await;
    assert!(matches!(told, ProviderError::Offline(_)), "{told:?}");
}

#[tokio::test]
async fn somebody_else_on_the_port_is_recognised() {
    let server = server();
    server.fault(Moment::Greeting, Fault::Garbage);
    let told = sender(&server).check().await.expect_err("not SMTP");
    assert!(matches!(&told, ProviderError::Protocol(words) if words.contains("port")), "{told:?}");
}
