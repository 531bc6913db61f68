//! WebDriver for the real window: `tauri-driver` in front of WebKit's own driver.

use std::net::{Ipv4Addr, TcpStream};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::Desktop;
use crate::process::{Leashed, Port, find_program, free_port, wait_for};

const START_DEADLINE: Duration = Duration::from_secs(60);

/// A running driver; dropping it also ends the windows that it opened.
#[derive(Debug)]
pub struct TauriDriver {
    _process: Leashed,
    port: Port,
    _native: Port,
}

impl TauriDriver {
    /// Starts the driver in a session, on free ports.
    ///
    /// Ask it for a window with the capability `tauri:options` = `{ application, args }` and `browserName` = `wry`.
    pub fn start(desktop: &Desktop) -> anyhow::Result<Self> {
        let driver = find_program(
            "tauri-driver",
            "(none; cargo install tauri-driver --version ^2 --locked)",
        )?;
        let webkit = find_program("WebKitWebDriver", "webkit2gtk-driver")?;
        let (port, native) = (free_port()?, free_port()?);
        let mut process = Leashed::spawn(
            Command::new(driver)
                .arg("--port")
                .arg(port.to_string())
                .arg("--native-port")
                .arg(native.to_string())
                .arg("--native-driver")
                .arg(webkit)
                .envs(desktop.environment())
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        )?;
        wait_for("tauri-driver", START_DEADLINE, || {
            process.still_runs()?;
            let open = |port: &Port| TcpStream::connect((Ipv4Addr::LOCALHOST, port.number)).is_ok();
            Ok((open(&port) && open(&native)).then_some(()))
        })?;
        Ok(Self { _process: process, port, _native: native })
    }

    /// Where a WebDriver client connects to.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unless_missing;

    #[test]
    fn the_driver_answers() {
        let Some(desktop) = unless_missing(Desktop::start(320, 200)).unwrap() else { return };
        let Some(driver) = unless_missing(TauriDriver::start(&desktop)).unwrap() else { return };
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, driver.port.number)).unwrap();
        let request = b"GET /status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        std::io::Write::write_all(&mut stream, request).unwrap();
        let answer = std::io::read_to_string(stream).unwrap();
        assert!(answer.contains("\"ready\""), "{answer}");
    }
}
