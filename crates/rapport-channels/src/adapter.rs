//! What every channel's adapter does, and the link over which it does it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use bytes::Bytes;
use rapport_model::{Bilingual, ChannelKind, InboxId, Timestamp};
use rapport_ports::{ChannelField, CheckStep, ProviderAnswer, ProviderCall};
use rapport_wire::channel::{
    Fact, Inbound, Media, MediaKind, Outgoing, Piece, Request, Response, SendFault, Sending, Token, WireFault,
    capabilities,
};

use crate::{CallFault, Http, Opened};

/// What a provider's call came to. The answer goes out after the facts are durable.
#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    pub answer: ProviderAnswer,
    pub facts: Vec<Inbound>,
}

impl Received {
    /// An answer as plain text.
    pub fn text(body: impl Into<Vec<u8>>, facts: Vec<Inbound>) -> Self {
        Self { answer: ProviderAnswer { status: 200, content_type: "text/plain; charset=utf-8", body: body.into() }, facts }
    }

    pub fn json(body: impl Into<Vec<u8>>, facts: Vec<Inbound>) -> Self {
        Self { answer: ProviderAnswer { status: 200, content_type: "application/json; charset=utf-8", body: body.into() }, facts }
    }
}

/// What waited behind a doorbell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pulled {
    pub facts: Vec<Inbound>,
    /// From where to go on, to be kept once the facts are durable; `None` where none was told: the one before stays.
    pub cursor: Option<String>,
    /// Though nothing may be here.
    pub more: bool,
}

/// A file to be sent.
#[derive(Clone, Debug)]
pub struct OutFile {
    pub kind: MediaKind,
    pub name: String,
    pub media_type: String,
    pub bytes: Bytes,
    /// Where it lies for a time, for whoever holds the address: for providers that fetch files themselves.
    pub url: String,
    /// Unpredictable, for the multipart body.
    pub boundary: String,
}

/// One channel: its fields, how its provider calls are read, how pieces are sent.
#[async_trait]
pub trait Adapter: Send + Sync {
    fn fields(&self) -> &'static [ChannelField];

    /// Verifies and reads a call. Pure. `callback_url`: the address the provider was told, without query.
    fn receive(&self, channel: &Opened, call: &ProviderCall, callback_url: &str, now: Timestamp) -> Result<Received, WireFault>;

    /// What waits behind a [`Fact::Doorbell`], after `cursor`. Nothing for channels that bring everything themselves.
    async fn pull(&self, _link: &Link<'_>, _doorbell: &Fact, _cursor: Option<String>) -> Result<Pulled, SendFault> {
        Ok(Pulled::default())
    }

    async fn send(&self, link: &Link<'_>, outgoing: &Outgoing) -> Sending;

    /// Sends a file; the piece of `outgoing` is not looked at.
    async fn send_file(&self, link: &Link<'_>, outgoing: &Outgoing, file: &OutFile) -> Sending;

    /// The bytes of something that a customer sent, at most `bytes_max`.
    async fn fetch(&self, link: &Link<'_>, media: &Media, bytes_max: usize) -> Result<(Bytes, Option<String>), CallFault>;

    /// Tries each step; stops where one fails.
    async fn check(&self, link: &Link<'_>, callback_url: &str) -> Vec<CheckStep>;
}

/// What an adapter works with: one inbox's configuration, the way out, its tokens.
pub struct Link<'a> {
    pub http: &'a Http,
    pub channel: &'a Opened,
    pub tokens: &'a Tokens,
    pub inbox: InboxId,
    /// What the provider is told to call, without query.
    pub callback_url: String,
    pub now: Timestamp,
}

impl OutFile {
    /// As what the channel takes it: as what it is, or else as a document. `None` where it takes neither, by kind, type or size.
    pub(crate) fn form(&self, channel: ChannelKind) -> Option<MediaKind> {
        let capabilities = capabilities::of(channel);
        let bytes = u64::try_from(self.bytes.len()).unwrap_or(u64::MAX);
        [self.kind, MediaKind::File].into_iter().find(|it| capabilities::fits(capabilities, *it, &self.media_type, bytes).is_ok())
    }

    /// Its name and where it lies, for channels that do not take it.
    pub(crate) fn in_words(&self) -> Piece {
        Piece::Text(format!("{}\n{}", self.name, self.url))
    }
}

impl Link<'_> {
    /// To the provider's base address as it is configured.
    pub async fn call(&self, request: &Request) -> Result<Response, SendFault> {
        self.call_at(self.channel.get("base_url"), request).await
    }

    /// To another address of the provider.
    pub async fn call_at(&self, base: &str, request: &Request) -> Result<Response, SendFault> {
        self.http.call(base, request).await.map_err(|fault| match fault {
            CallFault::NotReached(why) => SendFault::Trouble { code: why },
            CallFault::Lost(why) => SendFault::Unknown { code: why },
            CallFault::Refused(text) => SendFault::Refused { code: "url".to_owned(), text },
            CallFault::TooLarge(bytes) => SendFault::Unknown { code: format!("more than {bytes} bytes") },
        })
    }

    /// The access token, got anew where there is none or its life is nearly over.
    pub async fn token(&self, request: impl Fn() -> Request, answer: fn(&Response) -> Result<Token, SendFault>) -> Result<String, SendFault> {
        let place = self.tokens.place(self.inbox);
        // Whoever comes meanwhile waits for the one that asks: providers that allow one token at a time would take the first away.
        let mut held = place.lock().await;
        if let Some((value, until)) = held.as_ref()
            && *until > self.now
        {
            return Ok(value.clone());
        }
        let token = answer(&self.call(&request()).await?)?;
        let lives_ms = i64::try_from(token.lives_s).unwrap_or(i64::MAX).saturating_mul(900);
        *held = Some((token.value.clone(), self.now.plus_ms(lives_ms)));
        Ok(token.value)
    }

    /// What `send` makes of the access token; one that the provider refuses is got anew, once.
    pub async fn with_token<T, F>(
        &self,
        request: impl Fn() -> Request + Send + Sync,
        answer: fn(&Response) -> Result<Token, SendFault>,
        send: impl Fn(String) -> F + Send + Sync,
    ) -> Result<T, SendFault>
    where
        F: Future<Output = Result<T, SendFault>> + Send,
    {
        let token = self.token(&request, answer).await?;
        match send(token.clone()).await {
            Err(SendFault::TokenInvalid { .. }) => {
                self.token_refused(&token).await;
                send(self.token(&request, answer).await?).await
            }
            sent => sent,
        }
    }

    /// A token that the provider refused is not used again.
    pub async fn token_refused(&self, value: &str) {
        let place = self.tokens.place(self.inbox);
        let mut held = place.lock().await;
        if held.as_ref().is_some_and(|it| it.0 == value) {
            *held = None;
        }
    }
}

type Held = Arc<tokio::sync::Mutex<Option<(String, Timestamp)>>>;

/// Access tokens of this node, by inbox.
#[derive(Default)]
pub struct Tokens {
    held: Mutex<HashMap<InboxId, Held>>,
}

impl Tokens {
    fn place(&self, inbox: InboxId) -> Held {
        Arc::clone(self.held.lock().unwrap_or_else(PoisonError::into_inner).entry(inbox).or_default())
    }

    /// Its configuration changed.
    pub fn forget(&self, inbox: InboxId) {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).remove(&inbox);
    }
}

/// A header of a provider's call; `name` in lower case.
pub(crate) fn header<'a>(call: &'a ProviderCall, name: &str) -> Option<&'a str> {
    call.headers.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
}

