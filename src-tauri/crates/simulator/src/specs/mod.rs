//! Holds what passes between a client and the fakes against the providers' published specifications.
//!
//! Owns the fragments of them that are committed beside the tests; sees requests and answers as they are on the
//! line, and those in a batch one by one. Leaves out what a fault put in place of an answer, and pages for a
//! browser. Invariant: a path that is not in a fragment is a complaint, as much as a body of another shape.

mod parts;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, OnceLock, PoisonError};

use jsonschema::Validator;
use serde_json::{Value, json};

/// One request and its answer.
pub(crate) struct Exchange<'a> {
    pub(crate) provider: &'static str,
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    /// Content-Type of the request.
    pub(crate) kind: &'a str,
    pub(crate) body: &'a [u8],
    /// `None` where the answer is none of the provider's own.
    pub(crate) answer: Option<Answered<'a>>,
}

/// What was answered.
#[derive(Clone, Copy)]
pub(crate) struct Answered<'a> {
    pub(crate) status: u16,
    pub(crate) kind: &'a str,
    pub(crate) body: &'a [u8],
}

const FRAGMENTS: [(&str, &str); 4] = [
    ("google", include_str!("../../tests/schemas/gmail.json")),
    ("microsoft", include_str!("../../tests/schemas/msgraph-mail.json")),
    ("sendgrid", include_str!("../../tests/schemas/sendgrid.json")),
    ("resend", include_str!("../../tests/schemas/resend.json")),
];

/// What stands beside the APIs: signing in (RFC 6749, RFC 7009, OpenID Connect), uploads to an address that is a
/// key of its own, and Pub/Sub, of which no specification is held here.
const BESIDE: [(&str, &str, &str); 10] = [
    ("google", "GET", "/o/oauth2/v2/auth"),
    ("google", "POST", "/token"),
    ("google", "POST", "/revoke"),
    ("google", "GET", "/v1/userinfo"),
    ("google", "GET", "/oauth2/v3/certs"),
    ("google", "POST", "/v1/projects/{project}/subscriptions/{call}"),
    ("microsoft", "GET", "/{tenant}/oauth2/v2.0/authorize"),
    ("microsoft", "POST", "/{tenant}/oauth2/v2.0/token"),
    ("microsoft", "PUT", "/upload/{mailbox}/{key}"),
    ("microsoft", "POST", "/v1.0/$batch"),
];

/// One operation of a fragment.
struct Operation {
    steps: Vec<String>,
    method: String,
    told: Value,
}

struct Fragment {
    operations: Vec<Operation>,
    defs: Value,
    /// Schemas made ready, by their text.
    ready: Mutex<HashMap<String, &'static Validator>>,
}

fn fragment(provider: &str) -> Option<&'static Fragment> {
    static ALL: OnceLock<BTreeMap<&'static str, Fragment>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let read = |(name, text): (&'static str, &str)| Some((name, Fragment::read(text)?));
        FRAGMENTS.into_iter().filter_map(read).collect()
    });
    all.get(provider)
}

impl Fragment {
    fn read(text: &str) -> Option<Self> {
        let whole: Value = serde_json::from_str(text).ok()?;
        let mut operations = Vec::new();
        for (path, methods) in whole.get("paths")?.as_object()? {
            for (method, told) in methods.as_object()? {
                let steps = steps(path);
                operations.push(Operation { steps, method: method.clone(), told: told.clone() });
            }
        }
        // Names before placeholders, so that `messages/send` is no message of that name.
        operations.sort_by_key(|one| one.steps.iter().filter(|step| step.starts_with('{')).count());
        Some(Self { operations, defs: whole.get("$defs")?.clone(), ready: Mutex::default() })
    }

    fn operation(&self, method: &str, path: &str) -> Option<&Operation> {
        let asked = steps(path);
        self.operations.iter().find(|one| one.method == method && fits(&one.steps, &asked))
    }

    fn complaints(&self, schema: &Value, value: &Value) -> Vec<String> {
        let key = schema.to_string();
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        let validator = match ready.get(&key) {
            Some(known) => *known,
            None => {
                let whole = json!({ "$defs": self.defs, "allOf": [schema] });
                match jsonschema::validator_for(&whole) {
                    Ok(made) => {
                        let kept: &'static Validator = Box::leak(Box::new(made));
                        ready.insert(key, kept);
                        kept
                    }
                    Err(error) => return vec![format!("the schema itself: {error}")],
                }
            }
        };
        drop(ready);
        let each = validator.iter_errors(value);
        each.map(|error| format!("{} at {}", clipped(&error.to_string()), error.instance_path()))
            .collect()
    }
}

/// Errors tell the value they are about; of a body that is enough.
fn clipped(text: &str) -> String {
    text.chars().take(300).collect()
}

fn steps(path: &str) -> Vec<String> {
    crate::microsoft::steps_of(path)
}

fn fits(pattern: &[String], asked: &[String]) -> bool {
    pattern.len() == asked.len()
        && pattern.iter().zip(asked).all(|(p, a)| p.starts_with('{') || p == a)
}

