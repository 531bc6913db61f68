//! Accounts: adding, pausing, removing, syncing.

use deskbell_domain::address::mailbox_key;
use deskbell_domain::secret::Secret;
use deskbell_domain::{AccountId, AccountState, Channel};
use deskbell_store::table::account::NewAccount;
use deskbell_store::table::{self, secret};

use crate::desk::{Desk, NewMailbox};
use crate::dto::{
    Account, AccountList, ApiError, ArchiveForm, Done, FieldError, IdsArgs, ImapForm,
    ImapSuggestion, NoArgs, OwnAddressForm, PasswordForm, PauseArgs, PickArgs, Picked, SuggestArgs,
    SyncArgs, TrustForm,
};
use crate::handlers::sign_in::GRANT;
use crate::handlers::{id, known, optional_id};
use crate::{present, preset};

/// Every quarter of an hour.
const SCHEDULE: &str = "*/15 * * * *";
/// The name under which an account's password is kept.
const PASSWORD: &str = "password";
/// The name under which its password for sending is kept, where it is another one.
pub(super) const SENDING: &str = "smtp";

/// All accounts.
pub async fn list(desk: &Desk, _: NoArgs) -> Result<AccountList, ApiError> {
    let rows = desk.store.read(table::account::list).await?;
    let mut accounts = Vec::with_capacity(rows.len());
    for row in rows {
        accounts.push(present::account(desk, row).await?);
    }
    Ok(AccountList { accounts })
}

/// One account.
pub async fn show(desk: &Desk, account: AccountId) -> Result<Account, ApiError> {
    let row = desk.store.read(move |c| table::account::get(c, account)).await?;
    Ok(present::account(desk, row).await?)
}

/// Proposes settings for an address.
pub async fn suggest(_: &Desk, args: SuggestArgs) -> Result<ImapSuggestion, ApiError> {
    Ok(preset::suggest(&args.address))
}

/// Tries a mailbox and makes an account of it.
pub async fn add_imap(desk: &Desk, form: ImapForm) -> Result<Account, ApiError> {
    refuse_read_only(desk)?;
    let mailbox = desk.gateway.try_imap(&form).await?;
    let sending = form.smtp.map(|smtp| smtp.password).filter(|password| !password.is_empty());
    let secrets = Secrets {
        password: Some(Secret::new(form.password)),
        sending: sending.map(Secret::new),
        grant: None,
    };
    add(desk, mailbox, &form.name, secrets, "address").await
}

/// Lets the person pick mail to import.
pub async fn pick(desk: &Desk, args: PickArgs) -> Result<Picked, ApiError> {
    let Some(path) = desk.host.pick(args.kind).await else {
        return Ok(Picked { token: None, path: None, own_address: None });
    };
    Ok(Picked {
        own_address: desk.gateway.guess_owner(path.clone()).await,
        path: Some(path.display().to_string()),
        token: Some(desk.remember(path)),
    })
}

/// Imports picked mail.
pub async fn add_archive(desk: &Desk, form: ArchiveForm) -> Result<Account, ApiError> {
    let path = desk.recall(&form.token)?;
    add_archive_at(desk, path, &form.name, &form.own_address).await
}

/// Imports the mail at a path that did not come from the webview.
pub async fn add_archive_at(
    desk: &Desk,
    path: std::path::PathBuf,
    name: &str,
    own_address: &str,
) -> Result<Account, ApiError> {
    refuse_read_only(desk)?;
    let own = owner(own_address)?;
    let given = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let mailbox = desk.gateway.try_archive(path).await?;
    let name = if name.trim().is_empty() { given.unwrap_or_default() } else { name.to_owned() };
    let added = add(desk, mailbox, &name, Secrets::default(), "path").await?;
    if own.is_none() {
        return Ok(added);
    }
    // What the first sync has brought meanwhile is told apart again.
    let account: AccountId = id("id", &added.id)?;
    deskbell_store::sync::set_owner(&desk.store, account, own, desk.now()).await?;
    show(desk, account).await
}

/// Whose mail lies at a path, as far as it can be told.
pub async fn guess_owner(desk: &Desk, path: std::path::PathBuf) -> Option<String> {
    desk.gateway.guess_owner(path).await
}

/// Says whose mail an account holds.
pub async fn own_address(desk: &Desk, form: OwnAddressForm) -> Result<Account, ApiError> {
    let account: AccountId = id("id", &form.id)?;
    let own = owner(&form.own_address)?;
    let row = desk.store.read(move |c| table::account::get(c, account)).await?;
    refuse_read_only(desk)?;
    if row.writes_back {
        let text = format!("{} has an address of its own; only imported mail has none.", row.name);
        return Err(ApiError::field("id", text));
    }
    deskbell_store::sync::set_owner(&desk.store, account, own, desk.now()).await?;
    show(desk, account).await
}

/// Reads an address that may be left empty.
fn owner(typed: &str) -> Result<Option<String>, ApiError> {
    let typed = typed.trim();
    let parts = typed.split_once('@');
    let plausible = parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
        && !typed.chars().any(|c| c.is_control() || c.is_whitespace());
    if !typed.is_empty() && !plausible {
        let text = "Enter the whole mail address, such as studio@example.org.";
        return Err(ApiError::field("own_address", text));
    }
    Ok((!typed.is_empty()).then(|| typed.to_owned()))
}

