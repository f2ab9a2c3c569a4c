//! Order: what goes to or comes from one person is done one after the other, and people beside each other.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
};

use rapport_model::{EffectId, OutboxItem, Timestamp};

pub(crate) type LaneId = [u8; 16];

/// How long what was put into the outbox is waited for; if it does not come here, another node took it. Units: ms.
const EXPECTED_MS: i64 = 30_000;
/// So many lanes are looked through for those that are over.
const LANES_KEPT: usize = 10_000;

/// Lanes with something in them.
#[derive(Default)]
pub(crate) struct Lanes {
    open: Mutex<HashMap<LaneId, Lane>>,
}

#[derive(Default)]
struct Lane {
    /// With when they were claimed.
    waiting: VecDeque<(OutboxItem, Timestamp)>,
    /// Whether somebody works through it.
    worked: bool,
    /// What is being done now: claimed again when its lease ended, it is not done twice.
    current: Option<EffectId>,
    /// What comes before is tried again then; nothing overtakes it.
    held_until: Option<Timestamp>,
    /// In the outbox, but not claimed yet; nothing overtakes them until then.
    expected: Vec<(EffectId, Timestamp)>,
}

impl Lane {
    fn is_over(&self, now: Timestamp) -> bool {
        !self.worked && self.waiting.is_empty() && self.held_until.is_none_or(|it| it <= now) && self.expected.iter().all(|it| it.1 <= now)
    }
}

impl Lanes {
    /// An item of this lane is about to be put into the outbox.
    pub(crate) fn expect(&self, id: LaneId, effect: EffectId, now: Timestamp) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= LANES_KEPT {
            open.retain(|_, lane| !lane.is_over(now));
        }
        let expected = &mut open.entry(id).or_default().expected;
        expected.retain(|it| it.0 != effect);
        expected.push((effect, now.plus_ms(EXPECTED_MS)));
    }

    /// Puts an item at the end of its lane, unless it is there already. `true`: nobody works through that lane, and the caller is to.
    pub(crate) fn join(&self, id: LaneId, item: OutboxItem, now: Timestamp) -> bool {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = open.entry(id).or_default();
        lane.expected.retain(|it| it.0 != item.id);
        if lane.current == Some(item.id) {
            return false;
        }
        match lane.waiting.iter_mut().find(|it| it.0.id == item.id) {
            Some(known) => known.1 = now,
            None => lane.waiting.push_back((item, now)),
        }
        !std::mem::replace(&mut lane.worked, true)
    }

    /// The next item, with when it was claimed; `None` ends the caller's work on the lane.
    pub(crate) fn next(&self, id: LaneId, now: Timestamp) -> Option<(OutboxItem, Timestamp)> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = open.get_mut(&id)?;
        let item = lane.waiting.pop_front();
        lane.current = item.as_ref().map(|it| it.0.id);
        if item.is_none() {
            lane.worked = false;
            if lane.is_over(now) {
                open.remove(&id);
            }
        }
        item
    }

    /// Nothing passes in this lane before then, but what is tried again itself.
    pub(crate) fn hold(&self, id: LaneId, until: Timestamp) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).entry(id).or_default().held_until = Some(until);
    }

    pub(crate) fn release(&self, id: LaneId) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lane) = open.get_mut(&id) {
            lane.held_until = None;
        }
    }

    /// Until when a first try has to wait.
    pub(crate) fn held(&self, id: LaneId, now: Timestamp) -> Option<Timestamp> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.get(&id).and_then(|it| it.held_until).filter(|it| *it > now)
    }

    pub(crate) fn is_busy(&self, id: &LaneId, now: Timestamp) -> bool {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.get(id).is_some_and(|it| it.worked || it.held_until.is_some() || it.expected.iter().any(|it| it.1 > now))
    }
}

#[cfg(test)]
mod tests {
    use rapport_model::{Effect, TenantId};
    use uuid::Uuid;

    use super::*;

    fn item(n: u128) -> OutboxItem {
        OutboxItem { tenant: TenantId(Uuid::nil()), id: EffectId(Uuid::from_u128(n)), conversation: None, effect: Effect::RouteQueue, attempt: 0, created_at: Timestamp(0) }
    }

    #[test]
    fn a_lane_has_one_worker_and_keeps_its_order() {
        let (lanes, a, b) = (Lanes::default(), [1; 16], [2; 16]);
        let join = |lane, n| lanes.join(lane, item(n), Timestamp(4));
        assert!(join(a, 1) && !join(a, 2) && join(b, 3));
        let next = |lane| lanes.next(lane, Timestamp(5)).map(|it| it.0.id.0.as_u128());
        assert_eq!((next(a), next(b), next(a), next(a), next(b)), (Some(1), Some(3), Some(2), None, None));
        assert!(!lanes.is_busy(&a, Timestamp(5)) && join(a, 4), "whoever comes later works through it anew");
    }

    #[test]
    fn what_is_claimed_again_is_done_once() {
        let (lanes, a) = (Lanes::default(), [1; 16]);
        let join = |n, at| lanes.join(a, item(n), Timestamp(at));
        assert!(join(1, 0) && !join(2, 0));
        let next = || lanes.next(a, Timestamp(5)).map(|it| (it.0.id.0.as_u128(), it.1.0));
        assert_eq!(next(), Some((1, 0)));
        assert!(!join(1, 30) && !join(2, 30), "the one is being done, the other waits");
        assert_eq!((next(), next()), (Some((2, 30)), None));
    }

    #[test]
    fn what_is_tried_again_is_not_overtaken() {
        let (lanes, a) = (Lanes::default(), [1; 16]);
        assert!(lanes.join(a, item(1), Timestamp(4)));
        lanes.next(a, Timestamp(5));
        lanes.hold(a, Timestamp(100));
        assert!(lanes.next(a, Timestamp(5)).is_none());
        assert_eq!((lanes.held(a, Timestamp(6)), lanes.is_busy(&a, Timestamp(6))), (Some(Timestamp(100)), true));
        assert_eq!(lanes.held(a, Timestamp(100)), None);
        lanes.release(a);
        assert_eq!(lanes.held(a, Timestamp(6)), None);
    }

    #[test]
    fn what_is_in_the_outbox_is_waited_for_but_not_for_ever() {
        let (lanes, a) = (Lanes::default(), [1; 16]);
        let id = |n: u128| EffectId(Uuid::from_u128(n));
        let busy = |at| lanes.is_busy(&a, Timestamp(at));
        lanes.expect(a, id(1), Timestamp(0));
        lanes.expect(a, id(2), Timestamp(10));
        assert!(busy(20) && lanes.join(a, item(1), Timestamp(20)));
        assert!(lanes.next(a, Timestamp(21)).is_some() && lanes.next(a, Timestamp(22)).is_none());
        assert!(busy(23), "the other is still to come");
        assert!(!busy(10 + EXPECTED_MS), "another node has it");
        assert!(lanes.join(a, item(2), Timestamp(24)) && lanes.next(a, Timestamp(25)).is_some() && lanes.next(a, Timestamp(26)).is_none());
        assert!(!busy(27));
    }
}