/// What follows `base` in an address that lies beneath it; a token goes nowhere else.
pub(crate) fn beneath<'a>(url: &'a str, base: &str) -> Option<&'a str> {
    url.strip_prefix(base.trim_end_matches('/')).filter(|it| it.starts_with('/') && !base.is_empty())
}

/// Why a file cannot be had.
pub(crate) fn not_fetched(fault: SendFault) -> CallFault {
    match fault {
        SendFault::Trouble { code } | SendFault::Unknown { code } | SendFault::RateLimited { code, .. } | SendFault::TokenInvalid { code } => CallFault::NotReached(code),
        SendFault::WindowClosed { .. } | SendFault::QuotaExceeded { .. } | SendFault::UserBlocked { .. } | SendFault::MediaExpired { .. } | SendFault::Refused { .. } => {
            CallFault::Refused(fault.to_string())
        }
    }
}

/// A step that nobody but the administrator can take.
pub(crate) fn to_do(name: &'static str, zh: impl Into<String>, en: impl Into<String>) -> CheckStep {
    CheckStep { passed: None, ..step(name, true, zh, en) }
}

/// A step that was tried.
pub fn step(name: &'static str, passed: bool, zh: impl Into<String>, en: impl Into<String>) -> CheckStep {
    CheckStep { name, passed: Some(passed), said: Bilingual::new(zh.into(), en.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_goes_only_to_the_provider_itself() {
        let check = |url: &str, expected: Option<&str>| assert_eq!(beneath(url, "https://api.example.com/"), expected, "{url}");
        check("https://api.example.com/a?b=1", Some("/a?b=1"));
        for url in ["https://api.example.com", "https://api.example.com.evil.example/a", "https://api.example.com@evil.example/a", "http://api.example.com/a", "https://evil.example/https://api.example.com/"] {
            check(url, None);
        }
        assert_eq!(beneath("/a", ""), None);
    }

    #[test]
    fn files_go_as_what_the_channel_takes() {
        let file = |kind, media_type: &str, bytes: usize| OutFile {
            kind,
            name: "a".to_owned(),
            media_type: media_type.to_owned(),
            bytes: Bytes::from(vec![0; bytes]),
            url: "https://cs.example.com/a".to_owned(),
            boundary: String::new(),
        };
        let check = |channel, kind, media_type: &str, bytes, expected: Option<MediaKind>| assert_eq!(file(kind, media_type, bytes).form(channel), expected, "{channel:?} {media_type}");
        check(ChannelKind::Whatsapp, MediaKind::Image, "image/png", 9, Some(MediaKind::Image));
        check(ChannelKind::Whatsapp, MediaKind::Image, "image/gif", 9, Some(MediaKind::File));
        check(ChannelKind::Whatsapp, MediaKind::Image, "image/png", 6 * 1024 * 1024, Some(MediaKind::File));
        check(ChannelKind::SmsTwilio, MediaKind::File, "application/pdf", 9, None);
        check(ChannelKind::SmsAliyun, MediaKind::Image, "image/png", 9, None);
        assert_eq!(file(MediaKind::File, "application/pdf", 1).in_words(), Piece::Text("a\nhttps://cs.example.com/a".to_owned()));
    }
}
