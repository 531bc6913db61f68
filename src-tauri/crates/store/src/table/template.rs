//! `template`: texts kept for use again and again. What may stand in them is `domain::template`'s.

use rusqlite::{Connection, OptionalExtension, Row, params};

use deskbell_domain::TemplateId;

use crate::store::Entity;
use crate::{StoreError, Write};

pub(crate) const V1: &str = "
CREATE TABLE template (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- leaves the store as text
  name TEXT NOT NULL UNIQUE COLLATE NOCASE, -- what a person calls it
  shortcut TEXT NOT NULL, -- typed behind ; it puts the template in; may be empty
  subject TEXT NOT NULL, -- with variables; empty leaves the message's own
  html TEXT NOT NULL, -- with variables
  updated_at INTEGER NOT NULL -- ms UTC
) STRICT;
CREATE UNIQUE INDEX template_shortcut ON template (shortcut) WHERE shortcut <> '';
";

/// A row of `template`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Row id.
    pub id: TemplateId,
    /// Its name.
    pub name: String,
    /// Typed behind `;` it puts the template in; may be empty.
    pub shortcut: String,
    /// Subject, with variables.
    pub subject: String,
    /// Text as HTML, with variables.
    pub html: String,
}

/// What a template is made of, or changed to.
#[derive(Clone, Debug)]
pub struct TemplateForm {
    /// Its name.
    pub name: String,
    /// Its shortcut, or empty.
    pub shortcut: String,
    /// Subject.
    pub subject: String,
    /// Text as HTML.
    pub html: String,
}

const COLUMNS: &str = "id, name, shortcut, subject, html";

fn read(row: &Row<'_>) -> rusqlite::Result<Template> {
    Ok(Template {
        id: TemplateId(row.get(0)?),
        name: row.get(1)?,
        shortcut: row.get(2)?,
        subject: row.get(3)?,
        html: row.get(4)?,
    })
}

/// Every template, by name.
pub fn list(c: &Connection) -> Result<Vec<Template>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM template ORDER BY name COLLATE NOCASE");
    let mut statement = c.prepare_cached(&sql)?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One template.
pub fn get(c: &Connection, id: TemplateId) -> Result<Template, StoreError> {
    c.prepare_cached(&format!("SELECT {COLUMNS} FROM template WHERE id = ?1"))?
        .query_row([id.0], read)
        .optional()?
        .ok_or(StoreError::NotFound("template"))
}

/// The other template that has this name or shortcut already: its name, and whether the name is the same.
pub fn rival(
    c: &Connection,
    id: Option<TemplateId>,
    form: &TemplateForm,
) -> Result<Option<(String, bool)>, StoreError> {
    Ok(c.prepare_cached(
        "SELECT name, name = ?2 COLLATE NOCASE FROM template
         WHERE id IS NOT ?1 AND (name = ?2 COLLATE NOCASE OR (shortcut = ?3 AND shortcut <> '')) LIMIT 1",
    )?
    .query_row(params![id.map(|id| id.0), form.name, form.shortcut], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
    .optional()?)
}

/// Makes a template, or changes one.
pub fn put(
    w: &mut Write<'_>,
    id: Option<TemplateId>,
    form: &TemplateForm,
) -> Result<TemplateId, StoreError> {
    let id = match id {
        Some(id) => {
            get(w, id)?;
            w.prepare_cached(
                "UPDATE template SET name = ?2, shortcut = ?3, subject = ?4, html = ?5, updated_at = ?6 WHERE id = ?1",
            )?
            .execute(params![id.0, form.name, form.shortcut, form.subject, form.html, w.now()])?;
            id
        }
        None => w
            .prepare_cached(
                "INSERT INTO template (name, shortcut, subject, html, updated_at) VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id",
            )?
            .query_row(params![form.name, form.shortcut, form.subject, form.html, w.now()], |row| {
                row.get(0).map(TemplateId)
            })?,
    };
    w.touched(Entity::Template, id.0);
    Ok(id)
}

/// Removes a template.
pub fn remove(w: &mut Write<'_>, id: TemplateId) -> Result<(), StoreError> {
    get(w, id)?;
    w.execute("DELETE FROM template WHERE id = ?1", [id.0])?;
    w.deleted(Entity::Template, id.0);
    Ok(())
}
