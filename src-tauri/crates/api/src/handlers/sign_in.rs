//! Signing in in the browser: the attempt, its answer, and the account that comes of it.
//!
//! Invariant: an attempt ends once, with one account or one problem; an account that signs in again keeps
//! everything but its sign-in, and takes no other mailbox's.

use std::sync::Arc;

use deskbell_domain::address::mailbox_key;
use deskbell_domain::secret::Secret;
use deskbell_domain::{AccountId, AccountState};
use deskbell_store::table::{self, account, oauth_client, secret};

use crate::browser::{Running, SignInAsk, SignedInMailbox};
use crate::desk::Desk;
use crate::dto::{
    Account, ApiError, AttemptArgs, Code, Done, HandBackArgs, OauthProvider, Problem, ProblemCode,
    Redirect, Remedy, SignIn, SignInArgs, SignInStage, SignInState, SignInUse,
};
use crate::handlers::accounts::{self, Secrets, refuse_read_only, seal, show};
use crate::handlers::closing;
use crate::handlers::oauth_clients::{browser, redirect_of, word};
use crate::handlers::optional_id;
use crate::{present, preset};

/// The name under which an account's grant is kept.
pub(super) const GRANT: &str = "oauth";

/// Begins an attempt and opens the browser.
pub async fn begin(desk: &Desk, args: SignInArgs) -> Result<SignIn, ApiError> {
    refuse_read_only(desk)?;
    let account = optional_id::<AccountId>("account_id", args.account_id.as_deref())?;
    let name = args.name.clone().unwrap_or_default();
    let ask = ask(desk, args, account).await?;
    let redirect = ask.redirect;
    let attempt = browser(desk)?.begin(ask).await?;
    let (url, expires_at) = (attempt.url().to_owned(), attempt.expires_at());
    let (attempt, running) = desk.sign_ins.begin(attempt);
    follow(desk, Arc::clone(&running), account, name)?;
    let unopened = desk.host.open_link(&url).err();
    Ok(SignIn { attempt, url, expires_at, redirect, unopened })
}

/// How an attempt goes.
pub async fn state(desk: &Desk, args: AttemptArgs) -> Result<SignInState, ApiError> {
    Ok(known(desk, &args.attempt)?.state.borrow().clone())
}

/// Waits until an attempt has ended.
pub async fn ended(desk: &Desk, attempt: &str) -> Result<SignInState, ApiError> {
    let mut states = known(desk, attempt)?.state.subscribe();
    let over =
        |state: &SignInState| !matches!(state.state, SignInStage::Waiting | SignInStage::Working);
    let state = states.wait_for(over).await.map_err(|_| unknown())?;
    Ok(state.clone())
}

/// Ends an attempt.
pub async fn cancel(desk: &Desk, args: AttemptArgs) -> Result<SignInState, ApiError> {
    let running = known(desk, &args.attempt)?;
    running.token.cancel();
    Ok(desk.sign_ins.tell(&running, |state| state.state = SignInStage::Cancelled))
}

/// Takes the address the browser ended on, pasted by the person.
pub async fn hand_back(desk: &Desk, args: HandBackArgs) -> Result<SignInState, ApiError> {
    let running = known(desk, &args.attempt)?;
    running
        .attempt
        .hand_back(&args.text)
        .map_err(|problem| ApiError::field("text", problem.message))?;
    Ok(running.state.borrow().clone())
}

/// Opens the browser once more.
pub async fn open(desk: &Desk, args: AttemptArgs) -> Result<Done, ApiError> {
    let running = known(desk, &args.attempt)?;
    desk.host.open_link(running.attempt.url()).map_err(|error| {
        ApiError::new(Code::Internal, format!("The link could not be opened: {error}."))
    })?;
    Ok(Done {})
}

/// Takes a `deskbell://oauth/…` address that the system handed over; true if it was an attempt's answer.
///
/// One that belongs to no attempt, or was used, does nothing but a line in the log, which tells nothing of it.
pub fn deep_link(desk: &Desk, address: &str) -> bool {
    let taken = desk.sign_ins.of_answer(address).map(|one| one.attempt.hand_back(address).is_ok());
    if taken != Some(true) {
        tracing::warn!(
            "a sign-in address came that belongs to no sign-in under way; it was not used"
        );
    }
    taken == Some(true)
}

fn unknown() -> ApiError {
    ApiError::new(Code::NotFound, "This sign-in is no longer known. Begin it again.")
}

