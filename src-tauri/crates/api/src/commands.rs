//! The command table: every name a face may call, with the types of its arguments and its answer.

use serde_json::Value;
use ts_rs::{Config, TS};

use crate::desk::Desk;
#[allow(clippy::wildcard_imports, reason = "the table names nearly every type")]
use crate::dto::*;
use crate::handlers::{
    account_life, accounts, app, attach, attachment, compose, conversation, discover, exporting,
    given, health, inbox, labels, oauth_clients, outbox, profile, rules, sample, search, send,
    senders, sending, settings, sign_in, snooze, templates,
};

macro_rules! commands {
    ($($name:literal: $handler:path, $args:ty => $result:ty;)+) => {
        /// Calls a command by name with JSON arguments.
        ///
        /// Unknown names and arguments of the wrong form are refused and change nothing.
        pub async fn call(desk: &Desk, name: &str, args: Value) -> Result<Value, ApiError> {
            match name {
                $($name => {
                    let args: $args = read(name, args)?;
                    let result: $result = $handler(desk, args).await?;
                    write(&result)
                })+
                _ => Err(ApiError::new(Code::Invalid, format!("There is no command “{name}”."))),
            }
        }

        /// Writes the TypeScript of every type, and of the table itself as `commands.ts`, into a directory.
        pub fn typescript(directory: &std::path::Path) -> Result<(), Box<dyn std::error::Error>> {
            let config = Config::new().with_out_dir(directory).with_large_int("number");
            let mut imports = std::collections::BTreeSet::new();
            let mut rows = String::new();
            $(
                <$args>::export_all(&config)?;
                <$result>::export_all(&config)?;
                imports.insert(<$args>::name(&config));
                imports.insert(<$result>::name(&config));
                rows.push_str(&format!(
                    "  {}: {{ args: {}; result: {} }};\n",
                    $name,
                    <$args>::name(&config),
                    <$result>::name(&config),
                ));
            )+
            Event::export_all(&config)?;
            Wish::export_all(&config)?;
            ApiError::export_all(&config)?;
            let mut text = String::from("// Generated from the command table by `cargo xtask gen`.\n");
            for import in imports {
                text.push_str(&format!("import type {{ {import} }} from './{import}';\n"));
            }
            text.push_str(&format!("\nexport interface Commands {{\n{rows}}}\n"));
            std::fs::write(directory.join("commands.ts"), text)?;
            Ok(())
        }
    };
}

