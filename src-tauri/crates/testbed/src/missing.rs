//! What happens where a real peer is not installed: a loud skip at a desk, a failure in CI.

use std::fmt;

/// A program that a test needs is not on this machine.
#[derive(Debug)]
pub struct MissingPeer {
    /// The program looked for.
    pub program: String,
    /// The Debian package that ships it.
    pub package: &'static str,
}

impl fmt::Display for MissingPeer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} is not installed; on Debian or Ubuntu: apt-get install {}",
            self.program, self.package
        )
    }
}

impl std::error::Error for MissingPeer {}

/// Turns "the peer is not installed" into `None`, so that the caller can skip its test.
///
/// Where the environment says `CI=true` a missing peer stays an error; every other error does so everywhere.
pub fn unless_missing<T>(started: anyhow::Result<T>) -> anyhow::Result<Option<T>> {
    let in_ci = std::env::var_os("CI").is_some_and(|value| value == "true");
    decide(started, in_ci)
}

fn decide<T>(started: anyhow::Result<T>, in_ci: bool) -> anyhow::Result<Option<T>> {
    match started {
        Ok(peer) => Ok(Some(peer)),
        Err(error) if !in_ci && error.downcast_ref::<MissingPeer>().is_some() => {
            eprintln!("SKIPPED: {error}");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing() -> anyhow::Result<()> {
        Err(MissingPeer { program: "dovecot".into(), package: "dovecot-imapd" }.into())
    }

    #[test]
    fn a_missing_peer_skips_at_a_desk_and_fails_in_ci() {
        assert!(decide(missing(), false).unwrap().is_none());
        assert!(decide(missing(), true).is_err());
    }

    #[test]
    fn a_peer_that_is_there_but_does_not_start_never_skips() {
        assert!(decide::<()>(Err(anyhow::anyhow!("port taken")), false).is_err());
    }
}
