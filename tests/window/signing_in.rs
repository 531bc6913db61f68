//! Signing in by a link, in the real window: a real OpenID Connect server, a real Dovecot that asks it about every token,
//! a browser that ends on `deskbell://oauth/…`, and a second start that hands the link over. The token ends, rotates, is
//! taken back; the person signs in again; each message is here once.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use deskbell_testbed::oidc::Grants;
use deskbell_testbed::{
    Decision, Desktop, Dovecot, DovecotOptions, Oidc, TauriDriver, unless_missing,
};
use serde_json::json;

use crate::screen::Screen;
use crate::support::bell::Bell;
use crate::support::{server, wait_until};

const STUDIO: &str = "studio@testbed.example";
const OTHER: &str = "other@testbed.example";
/// The one button of a failed sign-in.
const ONE_BUTTON: &str = "document.querySelectorAll('main [role=alert] button').length === 1";

/// Everything that goes on beside the window.
struct Town {
    oidc: Oidc,
    dovecot: Dovecot,
    bell: Bell,
    opener: Opener,
    /// What a program needs to run on the desktop.
    environment: Vec<(OsString, OsString)>,
    delivered: usize,
}

/// The desktop's way to open pages: writes down what it was asked to open.
struct Opener(tempfile::TempDir);

impl Opener {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let program = dir.path().join("xdg-open");
        let list = dir.path().join("opened");
        let script = format!("#!/bin/sh\nprintf '%s\\n' \"$1\" >> '{}'\n", list.display());
        std::fs::write(&program, script).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&program, mode).unwrap();
        Self(dir)
    }

    /// The pages that were opened so far.
    fn opened(&self) -> Vec<String> {
        let list = std::fs::read_to_string(self.0.path().join("opened")).unwrap_or_default();
        list.lines().map(str::to_owned).collect()
    }

    /// The path that finds it first.
    fn path(&self) -> OsString {
        let usual = std::env::var_os("PATH").unwrap_or_default();
        let dirs =
            std::iter::once(PathBuf::from(self.0.path())).chain(std::env::split_paths(&usual));
        std::env::join_paths(dirs).unwrap()
    }
}

impl Town {
    fn new(desktop: &Desktop, opener: Opener) -> Option<Self> {
        let oidc = unless_missing(Oidc::start()).unwrap()?;
        let options = DovecotOptions {
            introspection: Some(oidc.introspection()),
            users: vec![(STUDIO.into(), "pencil".into()), (OTHER.into(), "pencil".into())],
            ..DovecotOptions::default()
        };
        let dovecot = unless_missing(Dovecot::start(options)).unwrap()?;
        let mut bell = Bell::bare();
        let environment: Vec<(OsString, OsString)> =
            desktop.environment().map(|(name, value)| (name.into(), value.into())).collect();
        for (name, value) in &environment {
            bell = bell.with(name, value);
        }
        let data = desktop.environment().find(|(name, _)| *name == "XDG_DATA_HOME").unwrap().1;
        std::os::unix::fs::symlink(bell.profile(), Path::new(data).join("deskbell")).unwrap();
        Some(Self { oidc, dovecot, bell, opener, environment, delivered: 0 })
    }

    fn deliver(&mut self, count: usize) {
        for _ in 0..count {
            self.delivered += 1;
            let number = self.delivered;
            let mail = crate::support::mail(
                &format!("letter-{number:02}"),
                &format!("Letter {number:02}"),
                &format!("The words of letter {number:02}."),
            );
            self.dovecot.deliver(STUDIO, &mail).unwrap();
        }
    }

    /// Every connection ends, and every access token with it.
    fn cut(&mut self) {
        self.dovecot.stop();
        self.oidc.expire_access().unwrap();
        self.dovecot.restart().unwrap();
    }

    /// What was granted, once the refresh token was exchanged again and its successor is there. A session may outlive
    /// its server for a moment, and bring mail without a new token.
    fn rotated(&self, before: u64) -> Grants {
        wait_until("the refresh token to rotate while mail comes in", 180, || {
            let grants = self.oidc.grants().unwrap();
            (grants.refreshes > before && grants.lasting == 1).then_some(grants)
        })
    }

    /// The page that the window has the desktop open next, after `before` others.
    fn page(&self, before: usize) -> String {
        wait_until("a page in the browser", 180, || self.opener.opened().get(before).cloned())
    }

    /// The person goes through the page; the link it ends on.
    fn browse(&self, before: usize, name: &str, decision: Decision) -> String {
        let link = self.oidc.browse(&self.page(before), name, decision).unwrap();
        assert!(
            link.starts_with("deskbell://oauth/"),
            "the browser ends on a link of ours: {link}"
        );
        link
    }

