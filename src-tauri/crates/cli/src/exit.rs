//! How `bell` ends.

use std::process::ExitCode;

use deskbell_api::dto::{ApiError, Code};
use deskbell_desk::OpenError;

/// Part of the work was done.
pub const PARTLY: u8 = 4;
/// Nothing works until the person signs in again.
pub const SIGN_IN: u8 = 3;
const USAGE: u8 = 2;
const FAILED: u8 = 1;

/// Why it did not succeed.
#[derive(Debug)]
pub struct Failure {
    /// As the window would be told.
    pub error: ApiError,
}

impl Failure {
    /// A failure of the program's own.
    pub fn failed(message: impl Into<String>) -> Self {
        Self { error: ApiError::new(Code::Internal, message) }
    }

    /// The documented exit code.
    pub fn code(&self) -> ExitCode {
        ExitCode::from(match self.error.code {
            Code::Invalid | Code::Duplicate => USAGE,
            Code::SignIn => SIGN_IN,
            _ => FAILED,
        })
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self { error }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        let error = match error {
            OpenError::Directory(why) => ApiError::field(
                "profile",
                format!(
                    "The profile directory cannot be used: {why}. Name a directory of your own, which need not exist \
                     yet: bell --profile DIR …"
                ),
            ),
            OpenError::Store(error) => error.into(),
            OpenError::NoDirectory => ApiError::field("profile", error.to_string()),
        };
        Self { error }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::failed(format!("Standard input or output failed: {error}."))
    }
}
