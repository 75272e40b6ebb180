//! What proxies say about those whose requests they pass on.

#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::str::FromStr;

use axum::http::HeaderMap;

use crate::peer::Peer;

/// The proxies whose word counts.
#[derive(Clone, Debug)]
pub(crate) struct TrustedProxies(Vec<Network>);

/// Not an address, not a network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no proxy that could be trusted; write an address like 10.0.0.1, a network like 10.0.0.0/8, or * for all"
)]
pub struct TrustedProxyError(String);

impl TrustedProxies {
    /// Those who are named; without a name, programs on this machine. Whoever comes over a Unix socket is one in any case.
    pub(crate) fn new(names: &[String]) -> Result<Self, TrustedProxyError> {
        let names: Vec<&str> =
            if names.is_empty() { LOCAL.to_vec() } else { names.iter().map(String::as_str).collect() };
        let networks = names.iter().flat_map(|name| match *name {
            "*" => ALL.to_vec(),
            name => vec![name],
        });
        networks.map(str::parse).collect::<Result<_, _>>().map(Self)
    }

    /// Who asks, as the proxy says: in `X-Real-Ip` or `X-Forwarded-For`, and in `X-Scheme` or `X-Forwarded-Proto`.
    pub(crate) fn origin_of(&self, headers: &HeaderMap, peer: Peer) -> Peer {
        if !self.trusts(peer.ip) {
            return peer;
        }
        Peer {
            ip: self.client(headers).or(peer.ip),
            is_secure: is_secure(headers).unwrap_or(peer.is_secure),
            is_from_trusted_proxy: true,
        }
    }

    fn trusts(&self, ip: Option<IpAddr>) -> bool {
        ip.is_none_or(|ip| self.0.iter().any(|network| network.contains(ip)))
    }

    /// The address that the last proxy which is trusted had the request from.
    fn client(&self, headers: &HeaderMap) -> Option<IpAddr> {
        if let Some(ip) = last(headers, "x-real-ip").and_then(address) {
            return Some(ip);
        }
        let lines: Vec<&str> =
            headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
        let mut client = None;
        for entry in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
            // Before what cannot be read, anybody may have written anything.
            let Some(ip) = address(entry) else { break };
            client = Some(ip);
            if !self.trusts(client) {
                break;
            }
        }
        client
    }
}

fn is_secure(headers: &HeaderMap) -> Option<bool> {
    let scheme = last(headers, "x-scheme").or_else(|| last(headers, "x-forwarded-proto"))?;
    match scheme.rsplit(',').next()?.trim() {
        "https" => Some(true),
        "http" => Some(false),
        _ => None,
    }
}

fn last<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get_all(name).iter().next_back()?.to_str().ok()
}

fn address(text: &str) -> Option<IpAddr> {
    text.trim().parse().ok().map(|ip: IpAddr| ip.to_canonical())
}

/// Addresses that begin alike.
#[derive(Clone, Copy, Debug)]
struct Network {
    first: u128,
    n_bits: u32,
}

impl Network {
    fn contains(self, ip: IpAddr) -> bool {
        let differing = self.first ^ bits(ip);
        differing.leading_zeros() >= self.n_bits
    }
}

impl FromStr for Network {
    type Err = TrustedProxyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || TrustedProxyError(text.to_owned());
        let (ip, prefix) = match text.split_once('/') {
            Some((ip, prefix)) => (ip, Some(prefix.parse::<u32>().map_err(|_no_number| error())?)),
            None => (text, None),
        };
        let ip: IpAddr = ip.trim().parse().map_err(|_no_address| error())?;
        let width = if ip.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.unwrap_or(width);
        if prefix > width {
            return Err(error());
        }
        Ok(Self { first: bits(ip), n_bits: prefix + 128 - width })
    }
}

/// IPv4 addresses stand among those of IPv6, as `::ffff:1.2.3.4`.
fn bits(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(ip) => ip.to_ipv6_mapped().to_bits(),
        IpAddr::V6(ip) => ip.to_bits(),
    }
}

const LOCAL: [&str; 2] = ["127.0.0.0/8", "::1"];
const ALL: [&str; 2] = ["0.0.0.0/0", "::/0"];