fn known(desk: &Desk, attempt: &str) -> Result<Arc<Running>, ApiError> {
    desk.sign_ins.get(attempt).ok_or_else(unknown)
}

/// Puts together what is asked for: what was typed, what the account has, what the settings hold.
async fn ask(
    desk: &Desk,
    args: SignInArgs,
    account: Option<AccountId>,
) -> Result<SignInAsk, ApiError> {
    let filled = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    let mut ask = SignInAsk {
        provider: args.provider,
        reach: args.r#use,
        address: filled(args.address),
        client: None,
        issuer: filled(args.issuer),
        base_url: filled(args.base_url),
        imap: args.imap,
        smtp: args.smtp,
        redirect: Redirect::Loopback,
        page: None,
        again: None,
        closing: closing::words(desk).await?,
    };
    if ask.reach == SignInUse::Imap && ask.imap.is_none() && account.is_none() {
        let known = ask.address.as_deref().and_then(|own| preset::by_browser(ask.provider, own));
        if let Some((imap, smtp)) = known {
            ask.smtp = ask.smtp.or(Some(smtp));
            ask.imap = Some(imap);
        }
    }
    // What an account signed in by last is good for it again, where nothing newer was entered.
    let mut kept = None;
    let mut wanted = ask.issuer.clone();
    if let Some(id) = account {
        let row = desk.store.read(move |c| account::get(c, id)).await?;
        let Some(provider) = present::oauth(&row.provider, &row.settings) else {
            let text = format!("{} signs in with a password, not in the browser.", row.name);
            return Err(ApiError::field("account_id", text));
        };
        ask.provider = provider;
        ask.reach = if row.provider == "imap" { SignInUse::Imap } else { SignInUse::Api };
        ask.address = Some(row.address);
        kept = browser(desk)?.client(id).await;
        wanted = present::issuer(&row.settings).or(wanted);
        ask.again = Some((row.provider, row.settings));
    }
    let stored = {
        let provider = word(ask.provider);
        let stored = desk.store.read(move |c| oauth_client::get(c, provider)).await?;
        stored.filter(|client| {
            // Every OpenID Connect server has clients of its own.
            ask.provider != OauthProvider::Custom
                || is_for(client.issuer.as_deref(), wanted.as_deref(), kept.is_some())
        })
    };
    ask.page = stored.as_ref().and_then(|client| client.page.clone());
    ask.redirect = match (args.redirect, redirect_of(stored.as_ref())) {
        // Where a page is registered, nothing listens at a port.
        (None | Some(Redirect::Loopback), Redirect::Page) => Redirect::Page,
        (asked, kept) => asked.unwrap_or(kept),
    };
    ask.client = match (filled(args.client_id), stored) {
        (Some(id), _) => Some((id, filled(args.client_secret).map(Secret::new))),
        (None, Some(client)) => {
            ask.issuer = ask.issuer.or(client.issuer);
            let secret = match client.secret {
                None => None,
                Some(sealed) => {
                    let opened = browser(desk)?.unseal(&sealed).await;
                    Some(opened.map_err(|why| {
                        ApiError::new(Code::Storage, crate::error::sentence(&why))
                    })?)
                }
            };
            Some((client.client_id, secret))
        }
        (None, None) => None,
    };
    let is_built_in = browser(desk)?.facts(ask.provider).built_in.is_some();
    if ask.client.is_none() && !is_built_in {
        ask.client = kept;
    }
    if ask.client.is_none() && !is_built_in {
        return Err(ApiError::field(
            "client_id",
            "Deskbell came without a client id for this provider. Make one on the provider's page and enter it in the settings.",
        ));
    }
    if ask.provider == OauthProvider::Custom && ask.issuer.is_none() && ask.again.is_none() {
        return Err(ApiError::field(
            "issuer",
            "Enter the address of the sign-in server, such as https://login.example.org.",
        ));
    }
    Ok(ask)
}

/// Whether the client entered for OpenID Connect servers is one of the server that is `wanted`. One that was entered
/// for none in particular is tried with any, unless the account `has_own`.
fn is_for(entered: Option<&str>, wanted: Option<&str>, has_own: bool) -> bool {
    let plain = |issuer: &str| issuer.trim().trim_end_matches('/').to_owned();
    match (entered, wanted) {
        (Some(entered), Some(wanted)) => plain(entered) == plain(wanted),
        (None, _) => !has_own,
        (Some(_), None) => true,
    }
}

