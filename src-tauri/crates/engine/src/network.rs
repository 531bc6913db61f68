//! Hears of a change of network: another Wi-Fi, a cable, a VPN, the phone's hotspot.
//!
//! Says so once the addresses have settled and one of them is new; losing the network is found out by whoever needs
//! it. Where the system tells nothing, schedule and reconnects do without it.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Duration;

use if_watch::IfEvent;
use if_watch::tokio::IfWatcher;
use tokio::time::{Instant, sleep_until};

/// A new network hands out its addresses one after the other.
const SETTLE: Duration = Duration::from_secs(2);

/// See the module.
pub(crate) struct Network {
    watcher: Option<IfWatcher>,
    addresses: Addresses,
    settles_at: Option<Instant>,
}

impl Network {
    /// Begins to listen; what is there now is no change.
    pub(crate) fn new() -> Self {
        let watcher = IfWatcher::new();
        if let Err(error) = &watcher {
            tracing::warn!(%error, "changes of the network go unheard");
        }
        Self { watcher: watcher.ok(), addresses: Addresses::default(), settles_at: None }
    }

    /// Waits for the next change. Nothing is lost if it is dropped and called again.
    pub(crate) async fn changed(&mut self) {
        loop {
            let settled = async {
                match self.settles_at {
                    Some(at) => sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                event = next(&mut self.watcher) => {
                    self.addresses.hear(event);
                    self.settles_at = Some(Instant::now() + SETTLE);
                }
                () = settled => {
                    self.settles_at = None;
                    if self.addresses.settle() {
                        return;
                    }
                }
            }
        }
    }
}

/// The next event; never, once the system tells no more.
async fn next(watcher: &mut Option<IfWatcher>) -> IfEvent {
    if let Some(listening) = watcher {
        match std::future::poll_fn(|context| listening.poll_if_event(context)).await {
            Ok(event) => return event,
            Err(error) => tracing::warn!(%error, "changes of the network go unheard from now on"),
        }
    }
    *watcher = None;
    std::future::pending().await
}

/// The addresses by which other machines are reached.
#[derive(Default)]
struct Addresses {
    now: BTreeSet<IpAddr>,
    /// As they were when they last settled; `None` before the first time.
    settled: Option<BTreeSet<IpAddr>>,
}

impl Addresses {
    fn hear(&mut self, event: IfEvent) {
        match event {
            IfEvent::Up(net) if leads_out(net.addr()) => {
                self.now.insert(net.addr());
            }
            IfEvent::Up(_) => {}
            IfEvent::Down(net) => {
                self.now.remove(&net.addr());
            }
        }
    }

    /// Takes what is there as settled; true where an address is new.
    fn settle(&mut self) -> bool {
        let before = self.settled.replace(self.now.clone());
        before.is_some_and(|before| self.now.difference(&before).next().is_some())
    }
}

/// Neither this machine itself nor an address that needs no network.
fn leads_out(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => !v4.is_loopback() && !v4.is_link_local() && !v4.is_unspecified(),
        IpAddr::V6(v6) => !v6.is_loopback() && !v6.is_unicast_link_local() && !v6.is_unspecified(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn up(address: &str) -> IfEvent {
        IfEvent::Up(address.parse().unwrap())
    }

    fn down(address: &str) -> IfEvent {
        IfEvent::Down(address.parse().unwrap())
    }

    fn settled(addresses: &mut Addresses, events: &[IfEvent]) -> bool {
        for event in events {
            addresses.hear(*event);
        }
        addresses.settle()
    }

    #[test]
    fn what_is_there_at_the_start_is_no_change() {
        let mut addresses = Addresses::default();
        assert!(!settled(&mut addresses, &[up("127.0.0.1/8"), up("192.168.1.20/24")]));
        assert!(!settled(&mut addresses, &[]), "nor is silence");
    }

    #[test]
    fn another_network_is_a_change_and_its_loss_is_none() {
        let mut addresses = Addresses::default();
        settled(&mut addresses, &[up("192.168.1.20/24")]);
        assert!(!settled(&mut addresses, &[down("192.168.1.20/24")]), "nothing can be reached");
        assert!(settled(&mut addresses, &[up("192.168.1.20/24")]), "back again");
        let moved = [down("192.168.1.20/24"), up("10.0.0.7/8"), up("fe80::1/64")];
        assert!(settled(&mut addresses, &moved), "another network");
        let flicker = [down("10.0.0.7/8"), up("10.0.0.7/8")];
        assert!(!settled(&mut addresses, &flicker), "back before anyone noticed");
    }

    #[test]
    fn addresses_of_this_machine_alone_lead_nowhere() {
        let mut addresses = Addresses::default();
        settled(&mut addresses, &[]);
        let own = [up("127.0.0.2/8"), up("::1/128"), up("fe80::2/64"), up("169.254.3.4/16")];
        assert!(!settled(&mut addresses, &own));
    }

    #[tokio::test]
    async fn the_system_can_be_listened_to() {
        let mut network = Network::new();
        assert!(network.watcher.is_some(), "this system tells of its addresses");
        let heard = next(&mut network.watcher).await;
        assert!(matches!(heard, IfEvent::Up(_)), "first of all what is there: {heard:?}");
    }
}
