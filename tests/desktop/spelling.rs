//! The composer underlines what is spelled wrong, in the languages of the settings, by the webview and its dictionaries.

use gtk::gdk_pixbuf::Pixbuf;
use serde_json::{Value, json};

use crate::screen::Screen;
use crate::stage::{Stage, until};

/// A word of German, one of English, and one of no language.
const GERMAN: &str = "Rechnung";
const ENGLISH: &str = "invoice";
const NEITHER: &str = "xqzvt";
const TEXT: &str = ".composer [contenteditable]";

#[test]
fn words_are_underlined_that_none_of_the_chosen_languages_knows() {
    let Some((stage, _notifications)) = Stage::with_notifications() else { return };
    // Dictionaries of this person's own, with one word each; those of the system may stand beside them.
    let dictionaries = stage.folder("XDG_CONFIG_HOME").join("enchant/hunspell");
    std::fs::create_dir_all(&dictionaries).unwrap();
    for (language, word) in [("de_DE", GERMAN), ("en_US", ENGLISH)] {
        let file = |ending: &str| dictionaries.join(language).with_extension(ending);
        std::fs::write(file("aff"), "SET UTF-8\n").unwrap();
        std::fs::write(file("dic"), format!("1\n{word}\n")).unwrap();
    }
    stage.choose("spell_check", json!(true));
    stage.choose("spell_languages", json!(["en_US"]));
    let Some(screen) = Screen::open(&stage) else { return };

    screen.key("c");
    write(&screen);
    until("what is no English to be underlined", || underlined(&screen) == [GERMAN, NEITHER]);

    // The languages are others from now on, without a new start.
    screen.read("location.hash = '#/settings'");
    screen.press("#setting-spelling");
    screen.key("ctrl+a");
    screen.write("de_DE, en_US");
    screen.key("Tab");
    until("the languages", || {
        stage.ask("settings", json!({}))["values"]["spell_languages"] == json!(["de_DE", "en_US"])
    });
    screen.read("location.hash = '#/mail/inbox'");
    write(&screen);
    until("what is in no language to be underlined", || underlined(&screen) == [NEITHER]);
    screen.picture("spelling");
}

/// Writes the three words at the end of the text, in a line of their own.
fn write(screen: &Screen<'_>) {
    screen.press(TEXT);
    screen.key("ctrl+End");
    screen.key("Return");
    screen.write(&format!("{GERMAN} {ENGLISH} {NEITHER} "));
    let all = format!("{GERMAN} {ENGLISH} {NEITHER}");
    let last = format!("document.querySelector({}).innerText.trimEnd()", json!(TEXT));
    screen.until("the words", &format!("{last}.endsWith({})", json!(all)));
}

/// Which of the words written last have a red line below.
fn underlined(screen: &Screen<'_>) -> Vec<&'static str> {
    let picture = Pixbuf::from_file(screen.picture("spelling")).unwrap();
    let words = [GERMAN, ENGLISH, NEITHER].into_iter();
    words.filter(|word| is_red(&picture, &place(screen, word))).collect()
}

/// Where a word was written last: left, top, right and bottom in the picture.
fn place(screen: &Screen<'_>, word: &str) -> [usize; 4] {
    let at = screen.read(&format!(
        "const all = document.createTreeWalker(document.querySelector({}), NodeFilter.SHOW_TEXT); \
         let last = null; \
         while (all.nextNode()) if (all.currentNode.data.includes({1})) last = all.currentNode; \
         const range = document.createRange(); const from = last.data.lastIndexOf({1}); \
         range.setStart(last, from); range.setEnd(last, from + {1}.length); \
         const box = range.getBoundingClientRect(); \
         return [box.left, box.top, box.right, box.bottom + 2].map(Math.round)",
        json!(TEXT),
        json!(word)
    ));
    let number = |at: &Value| usize::try_from(at.as_u64().unwrap()).unwrap();
    [number(&at[0]), number(&at[1]), number(&at[2]), number(&at[3])]
}

/// Whether there is so much of a red, however pale at its edges, as in a line below the word.
fn is_red(picture: &Pixbuf, [left, top, right, bottom]: &[usize; 4]) -> bool {
    let (bytes, line) = (picture.read_pixel_bytes(), picture.rowstride() as usize);
    let channels = picture.n_channels() as usize;
    let red = |x: usize, y: usize| {
        let at = y * line + x * channels;
        bytes[at] > 150 && bytes[at] - bytes[at + 1].max(bytes[at + 2]).min(bytes[at]) > 40
    };
    let all = (*top..*bottom).flat_map(|y| (*left..*right).map(move |x| (x, y)));
    all.filter(|(x, y)| red(*x, *y)).count() > (right - left) / 2
}
