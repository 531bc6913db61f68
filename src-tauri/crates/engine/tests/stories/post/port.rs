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
        let Shares { takers, refused, later } = shares(&mail.recipients, treatment);
        let known =
            Parting { later: later.clone(), refused: refused.clone(), ..Parting::default() };
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
        self.deliver(mail, &takers);
        match treatment {
            Treatment::LostAfter | Treatment::FirstThenLost | Treatment::RefuseLastThenLost => {
                return SendOutcome::Unknown("the line broke".into());
            }
            Treatment::HangAfter | Treatment::FirstThenHang => self.hang().await,
            _ => {}
        }
        if !later.is_empty() {
            return SendOutcome::Partly { remote_id: None, refused, later };
        }
        let refused = match treatment {
            Treatment::AcceptSome => vec![RefusedRecipient {
                address: "gone@client.example".into(),
                reason: "unknown".into(),
            }],
            _ => refused,
        };
        SendOutcome::Accepted { remote_id: Some("queued as 7".into()), refused }
    }
}

/// What becomes of each recipient.
struct Shares {
    takers: Vec<String>,
    refused: Vec<RefusedRecipient>,
    later: Vec<RefusedRecipient>,
}

fn shares(recipients: &[String], treatment: Treatment) -> Shares {
    use Treatment::{
        AcceptFirst, FirstThenHang, FirstThenLost, Mixed, RefuseLast, RefuseLastThenLost,
    };
    let puts_off = matches!(treatment, AcceptFirst | FirstThenLost | FirstThenHang | Mixed);
    let refuses = matches!(treatment, RefuseLast | RefuseLastThenLost | Mixed);
    let mut shares = Shares { takers: Vec::new(), refused: Vec::new(), later: Vec::new() };
    let with = |address: &String, reason: &str| RefusedRecipient {
        address: address.clone(),
        reason: reason.into(),
    };
    for (place, address) in recipients.iter().enumerate() {
        if place == 0 {
            shares.takers.push(address.clone());
        } else if refuses && place + 1 == recipients.len() {
            shares.refused.push(with(address, "no such mailbox"));
        } else if puts_off {
            shares.later.push(with(address, "come back later"));
        } else {
            shares.takers.push(address.clone());
        }
    }
    shares
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
        let there = world.sent.iter().filter(|(_, token)| token == message_id);
        Ok(there.map(|(name, _)| ("Sent".to_owned(), RemoteKey::from_uid(*name))).collect())
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
                let name = world.save(token);
                if answer == Answer::Lost {
                    return Err(ProviderError::Offline("the line broke".into()));
                }
                let told = (!world.hides_names).then(|| RemoteKey::from_uid(name));
                Ok(told.map(|key| ("Sent".to_owned(), key)))
            }
        }
    }

    async fn forget(&self, copies: &[CopyName]) -> Result<(), ProviderError> {
        let mut world = self.world();
        world.calls.push("forget".into());
        let answer = world.forgetting.pop_front().unwrap_or(Answer::Truth);
        if answer == Answer::Offline {
            return Err(ProviderError::Offline("no line".into()));
        }
        let named = |name: u32| copies.iter().any(|(_, key)| *key == RemoteKey::from_uid(name));
        world.sent.retain(|(name, _)| !named(*name));
        if answer == Answer::Lost {
            return Err(ProviderError::Offline("the line broke".into()));
        }
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
