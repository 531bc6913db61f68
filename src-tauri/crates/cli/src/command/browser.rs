//! `bell account add google|microsoft|yahoo|oidc`, `bell account sign-in` in the browser, and `bell oauth-client`.

use std::process::ExitCode;

use deskbell_api::Desk;
use deskbell_api::dto::{
    self, Account, ApiError, HandBackArgs, NoArgs, OauthClientForm, OauthProvider, ProblemCode,
    Redirect, ServerGuess, SignInArgs, SignInUse, SmtpServer,
};
use deskbell_api::handlers::{oauth_clients, sign_in};

use super::account::password;
use super::sending;
use crate::args::{ClientAction, Known, Oidc, Provider, Way};
use crate::exit::Failure;
use crate::output::{Output, table};

/// Adds a mailbox of a provider that is known.
pub async fn add_known(
    desk: &Desk,
    output: Output,
    provider: OauthProvider,
    known: Known,
) -> Result<Account, Failure> {
    // Yahoo has no API for mail.
    let imap = known.imap || provider == OauthProvider::Yahoo;
    let reach = if imap { SignInUse::Imap } else { SignInUse::Api };
    let args = SignInArgs {
        address: known.address,
        name: Some(known.name),
        ..asked(provider, reach, &known.way)
    };
    follow(desk, output, args, known.way.hand_back).await
}

/// Adds a mailbox whose sign-in any OpenID Connect server checks.
pub async fn add_oidc(desk: &Desk, output: Output, oidc: Oidc) -> Result<Account, Failure> {
    let security = oidc.security.map_or(dto::Security::Tls, Into::into);
    let usual = if security == dto::Security::Tls { 993 } else { 143 };
    let smtp = sending::form(&oidc.smtp)?.map(|form| SmtpServer {
        host: form.host,
        port: form.port,
        security: form.security,
        user: form.user,
        saves_sent: form.saves_sent,
    });
    let args = SignInArgs {
        issuer: oidc.issuer,
        address: oidc.address,
        name: Some(oidc.name),
        imap: Some(ServerGuess {
            host: oidc.host,
            port: oidc.port.unwrap_or(usual),
            security,
            user: String::new(),
        }),
        smtp,
        ..asked(OauthProvider::Custom, SignInUse::Imap, &oidc.way)
    };
    follow(desk, output, args, oidc.way.hand_back).await
}

/// Signs in again to an account that does so in the browser.
pub async fn again(
    desk: &Desk,
    output: Output,
    account: &Account,
    provider: OauthProvider,
    way: &Way,
) -> Result<Account, Failure> {
    let args = SignInArgs {
        account_id: Some(account.id.clone()),
        ..asked(provider, SignInUse::Imap, way)
    };
    follow(desk, output, args, way.hand_back).await
}

fn asked(provider: OauthProvider, reach: SignInUse, way: &Way) -> SignInArgs {
    SignInArgs {
        provider,
        r#use: reach,
        address: None,
        account_id: None,
        name: None,
        client_id: way.client_id.clone(),
        client_secret: None,
        issuer: None,
        base_url: way.base_url.clone(),
        imap: None,
        smtp: None,
        // A link of Deskbell's own is handed to the window; here the address is pasted, or a port answers.
        redirect: (!way.hand_back).then_some(Redirect::Loopback),
    }
}

/// Names the page, and waits for what the browser answers.
async fn follow(
    desk: &Desk,
    output: Output,
    args: SignInArgs,
    hand_back: bool,
) -> Result<Account, Failure> {
    let begun = sign_in::begin(desk, args).await?;
    output.note(&format!("Open this page in a browser, within ten minutes:\n{}", begun.url));
    let by_page = begun.redirect == Redirect::Page;
    if hand_back || by_page {
        let what = if by_page {
            "all of what your page shows, or its address"
        } else {
            "the whole address the browser ended on"
        };
        output.note(&format!("Then paste {what}:"));
        // Standard input blocks, and the attempt must be able to end meanwhile.
        let text = tokio::task::spawn_blocking(password).await;
        let text = text.map_err(|_| Failure::failed("Standard input failed."))??;
        let handed = HandBackArgs { attempt: begun.attempt.clone(), text };
        sign_in::hand_back(desk, handed).await?;
    }
    let ended = sign_in::ended(desk, &begun.attempt).await?;
    match (ended.account, ended.problem) {
        (Some(account), _) => Ok(account),
        (None, Some(problem)) => {
            let code = match problem.code {
                ProblemCode::Offline | ProblemCode::Portal => dto::Code::Offline,
                ProblemCode::Duplicate => dto::Code::Duplicate,
                _ => dto::Code::SignIn,
            };
            let page = problem.url.map(|url| format!(" {url}")).unwrap_or_default();
            Err(ApiError::new(code, format!("{}{page}", problem.message)).into())
        }
        (None, None) => Err(Failure::failed("The sign-in was ended.")),
    }
}

/// `bell oauth-client`.
pub async fn clients(
    desk: &Desk,
    output: Output,
    action: ClientAction,
) -> Result<ExitCode, Failure> {
    match action {
        ClientAction::List => {
            let list = oauth_clients::list(desk, NoArgs {}).await?;
            output.answer(&list, || {
                let rows = list.clients.iter().map(|client| {
                    [
                        format!("{:?}", client.provider).to_lowercase(),
                        client.client_id.clone().unwrap_or_else(|| "none yet".into()),
                        match client.redirect_uris.as_slice() {
                            [] => "a page of your own, under https".into(),
                            addresses => addresses.join("\n"),
                        },
                        client.scopes.join("\n"),
                        client.guide_url.clone(),
                    ]
                });
                table(["PROVIDER", "CLIENT ID", "REDIRECT ADDRESSES", "SCOPES", "MADE AT"], rows)
            })?;
        }
        ClientAction::Set {
            provider,
            client_id,
            secret_stdin,
            issuer,
            redirect_page,
            deep_link,
        } => {
            let client_secret = if secret_stdin { Some(password()?) } else { None };
            let client_id = Some(client_id);
            let form = OauthClientForm {
                provider: provider.into(),
                client_id,
                client_secret,
                issuer,
                redirect_page,
                redirect: deep_link.then_some(Redirect::DeepLink),
            };
            let client = oauth_clients::put(desk, form).await?;
            output.answer(&client, || "This client id is used from the next sign-in on.".into())?;
        }
        ClientAction::Reset { provider } => {
            let form = OauthClientForm {
                provider: provider.into(),
                client_id: None,
                client_secret: None,
                issuer: None,
                redirect_page: None,
                redirect: None,
            };
            let client = oauth_clients::put(desk, form).await?;
            output.answer(&client, || match &client.client_id {
                Some(id) => format!("Back to the client id Deskbell came with, {id}."),
                None => "There is no client id for this provider now.".into(),
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

impl From<Provider> for OauthProvider {
    fn from(provider: Provider) -> Self {
        match provider {
            Provider::Google => Self::Google,
            Provider::Microsoft => Self::Microsoft,
            Provider::Yahoo => Self::Yahoo,
            Provider::Custom => Self::Custom,
        }
    }
}
