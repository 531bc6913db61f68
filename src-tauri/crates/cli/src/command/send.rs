//! `bell send`: a new message, an answer, or a message handed on.

use std::io::Read as _;
use std::process::ExitCode;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use deskbell_api::Desk;
use deskbell_api::dto::{
    ApiError, ById, Code, Draft, FieldError, NewDraftArgs, Outgoing, QuoteWords, SaveArgs,
    SendArgs, SyncArgs, Warning,
};
use deskbell_api::handlers::{accounts, attach, compose, outbox, send as sending};

use crate::args::Send;
use crate::command::filling;
use crate::exit::{Failure, PARTLY};
use crate::output::{Output, time};

/// How long `--wait` waits for the provider's word.
const PATIENCE: Duration = Duration::from_secs(120);

pub async fn run(desk: &Desk, output: Output, send: Send) -> Result<ExitCode, Failure> {
    let at = send.at.as_deref().map(instant).transpose()?;
    let body = if send.template.is_none() { body()? } else { String::new() };
    if let Some(wanted) = &send.template {
        filling::known(desk, wanted).await?;
    }
    let draft = begin(desk, &send).await?;
    let id = draft.id.clone();
    match give_over(desk, &send, draft, body, at).await {
        Ok(sent) => told(desk, output, &send, sent).await,
        Err(failure) => {
            output.note(&format!("The message is kept among the drafts, as {id}."));
            Err(failure)
        }
    }
}

async fn begin(desk: &Desk, send: &Send) -> Result<Draft, Failure> {
    let (kind, about) = match (&send.reply_to, &send.forward) {
        (Some(message), _) if send.all => ("reply_all", Some(message)),
        (Some(message), _) => ("reply", Some(message)),
        (None, Some(message)) => ("forward", Some(message)),
        (None, None) => ("new", None),
    };
    let args = NewDraftArgs {
        kind: kind.into(),
        account_id: send.account.clone(),
        message_id: about.cloned(),
        to: send.to.clone(),
        cc: Vec::new(),
        bcc: Vec::new(),
        subject: send.subject.clone(),
        text: None,
        words: QuoteWords {
            wrote: "On {date}, {name} wrote:".into(),
            forwarded: "Forwarded message".into(),
            fields: ["From", "Date", "Subject", "To", "Cc"].map(str::to_owned).to_vec(),
            date: None,
        },
    };
    Ok(compose::new(desk, args).await?)
}

async fn give_over(
    desk: &Desk,
    send: &Send,
    draft: Draft,
    mut body: String,
    at: Option<i64>,
) -> Result<Outgoing, Failure> {
    let filled = match &send.template {
        Some(wanted) => Some(filling::filled(desk, &draft, wanted).await?),
        None => None,
    };
    let mut content = draft.content;
    let html = send.html || filled.is_some();
    if let Some(filled) = filled {
        body = filled.html;
        if send.subject.is_none() && !filled.subject.trim().is_empty() {
            content.subject = filled.subject;
        }
    }
    if draft.kind != "new" {
        content.to.extend(compose::typed(&send.to));
    }
    content.cc.extend(compose::typed(&send.cc));
    content.bcc.extend(compose::typed(&send.bcc));
    // Above the signature and the quotation, where there are any.
    let below = content.text.trim().to_owned();
    if html {
        content.html = Some(format!("{body}{}", content.html.unwrap_or_default()));
    } else {
        content.html = None;
        content.text = format!("{}\n\n{below}", body.trim_end()).trim_end().to_owned();
        content.text.push('\n');
    }
    let attached = attach::paths(desk, &draft.id, send.attach.clone()).await?;
    // Images of a quotation that is not shown would only be files nobody attached.
    let own = draft.files.into_iter().filter(|file| html || file.content_id.is_none());
    let files = own.chain(attached.files).collect();
    let opened = compose::open(desk, ById { id: draft.id.clone() }).await?;
    let save = SaveArgs {
        id: draft.id,
        revision: opened.revision,
        account_id: draft.account_id,
        content,
        files,
    };
    let saved = compose::save(desk, save).await?;
    let args = |confirmed| SendArgs { id: saved.id.clone(), at, confirmed };
    let mut result = sending::send(desk, args(Vec::new())).await?;
    if result.outgoing.is_none() {
        if !send.yes {
            return Err(to_look_at(&result.warnings));
        }
        result = sending::send(desk, args(result.warnings)).await?;
    }
    let sent = result.outgoing.ok_or_else(|| Failure::failed("The message was not taken."))?;
    // There is nobody to press "undo": it may leave at once.
    if sent.scheduled { Ok(sent) } else { Ok(outbox::retry(desk, ById { id: sent.id }).await?) }
}

