//! The text of Dovecot's configuration, made from the options.

use std::path::Path;

use super::{Capabilities, DovecotOptions, Passage, Ports};
use crate::certificates::Issued;
use crate::dovecot::account::Accounts;

/// What Dovecot 2.3.19 offers after sign-in, without the rungs of the sync ladder.
const BASE: &str = "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT SORT=DISPLAY \
     THREAD=REFERENCES THREAD=REFS THREAD=ORDEREDSUBJECT MULTIAPPEND URL-PARTIAL CATENATE UNSELECT \
     CHILDREN NAMESPACE UIDPLUS LIST-EXTENDED I18NLEVEL=1 ESEARCH ESORT SEARCHRES WITHIN \
     CONTEXT=SEARCH LIST-STATUS BINARY MOVE SNIPPET=FUZZY PREVIEW=FUZZY PREVIEW STATUS=SIZE \
     SAVEDATE LITERAL+ NOTIFY SPECIAL-USE";

/// How tokens are looked up (RFC 7662); the user is who the token was given to.
pub(super) fn oauth2(url: &str) -> String {
    format!(
        "introspection_mode = post\nintrospection_url = {url}\nusername_attribute = sub\n\
         active_attribute = active\nactive_value = true\nforce_introspection = yes\n"
    )
}

/// The submission service: who signed in here sends through the relay, which knows this server by a password.
fn submission(passage: &Passage, relay_password: &str) -> String {
    let Passage { port, relay } = passage;
    format!(
        "hostname = submission.testbed.example
submission_relay_host = 127.0.0.1
submission_relay_port = {relay}
submission_relay_ssl = no
submission_relay_user = relay@testbed.example
submission_relay_password = {relay_password}
service submission-login {{
  service_count = 0
  inet_listener submission {{
    port = {port}
  }}
}}
"
    )
}

pub(super) fn render(
    dir: &Path,
    options: &DovecotOptions,
    ports: &Ports,
    accounts: &Accounts,
    issued: &Issued,
) -> String {
    let dir = dir.display();
    let capability = match &options.capabilities {
        Capabilities::Full => String::new(),
        Capabilities::NoQresync => format!("imap_capability = {BASE} CONDSTORE\n"),
        Capabilities::NoCondstore => format!("imap_capability = {BASE}\n"),
        Capabilities::Only(words) => format!("imap_capability = {words}\n"),
    };
    let passdb = if options.users.is_empty() {
        format!("driver = static\n  args = password={}", options.password)
    } else {
        format!("driver = passwd-file\n  args = scheme=PLAIN username_format=%u {dir}/users")
    };
    let tokens = options.introspection.as_ref().map_or_else(String::new, |_| {
        format!(
            "passdb {{\n  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n  args = {}/oauth2.conf\n}}\n",
            dir
        )
    });
    let mechanisms =
        if options.introspection.is_some() { "plain login xoauth2" } else { "plain login" };
    let quota = options.max_message_bytes.map_or_else(String::new, |limit| {
        format!(
            "mail_plugins = quota\nplugin {{\n  quota = count:User quota\n  quota_vsizes = yes\n  \
             quota_max_mail_size = {limit}\n}}\n"
        )
    });
    // The one for IMAP builds on the one for files.
    let compression = if options.compression {
        "protocol imap {\n  mail_plugins = $mail_plugins zlib imap_zlib\n}\n"
    } else {
        ""
    };
    // Only root may chroot; as anyone else every service stays in the open.
    let unchrooted = if accounts.root {
        String::new()
    } else {
        let sending = ports.passage.as_ref().map(|_| "submission-login");
        ["anvil", "imap-login", "stats"]
            .into_iter()
            .chain(sending)
            .map(|service| format!("service {service} {{\n  chroot =\n}}\n"))
            .collect()
    };
    let mailboxes = ["Drafts", "Sent", "Archive", "Trash", "Junk"]
        .map(|name| {
            format!("  mailbox {name} {{\n    special_use = \\{name}\n    auto = create\n  }}\n")
        })
        .concat();
    let Accounts { internal, internal_group, login, mail, mail_group, .. } = accounts;
    let Ports { imap, imaps, lmtp, passage } = ports;
    let sending = passage.as_ref().map_or_else(String::new, |passage| {
        let password = options.users.first().map_or(&options.password, |(_, password)| password);
        submission(passage, password)
    });
    let protocol = if passage.is_some() { " submission" } else { "" };
    let (certificate, key) = (issued.certificate.display(), issued.key.display());
    format!(
        "protocols = imap lmtp{protocol}
listen = 127.0.0.1
base_dir = {dir}/run
state_dir = {dir}/run
log_path = {dir}/dovecot.log
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
mail_uid = {mail}
mail_gid = {mail_group}
first_valid_uid = 1
first_valid_gid = 1
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = {mechanisms}
auth_failure_delay = 0
login_greeting = Dovecot ready.
mail_location = maildir:~/Maildir
mail_fsync = never
mail_max_userip_connections = 200
mailbox_list_index = yes
{capability}{quota}{tokens}passdb {{
  {passdb}
}}
userdb {{
  driver = static
  args = uid={mail} gid={mail_group} home={dir}/mail/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = /
{mailboxes}}}
service imap-login {{
  service_count = 0
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service imap {{
  process_limit = 256
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
{compression}{sending}{unchrooted}"
    )
}
