//! Rules between the words of a face and those of the domain.
//!
//! Invariant: nothing is lost on the way there and back; an id that is none is named at its field.

use deskbell_domain::rule::{self as domain, Problem};
use deskbell_domain::{Channel, LabelId, TemplateId};
use deskbell_store::table::rule::RuleRow;

use crate::dto::{
    Rule, RuleAction, RuleCondition, RuleField, RuleForm, RuleGroup, RuleHow, RuleQuantifier,
};

/// A row as a face sees it.
pub(crate) fn row(row: RuleRow) -> Rule {
    Rule {
        id: row.id.to_string(),
        name: row.rule.name.clone(),
        enabled: row.rule.enabled,
        stop: row.rule.stop,
        when: RuleGroup {
            quantifier: shown_quantifier(row.rule.when.quantifier),
            of: row.rule.when.of.iter().map(shown).collect(),
        },
        actions: row.rule.actions.iter().map(action).collect(),
        matched: row.matched,
        matched_at: row.matched_at,
    }
}

fn shown(condition: &domain::Condition) -> RuleCondition {
    match condition {
        domain::Condition::Group(group) => RuleCondition::Group {
            quantifier: shown_quantifier(group.quantifier),
            of: group.of.iter().map(shown).collect(),
        },
        domain::Condition::Text { field, how, value } => RuleCondition::Text {
            field: shown_field(*field),
            how: shown_how(*how),
            value: value.clone(),
        },
        domain::Condition::Attachment { value } => RuleCondition::Attachment { value: *value },
        domain::Condition::Larger { bytes } => RuleCondition::Larger { bytes: *bytes },
        domain::Condition::Smaller { bytes } => RuleCondition::Smaller { bytes: *bytes },
        domain::Condition::Account { accounts } => {
            RuleCondition::Account { accounts: accounts.iter().map(ToString::to_string).collect() }
        }
        domain::Condition::Channel { channel } => {
            RuleCondition::Channel { channel: channel.as_str().into() }
        }
        domain::Condition::Bulk { value } => RuleCondition::Bulk { value: *value },
        domain::Condition::Reply { value } => RuleCondition::Reply { value: *value },
        domain::Condition::Known { value } => RuleCondition::Known { value: *value },
        domain::Condition::Header { name, how, value } => {
            RuleCondition::Header { name: name.clone(), how: shown_how(*how), value: value.clone() }
        }
        domain::Condition::Date { after, before } => {
            RuleCondition::Date { after: *after, before: *before }
        }
    }
}

/// What a rule does, as a face sees it.
pub(crate) fn action(action: &domain::Action) -> RuleAction {
    match action {
        domain::Action::Label { label } => RuleAction::Label { label_id: label.to_string() },
        domain::Action::Star => RuleAction::Star,
        domain::Action::Read => RuleAction::Read,
        domain::Action::Archive => RuleAction::Archive,
        domain::Action::Trash => RuleAction::Trash,
        domain::Action::Spam => RuleAction::Spam,
        domain::Action::Notify => RuleAction::Notify,
        domain::Action::AutoReply { template } => {
            RuleAction::AutoReply { template_id: template.to_string() }
        }
    }
}

/// A form in the domain's words, and what of it could not be read.
pub(crate) fn read(form: RuleForm) -> (domain::Rule, Vec<Problem>) {
    let mut problems = Vec::new();
    let when = group(form.when.quantifier, form.when.of, "when", &mut problems);
    let mut actions = Vec::with_capacity(form.actions.len());
    for (index, action) in form.actions.into_iter().enumerate() {
        let mut unknown = |message: &str| {
            problems
                .push(Problem { field: format!("actions.{index}"), message: message.to_owned() });
        };
        actions.push(match action {
            RuleAction::Label { label_id } => domain::Action::Label {
                label: label_id.parse().unwrap_or_else(|_| {
                    unknown("Choose a label.");
                    LabelId(0)
                }),
            },
            RuleAction::Star => domain::Action::Star,
            RuleAction::Read => domain::Action::Read,
            RuleAction::Archive => domain::Action::Archive,
            RuleAction::Trash => domain::Action::Trash,
            RuleAction::Spam => domain::Action::Spam,
            RuleAction::Notify => domain::Action::Notify,
            RuleAction::AutoReply { template_id } => domain::Action::AutoReply {
                template: template_id.parse().unwrap_or_else(|_| {
                    unknown("Choose a template.");
                    TemplateId(0)
                }),
            },
        });
    }
    let rule = domain::Rule {
        name: form.name.trim().to_owned(),
        enabled: form.enabled,
        stop: form.stop,
        when,
        actions,
    };
    (rule, problems)
}

