//! What the server in memory offers to the engine.

use async_trait::async_trait;
use deskbell_domain::ProviderError;
use deskbell_domain::port::{Capabilities, MessageSource, Provider, StateSink};
use deskbell_domain::sync::{
    Cursor, EditOutcome, Page, PullOptions, RemoteBody, RemoteKey, RemoteScope, StateEdit,
};

use super::{EDITS, Mailbox, Op, Server};

#[async_trait]
impl MessageSource for Server {
    async fn scopes(&self) -> Result<Vec<RemoteScope>, ProviderError> {
        self.enter(Op::Scopes, "scopes".into())?;
        let world = self.world();
        let scope = |(key, mailbox): (&String, &Mailbox)| RemoteScope {
            key: key.clone(),
            name: key.clone(),
            role: mailbox.role,
            selectable: true,
        };
        Ok(world.boxes.iter().map(scope).collect())
    }

    async fn pull(
        &self,
        scope: &RemoteScope,
        cursor: Option<&Cursor>,
        options: PullOptions,
    ) -> Result<Page, ProviderError> {
        let kind = if options.bodies { "whole" } else { "headers" };
        self.enter(Op::Pull, format!("pull {} {kind}", scope.key))?;
        let gate = self.world().gate.clone();
        if let Some((_, gate)) = gate.filter(|(key, _)| *key == scope.key) {
            gate.acquire().await.expect("the gate stays").forget();
        }
        let mut page = self.world().mailbox(&scope.key)?.page(cursor, options);
        let mut world = self.world();
        page.more |= world.stalled.contains(&scope.key);
        if let Some((left, token)) = &mut world.stop_after {
            *left = left.saturating_sub(1);
            if *left == 0 {
                token.cancel();
            }
        }
        Ok(page)
    }

    async fn bodies(
        &self,
        scope: &RemoteScope,
        _cursor: Option<&Cursor>,
        keys: &[RemoteKey],
    ) -> Result<Vec<RemoteBody>, ProviderError> {
        self.enter(Op::Bodies, format!("bodies {} {}", scope.key, keys.len()))?;
        let world = self.world();
        if world.bad_body.as_ref().is_some_and(|bad| keys.contains(bad)) {
            let message = "cannot be read from disk".to_owned();
            return Err(ProviderError::Rejected { code: "SERVERBUG".into(), message });
        }
        let mailbox = world.mailbox(&scope.key)?;
        let body = |key: &RemoteKey| {
            let source = mailbox.mail.get(&key.to_uid()?)?.raw.clone();
            Some(RemoteBody { key: key.clone(), source })
        };
        Ok(keys.iter().filter_map(body).collect())
    }

    async fn watch(&self, _scopes: &[RemoteScope]) -> Result<Vec<String>, ProviderError> {
        loop {
            if self.world().offline {
                return Err(ProviderError::Offline("the line is cut".into()));
            }
            if std::mem::take(&mut self.world().woken) {
                return Ok(Vec::new());
            }
            if !self.world().quiet {
                let news = std::mem::take(&mut self.world().news);
                if !news.is_empty() {
                    return Ok(news.into_iter().collect());
                }
            }
            self.bell.notified().await;
        }
    }

    fn attend(&self, looked_at: bool) {
        self.world().attention.push(looked_at);
    }
}

#[async_trait]
impl StateSink for Server {
    async fn apply(
        &self,
        scope: &RemoteScope,
        _cursor: Option<&Cursor>,
        keys: &[RemoteKey],
        edit: &StateEdit,
    ) -> Result<Vec<EditOutcome>, ProviderError> {
        self.enter(Op::Apply, format!("apply {} {} {edit:?}", scope.key, keys.len()))?;
        let gate = self.world().gate.clone();
        if let Some((_, gate)) = gate.filter(|(key, _)| key == EDITS) {
            gate.acquire().await.expect("the gate stays").forget();
        }
        let mut world = self.world();
        if world.bad_edit.as_ref().is_some_and(|bad| keys.contains(bad)) {
            let message = "this message is locked".to_owned();
            return Err(ProviderError::Rejected { code: "CANNOT".into(), message });
        }
        let mut outcomes = Vec::new();
        for key in keys {
            let uid = key.to_uid().expect("a key of this server");
            let source = world.boxes.get_mut(&scope.key).expect("the mailbox is there");
            let Some(mail) = source.mail.get_mut(&uid) else { continue };
            source.history.push(uid);
            let mut moved_to = None;
            match edit {
                StateEdit::Seen { value } => mail.flags.seen = *value,
                StateEdit::Starred { value } => mail.flags.starred = *value,
                StateEdit::Answered { value } => mail.flags.answered = *value,
                StateEdit::Label { keyword, value: true, .. } => {
                    mail.keywords.insert(keyword.clone());
                }
                StateEdit::Label { keyword, value: false, .. } => {
                    mail.keywords.remove(keyword);
                }
                StateEdit::Erase => drop(source.mail.remove(&uid)),
                StateEdit::Move { to } if *to == source.role => {}
                StateEdit::Move { to } => {
                    let mail = source.mail.remove(&uid).expect("it was there just now");
                    let (name, target) = world
                        .boxes
                        .iter_mut()
                        .find(|(_, mailbox)| mailbox.role == *to)
                        .expect("a mailbox of that role");
                    let there = target.next;
                    target.next += 1;
                    target.mail.insert(there, mail);
                    target.history.push(there);
                    moved_to = Some((name.clone(), RemoteKey::from_uid(there)));
                }
            }
            outcomes.push(EditOutcome { key: key.clone(), moved_to });
        }
        Ok(outcomes)
    }
}

impl Provider for Server {
    fn capabilities(&self) -> Capabilities {
        Capabilities { receives: true, writes_state: true, connections: 3 }
    }

    fn messages(&self) -> Option<&dyn MessageSource> {
        Some(self)
    }

    fn state(&self) -> Option<&dyn StateSink> {
        Some(self)
    }

    fn retire(&self) {
        self.world().retired += 1;
    }
}
