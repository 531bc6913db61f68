//! From settings to a signed-in wire: TCP, TLS or STARTTLS, greeting, sign-in, extensions.
//!
//! Invariant: the password is sent only over TLS or to a loopback address, and nothing is sent at all while
//! the settings break a rule.

use tokio::time::timeout;

use async_imap::imap_proto::{Response, ResponseCode, Status};

use super::capability::Caps;
use super::error::ImapError;
use super::pace::{Pace, SECOND_LOOK};
use super::settings::{ImapSettings, Security};
use super::sign_in::sign_in;
use super::wire::{Command, Wire};
use crate::net::{Credential, NetError, Transport, dial, secure, shown_certificate};

/// A wire that is signed in, and what the server can do.
pub(crate) struct Connected {
    pub(crate) wire: Wire,
    pub(crate) caps: Caps,
}

/// Connects and signs in.
pub(crate) async fn connect(
    settings: &ImapSettings,
    credential: &Credential,
    pace: &Pace,
) -> Result<Connected, ImapError> {
    settings.validate()?;
    let tcp = dial(&settings.endpoint(), pace.connect).await?;
    let (mut wire, greeting) = match settings.security {
        Security::Tls => match secure(&settings.endpoint(), tcp, pace.connect).await {
            Ok(secure) => greet(Wire::new(secure, pace.silence), settings, pace).await?,
            Err(NetError::Protocol(_)) => return Err(no_tls_here(settings, pace).await),
            Err(error) => return Err(error.into()),
        },
        Security::None => greet_plainly(tcp, settings, pace).await?,
        Security::StartTls => {
            let (mut wire, greeting) = greet_plainly(tcp, settings, pace).await?;
            if greeting.preauth {
                // A signed-in plain connection cannot be secured any more (RFC 9051 section 11.1).
                return Err(ImapError::Tls(
                    "the server offers no way to a secure connection".into(),
                ));
            }
            start_tls(&mut wire).await?;
            let secure = secure(&settings.endpoint(), wire.into_transport()?, pace.connect).await?;
            (Wire::new(secure, pace.silence), Greeting::default())
        }
    };
    let caps = match greeting.caps {
        Some(caps) => caps,
        None => ask_capabilities(&mut wire).await?,
    };
    wire.literal_plus = caps.literal_plus;
    let told = if greeting.preauth {
        None
    } else {
        sign_in(&mut wire, settings, credential, &caps).await?
    };
    let mut caps = match told {
        Some(caps) => caps,
        None => ask_capabilities(&mut wire).await?,
    };
    wire.literal_plus = caps.literal_plus;
    extend(&mut wire, &mut caps, settings, pace).await?;
    Ok(Connected { wire, caps })
}

/// The certificate a server on this machine shows, for pinning it.
pub(crate) async fn certificate_to_pin(
    settings: &ImapSettings,
    pace: &Pace,
) -> Result<String, ImapError> {
    settings.validate()?;
    if !settings.is_loopback() || settings.security == Security::None {
        return Err(ImapError::Settings {
            field: "pinned_certificate",
            message: "one certificate can be trusted only for a server with TLS on this machine"
                .into(),
        });
    }
    let mut transport = dial(&settings.endpoint(), pace.connect).await?;
    if settings.security == Security::StartTls {
        let (mut wire, _) = greet(Wire::new(transport, pace.silence), settings, pace).await?;
        start_tls(&mut wire).await?;
        transport = wire.into_transport()?;
    }
    let shown = timeout(pace.connect, shown_certificate(&settings.endpoint(), transport)).await;
    shown
        .map_err(|_| ImapError::Lost("the server does not answer a TLS handshake".into()))?
        .map_err(ImapError::from)
}

#[derive(Default)]
struct Greeting {
    preauth: bool,
    caps: Option<Caps>,
}

/// Reads the greeting.
async fn greet(
    mut wire: Wire,
    settings: &ImapSettings,
    pace: &Pace,
) -> Result<(Wire, Greeting), ImapError> {
    wire.set_patience(pace.greeting);
    let read = wire
        .read(|response| {
            let Response::Data { status, outcome } = response else { return None };
            let preauth = match status {
                Status::Ok => false,
                Status::PreAuth => true,
                _ => return None,
            };
            let caps = match &outcome.code {
                Some(ResponseCode::Capabilities(all)) => Some(Caps::read(all)),
                _ => None,
            };
            Some(Greeting { preauth, caps })
        })
        .await;
    wire.reset_patience();
    match read {
        Ok(Some(greeting)) => Ok((wire, greeting)),
        Err(ImapError::Bye { text }) => Err(ImapError::Bye { text }),
        Ok(None) | Err(_) => Err(stranger(settings)),
    }
}

