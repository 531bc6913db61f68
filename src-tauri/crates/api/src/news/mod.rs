//! Notifications: what a host is to show of the news, when it is to take it away, and what an answer to one does.
//!
//! Invariants: a message is shown once; what was read or filed meanwhile is taken away; nothing personal is in a
//! notification where the person wants it hidden. Which mail is news is the engine's, how one is shown the host's.

mod burst;
mod standing;
mod words;

use std::collections::VecDeque;
use std::sync::Arc;

use deskbell_domain::ConversationId;
use deskbell_domain::conversation::View;
use deskbell_engine::EngineEvent;
use deskbell_store::{ChangeBatch, Entity, StoreError, table};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::desk::Desk;
use crate::dto::{ApiError, Edit, EditArgs, Wish};
use crate::handlers::inbox;
use crate::speech::Speech;
use standing::{Announced, Standing, Step};

/// Names one notification; showing another one under the same tag puts it in its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Tag {
    /// News of one conversation.
    Conversation(ConversationId),
    /// Many news at once.
    Many,
}

/// A notification as a host shows it. All of it is plain text of one or two lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// What it takes the place of.
    pub tag: Tag,
    /// First line.
    pub title: String,
    /// What stands below; may be empty.
    pub body: String,
    /// Buttons: what each does, and its words.
    pub actions: Vec<(Action, String)>,
    /// What it is about, for [`answer`].
    pub about: About,
}

/// What a notification is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// One message.
    Message {
        /// Its conversation.
        conversation: String,
        /// The message.
        message: String,
    },
    /// Several.
    Many,
}

/// What a person can do on a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Looks at it.
    Open,
    /// Answers.
    Reply,
    /// Files it away.
    Archive,
    /// Notes that it was read.
    Read,
}

impl Action {
    /// The word hosts know it by.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "default",
            Self::Reply => "reply",
            Self::Archive => "archive",
            Self::Read => "read",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Open, Self::Reply, Self::Archive, Self::Read]
            .into_iter()
            .find(|action| action.as_str() == word)
    }
}

/// What a host is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Announcement {
    /// Show this.
    Show(Notification),
    /// Take this away, if it is still there.
    Withdraw(Tag),
}

/// Does what a person chose on a notification; what the window is to show then, if anything.
pub async fn answer(desk: &Desk, about: &About, action: Action) -> Result<Option<Wish>, ApiError> {
    let About::Message { conversation, message } = about else {
        return Ok((action == Action::Open).then_some(Wish::Inbox));
    };
    let edit = match action {
        Action::Open => return Ok(Some(Wish::Conversation { id: conversation.clone() })),
        Action::Reply => {
            return Ok(Some(Wish::Reply {
                conversation_id: conversation.clone(),
                message_id: message.clone(),
            }));
        }
        Action::Archive => Edit::Archive,
        Action::Read => Edit::Read,
    };
    inbox::edit(desk, EditArgs { ids: vec![conversation.clone()], edit }).await?;
    Ok(None)
}

/// Everything a host is to announce from now on.
pub struct Announcements {
    desk: Arc<Desk>,
    /// The system's language.
    system: Option<String>,
    engine: Option<Receiver<EngineEvent>>,
    batches: Receiver<Arc<ChangeBatch>>,
    standing: Standing,
    ready: VecDeque<Announcement>,
}

impl Announcements {
    /// Of a desk; `system` is the language of the system, as it writes it.
    pub fn new(desk: Arc<Desk>, system: Option<String>) -> Self {
        Self {
            engine: desk.engine.as_ref().map(deskbell_engine::Engine::events),
            batches: desk.store.subscribe(),
            desk,
            system,
            standing: Standing::default(),
            ready: VecDeque::new(),
        }
    }

    /// The next one; `None` once the desk is closed or has no engine.
    pub async fn next(&mut self) -> Option<Announcement> {
        loop {
            if let Some(ready) = self.ready.pop_front() {
                return Some(ready);
            }
            let engine = self.engine.as_mut()?;
            tokio::select! {
                event = engine.recv() => match event {
                    Ok(EngineEvent::News(news)) => {
                        if let Err(error) = self.heard(news).await {
                            tracing::warn!(%error, "news could not be read");
                        }
                    }
                    // Better too little said than the same twice.
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return None,
                },
                batch = self.batches.recv() => match batch {
                    Ok(batch) => {
                        if let Err(error) = self.changed(&batch).await {
                            tracing::warn!(%error, "what was announced could not be read again");
                        }
                    }
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return None,
                },
            }
        }
    }

    async fn heard(&mut self, news: Vec<deskbell_engine::News>) -> Result<(), StoreError> {
        let ids: Vec<_> = news.iter().map(|one| one.message).collect();
        let (settings, messages) = self
            .desk
            .store
            .read(move |c| {
                let settings = table::setting::load(c)?;
                let mut messages = Vec::new();
                for id in ids {
                    // Gone or read between then and now is no news any more.
                    match table::message::get(c, id) {
                        Ok(m) if !m.flags.seen => messages.push(m),
                        Ok(_) | Err(StoreError::NotFound(_)) => {}
                        Err(error) => return Err(error),
                    }
                }
                Ok((settings, messages))
            })
            .await?;
        let speech = Speech::of(settings.language, self.system.as_deref());
        let hidden = settings.notifications_hide_content;
        for step in self.standing.heard(messages, self.desk.now()) {
            self.ready.push_back(match step {
                Step::Withdraw(tag) => Announcement::Withdraw(tag),
                Step::One(m) => Announcement::Show(words::one(&speech, &m, hidden)),
                Step::Many(count, authors) => {
                    Announcement::Show(words::many(&speech, count, &authors, hidden))
                }
            });
        }
        Ok(())
    }

    /// Takes away what a person has seen to elsewhere: here, or on the phone.
    async fn changed(&mut self, batch: &ChangeBatch) -> Result<(), StoreError> {
        let is_touched = |id: ConversationId| {
            let of = |change: &deskbell_store::Change| change.entity == Entity::Conversation;
            batch.changes.iter().any(|change| of(change) && change.id == id.0)
        };
        let touched: Vec<Announced> =
            self.standing.announced().filter(|(id, _)| is_touched(*id)).collect();
        if touched.is_empty() {
            return Ok(());
        }
        let settled = self
            .desk
            .store
            .read(move |c| {
                let mut settled = Vec::new();
                for (id, in_inbox) in touched {
                    match table::conversation::get(c, id) {
                        Ok(row)
                            if row.unread > 0
                                && (!in_inbox || row.views.contains(&View::Inbox)) => {}
                        Ok(_) | Err(StoreError::NotFound(_)) => settled.push((id, in_inbox)),
                        Err(error) => return Err(error),
                    }
                }
                Ok(settled)
            })
            .await?;
        let over = self.standing.settled(&settled);
        self.ready.extend(over.into_iter().map(Announcement::Withdraw));
        Ok(())
    }
}
