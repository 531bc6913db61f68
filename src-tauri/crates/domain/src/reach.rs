//! Which addresses lie on the open internet, and which inside of somebody's house.
//!
//! Invariant: what strangers name (an image in a mail) is fetched from public addresses only; an address that holds
//! another one inside is judged by that one.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address is one of the open internet: not this machine, not its network, not a provider's inner one.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || a == 0
        || a >= 240
        // Shared by a provider's customers (RFC 6598), protocol assignments (RFC 6890), measurements (RFC 2544).
        || a == 100 && b & 0xc0 == 64
        || a == 192 && b == 0 && c == 0
        || a == 198 && b & 0xfe == 18)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inside) = address.to_ipv4_mapped() {
        return is_public_v4(inside);
    }
    let [first, second, third, ..] = address.segments();
    let [a, b] = second.to_be_bytes();
    let [c, d] = third.to_be_bytes();
    match (first, second) {
        // 6to4 (RFC 3056) leads to the address inside; Teredo (RFC 4380) to anybody's machine.
        (0x2002, _) => is_public_v4(Ipv4Addr::new(a, b, c, d)),
        (0x2001, 0) => false,
        _ => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_inside_a_house_is_not_public_however_it_is_written() {
        for inside in [
            "127.0.0.1",
            "127.9.9.9",
            "10.0.0.4",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.1.1",
            "192.0.0.8",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2002:c0a8:101::1",
            "2001:0:1::1",
        ] {
            assert!(!is_public(inside.parse().expect("an address")), "{inside}");
        }
        for outside in
            ["1.1.1.1", "9.9.9.9", "100.63.0.1", "172.32.0.1", "2606:4700::1", "::ffff:1.1.1.1"]
        {
            assert!(is_public(outside.parse().expect("an address")), "{outside}");
        }
    }
}
