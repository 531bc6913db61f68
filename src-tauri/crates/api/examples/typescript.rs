//! Writes the window's types into a directory: `cargo run --example typescript -- DIR`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(directory) = std::env::args_os().nth(1) else {
        eprintln!("name the directory to write into");
        return ExitCode::from(2);
    };
    match deskbell_api::typescript(directory.as_ref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
