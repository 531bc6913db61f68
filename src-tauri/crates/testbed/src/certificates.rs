//! A certificate authority of the test's own, and server certificates in every state a client must tell apart.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};

/// What is wrong with the server's certificate, if anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Certificate {
    /// Signed by the test authority, for `localhost` and `127.0.0.1`, valid until 2096.
    #[default]
    Valid,
    /// As `Valid`, but it ran out on 2021-01-01.
    Expired,
    /// Signed by the test authority, but only for `elsewhere.example`.
    WrongName,
    /// Signed by itself, as Proton Bridge does.
    SelfSigned,
}

/// Where the PEM files of one server lie.
#[derive(Debug)]
pub struct Issued {
    /// The authority a client must trust; for a self-signed server, its own certificate.
    pub ca: PathBuf,
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

/// Makes an authority and a server certificate, and writes their PEM files into `dir`.
pub fn issue(dir: &Path, kind: Certificate) -> anyhow::Result<Issued> {
    let names: Vec<String> = match kind {
        Certificate::WrongName => vec!["elsewhere.example".into()],
        _ => vec!["localhost".into(), "127.0.0.1".into()],
    };
    let mut server = CertificateParams::new(names).context("naming the test certificate")?;
    server.distinguished_name.push(DnType::CommonName, "Deskbell test server");
    server.not_before = date_time_ymd(2020, 1, 1);
    server.not_after = match kind {
        Certificate::Expired => date_time_ymd(2021, 1, 1),
        _ => date_time_ymd(2096, 1, 1),
    };
    let server_key = KeyPair::generate()?;

    let (certificate, authority) = if kind == Certificate::SelfSigned {
        let pem = server.self_signed(&server_key)?.pem();
        (pem.clone(), pem)
    } else {
        let mut authority = CertificateParams::new(Vec::new())?;
        authority.distinguished_name.push(DnType::CommonName, "Deskbell test authority");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.not_before = date_time_ymd(2020, 1, 1);
        authority.not_after = date_time_ymd(2096, 1, 1);
        let authority_key = KeyPair::generate()?;
        let authority_pem = authority.self_signed(&authority_key)?.pem();
        let issuer = Issuer::new(authority, authority_key);
        (server.signed_by(&server_key, &issuer)?.pem(), authority_pem)
    };

    let issued = Issued {
        ca: dir.join("ca.pem"),
        certificate: dir.join("server.pem"),
        key: dir.join("server.key"),
    };
    std::fs::write(&issued.ca, authority)?;
    std::fs::write(&issued.certificate, certificate)?;
    std::fs::write(&issued.key, server_key.serialize_pem())?;
    Ok(issued)
}
