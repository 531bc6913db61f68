//! Words of many languages: what is found, and what is marked in it.

use deskbell_domain::MailboxRole::Inbox;
use deskbell_store::queries::search::{self, Fragment, Request};
use deskbell_store::sync;
use jiff::tz::TimeZone;

use crate::support::{Desk, key, letter};

fn desk(texts: &[(&str, &str)]) -> Desk {
    let mut desk = Desk::new();
    for (number, (id, text)) in (1..).zip(texts) {
        let written = letter(&format!("{id}@x"), i64::from(number)).titled("-").saying(text);
        desk.receive(Inbox, number, &written);
    }
    desk
}

fn marked(desk: &Desk, words: &str) -> Vec<String> {
    let query = search::parse(words, false, &TimeZone::UTC);
    let packer = desk.store.packer();
    let request = Request { query, account: None, below: None, limit: 10 };
    let page = desk.read(|c| search::run(c, &packer, &request));
    let hits = |fragments: &[Fragment]| -> Vec<String> {
        fragments.iter().filter(|part| part.hit).map(|part| part.text.clone()).collect()
    };
    page.hits.iter().flat_map(|hit| hits(&hit.snippet)).collect()
}

#[test]
fn accents_and_case_make_no_difference_either_way() {
    let desk = desk(&[
        ("spanish", "Señora Calderón llega mañana"),
        ("plain", "Senora Calderon llega manana"),
        ("german", "Schöne Grüße aus Köln"),
        ("french", "À bientôt, Zoë et François"),
        ("apart", "Cafe\u{301} mit Zucker"),
        ("czech", "Příliš žluťoučký kůň"),
    ]);
    for query in ["calderon", "Calderón", "CALDERÓN", "mañana", "manana"] {
        assert_eq!(desk.find(query), ["plain", "spanish"], "{query}");
    }
    assert_eq!(desk.find("koln schone"), ["german"]);
    assert_eq!(desk.find("gruße"), ["german"], "the umlaut is folded, ß stays a letter of its own");
    assert_eq!(desk.find("zoe francois"), ["french"]);
    assert_eq!(desk.find("café"), ["apart"], "however the accent was written");
    assert_eq!(desk.find("prilis kun"), ["czech"]);
    assert_eq!(marked(&desk, "koln"), ["Köln"], "what is marked keeps its accents");
}

#[test]
fn scripts_without_spaces_are_found_inside_a_sentence() {
    let desk = desk(&[
        ("japanese", "来週の東京旅行の予約をお願いします。タトゥーの件です。"),
        ("chinese", "我想预约下周二的纹身"),
        ("mixed", "Booking for 山田さん at 5pm"),
    ]);
    assert_eq!(desk.find("東京"), ["japanese"]);
    assert_eq!(desk.find("旅行の予約"), ["japanese"]);
    assert_eq!(desk.find("タトゥー"), ["japanese"]);
    assert_eq!(desk.find("纹身"), ["chinese"]);
    assert_eq!(desk.find("山田 booking"), ["mixed"]);
    assert!(
        desk.find("東行").is_empty(),
        "characters that do not stand beside each other are no word"
    );
    assert!(desk.find("京東").is_empty(), "nor are they in another order");
    assert_eq!(desk.find_typing("纹"), ["chinese"]);
}

#[test]
fn spaced_scripts_other_than_latin_are_found_by_their_words() {
    let desk = desk(&[
        ("arabic", "مرحبا، أريد حجز موعد غدا"),
        ("hebrew", "שלום, אני רוצה לקבוע תור"),
        ("russian", "Здравствуйте, хочу записаться на Четверг"),
        ("greek", "Καλημέρα, θέλω ραντεβού"),
        ("korean", "안녕하세요 예약을 하고 싶어요"),
    ]);
    assert_eq!(desk.find("موعد"), ["arabic"]);
    assert_eq!(desk.find("תור"), ["hebrew"]);
    assert_eq!(desk.find("ЧЕТВЕРГ"), ["russian"]);
    assert_eq!(desk.find("καλημερα"), ["greek"]);
    assert_eq!(desk.find_typing("예약"), ["korean"], "its particle is still to be typed");
}

#[test]
fn numbers_addresses_and_links_are_found_by_their_parts() {
    let desk = desk(&[
        ("phone", "call +49 170 1234567 at 16:30"),
        ("link", "see https://studio.example/book/fern-2026"),
        ("invoice", "Invoice RE-2026/0815 over 1.250,00 EUR"),
    ]);
    assert_eq!(desk.find("1234567"), ["phone"]);
    assert_eq!(desk.find("16:30"), ["phone"]);
    assert_eq!(desk.find("studio.example/book"), ["link"]);
    assert_eq!(desk.find("RE-2026/0815"), ["invoice"]);
    assert_eq!(desk.find("0815"), ["invoice"]);
}

#[test]
fn a_message_too_large_to_fetch_is_found_by_its_headers_and_later_by_its_text() {
    let mut desk = Desk::new();
    let mut film = letter("film@x", 1).titled("The whole film").saying("a fern in the wind");
    film.body = false;
    desk.receive(Inbox, 1, &film);
    let scope = desk.scope(Inbox);
    desk.write(move |w| sync::body_unavailable(w, scope, &key(1))).expect("is noted");
    assert_eq!(desk.find("film"), ["film"], "by its subject");
    assert_eq!(desk.find("from:client"), ["film"], "and its author");
    assert!(desk.find("fern").is_empty(), "its text is not here");
    film.body = true;
    desk.receive(Inbox, 1, &film);
    for word in ["film", "fern", "whole fern"] {
        assert_eq!(desk.find(word), ["film"], "{word}");
    }
    let indexed = "SELECT count(*) FROM message_text_docsize";
    assert_eq!(desk.read(|c| Ok(c.query_row(indexed, [], |row| row.get::<_, i64>(0))?)), 1);
}
