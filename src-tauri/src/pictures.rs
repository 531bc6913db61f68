//! The `attachment:` scheme: pictures of messages for the window, by message and part, and nothing else.
//!
//! Invariant: what is served is a raster picture by its own bytes, out of a message the store knows, or one in a file that the
//! person handed over. A path is no name here, mail frames may load nothing from it (their own policy forbids it), and nothing is kept in a cache.

use tauri::http::{Request, Response, StatusCode, header};
use tauri::{Manager as _, Runtime, UriSchemeContext, UriSchemeResponder};

use deskbell_api::dto::{ApiError, Code};
use deskbell_api::handlers::attachment::{self, Picture};
use deskbell_desk::Profile;

/// The scheme; `http://attachment.localhost` where a system knows no schemes of one's own.
pub(crate) const SCHEME: &str = "attachment";

/// Answers one request of the webview.
pub(crate) fn serve<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let app = context.app_handle().clone();
    tauri::async_runtime::spawn(async move {
        let found = match name(request.uri().path()) {
            Some((message, part)) => {
                attachment::picture(&app.state::<Profile>().desk, message, part).await
            }
            None => Err(ApiError::new(Code::NotFound, "That names no picture.")),
        };
        responder.respond(answer(found));
    });
}

/// `/12-3` is part 3 of message 12, `/picked-1-3` that of a message in a file.
fn name(path: &str) -> Option<(&str, u32)> {
    let (message, part) = path.strip_prefix('/')?.rsplit_once('-')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = message.strip_prefix("picked-").unwrap_or(message);
    (digits(number) && digits(part)).then_some((message, part.parse().ok()?))
}

fn answer(found: Result<Picture, ApiError>) -> Response<Vec<u8>> {
    let (status, media_type, body) = match found {
        Ok(picture) => (StatusCode::OK, picture.media_type, picture.bytes),
        Err(_) => (StatusCode::NOT_FOUND, "text/plain", Vec::new()),
    };
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    let mut say = |name, value| headers.insert(name, header::HeaderValue::from_static(value));
    say(header::CONTENT_TYPE, media_type);
    say(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    say(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox");
    say(header::CACHE_CONTROL, "no-store");
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_message_and_a_part_name_a_picture() {
        assert_eq!(name("/12-3"), Some(("12", 3)));
        assert_eq!(name("/picked-4-3"), Some(("picked-4", 3)));
        for path in [
            "/",
            "/12",
            "/12-",
            "/-3",
            "/../etc/passwd",
            "/12-3/..",
            "/1%2F2-3",
            "/picked-3",
            "/picked-picked-1-3",
            "/picked--3",
            "/1-2-3",
            "/12-99999999999",
            "/ 1-2",
        ] {
            assert_eq!(name(path), None, "{path}");
        }
    }

    #[test]
    fn an_answer_cannot_be_taken_for_a_page() {
        let served = answer(Ok(Picture { media_type: "image/png", bytes: vec![1] }));
        assert_eq!(served.headers()["content-type"], "image/png");
        assert_eq!(served.headers()["x-content-type-options"], "nosniff");
        let refused = answer(Err(ApiError::new(Code::NotFound, "no")));
        assert_eq!((refused.status(), refused.body().len()), (StatusCode::NOT_FOUND, 0));
    }
}
