//! From the errors of the crates below to the one a face sees.

use deskbell_domain::ProviderError;
use deskbell_engine::RoundError;
use deskbell_store::StoreError;

use crate::desk::TryError;
use crate::dto::{ApiError, Code, FieldError};
use crate::words;

impl ApiError {
    /// An error without fields.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { code, said: words::said(&message), message, fields: Vec::new() }
    }

    /// One wrong argument.
    pub fn field(field: &str, message: impl Into<String>) -> Self {
        let wrong = FieldError::new(field, message);
        Self {
            code: Code::Invalid,
            message: wrong.message.clone(),
            said: wrong.said.clone(),
            fields: vec![wrong],
        }
    }
}

impl FieldError {
    /// A wrong field.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { field: field.into(), said: words::said(&message), message }
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)?;
        for field in self.fields.iter().filter(|field| field.message != self.message) {
            write!(f, "\n  {}: {}", field.field, field.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for ApiError {}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::NotFound(_) => Code::NotFound,
            StoreError::Conflict(_) => Code::Invalid,
            StoreError::ReadOnly => Code::ReadOnly,
            StoreError::Closed => Code::Internal,
            _ => Code::Storage,
        };
        Self::new(code, sentence(&error.to_string()))
    }
}

impl From<ProviderError> for ApiError {
    fn from(error: ProviderError) -> Self {
        let code = match &error {
            ProviderError::Auth(_) => Code::SignIn,
            ProviderError::Offline(_) | ProviderError::RateLimited { .. } => Code::Offline,
            ProviderError::File(_) => Code::Invalid,
            _ => Code::Rejected,
        };
        Self::new(code, sentence(&error.to_string()))
    }
}

impl From<RoundError> for ApiError {
    fn from(error: RoundError) -> Self {
        match error {
            RoundError::Provider(error) => error.into(),
            RoundError::Store(error) => error.into(),
            RoundError::Secret(_) => Self::new(Code::SignIn, sentence(&error.to_string())),
            RoundError::Resting { .. } | RoundError::Paused | RoundError::Stopped => {
                Self::new(Code::Offline, sentence(&error.to_string()))
            }
            RoundError::NoMessages | RoundError::BodyGone => {
                Self::new(Code::NotFound, sentence(&error.to_string()))
            }
            RoundError::Internal(_) => Self::new(Code::Internal, sentence(&error.to_string())),
        }
    }
}

impl From<TryError> for ApiError {
    fn from(error: TryError) -> Self {
        match error {
            TryError::Fields(fields) => {
                let message = fields.first().map_or_else(
                    || "The form is not complete.".into(),
                    |first| first.message.clone(),
                );
                Self { fields, ..Self::new(Code::Invalid, message) }
            }
            TryError::Provider(field, error) => {
                let mut failure = Self::from(error);
                if let Some(field) = field {
                    let message = failure.message.clone();
                    failure.fields.push(FieldError::new(field, message));
                }
                failure
            }
            TryError::Certificate { fingerprint, error } => Self {
                fields: vec![FieldError::new("pin_certificate", fingerprint)],
                ..Self::new(Code::Certificate, sentence(&error.to_string()))
            },
        }
    }
}

/// A capital in front and a full stop behind.
pub(crate) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let mut sentence: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    sentence.push_str(chars.as_str());
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}