fn stranger(settings: &ImapSettings) -> ImapError {
    ImapError::Protocol(format!(
        "port {} does not speak IMAP; IMAP is usually on 993 (TLS) or 143 (STARTTLS)",
        settings.port
    ))
}

/// Reads the greeting of a server that is to speak first; a port that waits for TLS is recognised.
async fn greet_plainly(
    tcp: Box<dyn Transport>,
    settings: &ImapSettings,
    pace: &Pace,
) -> Result<(Wire, Greeting), ImapError> {
    let failure = match greet(Wire::new(tcp, pace.silence), settings, pace).await {
        Err(failure @ ImapError::Protocol(_)) => failure,
        outcome => return outcome,
    };
    let server = settings.endpoint();
    let look = async { shown_certificate(&server, dial(&server, pace.connect).await?).await };
    match timeout(SECOND_LOOK, look).await {
        Ok(Ok(_)) => Err(ImapError::Settings {
            field: "security",
            message: format!("port {} speaks TLS from the first byte; choose TLS", settings.port),
        }),
        Ok(Err(_)) | Err(_) => Err(failure),
    }
}

/// Why a port that was to speak TLS does not: plain IMAP, or no IMAP at all.
async fn no_tls_here(settings: &ImapSettings, pace: &Pace) -> ImapError {
    let look = async {
        let tcp = dial(&settings.endpoint(), pace.connect).await?;
        greet(Wire::new(tcp, pace.silence), settings, pace).await
    };
    match timeout(SECOND_LOOK, look).await {
        Ok(Ok(_)) => ImapError::Settings {
            field: "security",
            message: format!(
                "port {} speaks IMAP and begins without TLS; choose STARTTLS, or the port for TLS (usually 993)",
                settings.port
            ),
        },
        Ok(Err(_)) | Err(_) => stranger(settings),
    }
}

async fn start_tls(wire: &mut Wire) -> Result<(), ImapError> {
    match wire.run(Command::new("STARTTLS"), |_| {}).await {
        Ok(_) => Ok(()),
        Err(ImapError::No { .. } | ImapError::Bad { .. }) => Err(ImapError::Tls(
            "the server does not offer STARTTLS on this port; choose TLS (usually on 993)".into(),
        )),
        Err(error) => Err(error),
    }
}

async fn ask_capabilities(wire: &mut Wire) -> Result<Caps, ImapError> {
    let mut caps = None;
    wire.run(Command::new("CAPABILITY"), |response| {
        if let Response::Capabilities(all) = response {
            caps = Some(Caps::read(all));
        }
    })
    .await?;
    Ok(caps.unwrap_or_default())
}

/// Turns on what both sides know: ID, QRESYNC or CONDSTORE, compression.
async fn extend(
    wire: &mut Wire,
    caps: &mut Caps,
    settings: &ImapSettings,
    pace: &Pace,
) -> Result<(), ImapError> {
    let optional = |outcome: Result<_, ImapError>| match outcome {
        Ok(_) | Err(ImapError::No { .. } | ImapError::Bad { .. }) => Ok(()),
        Err(error) => Err(error),
    };
    if caps.id {
        let version = env!("CARGO_PKG_VERSION");
        let command = Command::new(format!("ID (\"name\" \"Deskbell\" \"version\" \"{version}\")"));
        optional(wire.run(command, |_| {}).await)?;
    }
    if caps.compress && (pace.compress_always || !settings.is_loopback()) {
        match wire.run(Command::new("COMPRESS DEFLATE"), |_| {}).await {
            Ok(_) => wire.start_compression(),
            Err(ImapError::No { .. } | ImapError::Bad { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    if caps.qresync && caps.enable {
        let mut enabled = false;
        let outcome = wire
            .run(Command::new("ENABLE QRESYNC"), |response| {
                if let Response::Capabilities(all) = response {
                    enabled |= Caps::read(all).qresync;
                }
            })
            .await;
        optional(outcome)?;
        caps.qresync = enabled;
        caps.condstore |= enabled;
    } else {
        caps.qresync = false;
    }
    Ok(())
}
