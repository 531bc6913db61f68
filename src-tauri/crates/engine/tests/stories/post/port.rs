//! What the post office offers to the engine.

use std::time::Duration;

use async_trait::async_trait;
use deskbell_domain::message::Flags;
use deskbell_domain::outgoing::{
    Found, OutgoingMessage, RefusedRecipient, SendLimits, SendOutcome,
};
use deskbell_domain::port::{
    Capabilities, CopyName, CopySink, Departure, MessageSink, MessageSource, Parting, Provider,
    StateSink,
};
use deskbell_domain::sync::RemoteKey;
use deskbell_domain::{MailboxRole, Millis, ProviderError};

use super::{Answer, Post, Treatment};

impl Post {
    async fn handle(
        &self,
        mail: &OutgoingMessage,
        departure: &dyn Departure,
        treatment: Treatment,
    ) -> SendOutcome {
        let retry = |after| SendOutcome::Retry { after, message: "try again".into() };
        let refuse = || SendOutcome::Rejected {
            code: "550".into(),
            message: "no such mailbox".into(),
            refused: Vec::new(),
        };
        match treatment {
            Treatment::Refuse => return refuse(),
            Treatment::RetryEarly => return retry(None),
            Treatment::Later => return SendOutcome::Later { message: "greylisted".into() },
            Treatment::Pause(seconds) => return retry(Some(Duration::from_secs(seconds))),
            Treatment::SignIn => return SendOutcome::SignIn("wrong password".into()),
            Treatment::HangBefore => self.hang().await,
            _ => {}
        }
        let first = matches!(treatment, Treatment::AcceptFirst | Treatment::FirstThenLost);
        let later: Vec<_> = mail
            .recipients
            .iter()
            .skip(1)
            .filter(|_| first)
            .map(|address| RefusedRecipient {
                address: address.clone(),
                reason: "come back later".into(),
            })
            .collect();
        let known = Parting { later: later.clone(), ..Parting::default() };
        if let Err(message) = departure.departs_with(&known).await {
            return SendOutcome::Retry { after: None, message };
        }
        match treatment {
            Treatment::RefuseLate => return refuse(),
            Treatment::RetryLate => return retry(None),
            Treatment::LostBefore => return SendOutcome::Unknown("the line broke".into()),
            Treatment::HangBetween => self.hang().await,
            _ => {}
        }
        self.deliver(mail);
        match treatment {
            Treatment::LostAfter | Treatment::FirstThenLost => {
                return SendOutcome::Unknown("the line broke".into());
            }
            Treatment::HangAfter => self.hang().await,
            _ => {}
        }
        if treatment == Treatment::AcceptFirst {
            return SendOutcome::Partly { remote_id: None, refused: Vec::new(), later };
        }
        let refused = match treatment {
            Treatment::AcceptSome => vec![RefusedRecipient {
                address: "gone@client.example".into(),
                reason: "unknown".into(),
            }],
            _ => Vec::new(),
        };
        SendOutcome::Accepted { remote_id: Some("queued as 7".into()), refused }
    }
}

#[async_trait]
impl MessageSink for Post {
    fn limits(&self) -> SendLimits {
        SendLimits { per_minute: self.world().per_minute, ..SendLimits::NONE }
    }

    async fn send(&self, mail: &OutgoingMessage, departure: &dyn Departure) -> SendOutcome {
        let treatment = {
            let mut world = self.world();
            world.calls.push(format!("send {}", mail.token));
            world.envelopes.push(mail.recipients.clone());
            world.at_once.0 += 1;
            world.at_once.1 = world.at_once.1.max(world.at_once.0);
            let own = world.own_treatments.remove(&mail.token);
            let next = own.or_else(|| world.treatments.pop_front());
            next.or(world.always).unwrap_or(Treatment::Accept)
        };
        let outcome = self.handle(mail, departure, treatment).await;
        self.world().at_once.0 -= 1;
        outcome
    }

    async fn find(&self, token: &str, _remote_id: Option<&str>) -> Result<Found, ProviderError> {
        let mut world = self.world();
        world.calls.push(format!("find {token}"));
        let there = world.delivered.iter().any(|(one, _)| one == token);
        match world.finds.pop_front().unwrap_or(Answer::Truth) {
            Answer::Truth if there => Ok(Found::Yes(None)),
            Answer::Truth => Ok(Found::No),
            Answer::CannotTell => Ok(Found::CannotTell),
            Answer::Offline | Answer::Lost => Err(ProviderError::Offline("no line".into())),
        }
    }

    fn saves_sent(&self) -> Option<bool> {
        self.world().saves_sent
    }
}

#[async_trait]
impl CopySink for Post {
    async fn copies(
        &self,
        _role: MailboxRole,
        message_id: &str,
    ) -> Result<Vec<CopyName>, ProviderError> {
        let mut world = self.world();
        world.calls.push(format!("look {message_id}"));
        let there = world.sent.iter().filter(|token| *token == message_id);
        Ok(there.map(|token| ("Sent".to_owned(), RemoteKey(token.clone()))).collect())
    }

    async fn keep(
        &self,
        _role: MailboxRole,
        source: &[u8],
        flags: Flags,
        _date: Millis,
    ) -> Result<Option<CopyName>, ProviderError> {
        assert!(flags.seen && !flags.draft, "a sent message is read and finished");
        let source = String::from_utf8_lossy(source).into_owned();
        let token = source.lines().find_map(|line| {
            line.strip_prefix("Message-ID: <").and_then(|rest| rest.strip_suffix('>'))
        });
        let token = token.expect("its Message-ID").to_owned();
        let mut world = self.world();
        world.calls.push(format!("keep {token}"));
        match world.copying.pop_front().unwrap_or(Answer::Truth) {
            Answer::Offline | Answer::CannotTell => Err(ProviderError::Offline("no line".into())),
            answer => {
                world.sent.push(token);
                if answer == Answer::Lost {
                    return Err(ProviderError::Offline("the line broke".into()));
                }
                Ok(None)
            }
        }
    }

    async fn forget(&self, _copies: &[CopyName]) -> Result<(), ProviderError> {
        Ok(())
    }
}

impl Provider for Post {
    fn capabilities(&self) -> Capabilities {
        Capabilities { receives: false, writes_state: false, connections: 1 }
    }

    fn messages(&self) -> Option<&dyn MessageSource> {
        None
    }

    fn state(&self) -> Option<&dyn StateSink> {
        None
    }

    fn sink(&self) -> Option<&dyn MessageSink> {
        Some(self)
    }

    fn copies(&self) -> Option<&dyn CopySink> {
        let keeps = self.world().keeps_copies;
        keeps.then_some(self as &dyn CopySink)
    }
}
