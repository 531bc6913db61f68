//! TLS: which certificates are trusted, and what is said when one is not.
//!
//! Invariant: a certificate is accepted because a native root vouches for it, or because it is, byte for
//! byte, the one that was pinned for a loopback host. There is no way to accept just any certificate.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
};
use tokio_rustls::TlsConnector;

use super::{Endpoint, NetError, Transport, bare_host, is_loopback};

/// Secures a connection to a server.
pub(crate) async fn secure(
    server: &Endpoint<'_>,
    transport: Box<dyn Transport>,
) -> Result<Box<dyn Transport>, NetError> {
    let config = client_config(server.pinned_certificate)?;
    let name = server_name(server)?;
    match TlsConnector::from(Arc::new(config)).connect(name, transport).await {
        Ok(stream) => Ok(Box::new(stream)),
        Err(error) => Err(explain(&error, server)),
    }
}

/// The certificate the server shows, as base64 of its DER bytes; the connection ends there, nothing is sent
/// over it. For pinning on loopback, after a person has agreed.
pub(crate) async fn shown_certificate(
    server: &Endpoint<'_>,
    transport: Box<dyn Transport>,
) -> Result<String, NetError> {
    let crypto = Arc::new(ring::default_provider());
    let shown = Arc::new(Shown { crypto: Arc::clone(&crypto), certificate: Mutex::default() });
    let config = ClientConfig::builder_with_provider(crypto)
        .with_safe_default_protocol_versions()
        .map_err(|error| NetError::Tls(format!("TLS cannot be used here: {error}")))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(&shown) as Arc<dyn ServerCertVerifier>)
        .with_no_client_auth();
    let ended = TlsConnector::from(Arc::new(config)).connect(server_name(server)?, transport).await;
    let certificate = shown.certificate.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (certificate, ended) {
        (Some(der), _) => Ok(STANDARD.encode(der)),
        (None, Err(error)) => Err(explain(&error, server)),
        (None, Ok(_)) => Err(NetError::Tls("the server shows no certificate".into())),
    }
}

fn server_name(server: &Endpoint<'_>) -> Result<ServerName<'static>, NetError> {
    ServerName::try_from(bare_host(server.host).to_owned()).map_err(|_| NetError::Settings {
        field: "host",
        message: "the host is not a name a certificate could be issued for".into(),
    })
}

/// What is trusted: the usual issuers, or the one certificate (base64 of its DER bytes) that is given.
pub(crate) fn client_config(pinned: Option<&str>) -> Result<ClientConfig, NetError> {
    let crypto = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&crypto))
        .with_safe_default_protocol_versions()
        .map_err(|error| NetError::Tls(format!("TLS cannot be used here: {error}")))?;
    if let Some(pinned) = pinned {
        let der = STANDARD.decode(pinned.trim()).map_err(|_| NetError::Settings {
            field: "pinned_certificate",
            message: "the trusted certificate is damaged; sign in again and trust it anew".into(),
        })?;
        let verifier = Arc::new(Pinned { certificate: CertificateDer::from(der), crypto });
        return Ok(builder
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth());
    }
    let mut roots = RootCertStore::empty();
    let native = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(native.certs);
    if roots.is_empty() {
        return Err(NetError::Tls(
            "this machine has no trusted certificate issuers; install its ca-certificates package"
                .into(),
        ));
    }
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// What went wrong in a handshake, in words that say what to do.
fn explain(error: &io::Error, server: &Endpoint<'_>) -> NetError {
    let Some(cause) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>())
    else {
        return NetError::Lost(format!(
            "the server ended the secure handshake ({}); check the port and the security setting",
            error.kind()
        ));
    };
    let text = match cause {
        rustls::Error::InvalidCertificate(reason) => match reason {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "the server's certificate has expired; whoever runs the server must renew it".to_owned()
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "the server's certificate is not valid yet; check this machine's clock".to_owned()
            }
            CertificateError::UnknownIssuer if is_loopback(server.host) => {
                "the server's certificate was signed by nobody this machine knows"
                    .to_owned()
            }
            CertificateError::UnknownIssuer => {
                "the server's certificate comes from an issuer this machine does not know; check the host \
                 name, or ask whoever runs the server"
                    .to_owned()
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => format!(
                "the server's certificate is for another name than {}; check the host name",
                bare_host(server.host)
            ),
            CertificateError::ApplicationVerificationFailure => {
                "the server shows another certificate than the one you trust; if it was renewed, look at the new one and trust it"
                    .to_owned()
            }
            CertificateError::Other(_) => {
                "the server's certificate was not issued by anyone this machine trusts; ask its administrator for \
                 one from a public authority, or install the authority's certificate on this machine"
                    .to_owned()
            }
            other => format!("the server's certificate cannot be trusted ({other})"),
        },
        rustls::Error::InvalidMessage(_) => {
            return NetError::Protocol(format!(
                "the server does not speak TLS on this port; choose STARTTLS or another port (TLS is usually \
                 on {})",
                server.usual_tls_port
            ));
        }
        other => format!("no secure connection could be made ({other})"),
    };
    NetError::Tls(text)
}

/// Accepts no certificate, and remembers the one it was shown.
#[derive(Debug)]
struct Shown {
    crypto: Arc<CryptoProvider>,
    certificate: Mutex<Option<Vec<u8>>>,
}

impl ServerCertVerifier for Shown {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let mut certificate = self.certificate.lock().unwrap_or_else(PoisonError::into_inner);
        *certificate = Some(end_entity.as_ref().to_vec());
        Err(rustls::Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.crypto.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.crypto.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.crypto.signature_verification_algorithms.supported_schemes()
    }
}

/// Accepts exactly one certificate.
#[derive(Debug)]
struct Pinned {
    certificate: CertificateDer<'static>,
    crypto: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if end_entity.as_ref() == self.certificate.as_ref() {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(rustls::Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.crypto.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.crypto.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.crypto.signature_verification_algorithms.supported_schemes()
    }
}
