//! Which campaign's message goes to this contact now: audience, quiet hours, and how often at most.

use std::collections::BTreeSet;

use rapport_model::{Bilingual, DAY_MS, Suppression, Timestamp};
use serde::{Deserialize, Serialize};

/// What a tenant wants to tell some of its customers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    pub code: String,
    pub text: Bilingual,
    /// Whoever is in one of these; empty means everybody.
    pub segments: BTreeSet<String>,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    /// Higher goes first.
    pub weight: u32,
}

impl Campaign {
    fn is_for(&self, context: &OfferContext<'_>) -> bool {
        let runs = self.starts_at <= context.now && context.now < self.ends_at;
        runs && (self.segments.is_empty() || !self.segments.is_disjoint(context.segments))
    }
}

/// A message that went out before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentPush {
    pub campaign: String,
    pub at: Timestamp,
}

/// How a tenant limits itself. Units: minutes of the contact's day, days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushRules {
    /// From here on nothing is sent; may lie after `quiet_to`, over midnight. Equal: no quiet hours.
    pub quiet_from: u16,
    pub quiet_to: u16,
    /// Messages of all campaigns to one contact within `window_days`.
    pub messages_max: u32,
    pub window_days: u16,
    /// The same campaign comes again after so many days at the earliest.
    pub again_after_days: u16,
}

impl Default for PushRules {
    fn default() -> Self {
        Self { quiet_from: 21 * 60, quiet_to: 9 * 60, messages_max: 2, window_days: 7, again_after_days: 30 }
    }
}

impl PushRules {
    fn is_quiet(&self, minute: u16) -> bool {
        if self.quiet_from <= self.quiet_to {
            (self.quiet_from..self.quiet_to).contains(&minute)
        } else {
            minute >= self.quiet_from || minute < self.quiet_to
        }
    }
}

/// All that may be known for it.
#[derive(Clone, Copy, Debug)]
pub struct OfferContext<'a> {
    pub now: Timestamp,
    /// Minutes since midnight where the contact is.
    pub local_minute: u16,
    pub segments: &'a BTreeSet<String>,
    pub sent: &'a [SentPush],
    pub opted_out: bool,
    pub campaigns: &'a [Campaign],
    pub rules: PushRules,
    /// From the gate.
    pub suppression: Suppression,
}

/// A message to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Push {
    pub campaign: String,
    pub text: Bilingual,
}

/// The messages that go to this contact now, heaviest campaign first, equal ones by their code. Empty at quiet hours, after an opt-out, and while locked.
pub fn marketing(context: &OfferContext<'_>) -> Vec<Push> {
    match context.suppression {
        Suppression::Locked => return Vec::new(),
        Suppression::Open => {}
    }
    if context.opted_out || context.rules.is_quiet(context.local_minute) {
        return Vec::new();
    }
    let within = |sent: &SentPush, days: u16| context.now.since_ms(sent.at) < i64::from(days) * DAY_MS;
    let recent = context.sent.iter().filter(|it| within(it, context.rules.window_days)).count();
    let room = usize::try_from(context.rules.messages_max).unwrap_or(usize::MAX).saturating_sub(recent);
    let is_new = |campaign: &Campaign| !context.sent.iter().any(|it| it.campaign == campaign.code && within(it, context.rules.again_after_days));
    let mut chosen: Vec<_> = context.campaigns.iter().filter(|it| it.is_for(context) && is_new(it)).collect();
    chosen.sort_by(|one, other| other.weight.cmp(&one.weight).then_with(|| one.code.cmp(&other.code)));
    chosen.into_iter().take(room).map(|it| Push { campaign: it.code.clone(), text: it.text.clone() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: u16 = 12 * 60;
    const NOW: Timestamp = Timestamp(100 * DAY_MS);

    fn campaign(code: &str, segments: &[&str], weight: u32) -> Campaign {
        let segments = segments.iter().map(|it| (*it).to_owned()).collect();
        Campaign { code: code.into(), text: Bilingual::new(code, code), segments, starts_at: Timestamp(0), ends_at: Timestamp(200 * DAY_MS), weight }
    }

    fn check(what: &str, sent: &[SentPush], change: impl FnOnce(&mut OfferContext<'_>), expected: &[&str]) {
        let segments = BTreeSet::from(["new".to_owned()]);
        let mut past = campaign("past", &[], 9);
        past.ends_at = NOW;
        let campaigns = [campaign("all", &[], 1), campaign("new", &["new", "vip"], 2), campaign("vip", &["vip"], 3), past];
        let (rules, suppression) = (PushRules::default(), Suppression::Open);
        let mut context = OfferContext { now: NOW, local_minute: NOON, segments: &segments, sent, opted_out: false, campaigns: &campaigns, rules, suppression };
        change(&mut context);
        let found = marketing(&context);
        assert_eq!(found.iter().map(|it| it.campaign.as_str()).collect::<Vec<_>>(), expected, "{what}");
    }

    #[test]
    fn who_hears_what_and_when() {
        let sent = |campaign: &str, days: i64| [SentPush { campaign: campaign.to_owned(), at: NOW.plus_ms(-days * DAY_MS) }];
        check("those of the audience, heaviest first", &[], |_| {}, &["new", "all"]);
        check("quiet", &[], |it| it.local_minute = 21 * 60, &[]);
        check("still quiet after midnight", &[], |it| it.local_minute = 9 * 60 - 1, &[]);
        check("no longer quiet", &[], |it| it.local_minute = 9 * 60, &["new", "all"]);
        check("opted out", &[], |it| it.opted_out = true, &[]);
        check("locked", &[], |it| it.suppression = Suppression::Locked, &[]);
        check("long ago", &sent("new", 30), |_| {}, &["new", "all"]);
        check("not the same again, and one a week is left", &sent("new", 0), |_| {}, &["all"]);
        check("another one counts too", &sent("gone", 6), |_| {}, &["new"]);
        check("none allowed", &[], |it| it.rules.messages_max = 0, &[]);
    }
}
