//! Mozilla's configuration file for mail programs (`clientConfig` 1.1).

use quick_xml::Reader;
use quick_xml::events::Event;

use super::{Asked, Configuration, Origin, Server, is_host};
use crate::net::Security;

/// Texts deeper than this are not read.
const DEEPEST: usize = 16;

/// A server as far as it was read.
#[derive(Default)]
struct Part {
    host: String,
    port: String,
    socket: String,
    user: String,
}

/// The servers in a configuration; `None` if it names no IMAP server that can be reached safely.
pub(super) fn read(text: &str, asked: &Asked) -> Option<Configuration> {
    let mut reader = Reader::from_str(text);
    let mut path: Vec<String> = Vec::new();
    let (mut name, mut imap, mut smtp): (Option<String>, _, _) = (None, None, None);
    let mut part: Option<(bool, Part)> = None;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                let tag = start.name().as_ref().to_owned();
                let kind = start.try_get_attribute("type").ok().flatten();
                let kind = kind.map(|kind| kind.value.into_owned());
                match (tag.as_str(), kind.as_deref()) {
                    ("incomingServer", Some("imap")) => part = Some((true, Part::default())),
                    ("outgoingServer", Some("smtp")) => part = Some((false, Part::default())),
                    ("incomingServer" | "outgoingServer", _) => part = None,
                    _ => {}
                }
                path.push(tag);
                if path.len() > DEEPEST {
                    return None;
                }
            }
            Event::End(_) => {
                let tag = path.pop();
                if matches!(tag.as_deref(), Some("incomingServer" | "outgoingServer"))
                    && let Some((incoming, part)) = part.take()
                {
                    let place = if incoming { &mut imap } else { &mut smtp };
                    // The first is the provider's favourite.
                    *place = place.take().or_else(|| part.server(asked));
                }
            }
            Event::Text(text) => {
                let text: &str = &text;
                let text = text.trim().to_owned();
                match (path.last().map(String::as_str), part.as_mut()) {
                    (Some("hostname"), Some((_, part))) => part.host.push_str(&text),
                    (Some("port"), Some((_, part))) => part.port.push_str(&text),
                    (Some("socketType"), Some((_, part))) => part.socket.push_str(&text),
                    (Some("username"), Some((_, part))) => part.user.push_str(&text),
                    (Some("displayName"), None) => name = name.or(Some(text)),
                    _ => {}
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let name = name.map(|name| filled(&name, asked)).filter(|name| is_name(name));
    let imap = imap?;
    Some(Configuration { origin: Origin::Autoconfig, name, imap, smtp, doubtful: false })
}

impl Part {
    fn server(&self, asked: &Asked) -> Option<Server> {
        let host = filled(&self.host, asked).to_ascii_lowercase();
        let security = match self.socket.as_str() {
            "SSL" => Security::Tls,
            "STARTTLS" => Security::StartTls,
            // Plain text is no proposal.
            _ => return None,
        };
        let port = self.port.parse().ok().filter(|port| *port > 0)?;
        let user = filled(&self.user, asked);
        let fits = !user.is_empty() && !user.chars().any(|c| c.is_control() || c.is_whitespace());
        let user = if fits { user } else { asked.address.clone() };
        is_host(&host).then_some(Server { host, port, security, user })
    }
}

fn filled(text: &str, asked: &Asked) -> String {
    text.replace("%EMAILADDRESS%", &asked.address)
        .replace("%EMAILLOCALPART%", &asked.local)
        .replace("%EMAILDOMAIN%", &asked.domain)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= 60 && !text.chars().any(char::is_control)
}
