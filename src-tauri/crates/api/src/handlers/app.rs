//! The app itself.

use crate::desk::Desk;
use crate::dto::{ApiError, AppInfo, Code, Done, LinkArgs, MailLinkState, NoArgs, UpdateLook};
use crate::words;

/// What the window needs to know at start.
pub async fn info(desk: &Desk, _: NoArgs) -> Result<AppInfo, ApiError> {
    Ok(AppInfo {
        version: env!("CARGO_PKG_VERSION").into(),
        profile: desk.store.directory().display().to_string(),
        read_only: desk.store.is_read_only(),
        notice: desk.notice.clone(),
        notice_said: words::said_of(desk.notice.as_deref()),
        updates: desk.host.asks_for_updates(),
    })
}

/// Who gets the mail links that are pressed in other programs.
pub async fn mail_links(desk: &Desk, _: NoArgs) -> Result<MailLinkState, ApiError> {
    Ok(MailLinkState { links: desk.host.mail_links() })
}

/// Has the system hand mail links to Deskbell; who gets them then.
pub async fn mail_links_take(desk: &Desk, _: NoArgs) -> Result<MailLinkState, ApiError> {
    desk.host.take_mail_links().map_err(|error| {
        let message = format!("The system did not make Deskbell the program for mail: {error}.");
        ApiError::new(Code::Internal, message)
    })?;
    Ok(MailLinkState { links: desk.host.mail_links() })
}

/// Asks whether there is a newer version.
pub async fn update_look(desk: &Desk, _: NoArgs) -> Result<UpdateLook, ApiError> {
    let found = desk.host.look_for_update().await.map_err(|error| {
        ApiError::new(Code::Offline, format!("New versions could not be looked for: {error}."))
    })?;
    Ok(UpdateLook { found })
}

/// Puts the newer version in place of this one, and starts it.
pub async fn update_install(desk: &Desk, _: NoArgs) -> Result<Done, ApiError> {
    desk.host.install_update().await.map_err(|error| {
        ApiError::new(Code::Rejected, format!("The new version was not installed: {error}."))
    })?;
    Ok(Done {})
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
