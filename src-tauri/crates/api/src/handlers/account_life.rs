//! The life of an account: its name, colour, order and schedule, and its end.

use std::collections::BTreeSet;

use deskbell_domain::{AccountId, SenderId};
use deskbell_engine::{DEFAULT_SCHEDULE, Schedule};
use deskbell_store::table::{self, sender};

use crate::browser::Left;
use crate::desk::Desk;
use crate::dto::{
    Account, AccountChange, AccountList, ApiError, ById, IdsArgs, NoArgs, Removed, SignInLeft,
};
use crate::error::sentence;
use crate::handlers::accounts::{list, refuse_read_only, show};
use crate::handlers::{collections, id, optional_id, sample};

/// Longest name of an account.
const LONGEST_NAME: usize = 100;
/// Days of the widest history window: a hundred years.
const LONGEST_HISTORY: u32 = 36_500;
/// Colours of accounts.
const COLORS: u8 = 8;

/// Changes what a person decides about an account; all of it, or nothing where a part is wrong.
pub async fn change(desk: &Desk, form: AccountChange) -> Result<Account, ApiError> {
    let account: AccountId = id("id", &form.id)?;
    let name = form.name.map(|name| name.trim().to_owned());
    if let Some(name) = &name
        && (name.is_empty()
            || name.chars().count() > LONGEST_NAME
            || name.chars().any(char::is_control))
    {
        let text = "Enter a name of one line and at most 100 characters.";
        return Err(ApiError::field("name", text));
    }
    if form.color.is_some_and(|color| color >= COLORS) {
        return Err(ApiError::field("color", format!("Choose a colour from 0 to {}.", COLORS - 1)));
    }
    let schedule = match form.schedule.as_deref().map(str::trim) {
        None => None,
        Some("") => Some(DEFAULT_SCHEDULE.to_owned()),
        Some(typed) => {
            typed
                .parse::<Schedule>()
                .map_err(|error| ApiError::field("schedule", sentence(&error.to_string())))?;
            Some(typed.to_owned())
        }
    };
    if form.history_days.is_some_and(|days| days > LONGEST_HISTORY) {
        let text = "Choose from 1 to 36500 days, or 0 to keep everything.";
        return Err(ApiError::field("history_days", text));
    }
    let first = optional_id::<SenderId>("sender_id", form.sender_id.as_deref())?;
    refuse_read_only(desk)?;
    let before = desk.store.read(move |c| table::account::get(c, account)).await?;
    if form.history_days.is_some_and(|days| days > 0) && !before.writes_back {
        let text = "This account fetches no mail from a server, so all of its mail is kept here.";
        return Err(ApiError::field("history_days", text));
    }
    if let Some(first) = first {
        let row = desk.store.read(move |c| sender::get(c, first)).await?;
        if row.account != account {
            let text = "This sender belongs to another account.";
            return Err(ApiError::field("sender_id", text));
        }
    }
    let rescheduled = schedule.as_ref().is_some_and(|schedule| *schedule != before.schedule);
    desk.write(move |w| {
        if let Some(name) = &name {
            table::account::set_name(w, account, name)?;
        }
        if let Some(color) = form.color {
            table::account::set_color(w, account, color)?;
        }
        if let Some(schedule) = &schedule {
            table::account::set_schedule(w, account, schedule)?;
        }
        if let Some(days) = form.history_days {
            table::history::set_days(w, account, Some(days).filter(|days| *days > 0))?;
        }
        if let Some(first) = first {
            sender::set_first(w, first)?;
        }
        Ok(())
    })
    .await?;
    if rescheduled && !before.paused || form.history_days.is_some() {
        // The loop sleeps until the time the old schedule named, and a sync makes the window so.
        desk.wake(Some(account));
    }
    show(desk, account).await
}

/// Puts accounts into the person's order.
pub async fn order(desk: &Desk, args: IdsArgs) -> Result<AccountList, ApiError> {
    let order =
        args.ids.iter().map(|text| id("ids", text)).collect::<Result<Vec<AccountId>, _>>()?;
    if order.iter().collect::<BTreeSet<_>>().len() != order.len() {
        return Err(ApiError::field("ids", "Name each account once."));
    }
    refuse_read_only(desk)?;
    desk.write(move |w| {
        order.iter().try_for_each(|id| table::account::get(w, *id).map(drop))?;
        table::account::set_order(w, &order)
    })
    .await?;
    list(desk, NoArgs {}).await
}

/// Erases an account and everything of it here, and says what that was; its mail stays at the provider.
///
/// A sign-in of the browser is given back to its provider afterwards, where that is possible: what comes of it
/// changes nothing about the removal.
pub async fn remove(desk: &Desk, args: ById) -> Result<Removed, ApiError> {
    remove_telling(desk, args, &|_| {}).await
}

/// [`remove`]; `told` hears how much of it is done, from 0 to 1.
pub async fn remove_telling(
    desk: &Desk,
    args: ById,
    told: &(dyn Fn(f64) + Send + Sync),
) -> Result<Removed, ApiError> {
    let account: AccountId = id("id", &args.id)?;
    let (row, was) = desk
        .store
        .read(move |c| {
            Ok((table::account::get(c, account)?, table::account::footprint(c, account)?))
        })
        .await?;
    refuse_read_only(desk)?;
    // First of all: an erasure that is cut short goes on at the next start, and knows nothing of files.
    if let Some(folder) = collections::folder_of(desk, &row) {
        collections::erase(&folder).await;
    }
    let leave = match desk.gateway.browser() {
        // Its grant is erased with everything else, so it is taken out before.
        Some(browser) => browser.leaving(account).await,
        None => None,
    };
    deskbell_store::sync::erase(&desk.store, account, desk.now(), told).await?;
    if let Some(browser) = desk.gateway.browser() {
        browser.renewed(account).await;
    }
    // Files handed to other programs are copies of its mail too.
    crate::clear_opened(desk.store.directory());
    let nobody_seals = desk.sealing.write().await;
    let sealed = desk.store.read(table::secret::any).await?;
    let keychain = !sealed && was.secrets > 0 && desk.gateway.forget_key().await;
    drop(nobody_seals);
    let sign_in = match leave {
        None => None,
        Some(leave) => Some(match leave.revoke().await {
            Left::Revoked => SignInLeft::Revoked,
            Left::Failed => SignInLeft::Failed,
            Left::NoWay => SignInLeft::ByHand,
        }),
    };
    sample::close_if_left(desk).await?;
    Ok(Removed {
        messages: was.messages,
        files: was.files,
        bytes: was.bytes,
        secrets: was.secrets,
        keychain,
        sign_in,
    })
}
