//! Mail in files: opened from outside, and files of mails dragged out of the window.

use std::path::PathBuf;
use std::process::Command;

use deskbell_testbed::Leashed;
use gtk::prelude::*;

use crate::screen::Screen;
use crate::stage::{Stage, until};

/// The text stands in the sandbox, where the filter of all mail put it.
const FRAMED: &str = "document.querySelector('dialog[open] iframe')?.contentDocument?.body?.innerText\
    .includes('Read from a file, and from nowhere else.')";

#[test]
fn a_mail_in_a_file_is_shown_and_imported_and_an_archive_is_offered() {
    let Some((stage, _notifications)) = Stage::with_notifications() else { return };
    let eml = stage.file("Grüße & mehr.eml");
    std::fs::write(
        &eml,
        "From: Mara Voss <mara@client.example>\r\nTo: studio@inkwell.example\r\nSubject: From a file\r\n\
         Date: Sat, 21 Nov 2026 10:00:00 +0000\r\n\r\nRead from a file, and from nowhere else.\r\n",
    )
    .unwrap();
    let mbox = stage.file("old mail.mbox");
    let old = "From mara@client.example Sat Nov 21 10:00:00 2026\nSubject: Old\n\nWords.\n";
    std::fs::write(&mbox, old).unwrap();
    let Some(screen) = Screen::open(&stage) else { return };
    stage.start_again(&[&format!("file://{}", eml.display()).replace(' ', "%20")]);
    screen.until_says("From a file");
    screen.until("its words in the frame of all mail", FRAMED);
    screen.picture("mail-in-a-file");
    screen.key("Escape");
    screen.until("it to close", "document.querySelector('dialog[open]') === null");

    stage.start_again(&[&mbox.to_string_lossy()]);
    screen.until_says("old mail.mbox");
    screen.picture("archive-offered");
    assert_eq!(stage.view("all"), ["Of old"], "nothing is imported before the person says so");

    stage.start_again(&[&eml.to_string_lossy()]);
    screen.until("its words once more", FRAMED);
    screen.press_words("dialog[open] header button", "Import");
    screen.until("where to", "document.querySelector('#given-name')");
    screen.picture("mail-in-a-file-imported");
    screen.press_words("dialog[open] form button", "Import");
    until("the person's word", || stage.view("all").contains(&"From a file".to_owned()));
    assert!(eml.is_file(), "and the file stays where it is");
    for private in ["Grüße", "old mail"] {
        assert!(!stage.logs().contains(private), "nothing of a path is logged: {private}");
    }
}

/// The mail has the height of its text, so that what is below it stays where it is.
const MEASURED: &str = "(() => { const frame = document.querySelector('iframe'); \
    const root = frame?.contentDocument?.documentElement; \
    return root?.innerText.includes('Here it is.') \
        && Math.abs(frame.clientHeight - root.getBoundingClientRect().height) < 2; })()";
const DROPPED: &str = "DESKBELL_TEST_DROPPED";
/// GTK's own dialog.
const PROGRAMS: &str = "Select Application";
const NAME: &str = "Größe & Preise 100%.pdf";

/// A mail with a file comes.
fn deliver_file(stage: &Stage) {
    stage
        .server
        .deliver(
            stage.server.user(),
            "From: Ben <ben@client.example>\r\nTo: studio@inkwell.example\r\nSubject: The file\r\n\
             Message-ID: <file@client.example>\r\nDate: Sat, 21 Nov 2026 10:00:00 +0000\r\n\
             MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=cut\r\n\r\n\
             --cut\r\nContent-Type: text/plain\r\n\r\nHere it is.\r\n\
             --cut\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; \
             filename*=utf-8''Gr%C3%B6%C3%9Fe%20%26%20Preise%20100%25.pdf\r\n\r\n%PDF-1.4 the prices\r\n\
             --cut--\r\n"
                .as_bytes(),
        )
        .unwrap();
}

/// Opens that mail, down to its file.
fn open_mail(stage: &Stage, screen: &Screen<'_>) {
    until("the mail", || stage.view("inbox").contains(&"The file".to_owned()));
    screen.until("two rows", "document.querySelectorAll('#conversations .row').length === 2");
    screen.press("#conversations .row .subject");
    screen.until("its words", MEASURED);
    screen.until("the chip", "document.querySelector('li.other')");
}

