//! Writes the TypeScript of the command table into the directory named as its argument.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = std::env::args_os().nth(1).ok_or("name the directory to write into")?;
    deskbell_api::commands::typescript(std::path::Path::new(&directory))
}
