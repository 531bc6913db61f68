//! `bell rule`: rules for mail that arrives, written in JSON.

use std::io::Read as _;
use std::process::ExitCode;

use deskbell_api::dto::{
    ApiError, ById, NoArgs, Rule, RuleAction, RuleForm, RuleTest, RuleTestArgs, RuleTouched,
};
use deskbell_api::handlers::rules;
use deskbell_api::{Desk, clip};

use crate::args::RuleVerb;
use crate::exit::Failure;
use crate::output::{Output, table, time};

/// Messages of a dry run that are shown; all are counted.
const SHOWN: usize = 50;

pub async fn run(desk: &Desk, output: Output, verb: RuleVerb) -> Result<ExitCode, Failure> {
    match verb {
        RuleVerb::List => {
            let list = rules::list(desk, NoArgs {}).await?;
            output.answer(&list, || {
                if list.rules.is_empty() {
                    return "No rules yet. `bell rule add` reads one in JSON.".into();
                }
                table(["ID", "", "NAME", "DOES", "ACTED"], list.rules.iter().map(row))
            })?;
        }
        RuleVerb::Add => {
            let made = rules::put(desk, read()?).await?;
            output.answer(&made, || format!("{}: {}", made.id, made.name))?;
        }
        RuleVerb::Test { id } => {
            let rule = match id {
                None => Some(read()?),
                Some(id) if id == "all" => None,
                Some(id) => Some(known(desk, &id).await?),
            };
            let whole = test(desk, rule).await?;
            output.answer(&whole, || report(&whole))?;
        }
        RuleVerb::Remove { id } => {
            let done = rules::remove(desk, ById { id }).await?;
            output.answer(&done, || "Removed.".into())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn read() -> Result<RuleForm, Failure> {
    let mut text = String::new();
    std::io::stdin().lock().read_to_string(&mut text)?;
    serde_json::from_str(&text).map_err(|error| {
        let message = format!(
            "This is not a rule in JSON: {error}. `bell rule list --json` shows what one looks like."
        );
        ApiError::field("stdin", message).into()
    })
}

async fn known(desk: &Desk, id: &str) -> Result<RuleForm, Failure> {
    let list = rules::list(desk, NoArgs {}).await?;
    let found = list.rules.into_iter().find(|rule| rule.id == id);
    let rule = found.ok_or_else(|| {
        Failure::failed(format!("There is no rule {id}; `bell rule list` shows those there are."))
    })?;
    let Rule { name, enabled, stop, when, actions, .. } = rule;
    Ok(RuleForm { id: None, name, enabled, stop, when, actions })
}

/// Asks step by step to the end; Ctrl-C ends it between two of them, and nothing was written.
async fn test(desk: &Desk, rule: Option<RuleForm>) -> Result<RuleTest, Failure> {
    let mut whole = RuleTest { looked_at: 0, touched: Vec::new(), next: None };
    let mut cursor = None;
    loop {
        let step = rules::test(desk, RuleTestArgs { rule: rule.clone(), cursor }).await?;
        whole.looked_at += step.looked_at;
        whole.touched.extend(step.touched);
        cursor = step.next;
        if cursor.is_none() {
            // It was looked at as it came; the latest is what a person knows best.
            whole.touched.reverse();
            return Ok(whole);
        }
    }
}

fn report(whole: &RuleTest) -> String {
    let mut text = format!(
        "Of {} messages of the last month {} would have been touched. Nothing was changed.\n",
        whole.looked_at,
        whole.touched.len()
    );
    if !whole.touched.is_empty() {
        let rows = whole.touched.iter().take(SHOWN).map(line);
        text.push_str(&table(["MESSAGE", "WHEN", "WHO", "WHAT", "WOULD"], rows));
    }
    if whole.touched.len() > SHOWN {
        text.push_str(&format!("\n… and {} more; --json lists all.", whole.touched.len() - SHOWN));
    }
    text
}

fn line(touched: &RuleTouched) -> [String; 5] {
    [
        touched.message_id.clone(),
        time(touched.date),
        clip(&touched.from, 26),
        clip(&touched.subject, 50),
        does(&touched.actions),
    ]
}

fn row(rule: &Rule) -> [String; 5] {
    [
        rule.id.clone(),
        if rule.enabled { String::new() } else { "off".into() },
        clip(&rule.name, 40),
        does(&rule.actions),
        rule.matched.to_string(),
    ]
}

fn does(actions: &[RuleAction]) -> String {
    let words: Vec<&str> = actions
        .iter()
        .map(|action| match action {
            RuleAction::Label { .. } => "label",
            RuleAction::Star => "star",
            RuleAction::Read => "read",
            RuleAction::Archive => "archive",
            RuleAction::Trash => "trash",
            RuleAction::Spam => "spam",
            RuleAction::Notify => "notify",
            RuleAction::AutoReply { .. } => "answer",
        })
        .collect();
    words.join(", ")
}
