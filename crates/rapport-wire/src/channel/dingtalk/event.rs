//! Event callbacks by HTTP: sealed both ways, the word "success" as well.

use crate::channel::{
    Fact, Inbound, Remote, Vouched, WireFault, bounded_id,
    envelope::{self, Callback, Secret},
    fields::{Fields as _, json},
};
use rapport_model::Timestamp;
use serde_json::Value;

/// Most members of one event.
const MEMBERS_MAX: usize = 1_000;

/// The plain body, after its signature. `receivers`: the application's key and the company's id. Errors: `BadSignature`, `NotOurs`, `Stale`, `Malformed`.
pub fn verify(secrets: &[Secret], receivers: &[&str], query: &[u8], body: &[u8], now: Timestamp, tolerance_ms: Option<i64>) -> Result<Vec<u8>, WireFault> {
    let callback = Callback::read(query);
    let encrypted = envelope::encrypted_of(body)?.ok_or(WireFault::BadSignature)?;
    let plain = envelope::open(secrets, receivers, &callback, &encrypted)?;
    callback.fresh(now, tolerance_ms)?;
    Ok(plain)
}

/// The body that answers any event, the check of an address (`check_url`) too. `receiver`: the application's key, as was told at registration.
pub fn success(secret: &Secret, receiver: &str, now: Timestamp, nonce: &str, random: [u8; 16]) -> Result<Vec<u8>, WireFault> {
    envelope::seal(secret, receiver, b"success", &now.0.to_string(), nonce, random).map(|it| it.json())
}

/// The facts of an event. The only one a desk understands is that members have left the company. Errors: `Malformed`.
pub fn decode(plain: &[u8]) -> Result<Vec<Inbound>, WireFault> {
    let event = json(plain)?;
    let kind = event.need("EventType")?;
    let (time, at) = (event.text("TimeStamp"), event.millis("TimeStamp"));
    Ok(facts(&kind, &time, at, event.list("UserId")))
}

/// As [`decode`], of an event by stream: its kind and id come beside it.
pub(super) fn facts(kind: &str, id: &str, at: Option<Timestamp>, members: &[Value]) -> Vec<Inbound> {
    if kind != "user_leave_org" {
        return Vec::new();
    }
    let of = |member: &str| {
        let member_id = bounded_id(member);
        let from = Remote { id: member_id.clone(), vouched: vec![(Vouched::StaffId, member_id)], ..Remote::default() };
        Inbound { id: bounded_id(&format!("{kind}:{id}:{member}")), from, at, fact: Fact::Left }
    };
    members.iter().take(MEMBERS_MAX).filter_map(Value::as_str).filter(|it| !it.is_empty()).map(of).collect()
}
