//! Measures rules on made-up mail: `rules MESSAGES RULES` prints a line of JSON for `cargo xtask bench send`.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use deskbell_domain::ingested::IngestedPage;
use deskbell_domain::message::Flags;
use deskbell_domain::rule::{
    Action, Condition, Field, Group, How, Mail, Quantifier, Rule, RuleSet,
};
use deskbell_domain::sync::{
    Cursor, RemoteChange, RemoteKey, RemoteMessage, RemoteScope, RemoteSource,
};
use deskbell_domain::{AccountId, Channel, MailboxRole, Millis, ScopeId};
use deskbell_engine::ingest;
use deskbell_engine::rules::{Trial, describe, dry_run};
use deskbell_store::table::account::{self, NewAccount};
use deskbell_store::table::scope;
use deskbell_store::{Connection, OpenOptions, Origin, Store, sync};

type Failure = Box<dyn std::error::Error>;

/// Friday, 20 November 2026, noon UTC.
const NOON: Millis = 1_795_176_000_000;
/// Mails written in one transaction.
const PAGE: usize = 500;
/// Words of one mail.
const WORDS: usize = 350;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<String, Failure> {
    let mut args = std::env::args().skip(1);
    let mut number = || {
        args.next()
            .ok_or("name the numbers of messages and rules")?
            .parse::<usize>()
            .map_err(Failure::from)
    };
    let (messages, count) = (number()?, number()?);
    let directory = tempfile::tempdir()?;
    let store = Store::open(directory.path(), OpenOptions::default())?.store;
    fill(&store, messages).await?;
    let rules: Vec<Rule> = (0..count).map(rule).collect();
    let packer = store.packer();

    // Reading included, as a person waits for it.
    let began = Instant::now();
    let (mut position, mut touched, mut looked_at) = (None, 0, 0);
    let trial = Arc::new(Trial::new(rules.clone()));
    loop {
        let (trial, packer) = (Arc::clone(&trial), Arc::clone(&packer));
        let step =
            store.read(move |c: &Connection| dry_run(c, &packer, &trial, 0, position)).await?;
        touched += step.touched.len();
        looked_at += step.looked_at;
        position = step.next;
        if position.is_none() {
            break;
        }
    }
    let whole = began.elapsed();

    let set = RuleSet::new(&rules);
    let mails: Vec<Mail> = {
        let (set, packer) = (set.clone(), Arc::clone(&packer));
        store
            .read(move |c: &Connection| {
                let all = deskbell_store::queries::rules::candidates(c, 0, None, u32::MAX)?;
                all.iter().map(|m| describe(c, &packer, m, &set)).collect()
            })
            .await?
    };
    let began = Instant::now();
    let matched: usize = mails.iter().filter(|mail| !set.judge(mail).matched.is_empty()).count();
    let judged = began.elapsed();
    let alone: Vec<RuleSet> = rules.iter().map(|rule| RuleSet::new([rule])).collect();
    let began = Instant::now();
    let again = mails
        .iter()
        .filter(|mail| alone.iter().any(|one| !one.judge(mail).matched.is_empty()))
        .count();
    let one_by_one = began.elapsed();
    if (touched, matched) != (matched, again) {
        return Err("the three ways do not agree".into());
    }
    Ok(format!(
        "{{\"messages\":{looked_at},\"rules\":{count},\"matched\":{matched},\"dry_run_ms\":{:.1},\"judge_ms\":{:.1},\"one_by_one_ms\":{:.1}}}",
        whole.as_secs_f64() * 1_000.0,
        judged.as_secs_f64() * 1_000.0,
        one_by_one.as_secs_f64() * 1_000.0
    ))
}

