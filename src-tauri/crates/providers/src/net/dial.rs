//! From a host and port to a connection: names looked up, addresses tried in turn, TLS within its time.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::{Endpoint, NetError, Transport, bare_host, is_loopback, tls};

/// A TCP connection to one of the host's addresses.
pub(crate) async fn dial(
    server: &Endpoint<'_>,
    patience: Duration,
) -> Result<Box<dyn Transport>, NetError> {
    let host = bare_host(server.host);
    let found = timeout(patience, lookup_host((host, server.port))).await;
    let addresses: Vec<SocketAddr> = match found {
        Ok(Ok(all)) => all.collect(),
        Ok(Err(_)) => {
            return Err(NetError::Lost(format!(
                "unknown host {host}: there is no server of that name, or this machine is offline"
            )));
        }
        Err(_) => return Err(NetError::Lost(format!("looking up the host {host} took too long"))),
    };
    let mut trouble = NetError::Lost(format!("unknown host {host}: it has no address"));
    for address in addresses {
        if is_loopback(host) && !address.ip().is_loopback() {
            continue;
        }
        match timeout(patience, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                let _ = stream.set_nodelay(true);
                return Ok(Box::new(stream));
            }
            Ok(Err(error)) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
                trouble = NetError::Lost(format!(
                    "{host} refused the connection on port {}: check the port, or start the server",
                    server.port
                ));
            }
            Ok(Err(error)) => {
                trouble = NetError::Lost(format!("{host} cannot be reached ({})", error.kind()));
            }
            Err(_) => {
                trouble = NetError::Lost(format!(
                    "{host} did not answer on port {}: check the port and the network",
                    server.port
                ));
            }
        }
    }
    Err(trouble)
}

/// Makes a connection safe, within its time.
pub(crate) async fn secure(
    server: &Endpoint<'_>,
    transport: Box<dyn Transport>,
    patience: Duration,
) -> Result<Box<dyn Transport>, NetError> {
    timeout(patience, tls::secure(server, transport)).await.unwrap_or_else(|_| {
        Err(NetError::Protocol(
            "the server does not answer a TLS handshake on this port; choose STARTTLS or another port".into(),
        ))
    })
}
