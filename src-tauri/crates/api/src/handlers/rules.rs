//! Rules: their list, and what they would have done.

use deskbell_domain::RuleId;
use deskbell_domain::rule::{self as domain, Problem};
use deskbell_engine::rules::{LOOKS_BACK, Position, dry_run};
use deskbell_store::{Connection, StoreError, table};

use crate::desk::Desk;
use crate::dto::{
    ApiError, ById, Code, Done, FieldError, IdsArgs, NoArgs, Rule, RuleForm, RuleList, RuleTest,
    RuleTestArgs, RuleTouched,
};
use crate::handlers::{id, optional_id};
use crate::rule as words;

/// Rules there may be.
const MOST: usize = 500;

/// Every rule, in order.
pub async fn list(desk: &Desk, _: NoArgs) -> Result<RuleList, ApiError> {
    let rows = desk.store.read(table::rule::list).await?;
    Ok(RuleList { rules: rows.into_iter().map(words::row).collect() })
}

/// Makes a rule, or changes one.
pub async fn put(desk: &Desk, form: RuleForm) -> Result<Rule, ApiError> {
    let known = optional_id::<RuleId>("id", form.id.as_deref())?;
    let rule = understood(desk, form).await?;
    let put = desk
        .write(move |w| {
            let id = match known {
                Some(id) => {
                    table::rule::update(w, id, &rule)?;
                    id
                }
                None if table::rule::list(w)?.len() >= MOST => {
                    let full = "there are 500 rules already; remove one first";
                    return Err(StoreError::Conflict(full.into()));
                }
                None => table::rule::insert(w, &rule)?,
            };
            table::rule::get(w, id)
        })
        .await?;
    Ok(words::row(put))
}

/// Removes a rule.
pub async fn remove(desk: &Desk, args: ById) -> Result<Done, ApiError> {
    let id: RuleId = id("id", &args.id)?;
    desk.write(move |w| table::rule::delete(w, id)).await?;
    Ok(Done {})
}

/// Puts the rules into another order.
pub async fn order(desk: &Desk, args: IdsArgs) -> Result<RuleList, ApiError> {
    let ids =
        args.ids.iter().map(|text| id::<RuleId>("ids", text)).collect::<Result<Vec<_>, _>>()?;
    desk.write(move |w| table::rule::set_order(w, &ids)).await?;
    list(desk, NoArgs {}).await
}

/// One step of a dry run over the last month: what rules would do. Nothing is written.
pub async fn test(desk: &Desk, args: RuleTestArgs) -> Result<RuleTest, ApiError> {
    let position = args
        .cursor
        .as_deref()
        .map(serde_json::from_str::<Position>)
        .transpose()
        .map_err(|_| ApiError::field("cursor", "This is not a cursor of a step before."))?;
    let rules = match args.rule {
        // What is tried is tried, whether or not it is switched on already.
        Some(form) => vec![domain::Rule { enabled: true, ..understood(desk, form).await? }],
        None => desk.store.read(table::rule::list).await?.into_iter().map(|row| row.rule).collect(),
    };
    let (packer, since) = (desk.store.packer(), desk.now() - LOOKS_BACK);
    let names: Vec<String> = rules.iter().map(|rule| rule.name.clone()).collect();
    let trial = desk.trial(rules);
    let step = desk.store.read(move |c| dry_run(c, &packer, &trial, since, position)).await?;
    let next = step.next.as_ref().map(serde_json::to_string).transpose();
    let next = next.map_err(|error| ApiError::new(Code::Internal, error.to_string()))?;
    let touched = step.touched.into_iter().map(|touched| {
        let m = touched.message;
        RuleTouched {
            message_id: m.id.to_string(),
            conversation_id: m.conversation.to_string(),
            from: if m.from_name.is_empty() { m.from_address } else { m.from_name },
            subject: m.subject,
            date: m.date,
            rules: touched.rules.iter().filter_map(|at| names.get(*at).cloned()).collect(),
            actions: touched.actions.iter().map(words::action).collect(),
        }
    });
    Ok(RuleTest { looked_at: step.looked_at, touched: touched.collect(), next })
}

/// A form as a rule, with everything it names there.
async fn understood(desk: &Desk, form: RuleForm) -> Result<domain::Rule, ApiError> {
    let (rule, mut problems) = words::read(form);
    problems.extend(domain::check(&rule));
    let named = rule.clone();
    problems.extend(desk.store.read(move |c| missing(c, &named)).await?);
    problems.dedup_by(|a, b| a.field == b.field);
    match problems.first() {
        None => Ok(rule),
        Some(first) => Err(ApiError {
            fields: problems
                .iter()
                .map(|problem| FieldError::new(&problem.field, problem.message.clone()))
                .collect(),
            ..ApiError::new(Code::Invalid, first.message.clone())
        }),
    }
}

/// What a rule names that is not here.
fn missing(c: &Connection, rule: &domain::Rule) -> Result<Vec<Problem>, StoreError> {
    let mut problems = Vec::new();
    for (index, action) in rule.actions.iter().enumerate() {
        let (found, message) = match action {
            domain::Action::Label { label } => (
                table::label::get(c, *label).map(drop),
                "This label is not there any more; choose another one.",
            ),
            domain::Action::AutoReply { template } => (
                table::template::get(c, *template).map(drop),
                "This template is not there any more; choose another one.",
            ),
            _ => continue,
        };
        match found {
            Err(StoreError::NotFound(_)) => problems
                .push(Problem { field: format!("actions.{index}"), message: message.to_owned() }),
            found => found?,
        }
    }
    accounts(c, &rule.when, "when", &mut problems)?;
    Ok(problems)
}

fn accounts(
    c: &Connection,
    group: &domain::Group,
    path: &str,
    problems: &mut Vec<Problem>,
) -> Result<(), StoreError> {
    for (index, condition) in group.of.iter().enumerate() {
        let at = format!("{path}.of.{index}");
        match condition {
            domain::Condition::Group(inner) => accounts(c, inner, &at, problems)?,
            domain::Condition::Account { accounts } => {
                for account in accounts {
                    match table::account::get(c, *account) {
                        Err(StoreError::NotFound(_)) => problems.push(Problem {
                            field: format!("{at}.accounts"),
                            message: "This account is not there any more; choose another one."
                                .to_owned(),
                        }),
                        found => drop(found?),
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}