/// The words of one mail out of four thousand, the same at every run.
fn word(seed: usize) -> String {
    let n = seed.wrapping_mul(2_654_435_761) >> 7;
    const SOUNDS: [&str; 12] =
        ["ba", "de", "fi", "go", "ku", "la", "me", "ni", "ro", "su", "ta", "vi"];
    let sound = |n: usize| SOUNDS.get(n % SOUNDS.len()).copied().unwrap_or_default();
    format!("{}{}{}", sound(n), sound(n / 12), sound(n / 144))
}

fn mail(n: usize) -> String {
    let body: Vec<String> = (0..WORDS).map(|w| word(n * 7_919 + w * w)).collect();
    format!(
        "Message-ID: <{n}@bench.example>\r\nFrom: Client {} <client{}@shop{}.example>\r\n\
         To: desk@shop.example\r\nSubject: {} {} {}\r\n\r\n{}\r\n",
        n % 900,
        n % 900,
        n % 40,
        word(n),
        word(n + 1),
        n % 100,
        body.chunks(12).map(|line| line.join(" ")).collect::<Vec<_>>().join("\r\n")
    )
}

/// Rules as a busy studio has them: senders, subjects, words in the text, a few expressions and groups.
fn rule(n: usize) -> Rule {
    let says = |field, how, value: String| Condition::Text { field, how, value };
    let of = match n % 10 {
        0..=3 => vec![says(Field::From, How::Contains, format!("client{n}@shop"))],
        4 | 5 => vec![says(Field::Subject, How::Contains, format!("{} {}", word(n * 31), n % 100))],
        6 | 7 => {
            vec![says(Field::Body, How::Contains, format!("{} {}", word(n * 17), word(n * 23)))]
        }
        8 => vec![
            says(Field::From, How::Ends, format!("@shop{}.example", n % 40)),
            Condition::Group(Group {
                quantifier: Quantifier::None,
                of: vec![says(Field::Subject, How::Contains, "ba".into())],
            }),
        ],
        _ => vec![says(Field::Body, How::Regex, format!(r"\b{}\w+ {}\b", word(n), word(n * 3)))],
    };
    Rule {
        name: format!("rule {n}"),
        enabled: true,
        stop: false,
        when: Group { quantifier: Quantifier::All, of },
        actions: vec![Action::Star],
    }
}

async fn fill(store: &Store, messages: usize) -> Result<(), Failure> {
    let scope: ScopeId = store
        .write(Origin::Local, NOON, |w| {
            let new = NewAccount {
                provider: "imap".into(),
                channel: Channel::Email,
                address: "desk@shop.example".into(),
                name: "Shop".into(),
                settings: "{}".into(),
                schedule: "*/15 * * * *".into(),
                writes_back: true,
                sends: true,
            };
            let account: AccountId = account::insert(w, &new)?;
            let (key, role) = ("INBOX".to_owned(), MailboxRole::Inbox);
            scope::adopt(
                w,
                account,
                &[RemoteScope { name: key.clone(), key, role, selectable: true }],
            )?;
            Ok(scope::list(w, account)?.first().map(|row| row.id))
        })
        .await?
        .ok_or("no mailbox")?;
    for start in (0..messages).step_by(PAGE) {
        let changes = (start..messages.min(start + PAGE)).map(|n| {
            let source = mail(n);
            ingest::change(RemoteChange::Message(RemoteMessage {
                key: RemoteKey::from_uid(u32::try_from(n + 1).unwrap_or(u32::MAX)),
                flags: Flags::default(),
                internal_date: NOON - 1_000 * i64::try_from(messages - n).unwrap_or(0),
                size: source.len() as u64,
                role: None,
                thread: None,
                known_by: None,
                source: RemoteSource::Full(source.into()),
            }))
        });
        let page = IngestedPage {
            changes: changes.collect(),
            cursor: Some(Cursor("1".into())),
            ..IngestedPage::default()
        };
        let prepared = sync::prepare(&store.packer(), page)?;
        store.write(Origin::Sync, NOON, move |w| sync::apply(w, scope, &prepared)).await?;
    }
    Ok(())
}
