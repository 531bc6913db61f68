//! What a mailbox is for: by its special use (RFC 6154), or by the names people's servers give.
//!
//! Invariant: each role but `Other` belongs to one mailbox at most; what the server says beats a guess.

use async_imap::imap_proto::NameAttribute;
use deskbell_domain::MailboxRole;

/// The role the server gives.
pub(crate) fn announced(attributes: &[NameAttribute<'_>]) -> Option<MailboxRole> {
    attributes.iter().find_map(|attribute| match attribute {
        NameAttribute::All => Some(MailboxRole::All),
        NameAttribute::Archive => Some(MailboxRole::Archive),
        NameAttribute::Drafts => Some(MailboxRole::Drafts),
        NameAttribute::Junk => Some(MailboxRole::Spam),
        NameAttribute::Sent => Some(MailboxRole::Sent),
        NameAttribute::Trash => Some(MailboxRole::Trash),
        NameAttribute::Extension(word) if word.eq_ignore_ascii_case("\\Spam") => {
            Some(MailboxRole::Spam)
        }
        NameAttribute::Extension(word) if word.eq_ignore_ascii_case("\\AllMail") => {
            Some(MailboxRole::All)
        }
        _ => None,
    })
}

/// The names by which servers and clients call a role, lower case: English, German, French, Spanish,
/// Italian, Portuguese, Dutch, Danish, Norwegian, Swedish, Finnish, Polish, Czech, Turkish, Russian,
/// Ukrainian, Japanese, Chinese.
const NAMES: [(MailboxRole, &[&str]); 5] = [
    (
        MailboxRole::Sent,
        &[
            "sent",
            "sent mail",
            "sent items",
            "sent messages",
            "sent-mail",
            "gesendet",
            "gesendete objekte",
            "gesendete elemente",
            "gesendete nachrichten",
            "postausgang gesendet",
            "envoyés",
            "éléments envoyés",
            "messages envoyés",
            "courrier envoyé",
            "enviados",
            "elementos enviados",
            "mensajes enviados",
            "correo enviado",
            "inviati",
            "posta inviata",
            "posta inviata.",
            "itens enviados",
            "mensagens enviadas",
            "verzonden",
            "verzonden items",
            "verzonden berichten",
            "sendt",
            "sendte elementer",
            "skickat",
            "skickade objekt",
            "lähetetyt",
            "wysłane",
            "elementy wysłane",
            "odeslané",
            "odeslaná pošta",
            "gönderilmiş öğeler",
            "gönderilenler",
            "отправленные",
            "надіслані",
            "送信済み",
            "送信済みメール",
            "已发送",
            "已发送邮件",
            "寄件備份",
        ],
    ),
    (
        MailboxRole::Drafts,
        &[
            "drafts",
            "draft",
            "entwürfe",
            "entwurf",
            "brouillons",
            "borradores",
            "bozze",
            "rascunhos",
            "concepten",
            "kladder",
            "kladde",
            "utkast",
            "luonnokset",
            "szkice",
            "wersje robocze",
            "kopie robocze",
            "koncepty",
            "rozepsané",
            "taslaklar",
            "черновики",
            "чернетки",
            "下書き",
            "草稿",
            "草稿箱",
        ],
    ),
    (
        MailboxRole::Trash,
        &[
            "trash",
            "deleted",
            "deleted items",
            "deleted messages",
            "bin",
            "papierkorb",
            "gelöscht",
            "gelöschte objekte",
            "gelöschte elemente",
            "corbeille",
            "éléments supprimés",
            "papelera",
            "elementos eliminados",
            "cestino",
            "posta eliminata",
            "lixeira",
            "lixo",
            "itens excluídos",
            "itens eliminados",
            "prullenbak",
            "verwijderde items",
            "papirkurv",
            "slettet post",
            "slettede elementer",
            "papperskorgen",
            "borttagna objekt",
            "roskakori",
            "poistetut",
            "kosz",
            "elementy usunięte",
            "koš",
            "odstraněná pošta",
            "çöp kutusu",
            "çöp",
            "silinmiş öğeler",
            "корзина",
            "удаленные",
            "удалённые",
            "кошик",
            "ゴミ箱",
            "削除済みアイテム",
            "已删除",
            "已删除邮件",
            "垃圾桶",
        ],
    ),
    (
        MailboxRole::Spam,
        &[
            "spam",
            "junk",
            "junk e-mail",
            "junk email",
            "junk mail",
            "bulk",
            "bulk mail",
            "spamverdacht",
            "unerwünscht",
            "werbung",
            "junk-e-mail",
            "indésirables",
            "courrier indésirable",
            "pourriel",
            "correo no deseado",
            "no deseado",
            "posta indesiderata",
            "lixo eletrônico",
            "lixo eletrónico",
            "ongewenste e-mail",
            "ongewenst",
            "uønsket post",
            "uønsket e-post",
            "søppelpost",
            "skräppost",
            "roskaposti",
            "wiadomości-śmieci",
            "niechciane",
            "nevyžádaná pošta",
            "nevyžádané",
            "gereksiz",
            "önemsiz e-posta",
            "спам",
            "нежелательная почта",
            "небажана пошта",
            "迷惑メール",
            "垃圾邮件",
            "垃圾郵件",
        ],
    ),
    (
        MailboxRole::Archive,
        &[
            "archive",
            "archives",
            "archiv",
            "archivo",
            "archivos",
            "archivio",
            "arquivo",
            "arquivos",
            "archief",
            "arkiv",
            "arkisto",
            "archiwum",
            "archív",
            "arşiv",
            "архив",
            "архів",
            "アーカイブ",
            "存档",
            "归档",
            "封存",
        ],
    ),
];

/// The role a name suggests; `name` is decoded, levels separated by `/`.
pub(crate) fn guessed(name: &str) -> Option<MailboxRole> {
    let lower = name.to_lowercase();
    // A role lies at the top, below INBOX, or below the provider's own root ("[Gmail]/Sent Mail").
    let last = match lower.split_once('/') {
        None => lower.as_str(),
        Some(("inbox" | "[gmail]" | "[google mail]", rest)) if !rest.contains('/') => rest,
        Some(_) => return None,
    };
    NAMES.iter().find(|(_, names)| names.contains(&last)).map(|(role, _)| *role)
}

/// The name a mailbox gets when it is made for a role.
pub(crate) fn name_for(role: MailboxRole) -> Option<(&'static str, &'static str)> {
    match role {
        MailboxRole::Archive => Some(("Archive", "\\Archive")),
        MailboxRole::Trash => Some(("Trash", "\\Trash")),
        MailboxRole::Spam => Some(("Junk", "\\Junk")),
        MailboxRole::Sent => Some(("Sent", "\\Sent")),
        MailboxRole::Drafts => Some(("Drafts", "\\Drafts")),
        MailboxRole::Inbox | MailboxRole::All | MailboxRole::Other | MailboxRole::Outbox => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_names_are_understood_in_several_languages() {
        for (name, role) in [
            ("Sent", MailboxRole::Sent),
            ("INBOX/Gesendete Objekte", MailboxRole::Sent),
            ("[Gmail]/Drafts", MailboxRole::Drafts),
            ("Entwürfe", MailboxRole::Drafts),
            ("Corbeille", MailboxRole::Trash),
            ("Bulk", MailboxRole::Spam),
            ("迷惑メール", MailboxRole::Spam),
            ("ARCHIV", MailboxRole::Archive),
            ("Отправленные", MailboxRole::Sent),
        ] {
            assert_eq!(guessed(name), Some(role), "{name}");
        }
        for name in ["Clients/Sent", "Senter", "INBOX", "INBOX/Clients/Trash", ""] {
            assert_eq!(guessed(name), None, "{name} is a person's own folder");
        }
    }

    #[test]
    fn no_name_means_two_things() {
        let mut seen = std::collections::HashMap::new();
        for (role, names) in NAMES {
            for name in names {
                assert_eq!(name.to_lowercase(), *name, "names are kept in lower case");
                let earlier = seen.insert(name, role);
                assert!(earlier.is_none(), "{name} stands for {earlier:?} and {role:?}");
            }
        }
    }
}
