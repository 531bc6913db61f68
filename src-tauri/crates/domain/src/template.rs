//! Texts kept for use again and again, with variables: `Hello {{contact.first_name}}`.
//!
//! Invariant: a variable is one of [`Variable::EVERY`], or the text is refused naming it; a value put into
//! HTML is escaped, so that a name can never be markup.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// Something a template can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variable {
    /// The recipient's first name.
    ContactFirstName,
    /// The recipient's name.
    ContactName,
    /// The recipient's address.
    ContactAddress,
    /// The writer's name.
    SenderName,
    /// The writer's address.
    SenderAddress,
    /// What the account is called.
    AccountName,
    /// Today, in words.
    DateToday,
    /// Tomorrow, in words.
    DateTomorrow,
    /// When the next appointment begins.
    AppointmentStart,
    /// Its day.
    AppointmentDate,
    /// Its time.
    AppointmentTime,
    /// What it is for.
    AppointmentService,
    /// With whom.
    AppointmentStaff,
    /// Where.
    AppointmentPlace,
}

impl Variable {
    /// Every variable, in the order a person is shown them.
    pub const EVERY: [Self; 14] = [
        Self::ContactFirstName,
        Self::ContactName,
        Self::ContactAddress,
        Self::SenderName,
        Self::SenderAddress,
        Self::AccountName,
        Self::DateToday,
        Self::DateTomorrow,
        Self::AppointmentStart,
        Self::AppointmentDate,
        Self::AppointmentTime,
        Self::AppointmentService,
        Self::AppointmentStaff,
        Self::AppointmentPlace,
    ];

    /// Those that something fills in: what is said of an appointment comes with a calendar.
    pub fn filled() -> impl Iterator<Item = Self> {
        Self::EVERY.into_iter().filter(|variable| !variable.as_str().starts_with("appointment."))
    }

    /// Its name between the braces.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ContactFirstName => "contact.first_name",
            Self::ContactName => "contact.name",
            Self::ContactAddress => "contact.address",
            Self::SenderName => "sender.name",
            Self::SenderAddress => "sender.address",
            Self::AccountName => "account.name",
            Self::DateToday => "date.today",
            Self::DateTomorrow => "date.tomorrow",
            Self::AppointmentStart => "appointment.start",
            Self::AppointmentDate => "appointment.date",
            Self::AppointmentTime => "appointment.time",
            Self::AppointmentService => "appointment.service",
            Self::AppointmentStaff => "appointment.staff",
            Self::AppointmentPlace => "appointment.place",
        }
    }

    /// Reads the name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|variable| variable.as_str() == name)
    }
}

/// What is known when a template is filled.
pub type Values = BTreeMap<Variable, String>;

/// As what values are put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Plain text.
    Plain,
    /// HTML: values are escaped.
    Html,
}

/// A piece of a template.
enum Piece<'a> {
    Words(&'a str),
    /// The name between the braces, and the whole of it.
    Braces(&'a str, &'a str),
}

fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let Some(at) = rest.find("{{") else {
            return Some(Piece::Words(std::mem::take(&mut rest)));
        };
        if at > 0 {
            let (words, after) = rest.split_at_checked(at)?;
            rest = after;
            return Some(Piece::Words(words));
        }
        let inner = rest.get(2..).unwrap_or_default();
        // A name holds no brace and no line end; what looks otherwise is only text.
        match inner.find(['}', '{', '\n', '<']) {
            Some(end) if inner.get(end..).is_some_and(|after| after.starts_with("}}")) => {
                let (whole, after) = rest.split_at_checked(end + 4)?;
                rest = after;
                Some(Piece::Braces(inner.get(..end).unwrap_or_default().trim(), whole))
            }
            _ => {
                let (words, after) = rest.split_at_checked(2)?;
                rest = after;
                Some(Piece::Words(words))
            }
        }
    })
}

/// The variables a text names, each once, in their order.
///
/// # Errors
/// The first name that is no variable.
pub fn variables(text: &str) -> Result<Vec<Variable>, String> {
    let mut named = Vec::new();
    for piece in pieces(text) {
        if let Piece::Braces(name, _) = piece {
            let variable = Variable::parse(name).ok_or_else(|| name.to_owned())?;
            if !named.contains(&variable) {
                named.push(variable);
            }
        }
    }
    Ok(named)
}

