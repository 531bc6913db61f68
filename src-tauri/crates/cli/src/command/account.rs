//! `bell account …` and `bell erase`.

use std::io::BufRead as _;
use std::process::ExitCode;

use deskbell_api::Desk;
use deskbell_api::dto::{
    self, AccountChange, ApiError, ById, DiscoverArgs, IdsArgs, ImapForm, NoArgs, OauthProvider,
    OwnAddressForm, PasswordForm, SuggestArgs, TrustForm,
};
use deskbell_api::handlers::{
    account_life, accounts, discover, health, sample, sending as handlers_sending,
};

use crate::args::{AccountAction, Imap, NewAccount};
use crate::command::{browser, sending};
use crate::exit::Failure;
use crate::output::{Output, table, time};
use crate::progress::{Share, busy};

pub async fn run(desk: &Desk, output: Output, action: AccountAction) -> Result<ExitCode, Failure> {
    match action {
        AccountAction::Add { kind } => {
            let account = match kind {
                NewAccount::Imap(imap) => {
                    let form = form(desk, imap).await?;
                    accounts::add_imap(desk, form).await.map_err(how_to_trust)?
                }
                NewAccount::Google(known) => {
                    browser::add_known(desk, output, OauthProvider::Google, known).await?
                }
                NewAccount::Microsoft(known) => {
                    browser::add_known(desk, output, OauthProvider::Microsoft, known).await?
                }
                NewAccount::Yahoo(known) => {
                    browser::add_known(desk, output, OauthProvider::Yahoo, known).await?
                }
                NewAccount::Oidc(oidc) => browser::add_oidc(desk, output, oidc).await?,
                NewAccount::Smtp { address, name, smtp } => {
                    sending::add_smtp(desk, address, name, &smtp).await?
                }
                NewAccount::Sendgrid(key) => {
                    handlers_sending::add_sendgrid(desk, sending::key(key)?).await?
                }
                NewAccount::Resend(key) => {
                    handlers_sending::add_resend(desk, sending::key(key)?).await?
                }
                NewAccount::Sample => sample::open(desk, NoArgs {}).await?,
                NewAccount::Archive { path, name, address } => {
                    let bar = busy(output, &format!("Looking through {}", path.display()));
                    let own = match address {
                        Some(address) => address,
                        None => accounts::guess_owner(desk, path.clone()).await.unwrap_or_default(),
                    };
                    let added = accounts::add_archive_at(desk, path, &name, &own).await;
                    bar.finish_and_clear();
                    added?
                }
            };
            output.answer(&account, || {
                let whose = account.own_address.as_ref().map_or_else(String::new, |own| {
                    format!(
                        "It is taken for the mail of {own}; if it is not: `bell account own-address {} ADDRESS`.\n",
                        account.id
                    )
                });
                let watched = sending::watched(&account);
                format!(
                    "Added account {}: {}.\n{whose}{watched}Fetch its mail with `bell sync`.",
                    account.id, account.name
                )
            })?;
        }
        AccountAction::List => {
            let list = accounts::list(desk, NoArgs {}).await?;
            output.answer(&list, || {
                if list.accounts.is_empty() {
                    return "No accounts yet. Add one with `bell account add imap` or `bell account add archive`.".into();
                }
                table(["ID", "NAME", "PROVIDER", "STATE", "UP TO DATE", "WAITING"], list.accounts.iter().map(row))
            })?;
        }
        AccountAction::Show { id } => show(desk, output, &id).await?,
        AccountAction::Discover { address } => discovered(desk, output, address).await?,
        AccountAction::Set { id, change } => {
            let form = AccountChange {
                id,
                name: change.name,
                color: change.color,
                schedule: change.schedule,
                history_days: change.history,
                sender_id: change.sender,
            };
            let account = account_life::change(desk, form).await?;
            output.answer(&account, || {
                let kept = match account.history_days {
                    None => "all of its mail is kept here".to_owned(),
                    Some(days) => {
                        format!("{days} days of its mail are kept here, from the next sync on")
                    }
                };
                format!(
                    "{} is looked at by the schedule {}; {kept}.",
                    account.name, account.schedule
                )
            })?;
        }
        AccountAction::Order { ids } => {
            let list = account_life::order(desk, IdsArgs { ids }).await?;
            output.answer(&list, || {
                list.accounts.iter().map(|one| one.name.clone()).collect::<Vec<_>>().join("\n")
            })?;
        }
        AccountAction::SignIn { id, way, pin_certificate } => {
            let account = one(desk, &id).await?;
            if let Some(provider) = account.oauth {
                let account = browser::again(desk, output, &account, provider, &way).await?;
                output.answer(&account, || format!("{} is signed in again.", account.name))?;
                return Ok(ExitCode::SUCCESS);
            }
            let form = PasswordForm { id, password: password()?, pin_certificate };
            let account = accounts::password(desk, form).await.map_err(how_to_trust)?;
            output.answer(&account, || format!("{} is signed in again.", account.name))?;
        }
        AccountAction::Trust { id, pin_certificate } => {
            let form = TrustForm { id, pin_certificate };
            let account = accounts::trust(desk, form).await.map_err(how_to_trust)?;
            output.answer(&account, || format!("{} is reached safely again.", account.name))?;
        }
        AccountAction::OwnAddress { id, address } => {
            let form = OwnAddressForm { id, own_address: address };
            let account = accounts::own_address(desk, form).await?;
            output.answer(&account, || match &account.own_address {
                Some(own) => format!("{} is the mail of {own}.", account.name),
                None => format!("{} is nobody's own mail.", account.name),
            })?;
        }
        AccountAction::Sending { id, smtp, fallback, fallback_after, undo, per_minute } => {
            let other = (fallback, fallback_after);
            let account = sending::configure(desk, id, &smtp, other, (undo, per_minute)).await?;
            output.answer(&account, || sending::told(&account))?;
        }
        AccountAction::Remove { id } => return erase(desk, output, id).await,
    }
    Ok(ExitCode::SUCCESS)
}