/// What is sealed with an account.
#[derive(Default)]
pub(super) struct Secrets {
    pub(super) password: Option<Secret>,
    /// The password for sending, where it is another one.
    pub(super) sending: Option<Secret>,
    /// What keeps it signed in, where that was done in the browser.
    pub(super) grant: Option<Secret>,
}

pub(super) async fn add(
    desk: &Desk,
    mailbox: NewMailbox,
    name: &str,
    secrets: Secrets,
    field: &str,
) -> Result<Account, ApiError> {
    refuse_duplicate(desk, &mailbox, field).await?;
    let name =
        if name.trim().is_empty() { mailbox.address.clone() } else { name.trim().to_owned() };
    let new = NewAccount {
        provider: mailbox.provider.into(),
        channel: Channel::Email,
        address: mailbox.address,
        name,
        settings: mailbox.settings,
        schedule: SCHEDULE.into(),
        writes_back: mailbox.writes_back,
        sends: mailbox.sends,
    };
    let _sealing = desk.sealing.read().await;
    // The password is sealed for the account's id, and both are stored at once: no account is ever without.
    let account = desk.write(table::account::reserve).await?;
    let mut sealed = Vec::new();
    let named = [(PASSWORD, secrets.password), (SENDING, secrets.sending), (GRANT, secrets.grant)];
    for (name, secret) in named {
        if let Some(secret) = secret {
            sealed.push((name, seal(desk, account, &secret).await?));
        }
    }
    desk.write(move |w| {
        table::account::insert_as(w, account, &new)?;
        sealed.iter().try_for_each(|(name, sealed)| secret::put(w, account, name, sealed))
    })
    .await?;
    desk.wake(Some(account));
    show(desk, account).await
}

/// Refuses a mailbox that is here already, by whichever route.
async fn refuse_duplicate(desk: &Desk, mailbox: &NewMailbox, field: &str) -> Result<(), ApiError> {
    let known = {
        let (provider, address) = (mailbox.provider, mailbox.address.clone());
        desk.store.read(move |c| table::account::find(c, provider, &address)).await?
    };
    if let Some(known) = known {
        let text = format!("{} is here already, as “{}”.", mailbox.address, known.name);
        return Err(duplicate(text, field, &known));
    }
    let Some(place) = Place::of(mailbox.provider, &mailbox.address, &mailbox.settings) else {
        return Ok(());
    };
    let rows = desk.store.read(table::account::list).await?;
    let twin = rows.into_iter().find(|row| {
        Place::of(&row.provider, &row.address, &row.settings)
            .is_some_and(|known| known.is_same(&place))
    });
    let Some(twin) = twin else { return Ok(()) };
    let text = format!(
        "{} is here already, as “{}”; the same mail would be here twice.",
        mailbox.address, twin.name
    );
    Err(duplicate(text, field, &twin))
}

fn duplicate(text: String, field: &str, known: &table::account::Account) -> ApiError {
    let mut error = ApiError::new(crate::dto::Code::Duplicate, text);
    error.fields.push(FieldError::new(field, error.message.clone()));
    error.fields.push(FieldError::new("account_id", known.id.to_string()));
    error
}

/// Where a mailbox lies.
struct Place {
    /// Everything it is called.
    names: Vec<String>,
    server: Option<(String, String)>,
}

impl Place {
    /// `None` for what holds no mail of its own.
    fn of(provider: &str, address: &str, settings: &str) -> Option<Self> {
        if !matches!(provider, "imap" | "gmail" | "graph") {
            return None;
        }
        let settings: serde_json::Value = serde_json::from_str(settings).ok()?;
        let text = |name| Some(settings.get(name)?.as_str()?.to_lowercase());
        // Two users of one server may share a port of this machine in a rehearsal only.
        let port = settings.get("port").map(ToString::to_string).unwrap_or_default();
        let server = text("host").zip(text("user")).map(|(host, user)| (host + ":" + &port, user));
        let told = settings.get("names").and_then(serde_json::Value::as_array);
        let told = told.into_iter().flatten().filter_map(serde_json::Value::as_str);
        let names = std::iter::once(address).chain(told).map(mailbox_key).collect();
        Some(Self { names, server })
    }

    fn is_same(&self, other: &Self) -> bool {
        self.names.iter().any(|name| other.names.contains(name))
            || self.server.is_some() && self.server == other.server
    }
}

pub(super) async fn seal(
    desk: &Desk,
    account: AccountId,
    password: &Secret,
) -> Result<Vec<u8>, ApiError> {
    let sealed = desk.gateway.seal(account, password).await;
    sealed.map_err(|error| ApiError::new(crate::dto::Code::Storage, crate::error::sentence(&error)))
}

