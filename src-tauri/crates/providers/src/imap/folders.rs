//! The mailboxes of an account: LIST, their names for people, their roles, and making one that is missing.
//!
//! Invariant: a folder's `key` is the name as the server spells it, and is only ever sent back unchanged.

use async_imap::imap_proto::{MailboxDatum, NameAttribute, Response};
use deskbell_domain::MailboxRole;
use deskbell_domain::sync::RemoteScope;

use super::capability::Caps;
use super::error::ImapError;
use super::gmail;
use super::roles::{announced, guessed, name_for};
use super::session::Session;
use super::utf7;
use super::wire::Command;

/// One mailbox as listed.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    pub(crate) scope: RemoteScope,
    delimiter: Option<char>,
    announced: bool,
}

/// Lists all mailboxes.
pub(crate) async fn list(session: &mut Session) -> Result<Vec<Folder>, ImapError> {
    let caps = &session.caps;
    let command = if caps.special_use && caps.list_extended {
        "LIST \"\" \"*\" RETURN (SPECIAL-USE)"
    } else {
        "LIST \"\" \"*\""
    };
    let mut folders: Vec<Folder> = Vec::new();
    let note = |response: &Response<'_>, folders: &mut Vec<Folder>| {
        if let Response::MailboxData(MailboxDatum::List(data)) = response {
            let folder = read(&data.name, data.delimiter.as_deref(), &data.name_attributes);
            if !folders.iter().any(|known| known.scope.key == folder.scope.key) {
                folders.push(folder);
            }
        }
    };
    session.run(Command::new(command), |response| note(response, &mut folders)).await?;
    if !folders.iter().any(|folder| folder.scope.role == MailboxRole::Inbox) {
        // RFC 3501 section 5.1: INBOX is always there, whether LIST shows it or not.
        folders.insert(0, read("INBOX", None, &[]));
    }
    give_roles(&mut folders);
    Ok(folders)
}

fn read(name: &str, delimiter: Option<&str>, attributes: &[NameAttribute<'_>]) -> Folder {
    let key = unescape(name);
    let delimiter = delimiter.and_then(|text| unescape(text).chars().next());
    let mut shown = utf7::decode(&key);
    if let Some(delimiter) = delimiter.filter(|delimiter| *delimiter != '/') {
        // A slash inside a level would read as a level of its own.
        shown = shown.replace('/', "\u{2215}").replace(delimiter, "/");
    }
    let is_inbox = key.eq_ignore_ascii_case("INBOX");
    let unusable = attributes.iter().any(|attribute| match attribute {
        NameAttribute::NoSelect => true,
        NameAttribute::Extension(word) => word.eq_ignore_ascii_case("\\NonExistent"),
        _ => false,
    });
    let said = announced(attributes);
    let role = if is_inbox { MailboxRole::Inbox } else { said.unwrap_or(MailboxRole::Other) };
    Folder {
        // A name the parser could not read as UTF-8 cannot be sent back as it was.
        scope: RemoteScope {
            selectable: !unusable && !key.contains('\u{fffd}'),
            key,
            name: shown,
            role,
        },
        delimiter,
        announced: is_inbox || said.is_some(),
    }
}

/// The parser leaves the backslashes of quoted strings in.
fn unescape(quoted: &str) -> String {
    let mut out = String::with_capacity(quoted.len());
    let mut chars = quoted.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some(&next @ ('\\' | '"'))) => {
                out.push(next);
                chars.next();
            }
            _ => out.push(c),
        }
    }
    out
}

/// Guesses the roles the server did not give, each once.
fn give_roles(folders: &mut [Folder]) {
    let mut taken: Vec<MailboxRole> = Vec::new();
    for folder in folders.iter_mut().filter(|folder| folder.announced) {
        if taken.contains(&folder.scope.role) {
            folder.scope.role = MailboxRole::Other;
        } else {
            taken.push(folder.scope.role);
        }
    }
    for folder in folders.iter_mut().filter(|folder| !folder.announced && folder.scope.selectable) {
        if let Some(role) = guessed(&folder.scope.name).filter(|role| !taken.contains(role)) {
            folder.scope.role = role;
            taken.push(role);
        }
    }
}

/// The scopes of these folders.
pub(crate) fn scopes(folders: &[Folder], caps: &Caps) -> Vec<RemoteScope> {
    let all = folders.iter().map(|folder| folder.scope.clone()).collect();
    if caps.gmail { gmail::scopes(all) } else { all }
}

/// The mailbox with a role, if there is one.
pub(crate) async fn existing(
    session: &mut Session,
    role: MailboxRole,
    known: &[Folder],
) -> Result<Option<String>, ImapError> {
    match find(known, role) {
        Some(key) => Ok(Some(key)),
        None => Ok(find(&list(session).await?, role)),
    }
}

