//! Who is let in to a mailbox, for what, how often, and how many at once.
//!
//! Invariant: a mailbox answers four requests at once and refuses the fifth, whether they came alone or in a batch.

use axum::http::HeaderMap;

use super::call::{Reply, refuse};
use super::header;
use crate::server::{Shared, lock};
use crate::world::World;

/// Requests one mailbox answers at the same time.
const AT_ONCE: usize = 4;
/// The long form of Graph's scopes.
const RESOURCE: &str = "https://graph.microsoft.com/";

/// Takes a place in the mailbox, where there is one; how many it took.
pub(super) fn enter(world: &mut World, address: &str) -> Result<usize, Reply> {
    match enter_together(world, address, 1) {
        0 => Err(too_many()),
        places => Ok(places),
    }
}

/// Takes up to so many places in the mailbox; how many there were.
pub(super) fn enter_together(world: &mut World, address: &str, wanted: usize) -> usize {
    let here = world.microsoft.in_flight.entry(address.to_owned()).or_default();
    let places = wanted.min(AT_ONCE.saturating_sub(*here));
    *here += places;
    let here = *here;
    world.microsoft.most_at_once = world.microsoft.most_at_once.max(here);
    places
}

/// What a request is answered that finds no place.
pub(super) fn too_many() -> Reply {
    let words = "Application is over its MailboxConcurrency limit.";
    refuse(429, "ApplicationThrottled", words).header("retry-after", "1".into())
}

/// Takes a request out of what the mailbox allows.
pub(super) fn allowed(world: &mut World, address: &str) -> Result<(), Reply> {
    let now = world.now;
    world.microsoft.allowance.take(address, now).map_err(throttled)
}

pub(super) fn throttled(wait: i64) -> Reply {
    let seconds = (wait + 999).div_euclid(1_000).max(1);
    refuse(429, "ApplicationThrottled", "Application is over its request limit.")
        .header("retry-after", seconds.to_string())
}

/// Counts requests out, also when their caller went away.
pub(super) struct Leaving {
    pub(super) world: Shared,
    pub(super) address: String,
    /// How many places its requests took.
    pub(super) places: usize,
}

impl Drop for Leaving {
    fn drop(&mut self) {
        let mut world = lock(&self.world);
        if let Some(here) = world.microsoft.in_flight.get_mut(&self.address) {
            *here = here.saturating_sub(self.places);
        }
    }
}

/// Whose mailbox the token opens, and whether it may do this.
pub(super) fn let_in(
    world: &World,
    headers: &HeaderMap,
    method: &str,
    path: &str,
) -> Result<String, Reply> {
    let bearer = header(headers, "authorization");
    let Some(token) = bearer.strip_prefix("Bearer ") else {
        return Err(refuse(401, "InvalidAuthenticationToken", "Access token is empty."));
    };
    let signed_in = || {
        let granted = world.microsoft.oauth.bearer(headers, world.now)?;
        Some((granted.user, granted.scopes.into_iter().collect()))
    };
    let known: Option<(String, Vec<String>)> =
        world.microsoft.tokens.get(token).cloned().or_else(signed_in);
    let Some((address, scopes)) = known else {
        return Err(refuse(
            401,
            "InvalidAuthenticationToken",
            "Lifetime validation failed, the token is expired.",
        )
        .header("www-authenticate", "Bearer realm=\"\"".into()));
    };
    let needed: &[&str] = if path.ends_with("/send") || path.ends_with("/sendMail") {
        &["Mail.Send"]
    } else if path == "me" || path == "$batch" {
        &[]
    } else if method == "GET" {
        &["Mail.Read", "Mail.ReadWrite"]
    } else {
        &["Mail.ReadWrite"]
    };
    if needed.is_empty()
        || needed.iter().any(|one| {
            scopes.iter().any(|scope| scope.strip_prefix(RESOURCE).unwrap_or(scope) == *one)
        })
    {
        return Ok(address);
    }
    Err(refuse(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."))
}
