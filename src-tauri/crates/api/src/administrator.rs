//! An organisation that lets only its administrator allow Deskbell, also where that is learnt long after the sign-in.
//!
//! Invariant: the page for the administrator is Microsoft's, whoever's words it stood in; the sentence is the one a sign-in
//! in the browser ends with, so that both are mended by the same button.

use crate::error::sentence;

/// What a renewal of a sign-in says before the page, as the account's state keeps it.
const BEFORE: &str = "your organisation lets only its administrator allow Deskbell. Send the administrator the page to do so: ";
/// Where Microsoft has administrators allow programs.
const THERE: &str = "https://login.microsoftonline.com/";

/// The sentence for the person and the page for the administrator, where the words of an account's state hold one.
pub(crate) fn page_in(words: &str) -> Option<(String, String)> {
    let (_, after) = words.split_once(BEFORE)?;
    let page = after.split_whitespace().next()?.trim_end_matches('.');
    let is_page = page.starts_with(THERE) && page.contains("/adminconsent?");
    is_page.then(|| (sentence(BEFORE.trim_end_matches(": ")), page.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words;

    const PAGE: &str = "https://login.microsoftonline.com/organizations/v2.0/adminconsent?client_id=1-2&scope=https://graph.microsoft.com/.default";

    /// As the account's state has it; the sentence is the providers' own.
    fn state(page: &str) -> String {
        format!("the sign-in was refused: {BEFORE}{page}. Enter the password again.")
    }

    #[test]
    fn the_page_is_found_in_an_accounts_state_and_its_sentence_is_the_one_of_signing_in() {
        let (sentence, page) = page_in(&state(PAGE)).expect("the page");
        assert_eq!(page, PAGE);
        let said = words::said(&sentence).expect("a sentence of ours");
        assert_eq!(said.key, "oauth-blocked");
        // Where the state is told as it is, in Health, it has words as well.
        let whole = format!("{:?}", words::said(&state(PAGE)).expect("a sentence of ours"));
        assert!(whole.contains("oauth-blocked-page"), "{whole}");
    }

    #[test]
    fn no_other_page_is_offered() {
        for page in [
            "https://evil.example/adminconsent?x",
            "https://login.microsoftonline.com.evil.example/adminconsent?",
            "",
        ] {
            assert_eq!(page_in(&state(page)), None, "{page:?}");
        }
        assert_eq!(page_in("the sign-in was refused: no such user"), None);
    }
}