/// Takes a new password after a refused sign-in.
pub async fn password(desk: &Desk, form: PasswordForm) -> Result<Account, ApiError> {
    let account: AccountId = id("id", &form.id)?;
    let row = desk.store.read(move |c| table::account::get(c, account)).await?;
    if form.password.is_empty() {
        return Err(ApiError::field("password", "Enter the password."));
    }
    let password = Secret::new(form.password);
    let pin = form.pin_certificate.as_deref();
    let settings = desk.gateway.try_password(&row.provider, &row.settings, &password, pin).await?;
    let _sealing = desk.sealing.read().await;
    let sealed = seal(desk, account, &password).await?;
    desk.write(move |w| {
        if settings != row.settings {
            table::account::set_settings(w, account, &settings)?;
        }
        secret::put(w, account, PASSWORD, &sealed)?;
        table::account::set_state(w, account, AccountState::New, None)
    })
    .await?;
    desk.wake(Some(account));
    show(desk, account).await
}

/// Trusts the certificate that a server on this machine shows now, and goes on with the password that is kept.
pub async fn trust(desk: &Desk, form: TrustForm) -> Result<Account, ApiError> {
    let account: AccountId = id("id", &form.id)?;
    let row = desk.store.read(move |c| table::account::get(c, account)).await?;
    refuse_read_only(desk)?;
    let pin = form.pin_certificate.as_deref();
    let tried = desk.gateway.try_certificate(account, &row.provider, &row.settings, pin).await?;
    desk.write(move |w| {
        if tried != row.settings {
            table::account::set_settings(w, account, &tried)?;
        }
        table::account::set_state(w, account, AccountState::New, None)
    })
    .await?;
    desk.wake(Some(account));
    show(desk, account).await
}

/// Pauses an account or lets it go on.
pub async fn pause(desk: &Desk, args: PauseArgs) -> Result<Account, ApiError> {
    let account: AccountId = id("id", &args.id)?;
    desk.store.read(move |c| table::account::get(c, account)).await?;
    desk.write(move |w| {
        table::account::set_paused(w, account, args.paused)?;
        let state = if args.paused { AccountState::Paused } else { AccountState::New };
        table::account::set_state(w, account, state, None)
    })
    .await?;
    if !args.paused {
        desk.wake(Some(account));
    }
    show(desk, account).await
}

/// Looks at one account or all of them now.
pub async fn sync_now(desk: &Desk, args: SyncArgs) -> Result<Done, ApiError> {
    let account = optional_id::<AccountId>("account_id", args.account_id.as_deref())?;
    if let Some(account) = account {
        desk.store.read(move |c| table::account::get(c, account)).await?;
    }
    refuse_read_only(desk)?;
    desk.wake(account);
    Ok(Done {})
}

/// Notes which accounts a person looks at from now on, all of them: news of these is looked for more often.
///
/// Changes nothing where no engine runs, or where one of them is not here.
pub async fn attend(desk: &Desk, args: IdsArgs) -> Result<Done, ApiError> {
    let read = args.ids.iter().map(|text| id::<AccountId>("ids", text));
    let accounts = read.collect::<Result<Vec<_>, _>>()?;
    let asked = accounts.clone();
    desk.store.read(move |c| asked.iter().try_for_each(|id| known(c, Some(*id)))).await?;
    desk.attend(&accounts);
    Ok(Done {})
}

/// Ends the removals that an earlier process began; a desk whose loops run does so by itself.
pub async fn finish_removals(desk: &Desk) -> Result<(), ApiError> {
    for account in desk.store.read(table::account::erasing).await? {
        deskbell_store::sync::erase(&desk.store, account, desk.now(), &|_| {}).await?;
    }
    Ok(())
}

pub(super) fn refuse_read_only(desk: &Desk) -> Result<(), ApiError> {
    if desk.store.is_read_only() {
        return Err(deskbell_store::StoreError::ReadOnly.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_same(one: (&str, &str, &str), other: (&str, &str, &str)) -> bool {
        let place = |(provider, address, settings)| {
            Place::of(provider, address, settings).expect("it holds mail")
        };
        let (one, other) = (place(one), place(other));
        assert_eq!(one.is_same(&other), other.is_same(&one), "whichever was here first");
        one.is_same(&other)
    }

    #[test]
    fn one_mailbox_is_known_by_each_of_its_names() {
        let gmail = ("gmail", "mara.voss@gmail.com", "{}");
        let imap = r#"{"host":"imap.gmail.com","user":"x"}"#;
        assert!(is_same(gmail, ("imap", "MaraVoss+desk@googlemail.com", imap)));
        assert!(!is_same(gmail, ("imap", "mara.voss@studio.example", imap)));

        let names = r#"{"names":["mara@studio.example","mara@studio.onmicrosoft.example"]}"#;
        let graph = ("graph", "mara@studio.example", names);
        let host = r#"{"host":"outlook.office365.com","user":"x"}"#;
        assert!(is_same(graph, ("imap", "Mara@studio.onmicrosoft.example", host)));
        assert!(is_same(graph, ("graph", "mara@studio.onmicrosoft.example", "{}")));
        assert!(!is_same(graph, ("imap", "ben@studio.onmicrosoft.example", host)));
    }
}
