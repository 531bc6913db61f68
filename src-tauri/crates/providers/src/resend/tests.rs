//! Resend against its fake.

mod again;
mod looks;

use std::time::Duration;

use deskbell_domain::ProviderError;
use deskbell_domain::outgoing::{Fate, Found, Progress, SendOutcome};
use deskbell_domain::port::MessageSink as _;
use deskbell_domain::secret::Secret;
use deskbell_simulator::{Fault, ResendKey, ResendReader, Simulator, Strike};

use super::{Api, ResendProvider, ResendSettings, map};
use crate::http::support::{Gate, PATIENCE, SILENCE, full, mail};

const KEY: &str = "re_test_key";
const EMAILS: &str = "POST /emails";

fn simulator() -> Simulator {
    let simulator = Simulator::start().expect("a simulator");
    let mut world = simulator.world();
    world.resend.keys.insert(KEY.into(), ResendKey::Full);
    world.resend.domains.insert("studio.example".into(), (true, false));
    drop(world);
    simulator
}

fn account(simulator: &Simulator) -> ResendProvider {
    with_key(simulator, KEY, "ada@studio.example")
}

fn with_key(simulator: &Simulator, key: &str, address: &str) -> ResendProvider {
    at(simulator.base_url("resend"), key, address, PATIENCE)
}

/// Waits so long for an answer.
fn at(base: String, key: &str, address: &str, silence: Duration) -> ResendProvider {
    let api = Api::with_silence(&base, Secret::new(key), silence).expect("an API");
    let settings =
        ResendSettings { address: address.into(), base_url: Some(base), tracking_unknown: false };
    ResendProvider::with(api, &settings, [Duration::from_millis(1); 3])
}

async fn send(account: &ResendProvider, token: &str) -> SendOutcome {
    account.send(&mail(token, &["mara@client.example"]), &Gate::default()).await
}

