//! When a request that did not arrive is tried again, and what a receiver's answer means.

use rapport_model::SECOND_MS;

use crate::channel::Response;

/// From one attempt to the next: soon at first, over three days in all. Units: seconds. Source: the schedule that Standard Webhooks recommends.
const DELAYS_S: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// Attempts in all; after the last a request is laid aside, to be sent by hand.
pub const ATTEMPTS_MAX: usize = DELAYS_S.len() + 1;
/// Longest wait that a receiver may ask for. Units: milliseconds.
const ASKED_MS_MAX: i64 = 86_400 * SECOND_MS;

/// What an answer means for the request and for the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Delivered,
    /// To be tried again, by the schedule, and not before `wait_ms` where the receiver asked for it.
    Again { wait_ms: Option<i64> },
    /// The receiver wants no more: the address is switched off.
    Gone,
}

/// `None` where there was no answer: not reached, or not within the time. A redirect is not followed, since whom it leads to was not checked, and counts as a
/// failure. Source: Standard Webhooks 1.0, "Deliverability and reliability".
pub fn outcome(response: Option<&Response>) -> Outcome {
    let Some(response) = response else { return Outcome::Again { wait_ms: None } };
    let asked = response.retry_after_ms().and_then(|it| i64::try_from(it).ok()).map(|it| it.min(ASKED_MS_MAX));
    match response.status {
        200..=299 => Outcome::Delivered,
        410 => Outcome::Gone,
        // Too much for it: also where it does not say so, a minute of rest.
        429 | 502 | 503 | 504 => Outcome::Again { wait_ms: Some(asked.unwrap_or(60 * SECOND_MS)) },
        _ => Outcome::Again { wait_ms: None },
    }
}

/// How long to wait after the attempt numbered `failed` from 1 on; `None` after the last. `draw`: any random number; up to a fifth is added by it, so that what
/// failed together does not come back together. Units: milliseconds.
pub fn next_attempt(failed: usize, outcome: Outcome, draw: u32) -> Option<i64> {
    let wait_ms = match outcome {
        Outcome::Again { wait_ms } => wait_ms.unwrap_or_default(),
        Outcome::Delivered | Outcome::Gone => return None,
    };
    let delay = DELAYS_S.get(failed.checked_sub(1)?)? * SECOND_MS;
    let delay = delay.max(wait_ms);
    Some(delay + delay / 5 * i64::from(draw % 1_000) / 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, retry_after: Option<&str>) -> Response {
        let headers = retry_after.map(|it| ("retry-after".to_owned(), it.to_owned())).into_iter().collect();
        Response { status, headers, body: Vec::new() }
    }

    #[test]
    fn answers_say_what_is_to_be_done() {
        let check = |status: u16, retry_after: Option<&str>, expected: Outcome| assert_eq!(outcome(Some(&response(status, retry_after))), expected, "{status}");
        let again = |wait_ms| Outcome::Again { wait_ms };
        for status in [200, 202, 204, 299] {
            check(status, None, Outcome::Delivered);
        }
        check(410, None, Outcome::Gone);
        for status in [301, 302, 307, 400, 401, 404, 500, 501] {
            check(status, None, again(None));
        }
        for status in [429, 502, 503, 504] {
            check(status, None, again(Some(60_000)));
        }
        check(429, Some("120"), again(Some(120_000)));
        check(429, Some("99999999"), again(Some(86_400_000)));
        check(503, Some("Wed, 21 Oct 2026 07:28:00 GMT"), again(Some(60_000)));
        assert_eq!(outcome(None), again(None));
    }

    #[test]
    fn attempts_grow_apart_and_end() {
        let wait = |failed: usize, draw: u32| next_attempt(failed, Outcome::Again { wait_ms: None }, draw);
        assert_eq!((wait(0, 0), wait(1, 0), wait(2, 0), wait(9, 0), wait(10, 0)), (None, Some(5_000), Some(300_000), Some(86_400_000), None));
        assert_eq!(ATTEMPTS_MAX, 10);
        let waits: Vec<i64> = (1..ATTEMPTS_MAX).filter_map(|it| wait(it, 0)).collect();
        assert!(waits.is_sorted() && waits.iter().sum::<i64>() > 3 * 86_400_000, "{waits:?}");
        for draw in [0, 1, 500, 999, u32::MAX] {
            let found = wait(2, draw).expect("again");
            assert!((300_000..360_000).contains(&found), "{draw} {found}");
        }
        assert_eq!(next_attempt(1, Outcome::Again { wait_ms: Some(120_000) }, 0), Some(120_000));
        assert_eq!((next_attempt(1, Outcome::Gone, 0), next_attempt(1, Outcome::Delivered, 0)), (None, None));
    }
}
