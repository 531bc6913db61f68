//! Prints the newest schema, as `docs/schema.sql` has it.

use std::io::Write as _;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let text = deskbell_store::schema::text()?;
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}
