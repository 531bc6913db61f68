//! Links from outside.

use crate::screen::Screen;
use crate::stage::{Stage, until};

#[test]
fn links_are_followed_or_left_alone() {
    let Some((stage, _notifications)) = Stage::with_notifications() else { return };
    let _app = stage.open();
    stage.start_again(&["mailto:mara@client.example?subject=From%20a%20link&attach=/etc/passwd"]);
    until("the draft", || stage.view("drafts").contains(&"From a link".to_owned()));

    stage.deliver("Jon <jon@client.example>", "Linked");
    until("the mail", || stage.view("unread").contains(&"Linked".to_owned()));
    let page = stage.bell.json(&["inbox", "--view", "unread"]);
    let id = page["rows"][0]["id"].as_str().unwrap().to_owned();
    stage.start_again(&[&format!("deskbell://conversation/{id}")]);
    until("it is opened and so read", || !stage.view("unread").contains(&"Linked".to_owned()));

    for forged in [
        "deskbell://erase/secret-1",
        "deskbell://conversation/987654321",
        "deskbell://oauth/google?state=secret-2&code=secret-3",
        "https://evil.example/secret-4",
    ] {
        stage.start_again(&[forged]);
    }
    until("a line for each in the log", || {
        let logs = stage.logs();
        logs.contains("was not followed")
            && logs.contains("not here")
            && logs.contains("belongs to no sign-in")
    });
    let logs = stage.logs();
    for secret in ["secret-", "evil.example", "987654321", "mara@client"] {
        assert!(!logs.contains(secret), "nothing of a link is logged: {secret}");
    }
}

#[test]
fn deskbell_becomes_the_program_for_mail_links_only_when_the_person_says_so() {
    let Some((stage, _notifications)) = Stage::with_notifications() else { return };
    // As the package installs it, beside the entry of another program that has the links.
    let applications = stage.folder("XDG_DATA_HOME").join("applications");
    std::fs::create_dir_all(&applications).unwrap();
    for (file, program) in [("Deskbell", env!("CARGO_BIN_EXE_deskbell")), ("Other", "/bin/true")] {
        let entry = format!(
            "[Desktop Entry]\nType=Application\nName={file}\nExec={program} %u\n\
             MimeType=x-scheme-handler/mailto;\n"
        );
        std::fs::write(applications.join(format!("{file}.desktop")), entry).unwrap();
    }
    let choices = stage.folder("XDG_CONFIG_HOME").join("mimeapps.list");
    std::fs::write(&choices, "[Default Applications]\nx-scheme-handler/mailto=Other.desktop\n")
        .unwrap();
    let chosen = || {
        let text = std::fs::read_to_string(&choices).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix("x-scheme-handler/mailto="));
        line.unwrap_or_default().trim_end_matches(';').to_owned()
    };
    let Some(screen) = Screen::open(&stage) else { return };
    screen.press_words("nav button", "Settings");
    screen.until_says("do not open in Deskbell");
    assert_eq!(chosen(), "Other.desktop", "nothing is taken unasked");
    screen.press_words("button", "Open them in Deskbell");
    screen.until_says("open in Deskbell.");
    until("the system to know", || chosen().starts_with("Deskbell.desktop"));
}
