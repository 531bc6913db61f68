//! Rules made ready for matching: every word looked for in a field is found in one walk over it.
//!
//! Invariant: the time for a message grows with its length, not with its length times the number of rules;
//! the result is the same as if every condition were looked at alone.

use aho_corasick::AhoCorasick;
use regex::RegexSet;

use super::check::expression;
use super::mail::{FIELDS, Mail};
use super::{Condition, Field, Group, How, Quantifier, Rule};

#[cfg(test)]
mod tests;

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
    /// What is asked of each message, found out once.
    asked: Asked,
}

/// What some rule looks at.
#[derive(Clone, Copy, Debug, Default)]
struct Asked {
    fields: [bool; FIELDS],
    reply: bool,
    headers: bool,
    known: bool,
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
        let mut set = Self { rules, finders, asked: Asked::default() };
        set.asked = set.find_out();
        set
    }

    fn find_out(&self) -> Asked {
        let any = |test: &dyn Fn(&Test) -> bool| self.rules.iter().any(|rule| test(&rule.test));
        let mut fields = [false; FIELDS];
        for (field, (read, finder)) in fields.iter_mut().zip(&self.finders).enumerate() {
            let whole = any(&|test| test.reads(field));
            *read = !finder.words.is_empty() || !finder.expressions.is_empty() || whole;
        }
        let asks = |wanted: &dyn Fn(&Condition) -> bool| any(&|test| test.asks(wanted));
        Asked {
            fields,
            reply: asks(&|condition| matches!(condition, Condition::Reply { .. })),
            headers: any(&Test::looks_into_headers),
            known: asks(&|condition| matches!(condition, Condition::Known { .. })),
        }
    }

    /// Whether a rule looks into this field, so that whoever describes a message may leave the others out.
    pub fn reads(&self, field: Field) -> bool {
        self.asked.fields.get(field as usize).copied().unwrap_or(false)
    }

    /// Whether a rule asks if a message answers another one.
    pub fn asks_reply(&self) -> bool {
        self.asked.reply
    }

    /// Whether a rule looks into header fields by their names.
    pub fn asks_headers(&self) -> bool {
        self.asked.headers
    }

    /// Whether a rule asks if the author is known.
    pub fn asks_known(&self) -> bool {
        self.asked.known
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
