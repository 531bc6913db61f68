//! Being asked to end: by the person at the keyboard, or by the system.

/// Ends when the person presses Ctrl-C, or the system asks the program to end.
pub async fn asked_to_stop() {
    #[cfg(unix)]
    if let Ok(mut ended) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
    {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = ended.recv() => {}
        }
        return;
    }
    // Where signals cannot be heard the system ends the program by itself.
    let _ = tokio::signal::ctrl_c().await;
}
