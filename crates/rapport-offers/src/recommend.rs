//! What else may suit a customer: what is bought together with what they have, weighed by how it fits their segments.

use std::collections::{BTreeMap, BTreeSet};

use rapport_model::{Suppression, Timestamp};
use serde::{Deserialize, Serialize};

/// Something that can be bought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub code: String,
    pub in_stock: bool,
    /// Is bought again and again, and so may be suggested to whoever has it.
    pub repeats: bool,
    /// Whom it is made for; empty means everybody.
    pub segments: BTreeSet<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purchase {
    pub item: String,
    pub at: Timestamp,
}

/// In how many orders each item was, and each two together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoPurchases {
    orders: BTreeMap<String, u32>,
    together: BTreeMap<String, BTreeMap<String, u32>>,
}

impl CoPurchases {
    /// Counts one order; an item twice in it counts once.
    pub fn count(&mut self, order: &BTreeSet<String>) {
        for item in order {
            *self.orders.entry(item.clone()).or_default() += 1;
            let row = self.together.entry(item.clone()).or_default();
            for other in order.iter().filter(|it| *it != item) {
                *row.entry(other.clone()).or_default() += 1;
            }
        }
    }

    /// Cosine of two items over orders, 0 to 1. Source: Linden, Smith, York, "Amazon.com Recommendations: Item-to-Item Collaborative Filtering", 2003.
    fn likeness(&self, one: &str, other: &str) -> f64 {
        let orders = |item: &str| self.orders.get(item).copied().map_or(0.0, f64::from);
        let together = self.together.get(one).and_then(|it| it.get(other)).copied().map_or(0.0, f64::from);
        let norm = (orders(one) * orders(other)).sqrt();
        if norm > 0.0 { together / norm } else { 0.0 }
    }
}

/// All that may be known for it.
#[derive(Clone, Copy, Debug)]
pub struct RecommendContext<'a> {
    /// Empty where the customer does not want to be known.
    pub bought: &'a [Purchase],
    pub co_purchases: &'a CoPurchases,
    pub catalogue: &'a [Item],
    pub segments: &'a BTreeSet<String>,
    pub opted_out: bool,
    pub count_max: usize,
    /// From the gate.
    pub suppression: Suppression,
}

/// A suggestion, and which purchase it rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recommendation {
    pub item: String,
    /// Sum of the likenesses to what was bought, times the fit; above zero.
    pub score: f64,
    /// The purchase that is most like it.
    pub because_of: String,
}

/// Best first, equal ones by their code. What nobody bought together with the customer's own is not suggested.
pub fn recommend(context: &RecommendContext<'_>) -> Vec<Recommendation> {
    match context.suppression {
        Suppression::Locked => return Vec::new(),
        Suppression::Open => {}
    }
    if context.opted_out {
        return Vec::new();
    }
    let has: BTreeSet<_> = context.bought.iter().map(|it| it.item.as_str()).collect();
    let open = context.catalogue.iter().filter(|it| it.in_stock && (it.repeats || !has.contains(it.code.as_str())));
    let mut found: Vec<_> = open.filter_map(|item| suggestion(item, &has, context)).collect();
    found.sort_by(|one, other| other.score.total_cmp(&one.score).then_with(|| one.item.cmp(&other.item)));
    found.truncate(context.count_max);
    found
}

fn suggestion(item: &Item, has: &BTreeSet<&str>, context: &RecommendContext<'_>) -> Option<Recommendation> {
    let likenesses = has.iter().map(|it| (*it, context.co_purchases.likeness(it, &item.code)));
    let (mut sum, mut nearest) = (0.0, ("", 0.0));
    for (bought, likeness) in likenesses {
        sum += likeness;
        if likeness > nearest.1 {
            nearest = (bought, likeness);
        }
    }
    let score = sum * fit(item, context.segments);
    (score > 0.0).then(|| Recommendation { item: item.code.clone(), score, because_of: nearest.0.to_owned() })
}

/// Made for everybody 1, for one of the customer's segments 1.5, for others a half.
fn fit(item: &Item, segments: &BTreeSet<String>) -> f64 {
    match (item.segments.is_empty(), item.segments.is_disjoint(segments)) {
        (true, _) => 1.0,
        (false, false) => 1.5,
        (false, true) => 0.5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(items: &[&str]) -> BTreeSet<String> {
        items.iter().map(|it| (*it).to_owned()).collect()
    }

    #[test]
    fn what_is_bought_together_is_suggested() {
        let mut co_purchases = CoPurchases::default();
        for order in [&["pot", "lid"][..], &["pot", "lid", "oil"], &["pot", "glove"], &["rug", "lamp"], &["pot", "gone"]] {
            co_purchases.count(&set(order));
        }
        let item = |code: &str, segments: &[&str]| Item { code: code.into(), in_stock: code != "gone", repeats: code == "oil", segments: set(segments) };
        let catalogue = [item("glove", &["cook"]), item("lamp", &[]), item("lid", &[]), item("oil", &[]), item("pot", &[]), item("rug", &["home"]), item("gone", &[])];
        let check = |bought: &[&str], segments: &[&str], locked: bool, expected: &[(&str, &str)]| {
            let bought: Vec<_> = bought.iter().map(|it| Purchase { item: (*it).to_owned(), at: Timestamp(0) }).collect();
            let suppression = if locked { Suppression::Locked } else { Suppression::Open };
            let (co_purchases, segments) = (&co_purchases, set(segments));
            let context = RecommendContext { bought: &bought, co_purchases, catalogue: &catalogue, segments: &segments, opted_out: false, count_max: 3, suppression };
            let found = recommend(&context);
            assert_eq!(found.iter().map(|it| (it.item.as_str(), it.because_of.as_str())).collect::<Vec<_>>(), expected, "{found:?}");
            assert_eq!(recommend(&RecommendContext { opted_out: true, ..context }), []);
        };
        check(&["pot"], &[], false, &[("lid", "pot"), ("oil", "pot"), ("glove", "pot")]);
        check(&["pot"], &["cook"], false, &[("glove", "pot"), ("lid", "pot"), ("oil", "pot")]);
        check(&["lamp"], &["cook"], false, &[("rug", "lamp")]);
        check(&["pot", "oil"], &[], false, &[("lid", "oil"), ("oil", "pot"), ("glove", "pot")]);
        check(&[], &[], false, &[]);
        check(&["pot"], &[], true, &[]);
    }
}