/// What an exchange does otherwise than the specification says.
pub(crate) fn complaints(exchange: &Exchange<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let beside = BESIDE.iter().any(|(provider, method, path)| {
        *provider == exchange.provider
            && *method == exchange.method
            && fits(&steps(path), &steps(exchange.path))
    });
    if let Some(parts) = parts::of(exchange) {
        for part in &parts {
            found.extend(complaints(&part.exchange(exchange.provider)));
        }
    } else if !beside {
        one(exchange, &mut found);
    } else if exchange.path.ends_with("/token") {
        signing_in(exchange, &mut found);
    }
    found
}

fn one(exchange: &Exchange<'_>, found: &mut Vec<String>) {
    let Exchange { provider, method, path, .. } = exchange;
    let mut complain = |words: String| found.push(format!("{method} {path}: {words}"));
    let Some(fragment) = fragment(provider) else {
        return complain(format!("no specification of {provider} is held here"));
    };
    let refused = exchange.answer.is_some_and(|answer| answer.status >= 400);
    let Some(operation) = fragment.operation(method, path) else {
        return complain("the specification has no such path".into());
    };
    for word in questions(&operation.told, exchange.query) {
        complain(word);
    }
    // What a fake refuses may be wrong on purpose.
    if !refused {
        match request(&operation.told, exchange) {
            Ok(Some((schema, body))) => fragment
                .complaints(&schema, &body)
                .into_iter()
                .for_each(|words| complain(format!("request: {words}"))),
            Ok(None) => {}
            Err(words) => complain(format!("request: {words}")),
        }
    }
    let Some(answer) = exchange.answer else { return };
    let schema = if refused {
        json!({ "$ref": "#/$defs/error" })
    } else {
        let known = operation.told.pointer(&format!("/responses/{}", answer.status));
        match known {
            Some(schema) => schema.clone(),
            None => return complain(format!("the specification has no answer {}", answer.status)),
        }
    };
    if schema.is_null() {
        if !answer.body.is_empty() {
            complain(format!("answer {}: it has no body there", answer.status));
        }
        return;
    }
    if !answer.kind.contains("json") {
        // Sources of messages are no JSON.
        if schema.as_object().is_some_and(|schema| !schema.is_empty()) {
            complain(format!("answer {}: it is JSON there", answer.status));
        }
        return;
    }
    match serde_json::from_slice(answer.body) {
        Ok(value) => fragment
            .complaints(&schema, &value)
            .into_iter()
            .for_each(|words| complain(format!("answer {}: {words}", answer.status))),
        Err(error) => complain(format!("answer {}: {error}", answer.status)),
    }
}

/// The body of a request and the schema it is held against; `None` where there is none to hold.
fn request(told: &Value, exchange: &Exchange<'_>) -> Result<Option<(Value, Value)>, String> {
    let allowed = |name: &str| told.get(name).and_then(Value::as_bool).unwrap_or(false);
    if allowed("mime") && exchange.kind.starts_with("text/plain")
        || allowed("multipart") && !exchange.kind.contains("json")
    {
        return Ok(None);
    }
    match told.get("request").filter(|schema| !schema.is_null()) {
        None if exchange.body.is_empty() || exchange.body == b"{}" => Ok(None),
        None => Err("it has no body there".into()),
        Some(schema) => {
            let body = serde_json::from_slice(exchange.body).map_err(|error| error.to_string())?;
            Ok(Some((schema.clone(), body)))
        }
    }
}

/// Parameters of a query that are not known, or of another type.
fn questions(told: &Value, query: &str) -> Vec<String> {
    let known = told.get("query").and_then(Value::as_object);
    let mut found = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = name.replace("%24", "$");
        let kind = match known.and_then(|known| known.get(&name)) {
            Some(schema) => schema.get("type").and_then(Value::as_str),
            None if name == "uploadType" => None,
            None => {
                found.push(format!("the specification has no parameter {name}"));
                continue;
            }
        };
        let good = match kind {
            Some("integer") => value.parse::<u64>().is_ok(),
            Some("boolean") => matches!(value, "true" | "false"),
            _ => true,
        };
        if !good {
            found.push(format!("{name} is no {}", kind.unwrap_or_default()));
        }
    }
    found
}

/// RFC 6749, sections 4.1.3, 5.1, 5.2 and 6.
fn signing_in(exchange: &Exchange<'_>, found: &mut Vec<String>) {
    let mut complain = |words: &str| found.push(format!("POST {}: {words}", exchange.path));
    if !exchange.kind.starts_with("application/x-www-form-urlencoded") {
        complain("a token is asked for with a form");
    }
    let body = String::from_utf8_lossy(exchange.body).into_owned();
    if !body.split('&').any(|pair| pair.starts_with("grant_type=")) {
        complain("grant_type is missing");
    }
    let Some(answer) = exchange.answer else { return };
    let told: Value = serde_json::from_slice(answer.body).unwrap_or_default();
    let has = |name: &str| told.get(name).is_some_and(Value::is_string);
    if answer.status < 400 && !(has("access_token") && has("token_type")) {
        complain("the answer lacks access_token or token_type");
    }
    if answer.status >= 400 && !has("error") {
        complain("the refusal lacks error");
    }
}