fn group(
    quantifier: RuleQuantifier,
    of: Vec<RuleCondition>,
    path: &str,
    problems: &mut Vec<Problem>,
) -> domain::Group {
    let of = of
        .into_iter()
        .enumerate()
        .map(|(index, one)| condition(one, &format!("{path}.of.{index}"), problems))
        .collect();
    let quantifier = match quantifier {
        RuleQuantifier::All => domain::Quantifier::All,
        RuleQuantifier::Any => domain::Quantifier::Any,
        RuleQuantifier::None => domain::Quantifier::None,
    };
    domain::Group { quantifier, of }
}

fn condition(condition: RuleCondition, at: &str, problems: &mut Vec<Problem>) -> domain::Condition {
    match condition {
        RuleCondition::Group { quantifier, of } => {
            domain::Condition::Group(group(quantifier, of, at, problems))
        }
        RuleCondition::Text { field, how, value } => {
            domain::Condition::Text { field: read_field(field), how: read_how(how), value }
        }
        RuleCondition::Attachment { value } => domain::Condition::Attachment { value },
        RuleCondition::Larger { bytes } => domain::Condition::Larger { bytes },
        RuleCondition::Smaller { bytes } => domain::Condition::Smaller { bytes },
        RuleCondition::Account { accounts } => {
            let read: Result<Vec<_>, _> = accounts.iter().map(|id| id.parse()).collect();
            let accounts = read.unwrap_or_else(|_| {
                let message = "Choose an account.".to_owned();
                problems.push(Problem { field: format!("{at}.accounts"), message });
                Vec::new()
            });
            domain::Condition::Account { accounts }
        }
        RuleCondition::Channel { channel } => {
            let channel = Channel::parse(&channel).unwrap_or_else(|| {
                let message = format!("There is no channel “{channel}” here; choose email.");
                problems.push(Problem { field: format!("{at}.channel"), message });
                Channel::Email
            });
            domain::Condition::Channel { channel }
        }
        RuleCondition::Bulk { value } => domain::Condition::Bulk { value },
        RuleCondition::Reply { value } => domain::Condition::Reply { value },
        RuleCondition::Known { value } => domain::Condition::Known { value },
        RuleCondition::Header { name, how, value } => {
            let name = name.trim().to_owned();
            domain::Condition::Header { name, how: read_how(how), value }
        }
        RuleCondition::Date { after, before } => domain::Condition::Date { after, before },
    }
}

macro_rules! both_ways {
    ($there:ident, $back:ident, $domain:ty, $face:ty, $($name:ident),+) => {
        fn $there(one: $domain) -> $face {
            match one { $(<$domain>::$name => <$face>::$name,)+ }
        }
        fn $back(one: $face) -> $domain {
            match one { $(<$face>::$name => <$domain>::$name,)+ }
        }
    };
}

both_ways!(
    shown_field,
    read_field,
    domain::Field,
    RuleField,
    From,
    To,
    Cc,
    Recipient,
    Subject,
    Body,
    List,
    File,
    Bcc,
    ReplyTo
);
both_ways!(shown_how, read_how, domain::How, RuleHow, Contains, Is, Starts, Ends, Regex);

fn shown_quantifier(quantifier: domain::Quantifier) -> RuleQuantifier {
    match quantifier {
        domain::Quantifier::All => RuleQuantifier::All,
        domain::Quantifier::Any => RuleQuantifier::Any,
        domain::Quantifier::None => RuleQuantifier::None,
    }
}

#[cfg(test)]
mod tests {
    use deskbell_domain::RuleId;

    use super::*;

    #[test]
    fn a_rule_comes_back_as_it_went_and_what_is_no_id_is_named() {
        let text = r#"{"name":" Invoices ","when":{"quantifier":"any","of":[
            {"kind":"text","field":"subject","how":"contains","value":"invoice"},
            {"kind":"group","quantifier":"none","of":[{"kind":"account","accounts":["7"]}]},
            {"kind":"larger","bytes":1000},{"kind":"known","value":false},
            {"kind":"text","field":"reply_to","how":"is","value":"desk@x"},
            {"kind":"header","name":"X-Priority","how":"starts","value":"1"},
            {"kind":"date","after":5,"before":null}]},
            "actions":[{"kind":"label","label_id":"3"},{"kind":"archive"}]}"#;
        let form: RuleForm = serde_json::from_str(text).expect("a form");
        let (rule, problems) = read(form.clone());
        assert_eq!(problems, [], "everything is read");
        assert!(rule.enabled && !rule.stop && rule.name == "Invoices", "{rule:?}");
        let back = row(RuleRow { id: RuleId(1), rule, matched: 0, matched_at: None });
        assert_eq!((back.when, back.actions), (form.when.clone(), form.actions));

        let mut wrong =
            RuleForm { actions: vec![RuleAction::Label { label_id: "x".into() }], ..form };
        wrong.when.of = vec![RuleCondition::Channel { channel: "pigeon".into() }];
        let fields: Vec<String> = read(wrong).1.into_iter().map(|p| p.field).collect();
        assert_eq!(fields, ["when.of.0.channel", "actions.0"]);
    }
}
