//! Rules made ready for matching: every word looked for in a field is found in one walk over it.
//!
//! Invariant: the time for a message grows with its length, not with its length times the number of rules;
//! the result is the same as if every condition were looked at alone.

use aho_corasick::AhoCorasick;
use regex::RegexSet;

use super::check::expression;
use super::{Condition, Field, Group, How, Quantifier, Rule};
use crate::{AccountId, Channel, Millis};

const FIELDS: usize = Field::EVERY.len();

/// A message as rules see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The account it came to.
    pub account: AccountId,
    /// How it came.
    pub channel: Channel,
    /// Its size in bytes.
    pub size: u64,
    /// Files are attached.
    pub attachment: bool,
    /// A list or a machine sent it.
    pub bulk: bool,
    /// It answers another message.
    pub reply: bool,
    /// Its author is no stranger.
    pub known: bool,
    /// When it says it was written, ms UTC.
    pub date: Millis,
    /// Its header fields, names and values lowered.
    headers: Vec<(String, String)>,
    /// By field, lowered; a field may have several values.
    texts: [Vec<String>; FIELDS],
}

impl Mail {
    /// A message of which nothing is known but where it came.
    pub fn new(account: AccountId, channel: Channel) -> Self {
        Self {
            account,
            channel,
            size: 0,
            attachment: false,
            bulk: false,
            reply: false,
            known: false,
            date: 0,
            headers: Vec::new(),
            texts: Default::default(),
        }
    }

    /// Adds a value to a field; an empty one counts for nothing.
    pub fn add(&mut self, field: Field, value: &str) {
        if value.is_empty() {
            return;
        }
        if let Some(values) = self.texts.get_mut(field as usize) {
            values.push(value.to_lowercase());
        }
    }

    /// Adds a field of its header.
    pub fn add_header(&mut self, name: &str, value: &str) {
        self.headers.push((name.to_ascii_lowercase(), value.to_lowercase()));
    }

    fn values(&self, field: usize) -> &[String] {
        self.texts.get(field).map_or(&[], Vec::as_slice)
    }
}

/// What rules say of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// The rules that match, by their place in the set, in order; none after one that stops.
    pub matched: Vec<usize>,
}

/// A condition with its words replaced by their numbers.
#[derive(Clone, Debug)]
enum Test {
    Group(Quantifier, Vec<Test>),
    /// Number of the word among those looked for in a field.
    Word(usize, usize),
    /// Number of the expression among those of a field.
    Expression(usize, usize),
    Whole(usize, How, String),
    /// A header field by its lowered name, and what is looked for in it.
    Header(String, Wanted),
    Fixed(Condition),
    /// An expression that cannot be read matches nothing.
    Never,
}

/// Words to compare one value with, made ready.
#[derive(Clone, Debug)]
enum Wanted {
    Words(How, String),
    Expression(regex::Regex),
}

impl Wanted {
    fn fits(&self, text: &str) -> bool {
        match self {
            Self::Words(How::Contains, value) => text.contains(value),
            Self::Words(How::Starts, value) => text.trim_start().starts_with(value),
            Self::Words(How::Ends, value) => text.trim_end().ends_with(value),
            Self::Words(_, value) => text.trim() == value,
            Self::Expression(expression) => expression.is_match(text),
        }
    }
}

/// What is looked for in one field.
#[derive(Clone, Debug, Default)]
struct Finder {
    words: Vec<String>,
    automaton: Option<AhoCorasick>,
    expressions: Vec<String>,
    set: Option<RegexSet>,
}

/// What was found in one field of a message.
#[derive(Debug, Default)]
struct Found {
    words: Vec<bool>,
    expressions: Vec<bool>,
}

#[derive(Clone, Debug)]
struct Compiled {
    test: Test,
    enabled: bool,
    stop: bool,
}

/// Rules, made ready.
#[derive(Clone, Debug)]
pub struct RuleSet {
    rules: Vec<Compiled>,
    finders: [Finder; FIELDS],
}

