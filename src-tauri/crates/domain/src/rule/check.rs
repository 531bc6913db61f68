//! Refusing a rule that cannot be used, with the place of the fault.

use regex::RegexBuilder;

use super::{Action, Condition, Group, How, Rule};

/// Conditions one rule may have, in all of its groups.
const MOST_CONDITIONS: usize = 100;
/// Groups inside groups.
const DEEPEST: usize = 4;
/// Longest words to compare with, in characters.
const LONGEST_VALUE: usize = 1_000;
/// Longest name of a header field, in bytes.
const LONGEST_HEADER: usize = 100;
/// Longest name, in characters.
const LONGEST_NAME: usize = 120;
/// Memory a compiled expression may take.
const REGEX_BYTES: usize = 1 << 20;

/// A fault, and the field it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The field, as in JSON: `name`, `when.of.2.value`, `actions.0`.
    pub field: String,
    /// What is wrong and what to enter, for a person to read.
    pub message: String,
}

/// Everything wrong with a rule; empty when it can be used.
pub fn check(rule: &Rule) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut say = |field: String, message: &str| {
        problems.push(Problem { field, message: message.to_owned() });
    };
    if rule.name.trim().is_empty() {
        say("name".into(), "Give the rule a name.");
    } else if rule.name.chars().count() > LONGEST_NAME || rule.name.chars().any(char::is_control) {
        say("name".into(), "A rule's name is one line of at most 120 characters.");
    }
    let mut count = 0;
    group(&rule.when, "when", 1, &mut count, &mut say);
    if count > MOST_CONDITIONS {
        say("when".into(), "A rule has at most 100 conditions; make two rules of it.");
    }
    if rule.actions.is_empty() {
        say("actions".into(), "Choose what the rule does.");
    }
    if rule.actions.iter().filter(|action| action.moves()).count() > 1 {
        say("actions".into(), "Choose one of archive, trash and spam.");
    }
    for (index, action) in rule.actions.iter().enumerate() {
        let twice = rule.actions.iter().take(index).any(|earlier| earlier == action);
        let replies = |action: &&Action| matches!(action, Action::AutoReply { .. });
        if twice {
            say(format!("actions.{index}"), "This is chosen twice.");
        } else if replies(&action) && rule.actions.iter().take(index).any(|a| replies(&a)) {
            say(format!("actions.{index}"), "A rule answers with one template only.");
        }
    }
    problems
}

fn group(
    group: &Group,
    path: &str,
    depth: usize,
    count: &mut usize,
    say: &mut impl FnMut(String, &str),
) {
    if group.of.is_empty() {
        let words = if depth == 1 {
            "Add a condition; a rule without one would touch every message."
        } else {
            "Add a condition to this group, or remove the group."
        };
        say(path.to_owned(), words);
    }
    if depth > DEEPEST {
        return say(path.to_owned(), "Groups lie at most four deep; make two rules of it.");
    }
    for (index, condition) in group.of.iter().enumerate() {
        *count += 1;
        let at = format!("{path}.of.{index}");
        match condition {
            Condition::Group(inner) => self::group(inner, &at, depth + 1, count, say),
            Condition::Text { how, value, .. } => text(*how, value, format!("{at}.value"), say),
            Condition::Header { name, how, value } => {
                let sound = !name.is_empty()
                    && name.len() <= LONGEST_HEADER
                    && name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':');
                if !sound {
                    say(
                        format!("{at}.name"),
                        "Enter the name of a header field, such as X-Priority, without its colon.",
                    );
                }
                text(*how, value, format!("{at}.value"), say);
            }
            Condition::Date { after: None, before: None } => {
                say(at, "Enter a date from which on, or up to which, the rule applies.");
            }
            Condition::Date { after: Some(after), before: Some(before) } if after >= before => {
                say(
                    format!("{at}.before"),
                    "Nothing is written before it and after it; choose a later date.",
                );
            }
            Condition::Account { accounts } if accounts.is_empty() => {
                say(format!("{at}.accounts"), "Choose an account.");
            }
            Condition::Smaller { bytes: 0 } => {
                say(format!("{at}.bytes"), "Nothing is smaller than 0 bytes; enter a size.");
            }
            _ => {}
        }
    }
}

fn text(how: How, value: &str, field: String, say: &mut impl FnMut(String, &str)) {
    if value.trim().is_empty() {
        return say(field, "Enter the words to look for.");
    }
    if value.chars().count() > LONGEST_VALUE {
        return say(field, "Enter at most 1,000 characters.");
    }
    if how == How::Regex
        && let Err(error) = expression(value)
    {
        say(field, &format!("This regular expression cannot be used: {}", short(&error)));
    }
}

/// The expression as it is matched; its text has been lowered already.
pub(super) fn expression(value: &str) -> Result<regex::Regex, regex::Error> {
    RegexBuilder::new(value).case_insensitive(true).size_limit(REGEX_BYTES).build()
}

/// The expression's own error ends with the sentence that counts.
fn short(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(_) => "it is too large; simplify it.".into(),
        other => {
            let text = other.to_string();
            let last = text.lines().last().unwrap_or_default();
            format!("{}.", last.trim_start_matches("error: ").trim_end_matches('.'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Field, Quantifier};
    use super::*;

    fn rule(of: Vec<Condition>, actions: Vec<Action>) -> Rule {
        Rule {
            name: "Invoices".into(),
            enabled: true,
            stop: false,
            when: Group { quantifier: Quantifier::All, of },
            actions,
        }
    }

    fn says(how: How, value: &str) -> Condition {
        Condition::Text { field: Field::Subject, how, value: value.into() }
    }

    #[test]
    fn a_fault_is_named_at_its_field() {
        let inner = Group { quantifier: Quantifier::Any, of: vec![says(How::Regex, "(a")] };
        let broken = rule(vec![says(How::Is, " "), Condition::Group(inner)], vec![]);
        let fields: Vec<String> = check(&broken).into_iter().map(|p| p.field).collect();
        assert_eq!(fields, ["when.of.0.value", "when.of.1.of.0.value", "actions"]);
        assert!(check(&broken)[1].message.contains("unclosed group"), "{:?}", check(&broken)[1]);
    }

    #[test]
    fn a_rule_without_conditions_or_with_two_ways_out_of_the_inbox_is_refused() {
        let fields = |rule: &Rule| check(rule).into_iter().map(|p| p.field).collect::<Vec<_>>();
        assert_eq!(fields(&rule(vec![], vec![Action::Star])), ["when"]);
        let both = rule(vec![says(How::Is, "x")], vec![Action::Archive, Action::Trash]);
        assert_eq!(fields(&both), ["actions"]);
        assert_eq!(fields(&rule(vec![says(How::Is, "x")], vec![Action::Star])), [""; 0]);
    }

    #[test]
    fn an_expression_that_would_fill_the_memory_is_refused() {
        let huge = rule(vec![says(How::Regex, "(a{1000}){1000}")], vec![Action::Star]);
        assert!(check(&huge)[0].message.contains("too large"), "{:?}", check(&huge));
    }
}
