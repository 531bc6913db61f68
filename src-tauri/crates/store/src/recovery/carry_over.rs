//! What is copied out of a damaged file: that which no provider can give again.

use rusqlite::Connection;

/// Copies accounts, secrets, senders, templates, labels, rules and settings out of a damaged file, as far as it can be read.
pub(super) fn carry_over(damaged: &Connection, fresh: &Connection) {
    let accounts = "id, provider, channel, address, name, color, position, settings, state, detail, paused, schedule, writes_back, created_at, sends, fallback_id, undo_ms, own_address, history_days";
    copy_rows(damaged, fresh, "account", accounts);
    copy_rows(damaged, fresh, "secret", "account_id, name, sealed");
    copy_rows(damaged, fresh, "oauth_client", "provider, client_id, secret, issuer, page");
    let senders = "id, account_id, name, address, address_key, signature, reply_to, first";
    copy_rows(damaged, fresh, "sender", senders);
    copy_rows(damaged, fresh, "template", "id, name, shortcut, subject, html, updated_at");
    copy_rows(damaged, fresh, "label", "id, name, name_key, keyword, color, removed, created_at");
    copy_rows(damaged, fresh, "rule", "id, position, rule, matched, matched_at, created_at");
    copy_rows(damaged, fresh, "auto_reply", "account_id, address, sent_at");
    copy_rows(damaged, fresh, "setting", "id, key, value, updated_at");
    // Everything is fetched once more: to rules, which have seen it all, it is history.
    let begun =
        fresh.execute("UPDATE account SET created_at = max(created_at, unixepoch() * 1000)", []);
    if let Err(error) = begun {
        tracing::warn!(%error, "the accounts could not be told to begin anew");
    }
}

fn copy_rows(damaged: &Connection, fresh: &Connection, table: &str, columns: &str) {
    let count = columns.split(',').count();
    let marks = vec!["?"; count].join(", ");
    let copied = (|| -> rusqlite::Result<()> {
        let mut select = damaged.prepare(&format!("SELECT {columns} FROM {table}"))?;
        let mut insert =
            fresh.prepare(&format!("INSERT INTO {table} ({columns}) VALUES ({marks})"))?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let values = (0..count)
                .map(|index| row.get::<_, rusqlite::types::Value>(index))
                .collect::<Result<Vec<_>, _>>()?;
            insert.execute(rusqlite::params_from_iter(values))?;
        }
        Ok(())
    })();
    if let Err(error) = copied {
        tracing::warn!(table, %error, "the damaged file did not give up all of its rows");
    }
}
