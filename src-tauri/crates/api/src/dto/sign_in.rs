//! Signing in by OAuth 2: the attempt, how it went, and the client ids it uses.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Account, Said, ServerGuess, SmtpServer};

/// Who checks the sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OauthProvider {
    /// Google: Gmail, and mail of companies at Google.
    Google,
    /// Microsoft: Outlook.com, Hotmail, MSN, Microsoft 365.
    Microsoft,
    /// Yahoo and AOL.
    Yahoo,
    /// Any other OpenID Connect server, by its issuer.
    Custom,
}

/// How the account reaches its mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SignInUse {
    /// The provider's own API: Gmail's, or Microsoft Graph.
    Api,
    /// IMAP and SMTP with XOAUTH2.
    Imap,
}

/// How the browser's answer comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Redirect {
    /// To a port of this machine that is open for this one answer.
    Loopback,
    /// To `deskbell://oauth/…`, which the system hands to the window. Not with Google, which keeps such addresses for phones.
    DeepLink,
    /// To a page of the person's own, under https, which shows the answer to be pasted or hands it on to `deskbell://oauth/…`.
    Page,
}

/// Arguments of `sign_in_begin`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SignInArgs {
    /// Who checks the sign-in.
    pub provider: OauthProvider,
    /// How the account reaches its mail; Yahoo and other servers know IMAP only.
    pub r#use: SignInUse,
    /// The mailbox, as far as it is known: the browser proposes it.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub address: Option<String>,
    /// Sign in again to this account; another mailbox is refused, and everything but the sign-in stays.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub account_id: Option<String>,
    /// The name for a new account; the address when empty.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub name: Option<String>,
    /// Another client id than the one in the settings.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub client_id: Option<String>,
    /// Its secret, where its provider gave it one.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub client_secret: Option<String>,
    /// For `custom`: the issuer, whose `/.well-known/openid-configuration` tells the rest.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub issuer: Option<String>,
    /// Where the provider is, for a rehearsal.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub base_url: Option<String>,
    /// For IMAP: the server, where it is not the provider's usual one; an empty user means the address.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub imap: Option<ServerGuess>,
    /// For IMAP: the server that takes the mail, where it is not the usual one.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub smtp: Option<SmtpServer>,
    /// How the answer comes back; as registered for the client id unless said otherwise.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub redirect: Option<Redirect>,
}

/// A sign-in that has begun: the browser is open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SignIn {
    /// Names the attempt.
    pub attempt: String,
    /// The page in the browser, to open it once more or on another device.
    pub url: String,
    /// When the attempt is over.
    #[ts(type = "number")]
    pub expires_at: i64,
    /// How the answer comes back.
    pub redirect: Redirect,
    /// Why the browser did not open, where it did not; the page can be opened by hand.
    pub unopened: Option<String>,
}

/// A sign-in attempt by its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AttemptArgs {
    /// From `sign_in_begin`.
    pub attempt: String,
}

/// Arguments of `sign_in_hand_back`: what the browser ended on, pasted by the person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct HandBackArgs {
    /// From `sign_in_begin`.
    pub attempt: String,
    /// The whole address the browser was sent to, with `code` and `state` in it; or its query; or code and state with a `#`
    /// between them.
    pub text: String,
}

/// How far an attempt is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SignInStage {
    /// The person is in the browser.
    Waiting,
    /// The browser has answered; the provider and the mailbox are asked.
    Working,
    /// The account is signed in.
    Done,
    /// It failed; `problem` says why.
    Failed,
    /// The person ended it.
    Cancelled,
}

/// How an attempt goes; also told by `Event::SignIn`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SignInState {
    /// The attempt.
    pub attempt: String,
    /// How far it is.
    pub state: SignInStage,
    /// The account, once done.
    pub account: Option<Account>,
    /// Why it failed.
    pub problem: Option<Problem>,
}

/// Why a sign-in failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// The person said no on the provider's page.
    Denied,
    /// Ten minutes passed, or the answer had been used before.
    Expired,
    /// The answer belongs to no sign-in begun here.
    Foreign,
    /// Another mailbox signed in than the account's.
    WrongAccount,
    /// The person did not allow all that Deskbell needs.
    MissingScope,
    /// The organisation lets only an administrator allow Deskbell.
    ConsentBlocked,
    /// This machine's clock is wrong.
    Clock,
    /// This network answers with its own sign-in page.
    Portal,
    /// The provider cannot be reached.
    Offline,
    /// The provider does not know the client id, or refuses it.
    Client,
    /// The mailbox is here already; `account_id` of the problem names it.
    Duplicate,
    /// Something else; the sentence says what.
    Other,
}

/// What to do about it: the one button.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// Sign in again.
    Again,
    /// Ask the administrator of the organisation; `url` of the problem is the page for them, where known.
    AskAdmin,
    /// Set the clock.
    CheckClock,
    /// Look at the network.
    CheckNetwork,
    /// Correct the client id in the settings.
    ClientId,
    /// Show the account that is here.
    ShowAccount,
}

/// A failed sign-in in plain words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Problem {
    /// What kind.
    pub code: ProblemCode,
    /// One or two sentences.
    pub message: String,
    /// The same, for a window of another language.
    pub said: Option<Box<Said>>,
    /// What to do.
    pub remedy: Remedy,
    /// A page for the remedy, where there is one.
    pub url: Option<String>,
    /// The account that is here already.
    pub account_id: Option<String>,
}

/// The client id Deskbell shows itself with to a provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct OauthClient {
    /// The provider.
    pub provider: OauthProvider,
    /// The id; `null` where there is none yet, so that nobody can sign in there.
    pub client_id: Option<String>,
    /// A secret is kept with it.
    pub has_secret: bool,
    /// It came with Deskbell (or is missing) and was not entered by the person.
    pub default: bool,
    /// For `custom`: the issuer.
    pub issuer: Option<String>,
    /// The page of one's own that is registered for it: answers come by it then.
    pub redirect_page: Option<String>,
    /// Which redirect address is registered for it: how the answer comes back.
    pub redirect: Redirect,
    /// The provider redirects to addresses of Deskbell's own scheme too.
    pub deep_links: bool,
    /// Scopes to allow for it, all uses together.
    pub scopes: Vec<String>,
    /// Redirect addresses to register for it.
    pub redirect_uris: Vec<String>,
    /// Where the provider lets one make a client id.
    pub guide_url: String,
}

/// Arguments of `oauth_client_put`; an empty id resets to what came with Deskbell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct OauthClientForm {
    /// The provider.
    pub provider: OauthProvider,
    /// The id.
    pub client_id: Option<String>,
    /// The secret, where there is one; `null` keeps none.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub client_secret: Option<String>,
    /// For `custom`: the issuer.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub issuer: Option<String>,
    /// A page of one's own, under https, that is registered as its redirect address; answers come by it then.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub redirect_page: Option<String>,
    /// Which redirect address is registered for it; a port of this machine unless said otherwise.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub redirect: Option<Redirect>,
}

/// Every provider's client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct OauthClientList {
    /// One a provider.
    pub clients: Vec<OauthClient>,
}