/// What still stands between braces in a text, known or not.
pub fn left_over(text: &str) -> Vec<String> {
    pieces(text)
        .filter_map(|piece| match piece {
            Piece::Braces(name, _) => Some(name.to_owned()),
            Piece::Words(_) => None,
        })
        .collect()
}

/// The text with its variables filled in, and those nothing is known for, which stay as they are.
pub fn fill(text: &str, values: &Values, form: Form) -> (String, Vec<String>) {
    let mut filled = String::with_capacity(text.len());
    let mut missing = Vec::new();
    for piece in pieces(text) {
        match piece {
            Piece::Words(words) => filled.push_str(words),
            Piece::Braces(name, whole) => {
                let value = Variable::parse(name).and_then(|variable| values.get(&variable));
                match value.filter(|value| !value.trim().is_empty()) {
                    Some(value) if form == Form::Html => filled.push_str(&escape(value)),
                    Some(value) => filled.push_str(value),
                    None => {
                        filled.push_str(whole);
                        if !missing.contains(&name.to_owned()) {
                            missing.push(name.to_owned());
                        }
                    }
                }
            }
        }
    }
    (filled, missing)
}

/// Text as HTML says it.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}

/// The first name in a name: "Mara" of "Mara Voss" and of "Voss, Mara"; a title is none.
pub fn first_name(name: &str) -> &str {
    let name = name.trim();
    let given = name.split_once(',').map_or(name, |(_, given)| given.trim());
    let titled = |word: &&str| {
        matches!(
            word.trim_end_matches('.').to_lowercase().as_str(),
            "dr" | "prof" | "mr" | "mrs" | "ms" | "mx" | "herr" | "frau" | "sir" | "dipl"
        )
    };
    given.split_whitespace().find(|word| !titled(word)).unwrap_or(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Values {
        Values::from([
            (Variable::ContactFirstName, "<b>Mara</b>".to_owned()),
            (Variable::SenderName, "Ruth & Co".to_owned()),
        ])
    }

    #[test]
    fn a_name_is_never_markup() {
        let text = "Hi {{contact.first_name}}, {{ sender.name }} — {{appointment.start}}";
        let (html, missing) = fill(text, &values(), Form::Html);
        assert_eq!(html, "Hi &lt;b&gt;Mara&lt;/b&gt;, Ruth &amp; Co — {{appointment.start}}");
        assert_eq!(missing, ["appointment.start"]);
        let (plain, _) = fill(text, &values(), Form::Plain);
        assert_eq!(plain, "Hi <b>Mara</b>, Ruth & Co — {{appointment.start}}");
    }

    #[test]
    fn a_value_is_not_filled_again() {
        let values = Values::from([(Variable::ContactName, "{{sender.name}}".to_owned())]);
        let (text, missing) = fill("{{contact.name}}", &values, Form::Plain);
        assert_eq!((text.as_str(), missing.len()), ("{{sender.name}}", 0));
    }

    #[test]
    fn an_unknown_variable_is_named() {
        assert_eq!(variables("{{contact.frist_name}}"), Err("contact.frist_name".to_owned()));
        assert_eq!(variables("{{}}"), Err(String::new()));
        assert_eq!(variables("a {{ b } c {{\n}} {{{"), Ok(vec![]), "braces that are only text");
        assert_eq!(
            variables("{{date.today}} {{date.today}} {{contact.name}}"),
            Ok(vec![Variable::DateToday, Variable::ContactName])
        );
    }

    #[test]
    fn first_names_stand_where_they_stand() {
        for (name, first) in [
            ("Mara Voss", "Mara"),
            ("Voss, Mara", "Mara"),
            ("Dr. Mara Voss", "Mara"),
            ("  Mara ", "Mara"),
            ("Dr.", "Dr."),
            ("", ""),
        ] {
            assert_eq!(first_name(name), first, "{name}");
        }
    }
}
