//! Rules made ready say what each condition would say alone.

use proptest::prelude::*;

use super::super::Action;
use super::*;
use crate::{AccountId, Channel};

#[test]
fn any_header_field_and_the_date_can_be_asked_for() {
    let header = |name: &str, how, value: &str| Condition::Header {
        name: name.into(),
        how,
        value: value.into(),
    };
    let mut mail = Mail::new(AccountId(1), Channel::Email);
    mail.add_header("X-Priority", "1 (Highest)");
    mail.add_header("Received", "from A");
    mail.add_header("Received", "from B");
    mail.add(Field::Bcc, "hidden@x.example");
    mail.add(Field::ReplyTo, "desk@x.example");
    mail.date = 1_000;
    let text =
        |field, value: &str| Condition::Text { field, how: How::Contains, value: value.into() };
    for (condition, holds) in [
        (header("x-priority", How::Starts, "1"), true),
        (header("X-Priority", How::Contains, "HIGH"), true),
        (header("X-Priority", How::Is, "1"), false),
        (header("X-Priority", How::Regex, r"^[12]\b"), true),
        (header("received", How::Ends, "from b"), true),
        (header("X-Other", How::Contains, "1"), false),
        (text(Field::Bcc, "hidden"), true),
        (text(Field::ReplyTo, "desk@"), true),
        (text(Field::To, "hidden"), false),
        (Condition::Date { after: Some(1_000), before: None }, true),
        (Condition::Date { after: None, before: Some(1_000) }, false),
        (Condition::Date { after: Some(500), before: Some(1_001) }, true),
    ] {
        let rule = rule(Quantifier::All, vec![condition.clone()]);
        let set = RuleSet::new([&rule]);
        assert_eq!(!set.judge(&mail).matched.is_empty(), holds, "{condition:?}");
        let asks = matches!(condition, Condition::Header { .. });
        assert_eq!(set.asks_headers(), asks, "{condition:?}");
    }
}

fn rule(quantifier: Quantifier, of: Vec<Condition>) -> Rule {
    Rule {
        name: "r".into(),
        enabled: true,
        stop: false,
        when: Group { quantifier, of },
        actions: vec![Action::Star],
    }
}

fn says(field: Field, how: How, value: &str) -> Condition {
    Condition::Text { field, how, value: value.into() }
}

fn mail(pairs: &[(Field, &str)]) -> Mail {
    let mut mail = Mail::new(AccountId(1), Channel::Email);
    for (field, value) in pairs {
        mail.add(*field, value);
    }
    mail
}

fn matches(rules: &[Rule], mail: &Mail) -> Vec<usize> {
    RuleSet::new(rules).judge(mail).matched
}

#[test]
fn words_are_compared_without_case_in_any_value_of_a_field() {
    let mail = mail(&[
        (Field::From, "Mara VÖSS"),
        (Field::From, "mara@client.example"),
        (Field::Subject, "RE: Invoice 7"),
    ]);
    for (field, how, value, holds) in [
        (Field::From, How::Contains, "vöss", true),
        (Field::From, How::Is, "MARA@client.example", true),
        (Field::From, How::Ends, "@client.example", true),
        (Field::From, How::Starts, "client", false),
        (Field::Subject, How::Regex, r"invoice \d+$", true),
        (Field::Subject, How::Regex, r"^invoice", false),
        (Field::To, How::Contains, "mara", false),
    ] {
        let rules = [rule(Quantifier::All, vec![says(field, how, value)])];
        assert_eq!(matches(&rules, &mail) == [0], holds, "{field:?} {how:?} {value}");
    }
}

#[test]
fn none_of_a_group_holds_where_a_field_is_missing() {
    let rules = [rule(Quantifier::None, vec![says(Field::List, How::Regex, ".")])];
    assert_eq!(matches(&rules, &mail(&[])), [0], "no list at all");
    assert_eq!(matches(&rules, &mail(&[(Field::List, "ink.lists.example")])), [0; 0]);
}

#[test]
fn a_rule_that_stops_hides_those_after_it_and_a_disabled_one_does_nothing() {
    let hello = vec![says(Field::Subject, How::Contains, "hello")];
    let mut rules = vec![rule(Quantifier::All, hello); 3];
    rules[0].enabled = false;
    rules[1].stop = true;
    assert_eq!(matches(&rules, &mail(&[(Field::Subject, "Hello there")])), [1]);
}

#[test]
fn what_no_rule_reads_need_not_be_told() {
    let rules = [rule(Quantifier::All, vec![says(Field::Subject, How::Is, "x")])];
    let set = RuleSet::new(&rules);
    assert!(set.reads(Field::Subject) && !set.reads(Field::Body));
}

/// A condition looked at alone, the obvious way.
fn plainly(condition: &Condition, mail: &Mail) -> bool {
    match condition {
        Condition::Group(group) => plain_group(group, mail),
        Condition::Text { field, how, value } => {
            let value = value.trim().to_lowercase();
            mail.values(*field as usize).iter().any(|text| match how {
                How::Contains => text.contains(&value),
                How::Is => text.trim() == value,
                How::Starts => text.starts_with(&value),
                How::Ends => text.trim_end().ends_with(&value),
                How::Regex => expression(&value).is_ok_and(|found| found.is_match(text)),
            })
        }
        other => fixed(other, mail),
    }
}

fn plain_group(group: &Group, mail: &Mail) -> bool {
    let mut each = group.of.iter().map(|condition| plainly(condition, mail));
    match group.quantifier {
        Quantifier::All => each.all(|holds| holds),
        Quantifier::Any => each.any(|holds| holds),
        Quantifier::None => !each.any(|holds| holds),
    }
}

fn field() -> impl Strategy<Value = Field> {
    prop::sample::select(Field::EVERY.to_vec())
}

fn quantifier() -> impl Strategy<Value = Quantifier> {
    prop::sample::select(vec![Quantifier::All, Quantifier::Any, Quantifier::None])
}

fn condition() -> impl Strategy<Value = Condition> {
    let how =
        prop::sample::select(vec![How::Contains, How::Is, How::Starts, How::Ends, How::Regex]);
    let text = (field(), how, "[abÄ]{1,3}").prop_map(|(field, how, value)| Condition::Text {
        field,
        how,
        value,
    });
    let leaf = prop_oneof![
        4 => text,
        1 => any::<bool>().prop_map(|value| Condition::Bulk { value }),
        1 => (0..20_u64).prop_map(|bytes| Condition::Larger { bytes }),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        (quantifier(), prop::collection::vec(inner, 1..4))
            .prop_map(|(quantifier, of)| Condition::Group(Group { quantifier, of }))
    })
}

proptest! {
    #[test]
    fn one_walk_over_a_field_finds_what_each_condition_would_alone(
        conditions in prop::collection::vec((quantifier(), prop::collection::vec(condition(), 1..4)), 1..6),
        texts in prop::collection::vec((field(), "[abäÄ ]{0,8}"), 0..12),
        bulk in any::<bool>(),
        size in 0..20_u64,
    ) {
        let rules: Vec<Rule> = conditions.into_iter().map(|(q, of)| rule(q, of)).collect();
        let mut mail = Mail::new(AccountId(1), Channel::Email);
        (mail.bulk, mail.size) = (bulk, size);
        for (field, text) in &texts {
            mail.add(*field, text);
        }
        let expected: Vec<usize> = rules
            .iter()
            .enumerate()
            .filter(|(_, rule)| plain_group(&rule.when, &mail))
            .map(|(index, _)| index)
            .collect();
        prop_assert_eq!(matches(&rules, &mail), expected);
    }
}
