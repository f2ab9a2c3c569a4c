//! Calls to providers: bounded in time and size, never redirected, and never to an address inside the house.
//!
//! Where an address comes from matters. A base address is an administrator's; the address of a picture may be a stranger's. Neither may lead to private
//! networks: names are resolved here and every address is looked at before it is connected to, so that a name that changes its mind in between (DNS
//! rebinding) gains nothing. Tests and installations whose providers are on the same machine allow loopback by a setting of the server.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use rapport_model::{Fault, codes};
use rapport_wire::channel::{Method, Request, Response};
use reqwest::{
    Url,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};

const CONNECT: Duration = Duration::from_secs(5);
const WHOLE: Duration = Duration::from_secs(20);
/// Largest answer of a provider's API. Units: bytes.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallFault {
    /// Nothing was sent.
    #[error("not reached: {0}")]
    NotReached(String),
    /// It may have been taken.
    #[error("no answer: {0}")]
    Lost(String),
    #[error("this address is not called: {0}")]
    Refused(String),
    #[error("more than {0} bytes")]
    TooLarge(usize),
}

/// The one client of this node.
#[derive(Clone, Debug)]
pub struct Http {
    client: reqwest::Client,
    guard: Guard,
}

#[derive(Clone, Copy, Debug)]
struct Guard {
    allow_loopback: bool,
}

impl Http {
    /// `allow_loopback`: providers on this machine may be called, also without TLS.
    ///
    /// Errors: `internal` where TLS cannot be set up.
    pub fn new(allow_loopback: bool) -> Result<Self, Fault> {
        let guard = Guard { allow_loopback };
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .redirect(Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(guard))
            .user_agent(concat!("Rapport/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| Fault::with(codes::INTERNAL, error.to_string()))?;
        Ok(Self { client, guard })
    }

    /// Whether `base` may be called at all. Errors: `channel.url_refused` with what is wrong.
    pub fn check(&self, base: &str) -> Result<Url, Fault> {
        self.guard.check(base).map_err(|why| Fault::with(codes::CHANNEL_URL, why))
    }

    /// `base + path` of the request.
    pub async fn call(&self, base: &str, request: &Request) -> Result<Response, CallFault> {
        self.call_up_to(base, request, ANSWER_BYTES_MAX).await
    }

    /// The same for an answer that may be a file.
    pub async fn call_up_to(&self, base: &str, request: &Request, bytes_max: usize) -> Result<Response, CallFault> {
        let url = self.guard.check(&format!("{}{}", base.trim_end_matches('/'), request.path)).map_err(CallFault::Refused)?;
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut call = self.client.request(method, url).body(request.body.clone());
        for (name, value) in &request.headers {
            call = call.header(name, value);
        }
        let answer = call.send().await.map_err(|error| fault_of(&error))?;
        let (status, headers) = (answer.status().as_u16(), headers_of(&answer));
        let body = bounded(answer, bytes_max).await?;
        Ok(Response { status, headers, body: body.to_vec() })
    }

    /// A file at the provider itself.
    pub async fn fetch_at(&self, base: &str, request: &Request, bytes_max: usize) -> Result<(Bytes, Option<String>), CallFault> {
        self.fetch(&format!("{}{}", base.trim_end_matches('/'), request.path), &request.headers, bytes_max).await
    }

    /// A file at an address that a stranger may have chosen. At most `bytes_max`; the media type is what they say.
    pub async fn fetch(&self, url: &str, headers: &[(String, String)], bytes_max: usize) -> Result<(Bytes, Option<String>), CallFault> {
        let url = self.guard.check(url).map_err(CallFault::Refused)?;
        let mut call = self.client.get(url);
        for (name, value) in headers {
            call = call.header(name, value);
        }
        let answer = call.send().await.map_err(|error| fault_of(&error))?;
        if !answer.status().is_success() {
            return Err(CallFault::NotReached(format!("status {}", answer.status().as_u16())));
        }
        let media_type = answer.headers().get("content-type").and_then(|it| it.to_str().ok()).map(str::to_owned);
        Ok((bounded(answer, bytes_max).await?, media_type))
    }
}

fn headers_of(answer: &reqwest::Response) -> Vec<(String, String)> {
    answer.headers().iter().filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))).collect()
}

async fn bounded(mut answer: reqwest::Response, bytes_max: usize) -> Result<Bytes, CallFault> {
    let mut body = BytesMut::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| CallFault::Lost(plain(&error)))? {
        if body.len().saturating_add(chunk.len()) > bytes_max {
            return Err(CallFault::TooLarge(bytes_max));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// Before the connection stands nothing can have been sent.
fn fault_of(error: &reqwest::Error) -> CallFault {
    if error.is_connect() || error.is_builder() { CallFault::NotReached(plain(error)) } else { CallFault::Lost(plain(error)) }
}

/// Without the address: it may hold a token.
fn plain(error: &reqwest::Error) -> String {
    let mut text = if error.is_timeout() { "timeout" } else if error.is_connect() { "connect" } else { "broken off" }.to_owned();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if inner.source().is_none() {
            text = format!("{text}: {inner}");
        }
        source = inner.source();
    }
    text
}

impl Guard {
    fn check(self, url: &str) -> Result<Url, String> {
        let url = Url::parse(url).map_err(|error| error.to_string())?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("no user within the address".to_owned());
        }
        let literal = match url.host() {
            Some(url::Host::Ipv4(it)) => Some(IpAddr::V4(it)),
            Some(url::Host::Ipv6(it)) => Some(IpAddr::V6(it)),
            Some(url::Host::Domain(_)) => None,
            None => return Err("no host".to_owned()),
        };
        let is_own = literal.is_some_and(|it| it.is_loopback()) && self.allow_loopback;
        match (url.scheme(), literal) {
            ("https" | "http", _) if is_own => Ok(url),
            ("https", None) => Ok(url),
            ("https", Some(it)) if is_public(it) => Ok(url),
            ("https", Some(_)) => Err("a private address".to_owned()),
            _ => Err("only https".to_owned()),
        }
    }

    fn allows(self, address: IpAddr) -> bool {
        is_public(address) || (self.allow_loopback && address.is_loopback())
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = *self;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|it| guard.allows(it.ip())).collect();
            if allowed.is_empty() {
                return Err(format!("{} leads to no public address", name.as_str()).into());
            }
            let addresses: Addrs = Box::new(allowed.into_iter());
            Ok(addresses)
        })
    }
}

