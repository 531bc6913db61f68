//! What the browser says once a sign-in has its answer, in the language the person chose.
//!
//! Where they chose the system's, every language is handed over, and the browser's own wish decides.

use deskbell_domain::settings::Language;
use deskbell_store::table::setting;

use crate::browser::ClosingWords;
use crate::desk::Desk;
use crate::dto::ApiError;
use crate::speech::Speech;

/// The words for the page, the first language first.
pub(super) async fn words(desk: &Desk) -> Result<Vec<ClosingWords>, ApiError> {
    let chosen = desk.store.read(setting::load).await?.language;
    let languages: &[Language] = match chosen {
        Language::System => &[Language::En, Language::De],
        Language::En => &[Language::En],
        Language::De => &[Language::De],
    };
    Ok(languages.iter().map(|language| spoken(*language)).collect())
}

fn spoken(language: Language) -> ClosingWords {
    let speech = Speech::of(language, None);
    let tag = if language == Language::De { "de" } else { "en" };
    ClosingWords {
        language: tag.to_owned(),
        done: (speech.say("browser-done"), speech.say("browser-done-text")),
        foreign: (speech.say("browser-foreign"), speech.say("browser-foreign-text")),
        nothing: speech.say("browser-nothing"),
    }
}