/// Waits for the answer beside everything else, and makes an account of it.
fn follow(
    desk: &Desk,
    running: Arc<Running>,
    account: Option<AccountId>,
    name: String,
) -> Result<(), ApiError> {
    let weak = desk.weak().ok_or_else(|| {
        ApiError::new(Code::Internal, "This Deskbell cannot wait for an answer of the browser.")
    })?;
    let following = async move {
        let outcome = async {
            running.attempt.answer().await?;
            let desk = weak.upgrade().ok_or_else(over)?;
            desk.sign_ins.tell(&running, |state| state.state = SignInStage::Working);
            let signed_in = running.attempt.finish().await?;
            match account {
                Some(account) => renew(&desk, account, signed_in).await,
                None => add(&desk, signed_in, &name).await,
            }
        };
        let outcome = tokio::select! {
            biased;
            () = running.token.cancelled() => return,
            outcome = outcome => outcome,
        };
        let Some(desk) = weak.upgrade() else { return };
        desk.sign_ins.tell(&running, |state| match outcome {
            Ok(account) => {
                state.state = SignInStage::Done;
                state.account = Some(account);
            }
            Err(problem) => {
                tracing::info!(code = ?problem.code, "a sign-in did not succeed");
                state.state = SignInStage::Failed;
                state.problem = Some(problem);
            }
        });
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "no loop: it ends with its attempt, after ten minutes at most, and keeps no desk alive"
    )]
    tokio::spawn(following);
    Ok(())
}

fn over() -> Problem {
    Problem::new(ProblemCode::Other, "Deskbell was closed meanwhile. Sign in again.", Remedy::Again)
}

/// Gives an account its new sign-in, if it is the same mailbox.
async fn renew(
    desk: &Desk,
    account: AccountId,
    signed_in: SignedInMailbox,
) -> Result<Account, Problem> {
    let row = desk.store.read(move |c| table::account::get(c, account)).await.map_err(other)?;
    if mailbox_key(&row.address) != mailbox_key(&signed_in.mailbox.address) {
        let text = format!(
            "You signed in as {}, and this account is {}. Sign in again with the right mailbox; nothing was changed.",
            signed_in.mailbox.address, row.address
        );
        return Err(Problem::new(ProblemCode::WrongAccount, &text, Remedy::Again));
    }
    let browser = browser(desk).map_err(unkept)?;
    browser.renewing(account).await;
    let kept = replace(desk, account, &signed_in.grant).await;
    // Also where it could not be kept: what is kept then goes on.
    browser.renewed(account).await;
    kept?;
    desk.wake(Some(account));
    show(desk, account).await.map_err(unkept)
}

/// Writes a new sign-in down in place of the one before.
async fn replace(desk: &Desk, account: AccountId, grant: &Secret) -> Result<(), Problem> {
    let _sealing = desk.sealing.read().await;
    let sealed = seal(desk, account, grant).await.map_err(unkept)?;
    desk.write_durably(move |w| {
        secret::put(w, account, GRANT, &sealed)?;
        if !table::account::get(w, account)?.paused {
            table::account::set_state(w, account, AccountState::New, None)?;
        }
        Ok(())
    })
    .await
    .map_err(other)
}

/// Makes an account of a mailbox, unless it is here already.
async fn add(desk: &Desk, signed_in: SignedInMailbox, name: &str) -> Result<Account, Problem> {
    let SignedInMailbox { mailbox, grant } = signed_in;
    let secrets = Secrets { grant: Some(grant), ..Secrets::default() };
    accounts::add(desk, mailbox, name, secrets, "address").await.map_err(unkept)
}

fn other(error: deskbell_store::StoreError) -> Problem {
    unkept(error.into())
}

/// Why an account could not be written down.
fn unkept(error: ApiError) -> Problem {
    if error.code == Code::Duplicate {
        let known = error.fields.iter().find(|field| field.field == "account_id");
        return Problem {
            account_id: known.map(|field| field.message.clone()),
            ..Problem::new(ProblemCode::Duplicate, &error.message, Remedy::ShowAccount)
        };
    }
    Problem::new(ProblemCode::Other, &error.message, Remedy::Again)
}

/// What a sign-in that cannot begin means for the form.
impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        let code = match problem.code {
            ProblemCode::Offline | ProblemCode::Portal => Code::Offline,
            ProblemCode::Client => return Self::field("client_id", problem.message),
            ProblemCode::Duplicate => Code::Duplicate,
            _ => Code::Rejected,
        };
        Self::new(code, problem.message)
    }
}