impl RuleSet {
    /// Makes rules ready; a disabled one never matches.
    pub fn new<'a>(rules: impl IntoIterator<Item = &'a Rule>) -> Self {
        let mut finders: [Finder; FIELDS] = Default::default();
        let rules = rules
            .into_iter()
            .map(|rule| Compiled {
                test: if rule.enabled {
                    Test::Group(rule.when.quantifier, tests(&rule.when, &mut finders))
                } else {
                    Test::Never
                },
                enabled: rule.enabled,
                stop: rule.stop,
            })
            .collect();
        for finder in &mut finders {
            finder.prepare();
        }
        Self { rules, finders }
    }

    /// Whether a rule looks into this field, so that whoever describes a message may leave the others out.
    pub fn reads(&self, field: Field) -> bool {
        let finder = self.finders.get(field as usize);
        let whole = || self.rules.iter().any(|rule| rule.test.reads(field as usize));
        finder.is_some_and(|f| !f.words.is_empty() || !f.expressions.is_empty()) || whole()
    }

    /// Whether a rule asks if a message answers another one.
    pub fn asks_reply(&self) -> bool {
        self.asks(&|condition| matches!(condition, Condition::Reply { .. }))
    }

    /// Whether a rule looks into header fields by their names.
    pub fn asks_headers(&self) -> bool {
        self.rules.iter().any(|rule| rule.test.looks_into_headers())
    }

    /// Whether a rule asks if the author is known.
    pub fn asks_known(&self) -> bool {
        self.asks(&|condition| matches!(condition, Condition::Known { .. }))
    }

    fn asks(&self, wanted: &dyn Fn(&Condition) -> bool) -> bool {
        self.rules.iter().any(|rule| rule.test.asks(wanted))
    }

    /// Whether no rule can match.
    pub fn is_empty(&self) -> bool {
        self.rules.iter().all(|rule| !rule.enabled)
    }

    /// Looks at a message.
    pub fn judge(&self, mail: &Mail) -> Verdict {
        let mut found: [Option<Found>; FIELDS] = Default::default();
        let mut verdict = Verdict::default();
        for (index, rule) in self.rules.iter().enumerate() {
            if rule.enabled && self.holds(&rule.test, mail, &mut found) {
                verdict.matched.push(index);
                if rule.stop {
                    break;
                }
            }
        }
        verdict
    }

    fn holds(&self, test: &Test, mail: &Mail, found: &mut [Option<Found>; FIELDS]) -> bool {
        let mut look = |field: usize, pick: &dyn Fn(&Found) -> bool| {
            let Some(slot) = found.get_mut(field) else { return false };
            let finder = self.finders.get(field);
            pick(slot.get_or_insert_with(|| {
                finder.map(|finder| finder.look(mail.values(field))).unwrap_or_default()
            }))
        };
        match test {
            Test::Group(quantifier, of) => {
                let mut each = of.iter().map(|test| self.holds(test, mail, found));
                match quantifier {
                    Quantifier::All => each.all(|holds| holds),
                    Quantifier::Any => each.any(|holds| holds),
                    Quantifier::None => !each.any(|holds| holds),
                }
            }
            Test::Word(field, word) => {
                look(*field, &|found| found.words.get(*word).copied().unwrap_or(false))
            }
            Test::Expression(field, number) => {
                look(*field, &|found| found.expressions.get(*number).copied().unwrap_or(false))
            }
            Test::Whole(field, how, value) => mail.values(*field).iter().any(|text| match how {
                How::Starts => text.starts_with(value),
                How::Ends => text.trim_end().ends_with(value),
                _ => text.trim() == value,
            }),
            Test::Header(name, wanted) => {
                mail.headers.iter().any(|(known, value)| known == name && wanted.fits(value))
            }
            Test::Fixed(condition) => fixed(condition, mail),
            Test::Never => false,
        }
    }
}

