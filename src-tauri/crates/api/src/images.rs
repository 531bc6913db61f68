//! Fetching the images of a mail from other servers, once a person asked for them.
//!
//! Without cookies, without a referrer, without following to anything but the web, and with limits: the
//! sender learns that the images were fetched, which is why nobody does so unasked, and nothing else.

use std::time::Duration;

use base64::Engine as _;
use futures::StreamExt as _;
use futures::stream;

use crate::render::{FetchedImages, may_fetch, raster_type};

/// Images fetched for one mail.
const MOST: usize = 100;
/// Bytes of one image.
const LARGEST: usize = 5 * 1024 * 1024;
/// Fetched at once.
const AT_ONCE: usize = 6;
const PATIENCE: Duration = Duration::from_secs(15);

/// Fetches images; those that do not come, or are none, are left out.
pub(crate) async fn fetch(urls: Vec<String>) -> FetchedImages {
    let Ok(client) = client() else { return FetchedImages::default() };
    stream::iter(urls.into_iter().take(MOST))
        .map(|url| {
            let client = client.clone();
            async move {
                let data = fetch_one(&client, &url).await?;
                Some((url, data))
            }
        })
        .buffer_unordered(AT_ONCE)
        .filter_map(|image| async { image })
        .collect()
        .await
}

fn client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .timeout(PATIENCE)
        .referer(false)
        .redirect(reqwest::redirect::Policy::custom(follow))
        .user_agent("Mozilla/5.0")
        .build()
}

/// Follows a redirect only to where a mail itself may point, never to an address inside the person's network.
fn follow(attempt: reqwest::redirect::Attempt<'_>) -> reqwest::redirect::Action {
    let allowed = may_fetch(attempt.url().as_str()) && attempt.previous().len() <= 5;
    if allowed { attempt.follow() } else { attempt.stop() }
}

async fn fetch_one(client: &reqwest::Client, url: &str) -> Option<String> {
    let mut answer = client.get(url).send().await.ok()?.error_for_status().ok()?;
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.ok()? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LARGEST {
            return None;
        }
    }
    // What the server claims does not count, and SVG is no image here.
    let media_type = raster_type(&bytes)?;
    let text = base64::engine::general_purpose::STANDARD.encode(bytes);
    Some(format!("data:{media_type};base64,{text}"))
}
