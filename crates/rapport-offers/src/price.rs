//! What something costs: list price, tier, campaign. The same facts give the same price, whoever asks and however they feel.

use std::collections::BTreeSet;

use rapport_model::Timestamp;
use serde::{Deserialize, Serialize};

/// A hundredth of a per cent.
const BASIS_POINTS: i128 = 10_000;

/// A level of membership that is open to everybody on the same terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tier {
    pub name: String,
    /// Basis points off, 0 to 10,000.
    pub off_bp: u32,
}

/// A discount of a campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discount {
    pub code: String,
    /// Basis points off, 0 to 10,000.
    pub off_bp: u32,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub quantity_min: u32,
    /// Whoever is in one of these; empty means everybody.
    pub segments: BTreeSet<String>,
}

/// All that may be known for it. There is no lock here: even holding back must not move a price.
#[derive(Clone, Copy, Debug)]
pub struct PriceContext<'a> {
    pub now: Timestamp,
    /// One piece in minor units of the currency (fen, cents); below zero counts as zero.
    pub list_minor: i64,
    pub quantity: u32,
    pub tier: Option<&'a Tier>,
    pub discounts: &'a [Discount],
    pub segments: &'a BTreeSet<String>,
}

/// One step from the list price to what is paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceStep {
    /// Name of the tier or code of the campaign.
    pub by: String,
    pub off_minor: i64,
}

/// What is paid, and how it came about. Units: minor units of the currency, for all pieces together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    pub list_minor: i64,
    pub total_minor: i64,
    pub steps: Vec<PriceStep>,
}

/// List price, less the tier, less the best campaign that holds (one, not several). What is taken off is rounded half up, in the customer's favour.
pub fn price(context: &PriceContext<'_>) -> Price {
    let list_minor = context.list_minor.max(0).saturating_mul(i64::from(context.quantity));
    let mut total_minor = list_minor;
    let mut steps = Vec::new();
    let holds = |it: &&Discount| {
        let runs = it.starts_at <= context.now && context.now < it.ends_at;
        runs && context.quantity >= it.quantity_min && (it.segments.is_empty() || !it.segments.is_disjoint(context.segments))
    };
    let best = context.discounts.iter().filter(holds).max_by(|one, other| one.off_bp.cmp(&other.off_bp).then_with(|| other.code.cmp(&one.code)));
    let tier = context.tier.map(|it| (&it.name, it.off_bp));
    for (by, off_bp) in tier.into_iter().chain(best.map(|it| (&it.code, it.off_bp))) {
        let off_minor = part(total_minor, off_bp);
        if off_minor > 0 {
            total_minor -= off_minor;
            steps.push(PriceStep { by: by.clone(), off_minor });
        }
    }
    Price { list_minor, total_minor, steps }
}

/// At most the amount itself.
fn part(amount_minor: i64, off_bp: u32) -> i64 {
    let off = (i128::from(amount_minor) * i128::from(off_bp) + BASIS_POINTS / 2) / BASIS_POINTS;
    i64::try_from(off).unwrap_or(amount_minor).clamp(0, amount_minor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_tier_and_the_best_campaign() {
        let discount = |code: &str, off_bp: u32, quantity_min: u32, segment: &str, ends: i64| Discount {
            code: code.into(),
            off_bp,
            starts_at: Timestamp(10),
            ends_at: Timestamp(ends),
            quantity_min,
            segments: Some(segment.to_owned()).filter(|it| !it.is_empty()).into_iter().collect(),
        };
        let discounts = [discount("five", 500, 1, "", 20), discount("ten", 1_000, 3, "", 20), discount("vip", 2_000, 1, "vip", 20), discount("over", 9_000, 1, "", 12)];
        let check = |list_minor: i64, quantity: u32, tier_bp: Option<u32>, now: i64, total: i64, by: &[&str]| {
            let segments = BTreeSet::from(["new".to_owned()]);
            let tier = tier_bp.map(|off_bp| Tier { name: "gold".into(), off_bp });
            let context = PriceContext { now: Timestamp(now), list_minor, quantity, tier: tier.as_ref(), discounts: &discounts, segments: &segments };
            let found = price(&context);
            assert_eq!((found.total_minor, found.steps.iter().map(|it| it.by.as_str()).collect::<Vec<_>>()), (total, by.to_vec()), "{found:?}");
            assert_eq!(found.list_minor - found.steps.iter().map(|it| it.off_minor).sum::<i64>(), found.total_minor);
        };
        check(10_000, 1, None, 15, 9_500, &["five"]);
        check(10_000, 3, None, 15, 27_000, &["ten"]);
        check(10_000, 1, Some(1_000), 15, 8_550, &["gold", "five"]);
        check(10_000, 1, None, 11, 1_000, &["over"]);
        check(10_000, 1, None, 20, 10_000, &[]);
        check(10, 1, None, 15, 9, &["five"]);
        check(9, 1, None, 15, 9, &[]);
        check(-5, 2, None, 15, 0, &[]);
        check(100, 1, Some(20_000), 20, 0, &["gold"]);
        check(i64::MAX, 2, Some(10_000), 20, 0, &["gold"]);
    }
}
