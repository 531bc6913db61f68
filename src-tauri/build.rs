//! Tells Tauri where the house keeps its capabilities, and which commands the window may call.

fn main() {
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    let commands =
        tauri_build::AppManifest::new().commands(&["call", "painted", "print", "wishes"]);
    let attributes = tauri_build::Attributes::new()
        .app_manifest(commands)
        .capabilities_path_pattern("./src-tauri/capabilities/**/*");
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo:error={error:#}");
        std::process::exit(1);
    }
}
