//! How often an address or an account may ask: token buckets that forget whoever is quiet.

use std::{
    hash::Hash,
    net::IpAddr,
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use governor::{Quota, RateLimiter, clock::{Clock as _, DefaultClock}, state::keyed::DefaultKeyedStateStore};

use crate::{ApiState, failure::Failure, origin::Address};

/// After how many questions the quiet ones are forgotten.
const SWEEP_EVERY: u32 = 4_096;
const QUARTER: Duration = Duration::from_secs(15 * 60);
const MINUTE: Duration = Duration::from_secs(60);

/// One keyed limit.
struct Limit<K: Hash + Eq + Clone> {
    buckets: RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock>,
    asked: AtomicU32,
}

impl<K: Hash + Eq + Clone> Limit<K> {
    /// `most` at once, and as many again over `period`.
    fn new(most: u32, period: Duration) -> Self {
        let burst = NonZeroU32::new(most.max(1)).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::with_period(period / burst.get()).map_or_else(|| Quota::per_second(burst), |it| it.allow_burst(burst));
        Self { buckets: RateLimiter::dashmap(quota), asked: AtomicU32::new(0) }
    }

    fn check(&self, key: &K) -> Result<(), Failure> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.buckets.retain_recent();
        }
        self.buckets.check_key(key).map_err(|not_until| {
            metrics::counter!("rapport_rate_limited_total").increment(1);
            Failure::too_many(not_until.wait_time_from(DefaultClock::default().now()).as_secs().saturating_add(1))
        })
    }
}

/// The limits of this node. Those on load can be turned off for load tests, those on guessing cannot.
pub struct Limits {
    requests: Option<Limit<IpAddr>>,
    sessions: Option<Limit<IpAddr>>,
    uploads: Option<Limit<IpAddr>>,
    accounts: Limit<String>,
    guesses: Limit<IpAddr>,
}

impl Limits {
    /// `requests_per_second` is for one address, over ten seconds; 0 turns the limits on load off.
    pub fn new(requests_per_second: u32) -> Self {
        let on = requests_per_second > 0;
        Self {
            requests: on.then(|| Limit::new(requests_per_second.saturating_mul(10), Duration::from_secs(10))),
            sessions: on.then(|| Limit::new(240, MINUTE)),
            uploads: on.then(|| Limit::new(120, MINUTE)),
            accounts: Limit::new(10, QUARTER),
            guesses: Limit::new(100, QUARTER),
        }
    }

    /// A new visitor session.
    pub(crate) fn session(&self, address: Address) -> Result<(), Failure> {
        self.sessions.as_ref().map_or(Ok(()), |it| it.check(&address.0))
    }

    pub(crate) fn upload(&self, address: Address) -> Result<(), Failure> {
        self.uploads.as_ref().map_or(Ok(()), |it| it.check(&address.0))
    }

    /// A try to sign in to an account.
    pub(crate) fn sign_in(&self, address: Address, account: &str) -> Result<(), Failure> {
        self.guesses.check(&address.0)?;
        self.accounts.check(&account.trim().to_lowercase())
    }

    /// A secret that did not fit (sign-in link, ticket link, token).
    pub(crate) fn wrong_secret(&self, address: Address) -> Result<(), Failure> {
        self.guesses.check(&address.0)
    }
}

/// The general limit on requests of the HTTP API.
pub(crate) async fn by_address(State(state): State<Arc<ApiState>>, address: Address, request: Request, next: Next) -> Response {
    match state.limits.requests.as_ref().map_or(Ok(()), |it| it.check(&address.0)) {
        Ok(()) => next.run(request).await,
        Err(failure) => failure.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_tried_ten_times_and_addresses_are_apart() {
        let limits = Limits::new(0);
        let here = |n: u8| Address(IpAddr::from([192, 0, 2, n]));
        let tried = (0..20).filter(|_| limits.sign_in(here(1), "Ada@example.com ").is_ok()).count();
        assert_eq!(tried, 10);
        assert!(limits.sign_in(here(2), "ada@example.com").is_err(), "the account, whoever asks");
        assert!(limits.sign_in(here(2), "bob@example.com").is_ok());
        assert!((0..10_000).all(|_| limits.session(here(3)).is_ok()), "limits on load are off");
        let limits = Limits::new(5);
        assert!((0..1_000).any(|_| limits.session(here(3)).is_err()));
        assert!(limits.session(here(4)).is_ok());
    }
}
