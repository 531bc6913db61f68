//! SRV and MX records of a domain.

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{
    ConnectionConfig, NameServerConfig, ProtocolConfig, ResolverConfig,
};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::RData;

use super::{Asked, Configuration, Origin, Server, is_host};
use crate::net::Security;

/// Receivers that are looked at.
const MOST: usize = 8;

/// Who is asked for names.
pub struct Names(TokioResolver);

/// A service, and how a connection to it is made safe.
type Service = (&'static str, Security);

/// RFC 6186 section 3.1, with implicit TLS first (RFC 8314 section 5.1).
const IMAP: [Service; 2] = [("_imaps", Security::Tls), ("_imap", Security::StartTls)];
const SUBMISSION: [Service; 2] =
    [("_submissions", Security::Tls), ("_submission", Security::StartTls)];

impl Names {
    /// As this machine does it; `None` where it cannot be told how.
    pub(super) fn of_this_machine() -> Option<Self> {
        TokioResolver::builder_tokio().ok()?.build().ok().map(Self)
    }

    /// One server on a port of its own, over UDP.
    pub fn at(server: std::net::SocketAddr) -> Option<Self> {
        let mut connection = ConnectionConfig::new(ProtocolConfig::Udp);
        connection.port = server.port();
        let server = NameServerConfig::new(server.ip(), true, vec![connection]);
        let config = ResolverConfig::from_parts(None, Vec::new(), vec![server]);
        let provider = TokioRuntimeProvider::default();
        TokioResolver::builder_with_config(config, provider).build().ok().map(Self)
    }

    /// The servers a domain names in SRV records.
    pub(super) async fn servers(&self, asked: &Asked) -> Option<Configuration> {
        let (imap, smtp) =
            tokio::join!(self.first(&IMAP, &asked.domain), self.first(&SUBMISSION, &asked.domain));
        let server = |(host, port, security): (String, u16, Security)| Server {
            host,
            port,
            security,
            user: asked.address.clone(),
        };
        let imap = server(imap?);
        let smtp = smtp.map(server);
        let within = |host: &str| {
            host == asked.domain
                || host.strip_suffix(&asked.domain).is_some_and(|rest| rest.ends_with('.'))
        };
        let doubtful = !within(&imap.host) || smtp.as_ref().is_some_and(|s| !within(&s.host));
        Some(Configuration { origin: Origin::Srv, name: None, imap, smtp, doubtful })
    }

    /// The best server of the first service a domain has.
    async fn first(&self, services: &[Service], domain: &str) -> Option<(String, u16, Security)> {
        for (service, security) in services {
            let name = format!("{service}._tcp.{domain}.");
            let Ok(found) = self.0.srv_lookup(name).await else { continue };
            let mut records: Vec<_> = found
                .answers()
                .iter()
                .filter_map(|record| match &record.data {
                    RData::SRV(srv) => Some(srv),
                    _ => None,
                })
                .collect();
            records.sort_by_key(|srv| (srv.priority, u16::MAX - srv.weight));
            let best = records.first().map(|srv| (plain(&srv.target.to_ascii()), srv.port));
            match best {
                // A lone dot says that there is no such service (RFC 2782).
                Some((host, port)) if is_host(&host) && port > 0 => {
                    return Some((host, port, *security));
                }
                _ => {}
            }
        }
        None
    }

    /// Who receives a domain's mail, the preferred first.
    pub(super) async fn receivers(&self, domain: &str) -> Vec<String> {
        let Ok(found) = self.0.mx_lookup(format!("{domain}.")).await else { return Vec::new() };
        let mut receivers: Vec<(u16, String)> = found
            .answers()
            .iter()
            .filter_map(|record| match &record.data {
                RData::MX(mx) => Some((mx.preference, plain(&mx.exchange.to_ascii()))),
                _ => None,
            })
            .collect();
        receivers.sort();
        receivers.into_iter().map(|(_, name)| name).take(MOST).collect()
    }
}

fn plain(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}