    /// What the desktop does with a link: starts the program once more with it.
    fn follow(&self, link: &str) {
        let mut again = Command::new(env!("CARGO_BIN_EXE_deskbell"));
        again.arg(link).envs(self.environment.iter().cloned()).env_remove("DESKBELL_PROFILE");
        let ended = again.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        assert!(ended.success(), "a second start hands over and ends well: {ended}");
    }

    /// Lines of the log that say that a link was nobody's.
    fn unwanted(&self) -> usize {
        self.logs().matches("belongs to no sign-in under way").count()
    }

    fn logs(&self) -> String {
        let Ok(folder) = std::fs::read_dir(self.bell.profile().join("logs")) else {
            return String::new();
        };
        folder.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).collect()
    }

    /// A link that nobody waits for does nothing but a line in the log.
    fn follow_in_vain(&self, link: &str) {
        let before = self.unwanted();
        self.follow(link);
        wait_until("a line in the log", 180, || (self.unwanted() > before).then_some(()));
    }

    /// Every message of the server is here once, and no other.
    fn assert_everything_once(&self) {
        let page = self.bell.json(&["inbox", "--limit", "200"]);
        let mut here: Vec<String> = page["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["subject"].as_str().unwrap().replace("Letter ", "letter-"))
            .collect();
        let mut phone = self.dovecot.other_client().unwrap();
        let copies = server::copies(&mut phone, "INBOX");
        let mut there: Vec<String> =
            copies.into_iter().map(|copy| copy.id.replace("@stories.example", "")).collect();
        here.sort_unstable();
        there.sort_unstable();
        assert_eq!(here, there, "no message is lost or doubled");
        assert_eq!(here.len(), self.delivered);
    }
}

/// The list's head counts so many conversations.
async fn until_counted(screen: &Screen<'_>, count: usize) {
    let counted =
        format!("document.querySelector('header .numbers')?.innerText.startsWith('{count} ')");
    screen.until(&format!("{count} conversations"), &counted).await;
}

async fn until_said(screen: &Screen<'_>, words: &str) {
    let said = format!("document.querySelector('main')?.innerText.includes({})", json!(words));
    screen.until(words, &said).await;
}

/// Types what an administrator would tell: the servers, the issuer, the client id and how its answer comes back.
async fn fill_the_form_in(screen: &Screen<'_>, town: &Town) {
    screen.press_css(".tiles button").await;
    screen.fill("#mail-address", STUDIO).await;
    // What is proposed moves the button.
    screen
        .until("the proposal", "document.body.innerText.includes('imap.testbed.example, port')")
        .await;
    screen.press_button("Sign in in the browser instead").await;
    screen.fill("#mail-host", "127.0.0.1").await;
    screen.press_css("#mail-security option[value=none]").await;
    screen.fill("#mail-port", &town.dovecot.imap_port().to_string()).await;
    screen.fill("#client-issuer-custom", &town.oidc.issuer()).await;
    screen.fill("#client-id-custom", town.oidc.client_id()).await;
    screen.press_css("#client-redirect-custom option[value=deep_link]").await;
    screen.picture("signing-in-01-form").await;
    screen.press_button("Save").await;
}

/// Links of others, denied consent, and at last the answer that is waited for.
async fn sign_in(screen: &Screen<'_>, town: &Town) {
    screen.press_button("Sign in with OpenID Connect").await;
    until_said(screen, "Go on in the browser").await;
    let denied = town.browse(0, STUDIO, Decision::Deny);
    let state = denied.split("state=").nth(1).unwrap().split('&').next().unwrap();
    town.follow_in_vain("deskbell://oauth/callback?code=stolen-1&state=stolen-2");
    town.follow_in_vain(&denied.replace(state, &format!("{state}x")));
    until_said(screen, "Go on in the browser").await;
    screen.picture("signing-in-02-waiting").await;

    town.follow(&denied);
    until_said(screen, "Nothing was allowed on the page in the browser").await;
    screen.until("one button", ONE_BUTTON).await;
    screen.picture("signing-in-03-denied").await;

    screen.press_css("main [role=alert] button").await;
    until_said(screen, "Go on in the browser").await;
    let agreed = town.browse(1, STUDIO, Decision::Agree);
    town.follow_in_vain(&denied);
    until_said(screen, "Go on in the browser").await;
    town.follow(&agreed);
    until_counted(screen, 3).await;
    town.follow_in_vain(&agreed);
    let logs = town.logs();
    let field = |name: &str| agreed.split(name).nth(1).unwrap().split('&').next().unwrap();
    for secret in ["stolen", state, field("code="), field("state=")] {
        assert!(!logs.contains(secret), "nothing of a link is logged: {secret}");
    }
    screen.picture("signing-in-04-inbox").await;
}