/// What the window would ask about: nothing leaves before somebody has looked at it.
fn to_look_at(warnings: &[Warning]) -> Failure {
    let what = |warning: &Warning| {
        let detail = &warning.detail;
        match warning.kind.as_str() {
            "empty" => "There is no text.".to_owned(),
            "no_subject" => "There is no subject.".to_owned(),
            "forgotten_attachment" => {
                format!("The text says “{detail}”, and no file is attached.")
            }
            "many_recipients" => format!("It goes to {detail} people."),
            "dangerous_file" => {
                format!("“{detail}” can run programs; many servers refuse such files.")
            }
            "not_for_stand_in" => {
                format!("“{detail}”, which sends where this account cannot, would refuse it.")
            }
            other => format!("{other}: {detail}"),
        }
    };
    let fields: Vec<FieldError> =
        warnings.iter().map(|warning| FieldError::new(&warning.kind, what(warning))).collect();
    let message = "Look at this before it is sent, and send it with --yes if it is meant so.";
    ApiError { fields, ..ApiError::new(Code::Invalid, message) }.into()
}

async fn told(
    desk: &Desk,
    output: Output,
    send: &Send,
    sent: Outgoing,
) -> Result<ExitCode, Failure> {
    let sent = if send.wait && !sent.scheduled { wait(desk, sent).await? } else { sent };
    output.answer(&sent, || describe(&sent))?;
    Ok(match sent.state.as_str() {
        "rejected" => ExitCode::FAILURE,
        "unknown" => ExitCode::from(PARTLY),
        _ if !(sent.refused.is_empty() && sent.rest.is_empty() && sent.lost.is_empty()) => {
            ExitCode::from(PARTLY)
        }
        "queued" | "sending" if send.wait && !sent.scheduled => ExitCode::from(PARTLY),
        _ => ExitCode::SUCCESS,
    })
}

/// Sends what waits, and stays until the provider has said something about this message.
async fn wait(desk: &Desk, sent: Outgoing) -> Result<Outgoing, Failure> {
    let mut events = desk.events();
    let args = SyncArgs { account_id: Some(sent.account_id.clone()) };
    accounts::sync_now(desk, args).await?;
    let id = sent.id.clone();
    let decided = async {
        loop {
            let now = outbox::one(desk, ById { id: id.clone() }).await?;
            if !matches!(now.state.as_str(), "queued" | "sending") || now.attempts > 0 {
                return Ok::<Outgoing, ApiError>(now);
            }
            if events.next().await.is_none() {
                return Ok(now);
            }
        }
    };
    match tokio::time::timeout(PATIENCE, decided).await {
        Ok(decided) => Ok(decided?),
        Err(_) => Ok(outbox::one(desk, ById { id: sent.id }).await?),
    }
}

/// A message on its way out in a sentence.
pub fn describe(item: &Outgoing) -> String {
    let id = &item.id;
    let why = item.error.as_deref().map(|error| format!(" {error}")).unwrap_or_default();
    let mut line = match item.state.as_str() {
        "queued" if item.scheduled => format!("{id}: leaves at {}.", time(item.not_before)),
        "queued" => format!("{id}: waits to be sent; `bell sync` sends it.{why}"),
        "sending" => format!("{id}: is being sent."),
        "unknown" => format!("{id}: nobody knows yet whether it left.{why}"),
        "rejected" => format!("{id}: was refused.{why}"),
        "draft" => format!("{id}: is a draft."),
        state => format!("{id}: {state}."),
    };
    for refused in &item.refused {
        line.push_str(&format!("\n  {}: {}", refused.address, refused.reason));
    }
    for lost in &item.lost {
        line.push_str(&format!("\n  {}: {}", lost.address, lost.reason));
    }
    for rest in &item.rest {
        line.push_str(&format!("\n  {}: waits, and is tried again; {}", rest.address, rest.reason));
    }
    line
}

fn body() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    String::from_utf8(bytes).map_err(|_| {
        let message =
            "The text on standard input is not UTF-8. Convert it, or attach it as a file.";
        ApiError::field("body-stdin", message).into()
    })
}

/// `2026-11-24T09:00:00Z`, or the wall clock of this machine: `2026-11-24 09:00`.
pub(crate) fn instant(text: &str) -> Result<i64, Failure> {
    let text = text.trim();
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant.as_millisecond());
    }
    let local =
        text.parse::<DateTime>().ok().and_then(|local| local.to_zoned(TimeZone::system()).ok());
    local.map(|local| local.timestamp().as_millisecond()).ok_or_else(|| {
        let message = format!(
            "“{text}” is no time. Write 2026-11-24T09:00 (this machine's time) or 2026-11-24T09:00:00Z."
        );
        ApiError::field("at", message).into()
    })
}
