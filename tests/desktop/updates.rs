//! New versions, against a played place of them with a throw-away key.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minisign::KeyPair;
use serde_json::json;

use crate::screen::Screen;
use crate::stage::{Stage, until};

/// What is answered, by path.
type Answers = Arc<Mutex<Vec<(String, Vec<u8>)>>>;

/// The place of new versions: what it answers to each path, and who asked.
struct Place {
    address: String,
    answers: Answers,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Place {
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let answers = Answers::default();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let (known, noted) = (Arc::clone(&answers), Arc::clone(&asked));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut request = [0_u8; 4096];
                let read = stream.read(&mut request).unwrap_or(0);
                let text = String::from_utf8_lossy(&request[..read]).into_owned();
                let path = text.split(' ').nth(1).unwrap_or_default().to_owned();
                noted.lock().unwrap().push(path.clone());
                let known = known.lock().unwrap();
                let body = known.iter().find(|(own, _)| *own == path).map(|(_, body)| body.clone());
                let head = match &body {
                    Some(body) => format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n", body.len()),
                    None => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n".to_owned(),
                };
                // Who asked may have gone away.
                let _ = stream.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes());
                let _ = stream.write_all(&body.unwrap_or_default());
            }
        });
        Self { address, answers, asked }
    }

    fn put(&self, path: &str, body: &[u8]) {
        let mut answers = self.answers.lock().unwrap();
        answers.retain(|(own, _)| own != path);
        answers.push((path.to_owned(), body.to_owned()));
    }

    /// Offers a package as a version, signed with a key for what it says it is.
    fn offer(&self, version: &str, package: &[u8], key: &KeyPair, signed_as: &str) {
        let comment = format!("timestamp:1\tfile:Deskbell.AppImage\tversion:{signed_as}");
        let signature =
            minisign::sign(None, &key.sk, package, Some(&comment), Some("test")).unwrap();
        self.put("/package", package);
        let latest = json!({
            "version": version,
            "notes": "Calendars, and <b>less</b> noise.",
            "pub_date": "2026-11-21T10:00:00Z",
            "url": format!("{}/package", self.address),
            "signature": STANDARD.encode(signature.to_string()),
        });
        self.put("/latest.json", latest.to_string().as_bytes());
    }

    fn times_asked(&self, path: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|own| *own == path).count()
    }
}

#[test]
fn a_new_version_is_offered_and_installed_only_with_our_signature_and_the_person_s_word() {
    let Some((mut stage, _notifications)) = Stage::with_notifications() else { return };
    let (ours, foreign) = (
        KeyPair::generate_unencrypted_keypair().unwrap(),
        KeyPair::generate_unencrypted_keypair().unwrap(),
    );
    let place = Place::open();
    let settings = json!({
        "pubkey": STANDARD.encode(ours.pk.to_box().unwrap().to_string()),
        "endpoints": [format!("{}/latest.json", place.address)],
        "dangerousInsecureTransportProtocol": true,
    });
    // What an AppImage is started from, and is replaced in.
    let image = stage.file("Deskbell.AppImage");
    let old = std::fs::read("/bin/false").unwrap();
    std::fs::write(&image, &old).unwrap();
    let new = std::fs::read("/bin/true").unwrap();
    stage.desktop.set("DESKBELL_UPDATER", settings.to_string());
    stage.desktop.set("APPIMAGE", &image);
    let there = || std::fs::read(&image).unwrap();

    place.offer("9.0.0", &new, &foreign, "9.0.0");
    let Some(screen) = Screen::open(&stage) else { return };
    screen.until_says("Deskbell 9.0.0 is there.");
    assert_eq!(place.times_asked("/package"), 0, "nothing is fetched before the person says so");
    screen.press_words("button", "What is new");
    screen.until_says("Calendars, and <b>less</b> noise.");
    screen.picture("new-version");

    screen.press_words("button", "Install and start again");
    screen.until_says("signature is not ours");
    assert!(there() == old, "a package that somebody else signed is not installed");

    place.offer("9.0.0", &new, &ours, "8.0.0");
    screen.press_words("button", "Install and start again");
    until("it to be fetched again", || place.times_asked("/package") == 2);
    screen.until_says("signature is not ours");
    assert!(there() == old, "a genuine package under the name of another version is not installed");

    place.offer("9.0.0", &new, &ours, "9.0.0");
    screen.until("it to be ready again", "!document.body.innerText.includes('Installing')");
    screen.press_words("button", "Install and start again");
    // The old one is put aside before the new one is written: for a moment there is none.
    until("the new version to be in place", || std::fs::read(&image).is_ok_and(|now| now == new));
    until("the old one to end", || !stage.sees_window());
}

#[test]
fn without_a_key_and_an_address_nobody_is_asked_and_nothing_is_offered() {
    let Some((mut stage, _notifications)) = Stage::with_notifications() else { return };
    let place = Place::open();
    let settings = json!({
        "pubkey": "",
        "endpoints": [format!("{}/latest.json", place.address)],
        "dangerousInsecureTransportProtocol": true,
    });
    stage.desktop.set("DESKBELL_UPDATER", settings.to_string());
    let Some(screen) = Screen::open(&stage) else { return };
    screen.press_words("nav button", "Settings");
    screen.until_says("Deskbell is free software");
    let offers = "document.body.innerText.includes('New versions')";
    assert_eq!(screen.read(&format!("return {offers}")), false, "there is nothing to press");
    assert_eq!(place.times_asked("/latest.json"), 0, "and nobody was asked at the start");
}