commands! {
    "app_info": app::info, NoArgs => AppInfo;
    "mail_links": app::mail_links, NoArgs => MailLinkState;
    "mail_links_take": app::mail_links_take, NoArgs => MailLinkState;
    "update_look": app::update_look, NoArgs => UpdateLook;
    "update_install": app::update_install, NoArgs => Done;
    "link_open": app::link_open, LinkArgs => Done;
    "accounts": accounts::list, NoArgs => AccountList;
    "account_suggest": accounts::suggest, SuggestArgs => ImapSuggestion;
    "account_add_imap": accounts::add_imap, ImapForm => Account;
    "account_add_smtp": sending::add_smtp, SmtpAccountForm => Account;
    "account_add_sendgrid": sending::add_sendgrid, KeyForm => Account;
    "account_add_resend": sending::add_resend, KeyForm => Account;
    "account_sending": sending::configure, SendingForm => Account;
    "archive_pick": accounts::pick, PickArgs => Picked;
    "account_add_archive": accounts::add_archive, ArchiveForm => Account;
    "account_own_address": accounts::own_address, OwnAddressForm => Account;
    "account_password": accounts::password, PasswordForm => Account;
    "account_trust": accounts::trust, TrustForm => Account;
    "account_pause": accounts::pause, PauseArgs => Account;
    "account_remove": account_life::remove, ById => Removed;
    "account_change": account_life::change, AccountChange => Account;
    "accounts_order": account_life::order, IdsArgs => AccountList;
    "accounts_attend": accounts::attend, IdsArgs => Done;
    "account_discover": discover::discover, DiscoverArgs => Discovery;
    "sign_in_begin": sign_in::begin, SignInArgs => SignIn;
    "sign_in_state": sign_in::state, AttemptArgs => SignInState;
    "sign_in_cancel": sign_in::cancel, AttemptArgs => SignInState;
    "sign_in_hand_back": sign_in::hand_back, HandBackArgs => SignInState;
    "sign_in_open": sign_in::open, AttemptArgs => Done;
    "oauth_clients": oauth_clients::list, NoArgs => OauthClientList;
    "oauth_client_put": oauth_clients::put, OauthClientForm => OauthClient;
    "sample_open": sample::open, NoArgs => Account;
    "sample_leave": sample::leave, NoArgs => Removed;
    "sync_now": accounts::sync_now, SyncArgs => Done;
    "inbox_page": inbox::page, PageArgs => ConversationPage;
    "counters": inbox::counters, NoArgs => Counters;
    "conversations_edit": inbox::edit, EditArgs => Edited;
    "undo": inbox::undo, UndoArgs => Done;
    "conversation": conversation::open, ById => Conversation;
    "conversation_row": conversation::row, ById => ConversationRow;
    "message_body": conversation::body, BodyArgs => MessageBody;
    "attachment_save": attachment::save, AttachmentArgs => Saved;
    "attachment_open": attachment::open, AttachmentOpenArgs => AttachmentOpened;
    "attachment_open_with": attachment::open_with, AttachmentOpenArgs => AttachmentOpened;
    "attachment_drag": attachment::drag, AttachmentArgs => Done;
    "given_bytes": given::bytes, GivenBytes => Wish;
    "given_mail": given::mail, TokenArgs => GivenMail;
    "given_import": given::import, GivenImport => Account;
    "attachment_text": attachment::text, AttachmentArgs => FileText;
    "attachment_invitation": attachment::invitation, AttachmentArgs => InvitationRead;
    "labels": labels::list, NoArgs => LabelList;
    "label_put": labels::put, LabelForm => Label;
    "label_remove": labels::remove, ById => Done;
    "label_page": labels::page, LabelPageArgs => ConversationPage;
    "conversations_label": labels::set, LabelArgs => Edited;
    "snooze_choices": snooze::choices, NoArgs => SnoozeChoices;
    "conversations_snooze": snooze::set, SnoozeArgs => Edited;
    "conversations_wake": snooze::wake, IdsArgs => Edited;
    "snooze_seen": snooze::seen, ById => Done;
    "rules": rules::list, NoArgs => RuleList;
    "rule_put": rules::put, RuleForm => Rule;
    "rule_remove": rules::remove, ById => Done;
    "rule_order": rules::order, IdsArgs => RuleList;
    "rule_test": rules::test, RuleTestArgs => RuleTest;
    "search": search::search, SearchArgs => SearchPage;
    "draft_new": compose::new, NewDraftArgs => Draft;
    "draft_open": compose::open, ById => Draft;
    "draft_edit": compose::edit, ById => Draft;
    "draft_save": compose::save, SaveArgs => DraftSaved;
    "draft_discard": compose::discard, ById => Done;
    "draft_restore": compose::restore, ById => Done;
    "draft_attach": attach::pick, AttachArgs => Attached;
    "draft_attach_bytes": attach::bytes, AttachBytesArgs => Attached;
    "draft_send": send::send, SendArgs => SendResult;
    "outbox": outbox::list, OutboxArgs => OutboxList;
    "outbox_cancel": outbox::cancel, ById => Draft;
    "outbox_retry": outbox::retry, ById => Outgoing;
    "outbox_reschedule": send::reschedule, RescheduleArgs => Outgoing;
    "outbox_settle": outbox::settle, ById => Outgoing;
    "outgoing": outbox::one, ById => Outgoing;
    "contact_complete": senders::complete, CompleteArgs => Completions;
    "senders": senders::list, NoArgs => SenderList;
    "sender_put": senders::put, SenderForm => Sender;
    "sender_remove": senders::remove, ById => Done;
    "templates": templates::list, NoArgs => TemplateList;
    "template_put": templates::put, TemplateForm => Template;
    "template_remove": templates::remove, ById => Done;
    "template_fill": templates::fill, FillArgs => Filled;
    "health": health::health, NoArgs => Health;
    "profile_holds": profile::holds, NoArgs => ProfileHolds;
    "profile_erase": profile::erase, NoArgs => Done;
    "export_begin": exporting::begin, NoArgs => ExportNow;
    "export_state": exporting::state, NoArgs => ExportNow;
    "export_cancel": exporting::cancel, NoArgs => ExportNow;
    "export_show": exporting::show, NoArgs => Done;
    "settings": settings::all, NoArgs => SettingsNow;
    "setting_put": settings::put, SettingForm => SettingsNow;
}

fn read<T: serde::de::DeserializeOwned>(name: &str, args: Value) -> Result<T, ApiError> {
    serde_json::from_value(args).map_err(|error| {
        ApiError::new(
            Code::Invalid,
            format!("The arguments of “{name}” are not understood: {error}."),
        )
    })
}

fn write<T: serde::Serialize>(result: &T) -> Result<Value, ApiError> {
    serde_json::to_value(result).map_err(|error| {
        ApiError::new(Code::Internal, format!("An answer cannot be written: {error}."))
    })
}
