//! A mailbox whose sign-in a real OpenID Connect server checks, and `bell` in front of it.

use std::process::Child;

use deskbell_testbed::{Decision, Dovecot, DovecotOptions, Oidc, unless_missing};
use serde_json::Value;

use crate::browser;
use crate::support::bell::{Bell, Said};

pub const STUDIO: &str = "studio@testbed.example";
pub const OTHER: &str = "other@testbed.example";

/// See the module.
pub struct Town {
    pub oidc: Oidc,
    pub dovecot: Dovecot,
    pub bell: Bell,
    pub delivered: usize,
}

impl Town {
    pub fn new() -> Option<Self> {
        let oidc = unless_missing(Oidc::start()).expect("the sign-in server starts")?;
        let options = DovecotOptions {
            introspection: Some(oidc.introspection()),
            users: vec![(STUDIO.into(), "pencil".into()), (OTHER.into(), "pencil".into())],
            ..DovecotOptions::default()
        };
        let dovecot = unless_missing(Dovecot::start(options)).expect("Dovecot starts")?;
        Some(Self { oidc, dovecot, bell: Bell::new(), delivered: 0 })
    }

    pub fn deliver(&mut self, count: usize) {
        for _ in 0..count {
            self.delivered += 1;
            let number = self.delivered;
            let mail = format!(
                "From: mara@client.example\r\nTo: {STUDIO}\r\nSubject: mail {number}\r\n\
                 Message-ID: <{number}@client.example>\r\n\r\nThe body of {number}.\r\n"
            );
            self.dovecot.deliver(STUDIO, mail.as_bytes()).expect("delivered");
        }
    }

    /// Starts `bell`, and reads the page it names.
    pub fn begin(&self, arguments: &[&str]) -> (Child, String, impl std::io::Read + use<>) {
        browser::begin(&self.bell, arguments)
    }

    /// Signs in with a name in a browser on this machine.
    pub fn sign_in(&self, arguments: &[&str], name: &str, decision: Decision) -> Said {
        let (child, page, _said) = self.begin(arguments);
        let shown = self.oidc.browse(&page, name, decision).expect("the browser goes through");
        assert_eq!(shown, "shown 200", "the browser is told that it may be closed");
        child.wait_with_output().expect("bell ends").into()
    }

    pub fn add(&self) -> Vec<String> {
        let port = self.dovecot.imap_port().to_string();
        let issuer = self.oidc.issuer();
        let words = [
            "account",
            "add",
            "oidc",
            "--issuer",
            &issuer,
            "--client-id",
            self.oidc.client_id(),
            "--host",
            "127.0.0.1",
            "--port",
            &port,
            "--security",
            "none",
        ];
        words.map(str::to_owned).to_vec()
    }

    #[track_caller]
    pub fn assert_everything_once(&self) {
        let page = self.bell.json(&["inbox", "--limit", "200"]);
        let mut subjects: Vec<&str> = page["rows"]
            .as_array()
            .expect("rows")
            .iter()
            .map(|row| row["subject"].as_str().expect("a subject"))
            .collect();
        subjects.sort_by_key(|subject| subject.len());
        let wanted: Vec<String> = (1..=self.delivered).map(|n| format!("mail {n}")).collect();
        let mut wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        wanted.sort_unstable();
        subjects.sort_unstable();
        assert_eq!(subjects, wanted, "no message is lost or doubled");
    }

    pub fn account(&self) -> Value {
        self.bell.json(&["account", "list"])["accounts"][0].clone()
    }
}

pub fn strs(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}