pub async fn erase(desk: &Desk, output: Output, id: String) -> Result<ExitCode, Failure> {
    if id == "sample" {
        let bar = busy(output, "Erasing the sample workspace");
        let removed = sample::leave(desk, NoArgs {}).await;
        bar.finish_and_clear();
        let removed = removed?;
        output.answer(&removed, || {
            format!("The sample workspace is gone, with its {} messages.", removed.messages)
        })?;
        return Ok(ExitCode::SUCCESS);
    }
    let bar = Share::new(output, "Erasing");
    let told = |share| bar.tell(share);
    let removed = account_life::remove_telling(desk, ById { id: id.clone() }, &told).await;
    bar.end();
    let removed = removed?;
    output.answer(&removed, || {
        let dto::Removed { messages, files, bytes, .. } = &removed;
        let keychain = if removed.keychain { ", and the profile's key from the keychain" } else { "" };
        let sign_in = match removed.sign_in {
            None => "",
            Some(dto::SignInLeft::Revoked) => {
                " Its sign-in was taken back there, for every computer that used the same client id."
            }
            Some(dto::SignInLeft::Failed) => {
                " Its sign-in could not be taken back there; end it on the provider's page of connected programs."
            }
            Some(dto::SignInLeft::ByHand) => {
                " No program can end its sign-in there; end it on the provider's page of connected programs."
            }
        };
        format!(
            "Account {id} is erased from this machine: {messages} messages ({bytes} bytes) with {files} files, its \
             passwords and tokens{keychain}. At its provider no mail changed.{sign_in}"
        )
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn one(desk: &Desk, id: &str) -> Result<dto::Account, Failure> {
    let list = accounts::list(desk, NoArgs {}).await?;
    let found = list.accounts.into_iter().find(|account| account.id == id);
    found.ok_or_else(|| {
        let text = format!("There is no account {id}; see `bell account list`.");
        ApiError::new(dto::Code::NotFound, text).into()
    })
}

async fn discovered(desk: &Desk, output: Output, address: String) -> Result<(), Failure> {
    let found = discover::discover(desk, DiscoverArgs { address }).await?;
    output.answer(&found, || {
        let server = |host: &str, port: u16, security: dto::Security| {
            format!("{host}:{port} {}", format!("{security:?}").to_lowercase())
        };
        table(
            ["FROM", "NAME", "BY", "IMAP", "SMTP", "SIGN-IN"],
            found.proposals.iter().map(|one| {
                [
                    format!("{:?}", one.source).to_lowercase(),
                    one.name.clone(),
                    format!("{:?}", one.provider).to_lowercase(),
                    one.imap.as_ref().map_or_else(String::new, |imap| {
                        server(&imap.host, imap.port, imap.security)
                    }),
                    one.smtp.as_ref().map_or_else(String::new, |smtp| {
                        server(&smtp.host, smtp.port, smtp.security)
                    }),
                    one.password.as_ref().map_or_else(
                        || "in the browser".into(),
                        |hint| {
                            let page = hint.url.as_deref().unwrap_or_default();
                            format!("{} {page}", hint.message)
                        },
                    ),
                ]
            }),
        )
    })
}

async fn show(desk: &Desk, output: Output, id: &str) -> Result<(), Failure> {
    let health = health::health(desk, NoArgs {}).await?;
    let found =
        health.accounts.into_iter().find(|entry| entry.account.id == id).ok_or_else(|| {
            ApiError::new(
                dto::Code::NotFound,
                format!("There is no account {id}; see `bell account list`."),
            )
        })?;
    output.answer(&found, || {
        let account = &found.account;
        let detail = account.detail.as_deref().unwrap_or("");
        let scopes = found.scopes.iter().map(|scope| {
            [
                scope.name.clone(),
                scope.role.clone(),
                scope.local.to_string(),
                scope.remote.map_or_else(|| "?".into(), |n| n.to_string()),
                scope.bodies_missing.to_string(),
            ]
        });
        format!(
            "{} <{}>: {} {detail}\n{}{}",
            account.name,
            account.address,
            account.state,
            match account.history_since {
                None => String::new(),
                Some(since) =>
                    format!("Mail from {} on is kept here, and counted below.\n", time(since)),
            },
            table(["MAILBOX", "ROLE", "HERE", "THERE", "TEXTS TO COME"], scopes)
        )
    })
}

fn row(account: &dto::Account) -> [String; 6] {
    [
        account.id.clone(),
        account.name.clone(),
        account.provider.clone(),
        account.state.clone(),
        account.synced_at.map_or_else(|| "never".into(), time),
        account.pending_edits.to_string(),
    ]
}

async fn form(desk: &Desk, imap: Imap) -> Result<ImapForm, Failure> {
    let proposal = accounts::suggest(desk, SuggestArgs { address: imap.address.clone() }).await?;
    let security = imap.security.map_or(proposal.security, Into::into);
    let usual = match security {
        dto::Security::Tls => 993,
        dto::Security::None | dto::Security::Starttls => 143,
    };
    let port = match (imap.port, &imap.host) {
        (Some(port), _) => port,
        (None, Some(_)) => usual,
        (None, None) => proposal.port,
    };
    let password = password()?;
    let smtp = sending::form(&imap.smtp)?;
    Ok(ImapForm {
        smtp,
        address: imap.address,
        name: imap.name,
        user: imap.user,
        host: imap.host.unwrap_or(proposal.host),
        port,
        security,
        password,
        pin_certificate: imap.pin_certificate,
    })
}

/// Says what to type to trust the certificate a server on this machine shows.
fn how_to_trust(mut error: ApiError) -> ApiError {
    let shown = error.fields.iter().find(|field| field.field == "pin_certificate");
    if let (dto::Code::Certificate, Some(shown)) = (error.code, shown) {
        error.message = format!(
            "{} Add --pin-certificate {} to trust it, if the program that runs the server shows the same SHA-256 \
             fingerprint.",
            error.message, shown.message
        );
    }
    error
}

/// The next line of standard input.
pub(super) fn password() -> Result<String, Failure> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
