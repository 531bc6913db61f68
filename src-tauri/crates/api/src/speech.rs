//! What the core says aloud outside the window: the tray, notifications and the browser's last page, in the language of the settings.
//!
//! The same files as the window's hold the words. What is said inside the window is told by key, see `words`.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use deskbell_domain::settings::Language;

use crate::dto::{Said, SaidPart};
use crate::words;

const ENGLISH: &str = include_str!("../../../../ui/locales/en.ftl");
const GERMAN: &str = include_str!("../../../../ui/locales/de.ftl");

/// One language, ready to be spoken.
pub struct Speech {
    words: FluentBundle<FluentResource>,
}

impl Speech {
    /// The language chosen, or the system's where none is; `system` is its name as the system writes it (`de-DE`,
    /// `de_AT.UTF-8`). English where Deskbell does not speak it.
    pub fn of(choice: Language, system: Option<&str>) -> Self {
        let german = match choice {
            Language::De => true,
            Language::En => false,
            Language::System => {
                let system = system.unwrap_or_default();
                let name = system.split(['-', '_', '.', '@']).next().unwrap_or_default();
                name.eq_ignore_ascii_case("de")
            }
        };
        let (tag, source) = if german { ("de", GERMAN) } else { ("en", ENGLISH) };
        let language = tag.parse().unwrap_or_default();
        let mut words = FluentBundle::new_concurrent(vec![language]);
        // Marks around names would show as boxes in menus of some systems.
        words.set_use_isolating(false);
        // A line that cannot be read costs its own words only; the window's tests find it.
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(read, _)| read);
        if words.add_resource(resource).is_err() {
            tracing::warn!(tag, "words are there twice");
        }
        Self { words }
    }

    /// The system's language, where no setting can be read.
    pub fn of_system(system: Option<&str>) -> Self {
        Self::of(Language::System, system)
    }

    /// Which language it is, as a page names it.
    pub fn language(&self) -> String {
        self.words.locales.first().map(ToString::to_string).unwrap_or_default()
    }

    /// The text behind a key; the key itself where there is none.
    pub fn say(&self, key: &str) -> String {
        self.put(key, &[])
    }

    /// [`Self::say`] with a count, as `{ $n }`.
    pub fn count(&self, key: &str, n: usize) -> String {
        self.put(key, &[("n", number(n))])
    }

    /// [`Self::say`] with one text put into it by name.
    pub fn fill(&self, key: &str, name: &str, text: &str) -> String {
        self.put(key, &[(name, FluentValue::from(text))])
    }

    /// A whole sentence of the core in this language; as it came where it is somebody else's.
    pub fn retell(&self, english: &str) -> String {
        let text = words::said(english).map_or_else(|| english.to_owned(), |said| self.tell(&said));
        let mut letters = text.chars();
        let capital = letters.next().into_iter().flat_map(char::to_uppercase);
        let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
        capital.chain(letters).chain(stop.chars()).collect()
    }

    fn tell(&self, said: &Said) -> String {
        let values = said.parts.iter().map(|(name, part)| {
            let text = match part {
                SaidPart::Text(text) => text.clone(),
                SaidPart::Said(inner) => self.tell(inner),
            };
            (name.as_str(), FluentValue::from(text))
        });
        self.put(&format!("said-{}", said.key), &values.collect::<Vec<_>>())
    }

    /// [`Self::say`] with values by name.
    pub(crate) fn put(&self, key: &str, values: &[(&str, FluentValue<'_>)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set(*name, value.clone());
        }
        let found = self.words.get_message(key).and_then(|message| message.value());
        let Some(pattern) = found else { return key.to_owned() };
        self.words.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
    }
}

/// A count as Fluent takes it.
pub(crate) fn number(n: usize) -> FluentValue<'static> {
    FluentValue::from(n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_language_is_spoken_else_that_of_the_system_else_english() {
        let says = |choice, system| Speech::of(choice, system).say("tray-quit");
        let (english, german) = ("Quit Deskbell", "Deskbell beenden");
        assert_eq!(says(Language::De, Some("en-GB")), german);
        assert_eq!(says(Language::En, Some("de-DE")), english);
        for system in ["de", "de-DE", "de_AT.UTF-8", "DE"] {
            assert_eq!(says(Language::System, Some(system)), german, "{system}");
        }
        for system in [None, Some("fr-FR"), Some("C"), Some(""), Some("dev")] {
            assert_eq!(says(Language::System, system), english, "{system:?}");
        }
    }

    #[test]
    fn counts_take_the_form_of_their_language() {
        let german = Speech::of(Language::De, None);
        assert_eq!(german.count("news-many", 1), "1 neue Nachricht");
        assert_eq!(german.count("news-many", 12), "12 neue Nachrichten");
    }

    /// Keys that begin so are said outside the window only.
    const SPOKEN: [&str; 4] = ["tray-", "news-", "start-", "browser-"];

    #[test]
    fn a_sentence_of_the_core_is_said_in_the_persons_language() {
        let newer = "this profile was used by a newer Deskbell (its data version is 99, this one knows 12); update \
                     Deskbell to open it";
        assert_eq!(
            Speech::of(Language::De, None).retell(newer),
            "Dieses Profil wurde von einem neueren Deskbell benutzt (Datenstand 99, dieses kennt 12); aktualisieren \
             Sie Deskbell.",
        );
        assert_eq!(Speech::of(Language::De, None).retell("no, said it!"), "No, said it!");
    }

    /// Every word with these beginnings, which the window's own test leaves to this one.
    #[test]
    fn every_word_of_the_core_is_spoken_somewhere_and_every_word_spoken_is_there() {
        let mut code = String::new();
        for file in [
            "src/news/words.rs",
            "src/handlers/closing.rs",
            "../../src/tray.rs",
            "../../src/window.rs",
            "../../src/refusal.rs",
            "../../src/updating.rs",
        ] {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
            code.push_str(&std::fs::read_to_string(&path).expect("the source"));
        }
        let keys: Vec<&str> = ENGLISH
            .lines()
            .filter_map(|line| line.split_once(" ="))
            .map(|(key, _)| key)
            .filter(|key| SPOKEN.iter().any(|start| key.starts_with(start)))
            .collect();
        assert!(keys.len() > 15, "the words were found");
        for key in &keys {
            assert!(code.contains(&format!("\"{key}\"")), "{key} is never spoken");
            for language in [Language::En, Language::De] {
                assert_ne!(&Speech::of(language, None).say(key), key, "{language:?} has {key}");
            }
        }
        for spoken in code.split('"').filter(|word| {
            SPOKEN.iter().any(|start| word.starts_with(start)) && !word.contains(' ')
        }) {
            assert!(keys.contains(&spoken), "{spoken} has no words");
        }
    }
}
