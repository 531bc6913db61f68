//! `oauth_client`: the client ids a person entered, by which Deskbell shows itself when somebody signs in.

use rusqlite::{Connection, OptionalExtension, params};

use crate::{StoreError, Write};

pub(crate) const V1: &str = "
CREATE TABLE oauth_client (
  provider TEXT PRIMARY KEY, -- google, microsoft, yahoo, custom
  client_id TEXT NOT NULL, -- as the provider gave it
  secret BLOB, -- sealed as in secret.sealed, for account 0; NULL for a client without one
  issuer TEXT -- custom: whose OpenID Connect server it is
) STRICT, WITHOUT ROWID;
";

pub(crate) const PAGE: &str = "
ALTER TABLE oauth_client ADD COLUMN page TEXT; -- the page of one's own, under https, that is registered for it as redirect address; NULL where answers come without one
";
pub(crate) const REDIRECT: &str = "
ALTER TABLE oauth_client ADD COLUMN redirect TEXT NOT NULL DEFAULT 'loopback'; -- which of the redirect addresses is registered for it: loopback, deep_link
";

/// A row of `oauth_client`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OauthClient {
    /// Which provider.
    pub provider: String,
    /// Its id.
    pub client_id: String,
    /// Its secret, sealed.
    pub secret: Option<Vec<u8>>,
    /// Whose OpenID Connect server it is.
    pub issuer: Option<String>,
    /// The page of one's own by which answers come, where one is registered for it.
    pub page: Option<String>,
    /// Which redirect address is registered for it: `loopback` or `deep_link`.
    pub redirect: String,
}

/// The client of a provider, where a person entered one.
pub fn get(c: &Connection, provider: &str) -> Result<Option<OauthClient>, StoreError> {
    let sql = "SELECT provider, client_id, secret, issuer, page, redirect FROM oauth_client WHERE provider = ?1";
    let read = |row: &rusqlite::Row<'_>| {
        Ok(OauthClient {
            provider: row.get(0)?,
            client_id: row.get(1)?,
            secret: row.get(2)?,
            issuer: row.get(3)?,
            page: row.get(4)?,
            redirect: row.get(5)?,
        })
    };
    Ok(c.prepare_cached(sql)?.query_row([provider], read).optional()?)
}

/// Enters a client, replacing the one before.
pub fn put(w: &mut Write<'_>, client: &OauthClient) -> Result<(), StoreError> {
    w.execute(
        "INSERT INTO oauth_client (provider, client_id, secret, issuer, page, redirect)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (provider) DO UPDATE SET client_id = excluded.client_id, secret = excluded.secret,
           issuer = excluded.issuer, page = excluded.page, redirect = excluded.redirect",
        params![
            client.provider,
            client.client_id,
            client.secret,
            client.issuer,
            client.page,
            client.redirect
        ],
    )?;
    Ok(())
}

/// Forgets the client of a provider.
pub fn delete(w: &mut Write<'_>, provider: &str) -> Result<(), StoreError> {
    w.execute("DELETE FROM oauth_client WHERE provider = ?1", [provider])?;
    Ok(())
}