#[test]
fn a_file_of_a_mail_is_opened_in_the_program_that_the_person_chooses() {
    let Some((stage, _notifications)) = Stage::with_notifications() else { return };
    // A program for such files: what it is given to read it copies.
    let read = stage.file("read.pdf");
    let programs = stage.folder("XDG_DATA_HOME").join("applications");
    std::fs::create_dir_all(&programs).unwrap();
    let program = format!(
        "[Desktop Entry]\nType=Application\nName=Reader\nMimeType=application/pdf;\nExec=cp %f {}\n",
        read.display()
    );
    std::fs::write(programs.join("reader.desktop"), program).unwrap();
    let known = "[MIME Cache]\napplication/pdf=reader.desktop;\n";
    std::fs::write(programs.join("mimeinfo.cache"), known).unwrap();
    deliver_file(&stage);
    let Some(screen) = Screen::open(&stage) else { return };
    open_mail(&stage, &screen);

    let ask = || {
        screen.press("li.other button[aria-label^='Choose a program']");
        until("the programs", || stage.desktop.sees_window(PROGRAMS).unwrap());
    };
    ask();
    screen.picture("programs-to-choose-from");
    stage.desktop.press(PROGRAMS, "Escape").unwrap();
    until("no more programs", || !stage.desktop.sees_window(PROGRAMS).unwrap());
    ask();
    assert!(!read.exists(), "who chooses none opens nothing");
    stage.desktop.press(PROGRAMS, "Return").unwrap();
    until("the program to read it", || {
        std::fs::read_to_string(&read).is_ok_and(|text| text.trim_end() == "%PDF-1.4 the prices")
    });
    until("no more programs", || !stage.desktop.sees_window(PROGRAMS).unwrap());
}

#[test]
fn a_file_of_a_mail_can_be_dragged_into_another_program() {
    let Some((stage, _notifications)) = Stage::with_notifications() else { return };
    deliver_file(&stage);
    let Some(screen) = Screen::open(&stage) else { return };
    open_mail(&stage, &screen);

    let folder = stage.file("dropped");
    std::fs::create_dir(&folder).unwrap();
    let mut target = Command::new(std::env::current_exe().unwrap());
    target.args(["--exact", "files::drop_target", "--ignored", "--nocapture"]);
    target.envs(stage.desktop.environment()).env(DROPPED, &folder);
    let _target = Leashed::spawn(&mut target).unwrap();
    until("the place to drop it", || stage.desktop.sees_window("Drop here").unwrap());
    stage.desktop.drag(screen.middle("li.other b"), (1110, 200)).unwrap();

    let copy = folder.join(NAME);
    until("the file to be there", || copy.exists());
    assert_eq!(std::fs::read_to_string(&copy).unwrap().trim_end(), "%PDF-1.4 the prices");
    assert!(!copy.metadata().unwrap().permissions().readonly(), "the copy is the person's own");
    screen.picture("dragged-out");

    // The window goes on: what is pressed next is pressed, and nothing sticks to the pointer.
    screen.press_words("nav button", "Settings");
    screen.until("the settings", "location.hash.includes('settings')");
}

/// A program beside Deskbell that copies what is dropped on it, as a file manager does.
#[test]
#[ignore = "run as a child of the story above"]
fn drop_target() {
    let folder = PathBuf::from(std::env::var_os(DROPPED).expect("where the copies go"));
    gtk::init().unwrap();
    let window = gtk::Window::new(gtk::WindowType::Toplevel);
    window.set_title("Drop here");
    window.set_default_size(220, 220);
    window.move_(1000, 90);
    window.drag_dest_set(gtk::DestDefaults::ALL, &[], gtk::gdk::DragAction::COPY);
    window.drag_dest_add_uri_targets();
    window.connect_drag_data_received(move |_, _, _, _, data, _, _| {
        for address in data.uris() {
            let (path, _) = gtk::glib::filename_from_uri(&address).unwrap();
            let copy = folder.join(path.file_name().unwrap());
            std::fs::copy(&path, copy.with_extension("part")).unwrap();
            std::fs::rename(copy.with_extension("part"), copy).unwrap();
        }
    });
    window.show_all();
    gtk::main();
}