/// The token ends, and those after it live for seconds; mail comes in all the same.
async fn let_tokens_end(screen: &Screen<'_>, town: &mut Town) {
    assert_eq!(town.oidc.grants().unwrap().refreshes, 0, "the first token lasts");
    town.cut();
    town.deliver(1);
    until_counted(screen, town.delivered).await;
    let grants = town.rotated(0);
    assert_eq!((grants.refreshes, grants.refused), (1, 0), "one refresh, whoever was turned away");

    town.oidc.access_lives(8).unwrap();
    for _ in 0..3 {
        let before = town.oidc.grants().unwrap().refreshes;
        town.cut();
        town.deliver(10);
        until_counted(screen, town.delivered).await;
        assert_eq!(town.rotated(before).refused, 0, "no old token is ever shown again");
    }
    town.oidc.access_lives(3_600).unwrap();
    town.assert_everything_once();
}

/// Everything is taken back: the window says so, keeps what is here, and asks nobody again and again.
async fn lose_the_sign_in(screen: &Screen<'_>, town: &mut Town) {
    let here = town.delivered;
    town.oidc.revoke_all().unwrap();
    town.cut();
    screen
        .until(
            "the banner",
            "document.querySelector('.banners')?.innerText.includes('Sign in again')",
        )
        .await;
    // Only now: a session may outlive its server for a moment, and bring mail without a token.
    town.deliver(2);
    until_counted(screen, here).await;
    screen.press_row(&format!("Letter {here:02}")).await;
    let read = format!(
        "document.querySelector('iframe')?.contentDocument?.body?.innerText.includes('The words of letter {here:02}.')"
    );
    screen.until("a letter that can be read all the same", &read).await;
    screen.picture("signing-in-05-signed-out").await;
    assert_eq!(town.oidc.grants().unwrap().refused, 1, "what was refused is not asked for again");
}

async fn sign_in_again(screen: &Screen<'_>, town: &Town) {
    screen.press_css(".banners button").await;
    screen.press_button("Sign in with OpenID Connect").await;
    let wrong = town.browse(2, OTHER, Decision::Agree);
    town.follow(&wrong);
    until_said(screen, &format!("You signed in as {OTHER}, and this account is {STUDIO}")).await;
    screen.until("one button", ONE_BUTTON).await;
    screen.picture("signing-in-06-wrong-mailbox").await;

    screen.press_css("main [role=alert] button").await;
    let right = town.browse(3, STUDIO, Decision::Agree);
    screen.note(".toast").await;
    town.follow(&right);
    screen.until_noted("the note that it worked", "Signed in to").await;
    screen.picture("signing-in-07-signed-in-again").await;
    screen.press_text("Inbox").await;
    until_counted(screen, town.delivered).await;
    town.assert_everything_once();
    screen.picture("signing-in-08-everything-once").await;
}

/// What a removal erases here and ends there.
async fn remove(screen: &Screen<'_>, town: &Town) {
    assert!(town.oidc.grants().unwrap().lasting > 0, "a sign-in lasts");
    screen.press_text("Accounts").await;
    screen.press_button("Remove").await;
    screen
        .until(
            "what becomes of the sign-in",
            "document.querySelector('dialog')?.innerText.includes('Then OpenID Connect is asked to take')",
        )
        .await;
    screen.picture("signing-in-09-remove").await;
    screen.press_button("Erase from this computer").await;
    screen
        .until(
            "what became of it",
            "document.querySelector('dialog')?.innerText.includes('was taken back by OpenID Connect')",
        )
        .await;
    screen.picture("signing-in-10-removed").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_by_link_lives_through_expiry_rotation_and_loss() {
    let Some(mut desktop) = unless_missing(Desktop::start(1280, 800)).unwrap() else { return };
    let opener = Opener::new();
    desktop.set("PATH", opener.path());
    let Some(driver) = unless_missing(TauriDriver::start(&desktop)).unwrap() else { return };
    let Some(mut town) = Town::new(&desktop, opener) else { return };
    town.deliver(3);
    let screen = Screen::open_own(&driver, &desktop).await;
    fill_the_form_in(&screen, &town).await;
    sign_in(&screen, &town).await;
    let_tokens_end(&screen, &mut town).await;
    lose_the_sign_in(&screen, &mut town).await;
    sign_in_again(&screen, &town).await;
    let others = town.oidc.grants().unwrap().lasting;
    remove(&screen, &town).await;
    // The other mailbox's sign-in, which was not used, still lasts.
    assert_eq!(town.oidc.grants().unwrap().lasting, others - 1, "the account's own is gone");
    screen.close().await;
}