fn fixed(condition: &Condition, mail: &Mail) -> bool {
    match condition {
        Condition::Attachment { value } => mail.attachment == *value,
        Condition::Larger { bytes } => mail.size > *bytes,
        Condition::Smaller { bytes } => mail.size < *bytes,
        Condition::Account { accounts } => accounts.contains(&mail.account),
        Condition::Channel { channel } => mail.channel == *channel,
        Condition::Bulk { value } => mail.bulk == *value,
        Condition::Reply { value } => mail.reply == *value,
        Condition::Known { value } => mail.known == *value,
        Condition::Date { after, before } => {
            after.is_none_or(|after| mail.date >= after)
                && before.is_none_or(|before| mail.date < before)
        }
        Condition::Group(_) | Condition::Text { .. } | Condition::Header { .. } => false,
    }
}

impl Test {
    fn asks(&self, wanted: &dyn Fn(&Condition) -> bool) -> bool {
        match self {
            Self::Group(_, of) => of.iter().any(|test| test.asks(wanted)),
            Self::Fixed(condition) => wanted(condition),
            _ => false,
        }
    }

    fn looks_into_headers(&self) -> bool {
        match self {
            Self::Group(_, of) => of.iter().any(Self::looks_into_headers),
            Self::Header(..) => true,
            _ => false,
        }
    }

    fn reads(&self, wanted: usize) -> bool {
        match self {
            Self::Group(_, of) => of.iter().any(|test| test.reads(wanted)),
            Self::Whole(field, ..) => *field == wanted,
            _ => false,
        }
    }
}

impl Finder {
    fn word(&mut self, word: String) -> usize {
        number(&mut self.words, word)
    }

    fn prepare(&mut self) {
        if !self.words.is_empty() {
            self.automaton = AhoCorasick::new(&self.words).ok();
        }
        if !self.expressions.is_empty() {
            let joined = regex::RegexSetBuilder::new(&self.expressions)
                .case_insensitive(true)
                .size_limit(64 << 20)
                .build();
            self.set = joined.ok();
        }
    }

    fn look(&self, values: &[String]) -> Found {
        let mut found = Found {
            words: vec![false; self.words.len()],
            expressions: vec![false; self.expressions.len()],
        };
        let mut left = self.words.len();
        for value in values {
            if let Some(automaton) = self.automaton.as_ref().filter(|_| left > 0) {
                for hit in automaton.find_overlapping_iter(value) {
                    if let Some(word) = found.words.get_mut(hit.pattern().as_usize())
                        && !*word
                    {
                        *word = true;
                        left -= 1;
                        if left == 0 {
                            break;
                        }
                    }
                }
            }
            if let Some(set) = &self.set {
                for hit in set.matches(value) {
                    if let Some(one) = found.expressions.get_mut(hit) {
                        *one = true;
                    }
                }
            }
        }
        found
    }
}

fn number(list: &mut Vec<String>, word: String) -> usize {
    list.iter().position(|known| *known == word).unwrap_or_else(|| {
        list.push(word);
        list.len() - 1
    })
}

fn tests(group: &Group, finders: &mut [Finder; FIELDS]) -> Vec<Test> {
    let mut tests = Vec::with_capacity(group.of.len());
    for condition in &group.of {
        tests.push(match condition {
            Condition::Group(inner) => Test::Group(inner.quantifier, self::tests(inner, finders)),
            Condition::Text { field, how, value } => {
                let place = *field as usize;
                match (how, finders.get_mut(place)) {
                    (How::Contains, Some(finder)) => {
                        Test::Word(place, finder.word(value.trim().to_lowercase()))
                    }
                    (How::Regex, Some(finder)) if expression(value).is_ok() => {
                        Test::Expression(place, number(&mut finder.expressions, value.clone()))
                    }
                    (How::Is | How::Starts | How::Ends, _) => {
                        Test::Whole(place, *how, value.trim().to_lowercase())
                    }
                    _ => Test::Never,
                }
            }
            Condition::Header { name, how, value } => {
                let name = name.trim().to_ascii_lowercase();
                match (how, expression(value)) {
                    (How::Regex, Ok(expression)) => {
                        Test::Header(name, Wanted::Expression(expression))
                    }
                    (How::Regex, Err(_)) => Test::Never,
                    _ => Test::Header(name, Wanted::Words(*how, value.trim().to_lowercase())),
                }
            }
            other => Test::Fixed(other.clone()),
        });
    }
    tests
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Action;
    use super::*;

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
}