fn id_of(outcome: &SendOutcome) -> Option<String> {
    match outcome {
        SendOutcome::Accepted { remote_id, .. } => remote_id.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_email_is_written_as_resend_wants_it() {
    let email = map::email(&full("one@studio.example"), &[]).expect("an email");
    insta::assert_json_snapshot!(email);
}

#[tokio::test]
async fn a_message_is_taken_once_and_called_by_a_name() {
    let simulator = simulator();
    let account = account(&simulator);
    let gate = Gate::default();
    let outcome = account.send(&full("one@studio.example"), &gate).await;
    assert!(id_of(&outcome).is_some() && gate.departed() == 1, "{outcome:?}");
    let world = simulator.world();
    let delivery = &world.delivered[0];
    assert_eq!(delivery.message_id.as_deref(), Some("one@studio.example"));
    assert_eq!(delivery.to, ["book@studio.example", "mara@client.example", "tom@client.example"]);
    let request = world.journal.iter().find(|entry| entry.method == "POST").expect("asked");
    assert_eq!(request.header("idempotency-key"), Some("one@studio.example"));
    assert!(request.header("user-agent").is_some_and(|agent| agent.starts_with("Deskbell/")));
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_and_delivers_once() {
    for (fault, taken) in [(Fault::lost(EMAILS), "taken"), (Fault::swallowed(EMAILS), "not taken")]
    {
        let simulator = simulator();
        simulator.fault(fault.clone());
        simulator.fault(fault);
        let outcome = send(&account(&simulator), "one@x").await;
        assert!(id_of(&outcome).is_some(), "{taken}: {outcome:?}");
        assert_eq!(simulator.world().delivered.len(), 1, "{taken}: once");
    }
}

#[tokio::test]
async fn an_answer_lost_for_long_is_an_unknown_fate_that_can_be_settled() {
    for fault in [Fault::lost(EMAILS), Fault::swallowed(EMAILS)] {
        let simulator = simulator();
        let (gate, message) = (Gate::default(), mail("one@x", &["mara@client.example"]));
        (0..4).for_each(|_| simulator.fault(fault.clone()));
        let outcome = account(&simulator).send(&message, &gate).await;
        assert!(matches!(outcome, SendOutcome::Unknown(_)), "{outcome:?}");
        let note = gate.note().expect("what it needs is kept");
        // Another process asks: nothing of the first one is left but what is on disk.
        let settled = account(&simulator).repeat(&message, &note, HALF_A_DAY).await;
        let settled = settled.expect("asked").expect("the same request");
        assert!(id_of(&settled).is_some(), "{settled:?}");
        assert_eq!(simulator.world().delivered.len(), 1, "exactly once");
    }
}

const HALF_A_DAY: Duration = Duration::from_secs(12 * 60 * 60);

#[tokio::test]
async fn after_a_restart_the_list_of_emails_is_looked_through() {
    let simulator = simulator();
    let id = id_of(&send(&account(&simulator), "one@x").await);
    let restarted = account(&simulator);
    assert_eq!(restarted.find("one@x", None).await.expect("asked"), Found::Yes(id));
    assert_eq!(restarted.find("two@x", None).await.expect("asked"), Found::CannotTell);
    simulator.world().resend.keys.insert(KEY.into(), ResendKey::Sending);
    assert_eq!(restarted.find("one@x", None).await.expect("asked"), Found::CannotTell);
    simulator.fault(Fault::refused("GET /emails", 503, &[], "{}"));
    assert!(restarted.find("one@x", None).await.is_err(), "nobody was there to ask");
}

#[tokio::test]
async fn a_key_is_relied_on_for_less_than_a_day() {
    let simulator = simulator();
    let account = account(&simulator);
    let first = id_of(&send(&account, "one@x").await);
    assert_eq!(id_of(&send(&account, "one@x").await), first, "the same key, the same email");
    simulator.advance(25 * 60 * 60 * 1_000);
    assert_ne!(id_of(&send(&account, "one@x").await), first, "a day later it is another one");
    let changed = account.send(&mail("one@x", &["tom@client.example"]), &Gate::default()).await;
    let SendOutcome::Rejected { code, message, .. } = &changed else { panic!("{changed:?}") };
    assert_eq!(code, "invalid_idempotent_request");
    assert!(message.contains("new message"), "{message}");
}

#[tokio::test]
async fn refusals_are_told_in_plain_words() {
    let simulator = simulator();
    let account = account(&simulator);
    let json = |name: &str| format!(r#"{{"statusCode":0,"name":"{name}","message":"because"}}"#);
    simulator.fault(Fault::refused(
        EMAILS,
        429,
        &[("retry-after", "7")],
        &json("rate_limit_exceeded"),
    ));
    let paused = send(&account, "one@x").await;
    let SendOutcome::Retry { after, .. } = &paused else { panic!("{paused:?}") };
    assert_eq!(*after, Some(Duration::from_secs(7)));
    simulator.world().resend.daily = Some(0);
    let quota = send(&account, "two@x").await;
    let SendOutcome::Retry { after, message } = &quota else { panic!("{quota:?}") };
    assert!(after.is_some_and(|after| after >= Duration::from_secs(60)), "not soon: {after:?}");
    assert!(message.contains("quota for today"), "{message}");
    simulator.world().resend.daily = None;
    simulator.fault(Fault::refused(EMAILS, 429, &[], &json("monthly_quota_exceeded")));
    let month = send(&account, "three@x").await;
    assert!(matches!(month, SendOutcome::Rejected { .. }), "{month:?}");
    simulator.fault(Fault::refused(EMAILS, 500, &[], "{}"));
    let broken = send(&account, "four@x").await;
    assert!(matches!(broken, SendOutcome::Unknown(_)), "trouble may come after it: {broken:?}");
    let page = "<!doctype html><title>Bad gateway</title>";
    simulator.fault(Fault::refused(EMAILS, 502, &[("content-type", "text/html")], page));
    let broken = send(&account, "eight@x").await;
    assert!(matches!(broken, SendOutcome::Unknown(_)), "whoever says it: {broken:?}");
    simulator.fault(Fault::refused(EMAILS, 409, &[], &json("concurrent_idempotent_requests")));
    let at_work = send(&account, "nine@x").await;
    assert!(matches!(at_work, SendOutcome::Unknown(_)), "it may be taken: {at_work:?}");
    simulator.fault(Fault::refused(EMAILS, 422, &[], &json("validation_error")));
    let invalid = send(&account, "five@x").await;
    assert!(
        matches!(&invalid, SendOutcome::Rejected { message, .. } if message.contains("because")),
        "{invalid:?}"
    );
    simulator.world().resend.domains.clear();
    let foreign = send(&account, "six@x").await;
    assert!(
        matches!(&foreign, SendOutcome::Rejected { message, .. } if message.contains("verify")),
        "{foreign:?}"
    );
    let stranger = send(&with_key(&simulator, "re_other", "ada@studio.example"), "seven@x").await;
    assert!(matches!(stranger, SendOutcome::SignIn(_)), "{stranger:?}");
    assert!(simulator.world().delivered.is_empty(), "none of them left");
}

#[tokio::test]
async fn a_networks_own_page_is_not_taken_for_an_answer() {
    let simulator = simulator();
    let page = "<!doctype html><title>Welcome to the hotel</title>";
    simulator.fault(Fault::refused(EMAILS, 200, &[("content-type", "text/html")], page));
    let outcome = send(&account(&simulator), "one@x").await;
    assert!(
        matches!(&outcome, SendOutcome::Retry { message, .. } if message.contains("sign in to it")),
        "{outcome:?}"
    );
    simulator.fault(Fault::refused("GET /domains", 200, &[], page));
    let told = account(&simulator).check().await;
    assert!(
        matches!(&told, Err(ProviderError::Protocol(words)) if words.contains("web page")),
        "{told:?}"
    );
}

#[tokio::test]
async fn whom_resend_does_not_deliver_to_is_told_before() {
    let simulator = simulator();
    let account = account(&simulator);
    simulator.world().resend.suppressed.insert("gone@client.example".into(), "bounce".into());
    let all = account.send(&mail("one@x", &["gone@client.example"]), &Gate::default()).await;
    let SendOutcome::Rejected { code, refused, .. } = &all else { panic!("{all:?}") };
    assert_eq!((code.as_str(), refused.len()), ("suppressed", 1));
    let some = mail("two@x", &["gone@client.example", "mara@client.example"]);
    let some = account.send(&some, &Gate::default()).await;
    let SendOutcome::Accepted { refused, .. } = &some else { panic!("{some:?}") };
    assert!(refused[0].reason.contains("came back before"), "{refused:?}");
    assert_eq!(simulator.world().delivered[0].to, ["mara@client.example"]);
    simulator.world().resend.keys.insert(KEY.into(), ResendKey::Sending);
    for token in ["three@x", "four@x"] {
        assert!(id_of(&send(&account, token).await).is_some(), "a key that may only send, sends");
    }
    let looks = |world: &deskbell_simulator::World| {
        world.journal.iter().filter(|entry| entry.path.starts_with("/suppressions")).count()
    };
    assert_eq!(looks(&simulator.world()), 4, "and after one refusal it does not look again");
}

#[tokio::test]
async fn a_server_that_never_answers_is_not_waited_for_without_end() {
    let simulator = simulator();
    for _ in 0..4 {
        simulator.fault(Fault { at: EMAILS.into(), carried_out: true, strike: Strike::Never });
    }
    let own = "ada@studio.example";
    let hasty = at(simulator.base_url("resend"), KEY, own, SILENCE);
    let outcome = send(&hasty, "one@x").await;
    assert!(matches!(outcome, SendOutcome::Unknown(_)), "{outcome:?}");
    let nobody = at("http://127.0.0.1:1".into(), KEY, own, PATIENCE);
    let outcome = send(&nobody, "two@x").await;
    assert!(matches!(outcome, SendOutcome::Retry { .. }), "nothing left: {outcome:?}");
}

#[tokio::test]
async fn a_check_looks_at_key_domain_and_tracking() {
    let simulator = simulator();
    let tried = async |key: &str, address: &str| with_key(&simulator, key, address).check().await;
    assert!(tried(KEY, "ada@studio.example").await.expect("a good key"), "it is told");
    assert!(matches!(tried("re_wrong", "ada@studio.example").await, Err(ProviderError::Auth(_))));
    let unknown = tried(KEY, "ada@other.example").await;
    assert!(
        matches!(&unknown, Err(ProviderError::Rejected { code, .. }) if code == "settings.address")
    );
    simulator.world().resend.domains.insert("studio.example".into(), (true, true));
    let watched = tried(KEY, "ada@studio.example").await;
    assert!(
        matches!(&watched, Err(ProviderError::Rejected { message, .. }) if message.contains("tracking")),
        "nobody is watched: {watched:?}"
    );
    simulator.world().resend.keys.insert("re_send".into(), ResendKey::Sending);
    assert!(
        tried("re_send", "ada@studio.example").await.is_ok(),
        "a key that may only send is good"
    );
}

/// What became of an email to these, so long after it was sent.
async fn became(simulator: &Simulator, account: &ResendProvider, to: &[&str], ms: i64) -> Progress {
    let token = format!("{}-{ms}@studio.example", to.join("-").replace('@', "."));
    let id = id_of(&account.send(&mail(&token, to), &Gate::default()).await).expect("a name");
    simulator.advance(ms);
    let to: Vec<String> = to.iter().map(|one| (*one).to_owned()).collect();
    account.follow(&id, &to).await.expect("it answers")
}

const SECOND: i64 = 1_000;
const HOUR: i64 = 3_600 * SECOND;

#[tokio::test]
async fn what_became_of_an_email_is_told_as_far_as_it_is_certain() {
    let simulator = simulator();
    let account = account(&simulator);
    for (name, reader) in [
        ("gone@client.example", ResendReader::Bounces),
        ("slow@client.example", ResendReader::Delays),
        ("eager@client.example", ResendReader::Opens),
        ("cross@client.example", ResendReader::Complains),
    ] {
        simulator.world().resend.readers.insert(name.into(), reader);
    }
    for (to, ms, sent, fate, over) in [
        ("mara@client.example", 0, false, None, false),
        ("mara@client.example", 2 * SECOND, true, None, false),
        ("mara@client.example", 5 * SECOND, true, Some(Fate::Delivered), false),
        ("slow@client.example", 5 * SECOND, true, Some(Fate::Delayed), false),
        ("slow@client.example", 3 * HOUR, true, Some(Fate::Delivered), false),
        // Its pixel was fetched; nobody says that it was read.
        ("eager@client.example", HOUR, true, Some(Fate::Delivered), false),
        ("cross@client.example", 2 * HOUR, true, Some(Fate::Delivered), true),
        ("gone@client.example", 5 * SECOND, false, Some(Fate::Failed), true),
    ] {
        let progress = became(&simulator, &account, &[to], ms).await;
        let told = progress.told.first().map(|told| told.fate);
        assert_eq!((progress.sent, told, progress.over), (sent, fate, over), "{to} after {ms} ms");
    }
}

#[tokio::test]
async fn of_several_recipients_only_the_one_it_is_certain_of_is_told() {
    let simulator = simulator();
    let account = account(&simulator);
    let both = ["mara@client.example", "gone@client.example"];
    simulator.world().resend.readers.insert(both[1].into(), ResendReader::Bounces);
    let progress = became(&simulator, &account, &both, 5 * SECOND).await;
    let told: Vec<_> = progress.told.iter().map(|told| (&*told.address, told.fate)).collect();
    assert_eq!(told, [(both[1], Fate::Failed)], "the list of suppressions names this very email");
    let two = ["mara@client.example", "tom@client.example"];
    let progress = became(&simulator, &account, &two, 5 * SECOND).await;
    assert!(progress.told.is_empty() && progress.sent, "one word for both is no word of either");
}

#[tokio::test]
async fn a_key_that_may_only_send_is_not_asked_again_and_a_pause_is_kept() {
    let simulator = simulator();
    let account = account(&simulator);
    let id = id_of(&send(&account, "one@x").await).expect("a name");
    let to = ["mara@client.example".to_owned()];
    let at = "GET /emails/";
    simulator.fault(Fault::refused(at, 429, &[("retry-after", "9")], "{}"));
    let paused = account.follow(&id, &to).await;
    let nine = Some(Duration::from_secs(9));
    assert!(
        matches!(paused, Err(ProviderError::RateLimited { after }) if after == nine),
        "{paused:?}"
    );
    simulator.fault(Fault::refused(at, 500, &[], "{}"));
    let broken = account.follow(&id, &to).await;
    assert!(matches!(broken, Err(ProviderError::Offline(_))), "{broken:?}");
    let unknown = account.follow("nothing", &to).await.expect("it answers");
    assert!(unknown.over, "an email that is not there tells nothing more");
    simulator.world().resend.keys.insert(KEY.into(), ResendKey::Sending);
    let barred = account.follow(&id, &to).await.expect("it answers");
    assert!(barred.over && barred.told.is_empty(), "{barred:?}");
}
