//! Where a request comes from: the address of its sender, and the web origin of the page that made it.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};

use crate::{ApiState, failure::Failure};

/// The sender's address: the last hop that is no proxy of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Address(pub(crate) IpAddr);

impl FromRequestParts<Arc<ApiState>> for Address {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<ApiState>) -> Result<Self, Failure> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::from([0, 0, 0, 0]), |it| it.0.ip());
        let forwarded = parts.headers.get_all("x-forwarded-for").iter().filter_map(|it| it.to_str().ok()).collect::<Vec<_>>().join(",");
        Ok(Self(behind(peer, &forwarded, &state.settings.trusted_proxies)))
    }
}

/// Only what a trusted proxy says is believed, and of that only the part that other trusted proxies added.
fn behind(peer: IpAddr, forwarded: &str, trusted: &[IpAddr]) -> IpAddr {
    let mut sender = peer;
    for hop in forwarded.rsplit(',') {
        if !trusted.contains(&sender) {
            break;
        }
        match hop.trim().parse() {
            Ok(address) => sender = address,
            Err(_) => break,
        }
    }
    sender
}

/// The `host[:port]` of the page that made the request, where the browser told it.
fn origin_host(headers: &HeaderMap) -> Option<&str> {
    let origin = headers.get(header::ORIGIN)?.to_str().ok()?;
    Some(origin.split_once("://").map_or(origin, |(_, host)| host))
}

/// Whether the request was made by a page of this server. Without `Origin` it was not: browsers send it with every socket and every change.
pub(crate) fn is_own(public_url: &str, headers: &HeaderMap) -> bool {
    let Some(origin) = origin_host(headers) else { return false };
    let host = headers.get(header::HOST).and_then(|it| it.to_str().ok());
    let public = public_url.split_once("://").map_or(public_url, |(_, host)| host);
    host == Some(origin) || public == origin
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let ip = |text: &str| text.parse::<IpAddr>().expect("address");
        let trusted = [ip("10.0.0.1"), ip("10.0.0.2")];
        let check = |peer: &str, forwarded: &str, expected: &str| assert_eq!(behind(ip(peer), forwarded, &trusted), ip(expected), "{peer} {forwarded}");
        check("203.0.113.9", "198.51.100.1", "203.0.113.9");
        check("10.0.0.1", "198.51.100.1", "198.51.100.1");
        check("10.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1");
        check("10.0.0.1", "1.2.3.4, 198.51.100.1, 10.0.0.2", "198.51.100.1");
        check("10.0.0.1", "nonsense", "10.0.0.1");
        check("10.0.0.1", "", "10.0.0.1");
    }

    #[test]
    fn a_page_of_another_site_is_not_ours() {
        let check = |origin: Option<&str>, host: &str, expected: bool| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, host.parse().expect("host"));
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, origin.parse().expect("origin"));
            }
            assert_eq!(is_own("https://help.example", &headers), expected, "{origin:?} {host}");
        };
        check(Some("https://help.example"), "127.0.0.1:8080", true);
        check(Some("http://127.0.0.1:8080"), "127.0.0.1:8080", true);
        check(Some("https://evil.example"), "help.example", false);
        check(Some("null"), "help.example", false);
        check(None, "help.example", false);
    }
}