/// Whether an address belongs to the public internet. Source: IANA's special-purpose registries.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(it) => is_public_v4(it),
        IpAddr::V6(it) => is_public_v6(it),
    }
}

fn is_public_v4(it: Ipv4Addr) -> bool {
    let [a, b, c, _] = it.octets();
    let special = it.is_unspecified()
        || it.is_loopback()
        || it.is_private()
        || it.is_link_local()
        || it.is_broadcast()
        || it.is_documentation()
        || it.is_multicast()
        || a == 0
        // Shared between a provider and its customers; benchmarks; protocol assignments; relays of 6to4; reserved.
        || (a == 100 && (64..128).contains(&b))
        || (a == 198 && (18..20).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || a >= 240;
    !special
}

fn is_public_v6(it: Ipv6Addr) -> bool {
    let segments = it.segments();
    let [a, b, ..] = segments;
    let [.., high, low] = segments;
    let inner = || {
        let ([x, y], [z, w]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(x, y, z, w)
    };
    // An IPv4 address in IPv6 clothes is judged as what it is.
    if let Some(v4) = it.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    match (a, b) {
        // Translated (RFC 6052), and the old compatible form.
        (0x64, 0xff9b) => is_public_v4(inner()),
        (0x2002, _) => {
            let [_, x, y, ..] = segments;
            let ([p, q], [r, s]) = (x.to_be_bytes(), y.to_be_bytes());
            is_public_v4(Ipv4Addr::new(p, q, r, s))
        }
        // Teredo, ORCHID, benchmarks, documentation and the rest of the special block.
        (0x2001, 0..=0x01ff) | (0x2001, 0x0db8) | (0x3fff, _) => false,
        // Only what is handed out as global unicast.
        _ => (0x2000..0x4000).contains(&a),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_called() {
        let strict = Guard { allow_loopback: false };
        let check = |url: &str, allowed: bool| assert_eq!(strict.check(url).is_ok(), allowed, "{url}: {:?}", strict.check(url));
        check("https://api.example.com/x", true);
        check("https://8.8.8.8/", true);
        check("https://[2606:4700::1111]/", true);
        for url in [
            "http://api.example.com/",
            "ftp://api.example.com/",
            "file:///etc/passwd",
            "gopher://1.1.1.1/",
            "https://user:secret@api.example.com/",
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://017700000001/",
            "https://0/",
            "https://10.0.0.1/",
            "https://172.16.0.1/",
            "https://172.31.255.255/",
            "https://192.168.1.1/",
            "https://169.254.169.254/latest/meta-data/",
            "https://100.64.0.1/",
            "https://198.18.0.1/",
            "https://192.0.0.170/",
            "https://224.0.0.1/",
            "https://255.255.255.255/",
            "https://240.0.0.1/",
            "https://[::1]/",
            "https://[::]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[::127.0.0.1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://[64:ff9b:1::1]/",
            "https://[2002:7f00:1::]/",
            "https://[2002:a9fe:a9fe::]/",
            "https://[2001:db8::1]/",
            "https://[2001::1]/",
            "https://[fc00::1]/",
            "https://[fd12:3456::1]/",
            "https://[fe80::1]/",
            "https://[fec0::1]/",
            "https://[ff02::1]/",
            "https://[100::1]/",
        ] {
            check(url, false);
        }
    }

    #[test]
    fn loopback_only_where_the_server_allows_it_and_nothing_else_private() {
        let own = Guard { allow_loopback: true };
        let check = |url: &str, allowed: bool| assert_eq!(own.check(url).is_ok(), allowed, "{url}");
        check("http://127.0.0.1:9000/", true);
        check("http://[::1]:9000/", true);
        check("http://10.0.0.1/", false);
        check("https://10.0.0.1/", false);
        check("http://localhost:9000/", false);
        assert!(own.allows(IpAddr::V4(Ipv4Addr::LOCALHOST)) && !own.allows(IpAddr::V4(Ipv4Addr::new(192, 168, 0, 1))));
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_not_called() {
        let http = Http::new(false).expect("client");
        let fault = http.call("https://localhost", &Request::get("/")).await.expect_err("refused");
        assert!(matches!(&fault, CallFault::NotReached(why) if why.contains("no public address")), "{fault:?}");
    }
}
