//! Hard-wrapped plain text made to flow again, where it is certain that its writer's program broke the lines.
//!
//! Invariant: a break is given up only between two lines of running text, where the next word did not fit any more.
//! Quotes, signatures, lists, tables, code and verse keep every break; they never come here or are told by their form.

/// Columns at which programs wrap; below is verse, above is text that was never wrapped.
const COLUMNS: std::ops::RangeInclusive<usize> = 50..=100;
/// A longer first word (an address, a language without spaces) says nothing about where the line would have ended.
const LONGEST_WORD: usize = 30;

/// The column a text was wrapped at, if it was: its longest line of words, once some line of that length goes on in
/// lower case below it.
pub(super) fn column<'a>(lines: impl Iterator<Item = &'a str> + Clone) -> Option<usize> {
    let column = lines.clone().filter(|line| is_running(line)).map(length).max()?;
    let mut pairs = lines.clone().zip(lines.skip(1));
    let goes_on = |(line, next): (&str, &str)| {
        next.starts_with(char::is_lowercase) && is_broken(line, next, column)
    };
    (COLUMNS.contains(&column) && pairs.any(goes_on)).then_some(column)
}

/// The lines of one paragraph as one text: soft breaks become spaces, all others stay.
pub(super) fn rejoin(lines: &[&str], column: usize) -> String {
    let mut text = String::new();
    let mut before: Option<&str> = None;
    for line in lines {
        if let Some(before) = before {
            text.push(if is_broken(before, line, column) { ' ' } else { '\n' });
        }
        text.push_str(line.trim_end());
        before = Some(line);
    }
    text
}

/// True where the break between two lines is the program's, not the writer's.
fn is_broken(line: &str, next: &str, column: usize) -> bool {
    let (line, next) = (line.trim_end(), next.trim_end());
    let Some(first) = next.split(' ').next() else { return false };
    // Not every program counts alike; a sentence that plainly goes on may have been broken a little early.
    let goes_on = next.starts_with(char::is_lowercase) && !line.ends_with(['.', '!', '?']);
    let room = if goes_on { column - column / 8 } else { column };
    is_running(line)
        && is_prose(next)
        && !line.ends_with(['-', ':', ';', '{', '}', '='])
        && !is_label(next)
        && length(first) <= LONGEST_WORD
        && !first.contains("://")
        && !first.chars().any(is_unspaced)
        && length(line) + 1 + length(first) > room
}

/// Running text of more than one word.
fn is_running(line: &str) -> bool {
    let line = line.trim_end();
    is_prose(line) && line.contains(' ')
}

/// A line that is no item, table, rule or code.
fn is_prose(line: &str) -> bool {
    line.starts_with(|c: char| c.is_alphanumeric() || "\"'(„“‚‘«»¿¡€$£&".contains(c))
        && !line.contains(['\t', '|'])
        && !line.contains("   ")
        && !is_item(line)
}

/// `1.`, `12)`, `a)`, `(b)` and their like in front; marks such as `-` and `*` are no prose anyway.
fn is_item(line: &str) -> bool {
    let Some((mark, _)) = line.split_once(' ') else { return false };
    let Some(number) = mark.strip_suffix(['.', ')']) else { return false };
    let number = number.strip_prefix('(').unwrap_or(number);
    let short = number.chars().count() == 1 && number.chars().all(char::is_alphabetic);
    short || !number.is_empty() && number.len() <= 3 && number.bytes().all(|b| b.is_ascii_digit())
}

/// `Phone: …`: the lines of a form stand below each other.
fn is_label(line: &str) -> bool {
    line.split_once(':').is_some_and(|(label, _)| {
        label.starts_with(char::is_uppercase)
            && label.chars().count() <= 20
            && label.split(' ').count() <= 2
    })
}

/// Chinese, Japanese, Thai: the break needs no space, and what stands there is no word.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}

fn length(text: &str) -> usize {
    text.trim_end().chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(text: &str) -> String {
        let lines: Vec<&str> = text.lines().collect();
        match column(lines.iter().copied()) {
            Some(column) => rejoin(&lines, column),
            None => text.to_owned(),
        }
    }

    #[test]
    fn a_wrapped_paragraph_flows() {
        let wrapped = "Ich wollte fragen, ob wir den Termin am Donnerstag vielleicht um eine\n\
                       Stunde nach hinten schieben können, weil mein Zug erst gegen halb elf\n\
                       in Frankfurt ankommt. Danke!";
        assert_eq!(flow(wrapped), wrapped.replace('\n', " "));
    }

    #[test]
    fn a_sentence_that_goes_on_may_have_been_broken_a_little_early() {
        let wrapped = "we would like to come on the first Friday of the month, all five of us,\n\
                       and stay until the evening if there is somebody who can do our\n\
                       hair as well. The others will be there by noon.\nThanks";
        let flown = flow(wrapped);
        assert!(flown.contains("us, and stay") && flown.contains("our hair"), "{flown}");
        assert!(flown.ends_with("noon.\nThanks"), "a new sentence keeps its line: {flown}");
    }

    #[test]
    fn what_the_writer_broke_stays_broken() {
        let kept = [
            // Verse: every next word would have fitted.
            "The rose is red, the violet's blue,\nthe honey's sweet, and so are you,\nthou art my love and I am thine",
            // An address below a short line.
            "Studio Inkwell\nKanalstraße 22\n60311 Frankfurt",
            // One line is always the longest: without another sign it means nothing.
            "We open at nine on weekdays and at ten on most Saturdays.\nSundays we rest.",
            // Text that was never wrapped.
            &format!("{}\nand then", "word ".repeat(60)),
        ];
        for text in kept {
            assert_eq!(flow(text), text);
        }
    }

    #[test]
    fn lists_code_forms_and_tables_in_a_wrapped_text_keep_their_lines() {
        let start = "please find below everything that we have agreed upon for the day of the\n\
                     wedding, so that nobody has to look for it in the morning.";
        let blocks = [
            "- hair for the bride at eight, with a trial run the week before the day\n- make-up for the mother",
            "1. hair for the bride at eight, with a trial run the week before the day\n2. make-up for the mother",
            "a) hair for the bride at eight, with a trial run the week before the day\nb) make-up for the mother",
            "if (guests.length > 12 && guests.every((guest) => guest.arrived)) begin;\nreturn guests",
            "    indented so that it stands exactly as it was typed by its own writer\n    and stays so",
            "Phone: +49 69 123456, to be called between nine and noon, not any later\nRoom: 4",
            "Bride   08:00   Hair and make-up in the large room upstairs, with Ana\nMother   09:30   Hair",
            "see the pictures of last year and the price list that belongs to them at\nhttps://studio.example/2026",
        ];
        for block in blocks {
            let flown = flow(&format!("{start}\n\n{block}"));
            assert!(flown.ends_with(block), "{flown}");
            assert!(flown.contains("of the wedding"), "the paragraph above flows: {flown}");
        }
    }
}
