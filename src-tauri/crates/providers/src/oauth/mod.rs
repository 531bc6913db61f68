//! Signing in by OAuth 2 in the person's own browser, and keeping the sign-in alive.
//!
//! Owns the authorisation code flow with PKCE (RFC 7636, RFC 8252), the exchange of codes and refresh tokens, and
//! [`TokenKeeper`], which hands access tokens to the providers and gives a sign-in back. Leaves secrets to whoever implements [`Keep`], the
//! browser and the person to `api`.
//! Invariant: `state`, `nonce` and verifier are fresh for each attempt and used once; the state is checked before
//! anything else of an answer; a new refresh token is kept before the access token that came with it is used.

mod attempt;
mod exchange;
mod grant;
mod issuer;
mod keeper;
mod loopback;
mod page;
mod problem;
#[cfg(test)]
pub(crate) mod tests;
mod vendor;
mod who;

pub use attempt::{Answer, Attempt, Plan, SignedIn};
pub use grant::Grant;
pub use issuer::discover;
pub use keeper::{Keep, TokenKeeper};
pub use page::ClosingWords;
pub use problem::Problem;
pub use vendor::{Client, DEEP_LINK, Endpoints, Reach, Vendor, Way};
