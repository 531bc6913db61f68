//! The app itself.

use crate::desk::Desk;
use crate::dto::{ApiError, AppInfo, Code, Done, LinkArgs, NoArgs};
use crate::words;

/// What the window needs to know at start.
pub async fn info(desk: &Desk, _: NoArgs) -> Result<AppInfo, ApiError> {
    Ok(AppInfo {
        version: env!("CARGO_PKG_VERSION").into(),
        profile: desk.store.directory().display().to_string(),
        read_only: desk.store.is_read_only(),
        notice: desk.notice.clone(),
        notice_said: words::said_of(desk.notice.as_deref()),
    })
}

/// Opens a link the person has confirmed, in the program the system has for it.
pub async fn link_open(desk: &Desk, args: LinkArgs) -> Result<Done, ApiError> {
    let known = ["http://", "https://", "mailto:", "tel:"];
    let lower = args.href.to_ascii_lowercase();
    let clean = !args.href.chars().any(|c| c.is_control() || c.is_whitespace());
    if !clean || !known.iter().any(|scheme| lower.starts_with(scheme)) {
        return Err(ApiError::field(
            "href",
            "Only web, mail and telephone links are opened from a message.",
        ));
    }
    desk.host.open_link(&args.href).map_err(|error| {
        ApiError::new(Code::Internal, format!("The link could not be opened: {error}."))
    })?;
    Ok(Done {})
}
