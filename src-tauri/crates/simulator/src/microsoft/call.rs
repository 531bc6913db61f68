//! A request to Graph as its parts, and what is answered: the same for a request of its own and for one in a batch.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};

use crate::journal::{Trouble, Troubles};

/// A request that was let in.
pub(crate) struct Call {
    pub(crate) method: String,
    /// The path below `/v1.0`, step by step; `mailFolders('x')` stands as two.
    pub(crate) steps: Vec<String>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) prefer: String,
    pub(crate) media_type: String,
    pub(crate) body: Vec<u8>,
    /// Where Graph is, for links.
    pub(crate) origin: String,
    /// Whose mailbox.
    pub(crate) address: String,
    /// The instant, ms UTC.
    pub(crate) now: i64,
}

/// What is answered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) content: Content,
    /// What was in the way of who asked, on purpose.
    pub(crate) trouble: [Option<Trouble>; 3],
}

/// The body of an answer.
#[derive(Debug)]
pub(crate) enum Content {
    Nothing,
    Json(Value),
    Text(Vec<u8>),
}

pub(crate) type Outcome = Result<Reply, Reply>;

impl Call {
    /// The steps of a path, with the parts of a call such as `mailFolders('inbox')` taken apart.
    pub(crate) fn steps_of(path: &str) -> Vec<String> {
        let mut steps = Vec::new();
        for step in path.split('/').filter(|step| !step.is_empty()) {
            let step = step.replace("%27", "'").replace("%28", "(").replace("%29", ")");
            match step.strip_suffix("')").and_then(|step| step.split_once("('")) {
                Some((name, id)) => steps.extend([name.to_owned(), id.to_owned()]),
                None => steps.push(step.trim_end_matches("()").to_owned()),
            }
        }
        steps
    }

    pub(crate) fn option(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether ids are asked for that stay when an item moves.
    pub(crate) fn immutable(&self) -> bool {
        self.prefer.to_lowercase().contains("idtype=\"immutableid\"")
    }

    /// `odata.maxpagesize`, where it is preferred.
    pub(crate) fn page_size(&self) -> Option<usize> {
        let (_, rest) = self.prefer.split_once("odata.maxpagesize=")?;
        rest.split([',', ' ', ';']).next()?.parse().ok()
    }

    pub(crate) fn json(&self) -> Result<Value, Reply> {
        serde_json::from_slice(&self.body)
            .map_err(|_| refuse(400, "BadRequest", "Unable to read JSON request payload."))
    }

    pub(crate) fn is_mime(&self) -> bool {
        self.media_type.starts_with("text/plain")
    }
}

/// An answer with a JSON body.
pub(crate) fn answer(status: u16, body: Value) -> Reply {
    Reply { status, headers: Vec::new(), content: Content::Json(body), trouble: [None; 3] }
}

/// An answer that is a status and nothing else.
pub(crate) fn nothing(status: u16) -> Reply {
    Reply { status, headers: Vec::new(), content: Content::Nothing, trouble: [None; 3] }
}

/// A refusal in Graph's form; request ids and the date are added on the way out.
pub(crate) fn refuse(status: u16, code: &str, message: &str) -> Reply {
    answer(status, json!({ "error": { "code": code, "message": message } }))
}

pub(crate) fn not_found() -> Reply {
    refuse(
        404,
        "ErrorItemNotFound",
        "The specified object was not found in the store., The process failed to get the correct properties.",
    )
}

impl Reply {
    pub(crate) fn header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Notes for the journal what was in the way.
    pub(crate) fn with(mut self, trouble: Trouble) -> Self {
        // No answer meets more than has room: partial, moved and repeated items.
        if let Some(free) = self.trouble.iter_mut().find(|one| one.is_none()) {
            *free = Some(trouble);
        }
        self
    }

    /// Adds what Graph tells of the request beside a refusal.
    pub(crate) fn sign(&mut self, date: &str, request: &str, client_request: &str) {
        let Content::Json(body) = &mut self.content else { return };
        let Some(error) = body.get_mut("error").and_then(Value::as_object_mut) else { return };
        error.insert(
            "innerError".into(),
            json!({ "date": date, "request-id": request, "client-request-id": client_request }),
        );
    }

    pub(crate) fn into_response(self) -> Response {
        let (media_type, bytes) = match self.content {
            Content::Nothing => (None, Vec::new()),
            Content::Json(value) => (
                Some("application/json;odata.metadata=minimal;odata.streaming=true"),
                value.to_string().into_bytes(),
            ),
            Content::Text(bytes) => (Some("text/plain"), bytes),
        };
        let mut response = Response::new(Body::from(bytes));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        response.extensions_mut().insert(Troubles(self.trouble.into_iter().flatten().collect()));
        let headers = response.headers_mut();
        if let Some(media_type) = media_type {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        }
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        response
    }
}