/// The mailbox with a role; it is made and subscribed to if there is none.
pub(crate) async fn for_role(
    session: &mut Session,
    role: MailboxRole,
    known: &[Folder],
) -> Result<String, ImapError> {
    let listed;
    let mut folders = known;
    if find(folders, role).is_none() {
        listed = list(session).await?;
        folders = &listed;
    }
    if let Some(key) = find(folders, role) {
        return Ok(key);
    }
    let Some((name, special_use)) = name_for(role) else {
        return Err(ImapError::No { text: "there is no mailbox of that kind".into() });
    };
    let key = format!("{}{}", prefix(folders), utf7::encode(name));
    let mut create = Command::new("CREATE ").argument(&key);
    if session.caps.create_special_use {
        create = create.text(format!(" (USE ({special_use}))"));
    }
    match session.run(create, |_| {}).await {
        Ok(_) => {}
        // Some servers know the name but refuse the special use; some other client may have been faster.
        Err(ImapError::No { .. }) => {
            match session.run(Command::new("CREATE ").argument(&key), |_| {}).await {
                Ok(_) => {}
                Err(ImapError::No { text }) if text.to_ascii_uppercase().contains("EXIST") => {}
                Err(error) => return Err(error),
            }
        }
        Err(error) => return Err(error),
    }
    match session.run(Command::new("SUBSCRIBE ").argument(&key), |_| {}).await {
        Ok(_) | Err(ImapError::No { .. }) => Ok(key),
        Err(error) => Err(error),
    }
}

fn find(folders: &[Folder], role: MailboxRole) -> Option<String> {
    let with = |role| {
        folders
            .iter()
            .find(|folder| folder.scope.role == role && folder.scope.selectable)
            .map(|folder| folder.scope.key.clone())
    };
    match role {
        MailboxRole::Other => None,
        // Where all mail lies in one mailbox (Gmail), archiving is leaving every other one.
        MailboxRole::Archive => with(role).or_else(|| with(MailboxRole::All)),
        role => with(role),
    }
}

/// What the names of new mailboxes begin with: some servers keep everything below INBOX.
fn prefix(folders: &[Folder]) -> String {
    let others: Vec<&Folder> =
        folders.iter().filter(|folder| folder.scope.role != MailboxRole::Inbox).collect();
    let Some(delimiter) = others.iter().find_map(|folder| folder.delimiter) else {
        return String::new();
    };
    let below = format!("INBOX{delimiter}");
    if others.iter().all(|folder| folder.scope.key.starts_with(&below)) {
        below
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str, delimiter: &str, attributes: &[NameAttribute<'_>]) -> Folder {
        read(name, Some(delimiter), attributes)
    }

    #[test]
    fn what_the_server_says_beats_what_a_name_suggests() {
        let mut folders = vec![
            folder("INBOX", "/", &[]),
            folder("Trash", "/", &[]),
            folder("Deleted Messages", "/", &[NameAttribute::Trash]),
            folder("Gesendet", "/", &[]),
            folder("Sent", "/", &[]),
        ];
        give_roles(&mut folders);
        let roles: Vec<_> = folders.iter().map(|folder| folder.scope.role).collect();
        assert_eq!(
            roles,
            [
                MailboxRole::Inbox,
                MailboxRole::Other,
                MailboxRole::Trash,
                MailboxRole::Sent,
                MailboxRole::Other
            ]
        );
    }

    #[test]
    fn names_are_shown_decoded_and_levels_with_slashes() {
        let deep = folder("INBOX.Entw&APw-rfe.a/b", ".", &[]);
        assert_eq!(deep.scope.name, "INBOX/Entwürfe/a\u{2215}b");
        assert_eq!(
            deep.scope.key, "INBOX.Entw&APw-rfe.a/b",
            "the key stays as the server spells it"
        );
        assert_eq!(folder("caf\\\"e\\\\", "\\\\", &[]).scope.key, "caf\"e\\");
        assert!(
            !folder("caf\u{fffd}", "/", &[]).scope.selectable,
            "a name that cannot be sent back"
        );
        assert!(!folder("[Gmail]", "/", &[NameAttribute::NoSelect]).scope.selectable);
    }

    #[test]
    fn a_new_mailbox_goes_where_the_others_are() {
        let cyrus = [folder("INBOX", ".", &[]), folder("INBOX.Sent", ".", &[])];
        assert_eq!(prefix(&cyrus), "INBOX.");
        let flat = [folder("INBOX", "/", &[]), folder("Sent", "/", &[])];
        assert_eq!(prefix(&flat), "");
        assert_eq!(prefix(&[folder("INBOX", "/", &[])]), "");
    }
}
