//! The names of labels, which messages carry by id.
//!
//! Invariant: only labels a person made are shown as such; a label that is not known yet is looked up before
//! anything is said of a message that carries it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use deskbell_domain::ProviderError;
use reqwest::Method;

use super::line::{Line, read};
use super::meter::{For, price};
use super::wire::{Label, LabelList};

/// Names of labels a person made, by id.
#[derive(Clone, Debug, Default)]
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    /// The names of those among the labels a person made.
    pub(super) fn of(&self, labels: &[String]) -> Vec<String> {
        labels.iter().filter_map(|id| self.0.get(id)).cloned().collect()
    }

    /// All of them, by id.
    pub(super) fn all(&self) -> &BTreeMap<String, String> {
        &self.0
    }

    fn id(&self, name: &str) -> Option<String> {
        let name = name.to_lowercase();
        let known = self.0.iter().find(|(_, known)| known.to_lowercase() == name);
        known.map(|(id, _)| id.clone())
    }
}

/// What is known of the labels.
#[derive(Debug, Default)]
pub(super) struct Labels(Mutex<Option<Names>>);

/// The ids Gmail gives to labels a person made begin so.
const OWN: &str = "Label_";

impl Labels {
    fn known(&self) -> Option<Names> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, names: Names) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(names);
    }

    async fn fetch(&self, line: &Line, whom: For) -> Result<Names, ProviderError> {
        let list: LabelList = line.get(&["labels"], &[], price::LABELS, whom).await?;
        let own = list.labels.into_iter().filter(|label| label.kind == "user");
        let names = Names(own.map(|label| (label.id, label.name)).collect());
        self.keep(names.clone());
        Ok(names)
    }

    /// Asks anew at the next use: a label may have been renamed.
    pub(super) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The names, with those of all these labels.
    pub(super) async fn names<'a>(
        &self,
        line: &Line,
        carried: impl IntoIterator<Item = &'a String>,
    ) -> Result<Names, ProviderError> {
        let known = self.known();
        let unknown = |names: &Names| {
            carried.into_iter().any(|id| id.starts_with(OWN) && !names.0.contains_key(id))
        };
        match known {
            Some(names) if !unknown(&names) => Ok(names),
            _ => self.fetch(line, For::Sync).await,
        }
    }

    /// The id of the label with this name; `None` if there is none, and it is not to be made.
    pub(super) async fn id(
        &self,
        line: &Line,
        name: &str,
        make: bool,
    ) -> Result<Option<String>, ProviderError> {
        if let Some(id) = self.known().and_then(|names| names.id(name)) {
            return Ok(Some(id));
        }
        let mut names = self.fetch(line, For::Person).await?;
        if let Some(id) = names.id(name) {
            return Ok(Some(id));
        }
        if !make {
            return Ok(None);
        }
        let wanted = serde_json::json!({
            "name": name,
            "labelListVisibility": "labelShow",
            "messageListVisibility": "show",
        });
        let body = wanted.to_string().into();
        let answer = line.tell(Method::POST, &["labels"], body, price::LABEL_MADE).await?;
        let made: Label = read(&answer)?;
        names.0.insert(made.id.clone(), made.name);
        self.keep(names);
        Ok(Some(made.id))
    }
}
