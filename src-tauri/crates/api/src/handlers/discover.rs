//! What can be proposed for a mail address.

use crate::desk::Desk;
use crate::dto::{ApiError, DiscoverArgs, Discovery};
use crate::preset;

/// Proposes ways to add a mailbox, best first.
pub async fn discover(desk: &Desk, args: DiscoverArgs) -> Result<Discovery, ApiError> {
    let address = args.address.trim();
    let parts = address.rsplit_once('@');
    let whole = parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    if !whole || address.chars().any(|c| c.is_control() || c.is_whitespace()) {
        let text = "Enter the whole mail address, such as studio@example.org.";
        return Err(ApiError::field("address", text));
    }
    let mut proposals = preset::proposals(address);
    // What a provider publishes about its own domains needs no second opinion, and is there at once.
    if proposals.is_empty() {
        let found = desk.gateway.discover(address).await;
        proposals = preset::by_receiver(address, &found.receivers);
        let known: Vec<_> = proposals.iter().filter_map(|one| one.imap.clone()).collect();
        proposals.extend(
            found
                .proposals
                .into_iter()
                .filter(|one| one.imap.as_ref().is_none_or(|imap| !known.contains(imap))),
        );
        proposals.push(preset::guess(address));
    }
    Ok(Discovery { proposals })
}
