//! What is on its way out, and what a person does about it.

use deskbell_domain::outgoing::{OutgoingState, RefusedRecipient, Told};
use deskbell_domain::{AccountId, ConversationId, OutgoingId};
use deskbell_store::queries::outgoing as queries;
use deskbell_store::sync::transit::NEVER;
use deskbell_store::sync::{outgoing as drafts, transit};
use deskbell_store::table::outgoing::Outgoing;
use deskbell_store::table::{message, outgoing};
use deskbell_store::{Connection, StoreError};

use crate::desk::Desk;
use crate::dto::{self, ApiError, ById, Draft, OutboxArgs, OutboxList};
use crate::handlers::{compose, id, known, limit, optional_id};
use crate::{present, words};

/// Recipients listed of one message.
const PEOPLE: usize = 100;

/// What has not arrived yet, the next to leave first.
pub async fn list(desk: &Desk, args: OutboxArgs) -> Result<OutboxList, ApiError> {
    let account = optional_id::<AccountId>("account_id", args.account_id.as_deref())?;
    let wanted = limit(args.limit)?;
    let states = args
        .states
        .iter()
        .map(|word| {
            let listed = OutgoingState::parse(word).filter(|state| {
                matches!(
                    state,
                    OutgoingState::Queued
                        | OutgoingState::Sending
                        | OutgoingState::Unknown
                        | OutgoingState::Rejected
                )
            });
            listed.ok_or_else(|| {
                ApiError::field(
                    "states",
                    format!("“{word}” is not in the outbox; there are queued, sending, unknown and rejected."),
                )
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    let items = desk
        .store
        .read(move |c| {
            known(c, account)?;
            let rows = queries::page(c, account, &states, None, wanted)?;
            rows.into_iter().map(|row| presented(c, row)).collect::<Result<Vec<_>, _>>()
        })
        .await?;
    Ok(OutboxList { items })
}

/// One message on its way out.
pub async fn one(desk: &Desk, args: ById) -> Result<dto::Outgoing, ApiError> {
    show(desk, id("id", &args.id)?).await
}

/// Takes a message back into the drafts, while it is here.
pub async fn cancel(desk: &Desk, args: ById) -> Result<Draft, ApiError> {
    let item: OutgoingId = id("id", &args.id)?;
    // Lost in a power cut it would leave after all.
    desk.write_durably(move |w| drafts::take_back(w, item)).await?;
    compose::show(desk, item).await
}

/// Sends a message again, or at once.
pub async fn retry(desk: &Desk, args: ById) -> Result<dto::Outgoing, ApiError> {
    let item: OutgoingId = id("id", &args.id)?;
    let account = desk
        .write_durably(move |w| {
            transit::retry(w, item)?;
            Ok(outgoing::get(w, item)?.account)
        })
        .await?;
    if let Some(engine) = &desk.engine {
        engine.send_now(account).await;
    }
    show(desk, item).await
}

/// Takes a person's word that a message arrived of which nobody knows.
pub async fn settle(desk: &Desk, args: ById) -> Result<dto::Outgoing, ApiError> {
    let item: OutgoingId = id("id", &args.id)?;
    desk.write_durably(move |w| transit::confirm(w, item)).await?;
    show(desk, item).await
}

pub(crate) async fn show(desk: &Desk, item: OutgoingId) -> Result<dto::Outgoing, ApiError> {
    Ok(desk.store.read(move |c| presented(c, outgoing::get(c, item)?)).await?)
}

/// A message on its way out, with what its message row knows.
pub(crate) fn presented(c: &Connection, row: Outgoing) -> Result<dto::Outgoing, StoreError> {
    let message = message::get(c, row.message)?;
    Ok(shown(row, message.conversation, message.preview))
}

fn reported(told: Told) -> dto::Reported {
    let fate = told.fate.as_str().to_owned();
    dto::Reported { address: told.address, fate, reason: told.reason }
}

fn refused(one: RefusedRecipient) -> dto::Refused {
    dto::Refused { address: one.address, said: words::said(&one.reason), reason: one.reason }
}

pub(crate) fn shown(row: Outgoing, conversation: ConversationId, preview: String) -> dto::Outgoing {
    let waits = matches!(row.state, OutgoingState::Queued | OutgoingState::Unknown);
    dto::Outgoing {
        id: row.id.to_string(),
        account_id: row.account.to_string(),
        via_account_id: row.via.map(|id| id.to_string()),
        message_id: row.message.to_string(),
        conversation_id: conversation.to_string(),
        state: row.state.as_str().into(),
        recipients: row
            .composition
            .recipients()
            .take(PEOPLE)
            .cloned()
            .map(present::person)
            .collect(),
        subject: row.composition.subject,
        preview,
        not_before: row.not_before,
        scheduled: row.scheduled,
        attempts: row.attempts,
        next_try: (waits && row.next_try != NEVER).then_some(row.next_try.max(row.not_before)),
        error_said: words::said_of(row.error.as_deref()),
        error: row.error,
        error_code: row.error_code,
        refused: row.refused.into_iter().map(refused).collect(),
        rest_next: (!row.rest.is_empty()).then_some(row.rest_next),
        rest: row.rest.into_iter().map(refused).collect(),
        lost: row.lost.into_iter().map(refused).collect(),
        reports: row.reports.into_iter().map(reported).collect(),
        left_at: row.left_at,
    }
}
