//! Fetching the images of a mail from other servers, once a person asked for them.
//!
//! The sender learns that the images were fetched, which is why nobody does so unasked, and nothing else. Which names
//! may be asked is decided here, anew at each step of a redirect; that no connection leads into the person's own
//! network is held by who makes it, see [`Gateway::fetch_image`].

use base64::Engine as _;
use futures::StreamExt as _;
use futures::stream;

use crate::desk::Gateway;
use crate::render::{FetchedImages, may_fetch, raster_type};

/// Images fetched for one mail.
const MOST: usize = 100;
/// Bytes of one image.
const LARGEST: usize = 5 * 1024 * 1024;
/// Fetched at once.
const AT_ONCE: usize = 6;
/// Redirects followed to one image.
const REDIRECTS: usize = 5;

/// What a server answered that was asked for an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchedImage {
    /// Bytes.
    Bytes(Vec<u8>),
    /// It lies elsewhere.
    Elsewhere(String),
    /// Nothing.
    Nothing,
}

/// Fetches images; those that do not come, or are none, are left out.
pub(crate) async fn fetch(gateway: &dyn Gateway, urls: Vec<String>) -> FetchedImages {
    stream::iter(urls.into_iter().take(MOST))
        .map(|url| async move {
            let data =
                fetch_one(&url, |url| async move { gateway.fetch_image(&url, LARGEST).await })
                    .await?;
            Some((url, data))
        })
        .buffer_unordered(AT_ONCE)
        .filter_map(|image| async { image })
        .collect()
        .await
}

/// One image as a `data:` URL; `ask` asks one server.
async fn fetch_one<A: Future<Output = FetchedImage>>(
    url: &str,
    ask: impl Fn(String) -> A,
) -> Option<String> {
    let mut next = url.to_owned();
    for _ in 0..=REDIRECTS {
        // A server may point only to where a mail itself may.
        if !may_fetch(&next) {
            return None;
        }
        match ask(next).await {
            FetchedImage::Bytes(bytes) => {
                // What the server claims does not count, and SVG is no image here.
                let media_type = raster_type(&bytes)?;
                let text = base64::engine::general_purpose::STANDARD.encode(bytes);
                return Some(format!("data:{media_type};base64,{text}"));
            }
            FetchedImage::Elsewhere(url) => next = url,
            FetchedImage::Nothing => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    const GIF: &[u8] = b"GIF89a and more";

    /// What becomes of an image, and who was asked on the way.
    async fn asked(
        url: &str,
        answers: impl Fn(&str) -> FetchedImage,
    ) -> (Option<String>, Vec<String>) {
        let met = RefCell::new(Vec::new());
        let ask = |url: String| {
            let answer = answers(&url);
            met.borrow_mut().push(url);
            async { answer }
        };
        let data = fetch_one(url, ask).await;
        (data, met.into_inner())
    }

    #[tokio::test]
    async fn a_redirect_is_followed_only_to_where_a_mail_may_point() {
        let first = "https://pictures.example/1.gif";
        for inside in [
            "http://127.0.0.1/1.gif",
            "http://printer/1.gif",
            "http://[::1]/",
            "file:///etc/passwd",
        ] {
            let (data, met) = asked(first, |_| FetchedImage::Elsewhere(inside.into())).await;
            assert_eq!((data, met), (None, vec![first.to_owned()]), "{inside} is never asked");
        }
        let second = "https://more.example/1.gif";
        let (data, met) = asked(first, |url| match url {
            url if url == first => FetchedImage::Elsewhere(second.into()),
            _ => FetchedImage::Bytes(GIF.to_vec()),
        })
        .await;
        assert!(data.is_some_and(|data| data.starts_with("data:image/gif;base64,")));
        assert_eq!(met, [first, second]);
    }

    #[tokio::test]
    async fn redirects_without_end_are_given_up_and_words_are_no_picture() {
        let url = "https://pictures.example/1.gif";
        let (data, met) = asked(url, |url| FetchedImage::Elsewhere(url.into())).await;
        assert_eq!((data, met.len()), (None, 1 + REDIRECTS));
        let svg = || FetchedImage::Bytes(b"<svg onload='alert(1)'/>".to_vec());
        assert_eq!(asked(url, |_| svg()).await.0, None);
    }
}
