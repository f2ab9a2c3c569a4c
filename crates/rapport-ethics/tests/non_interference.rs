//! Whatever somebody feels, marketing, prices and recommendations stay byte for byte the same, but for being held back.

use std::collections::BTreeSet;

use rand::{Rng as _, SeedableRng as _, rngs::SmallRng};
use rapport_ethics::{Care, Gate, HeavyMoment, HeavyState, PersonRole, Sealed, Subject};
use rapport_model::{Bilingual, ContactId, DAY_MS, FeelingState, MINUTE_MS, Reading, Suppression, Timestamp};
use rapport_offers::{
    Campaign, CoPurchases, Discount, Item, OfferContext, PriceContext, Purchase, PushRules, RecommendContext, SentPush, Tier, marketing, price, recommend,
};

const CONTEXTS: usize = 10_000;
const NOW: Timestamp = Timestamp(1_800_000_000_000);
const SEGMENTS: [&str; 4] = ["new", "vip", "cook", "home"];

/// Everything commerce may know.
struct Facts {
    segments: BTreeSet<String>,
    sent: Vec<SentPush>,
    campaigns: Vec<Campaign>,
    local_minute: u16,
    opted_out: bool,
    list_minor: i64,
    quantity: u32,
    tier: Option<Tier>,
    discounts: Vec<Discount>,
    bought: Vec<Purchase>,
    co_purchases: CoPurchases,
    catalogue: Vec<Item>,
}

/// Everything there is about how the person feels.
struct Feelings {
    reading: Reading,
    state: FeelingState,
    heavy: Option<HeavyMoment>,
}

/// What reaches the outside.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Sold {
    locked: bool,
    pushes: Vec<u8>,
    price: Vec<u8>,
    recommendations: Vec<u8>,
}

fn one<T: Copy>(draw: &mut SmallRng, of: &[T]) -> T {
    *of.get(draw.random_range(0..of.len())).expect("within")
}

fn some(draw: &mut SmallRng, of: &[&str], share: f64) -> BTreeSet<String> {
    of.iter().filter(|_| draw.random_bool(share)).map(|it| (*it).to_owned()).collect()
}

fn around(draw: &mut SmallRng, days: i64) -> Timestamp {
    NOW.plus_ms(draw.random_range(-days * DAY_MS..days * DAY_MS))
}

fn facts(draw: &mut SmallRng) -> Facts {
    let codes = ["a", "b", "c", "d", "e", "f"];
    let mut co_purchases = CoPurchases::default();
    for _ in 0..draw.random_range(0..12) {
        co_purchases.count(&some(draw, &codes, 0.5));
    }
    let campaign = |draw: &mut SmallRng, code: &str| Campaign {
        code: code.to_owned(),
        text: Bilingual::new(format!("{code}活动"), format!("Campaign {code}")),
        segments: some(draw, &SEGMENTS, 0.3),
        starts_at: around(draw, 5),
        ends_at: around(draw, 20),
        weight: draw.random_range(0..3),
    };
    let discount = |draw: &mut SmallRng, code: &str| Discount {
        code: code.to_owned(),
        off_bp: draw.random_range(0..5_000),
        starts_at: around(draw, 5),
        ends_at: around(draw, 20),
        quantity_min: draw.random_range(0..4),
        segments: some(draw, &SEGMENTS, 0.2),
    };
    Facts {
        segments: some(draw, &SEGMENTS, 0.5),
        sent: (0..draw.random_range(0..3)).map(|_| SentPush { campaign: one(draw, &codes).to_owned(), at: around(draw, 10) }).collect(),
        campaigns: codes.iter().map(|it| campaign(draw, it)).collect(),
        local_minute: draw.random_range(0..1_440),
        opted_out: draw.random_bool(0.1),
        list_minor: draw.random_range(0..1_000_000),
        quantity: draw.random_range(0..6),
        tier: draw.random_bool(0.5).then(|| Tier { name: "gold".into(), off_bp: 500 }),
        discounts: codes.iter().map(|it| discount(draw, it)).collect(),
        bought: some(draw, &codes, 0.4).into_iter().map(|item| Purchase { item, at: NOW }).collect(),
        co_purchases,
        catalogue: codes.iter().map(|it| Item { code: (*it).to_owned(), in_stock: draw.random_bool(0.8), repeats: draw.random_bool(0.3), segments: some(draw, &SEGMENTS, 0.3) }).collect(),
    }
}

fn feelings(draw: &mut SmallRng) -> Feelings {
    let state = one(draw, &HeavyState::ALL);
    // Within the day, about its end, long ago, or after a clock that went back.
    let at = NOW.plus_ms(-draw.random_range(-60..4_320) * MINUTE_MS);
    Feelings {
        reading: Reading { valence: draw.random_range(-1.0..1.0), arousal: draw.random_range(-1.0..1.0), anxious: draw.random(), urgent: draw.random(), ..Reading::default() },
        state: one(draw, &FeelingState::ALL),
        heavy: draw.random_bool(0.7).then_some(HeavyMoment { state, at }),
    }
}

/// The path of the product: feelings are sealed, the gate says whether offers wait, commerce does the rest. `leak` is a fault put in on purpose.
fn sell(gate: &Gate, facts: &Facts, feelings: &Feelings, leak: impl Fn(&Feelings, &mut OfferContext<'_>, &mut PriceContext<'_>)) -> Sold {
    let heavy = feelings.heavy.map(Sealed::<_, Care>::new);
    let subject = Subject { contact: ContactId(uuid::Uuid::from_u128(1)), role: PersonRole::Customer, consents: &[] };
    let suppression = gate.suppression(&subject, heavy.as_ref(), NOW).suppression;
    let Facts { segments, sent, campaigns, local_minute, opted_out, .. } = facts;
    let (rules, discounts, quantity) = (PushRules::default(), &facts.discounts, facts.quantity);
    let mut offer = OfferContext { now: NOW, local_minute: *local_minute, segments, sent, opted_out: *opted_out, campaigns, rules, suppression };
    let mut cost = PriceContext { now: NOW, list_minor: facts.list_minor, quantity, tier: facts.tier.as_ref(), discounts, segments };
    leak(feelings, &mut offer, &mut cost);
    let (bought, co_purchases, catalogue) = (&facts.bought, &facts.co_purchases, &facts.catalogue);
    let suggest = RecommendContext { bought, co_purchases, catalogue, segments, opted_out: *opted_out, count_max: 3, suppression };
    let bytes = |it: serde_json::Result<Vec<u8>>| it.expect("it has a JSON form");
    Sold {
        locked: suppression == Suppression::Locked,
        pushes: bytes(serde_json::to_vec(&marketing(&offer))),
        price: bytes(serde_json::to_vec(&price(&cost))),
        recommendations: bytes(serde_json::to_vec(&recommend(&suggest))),
    }
}

/// Whether two answers to the same facts differ in more than being held back.
fn leaks(one: &Sold, other: &Sold) -> bool {
    let mute = |it: &Sold| !it.locked || (it.pushes == b"[]" && it.recommendations == b"[]");
    let same = one.locked || other.locked || (one.pushes == other.pushes && one.recommendations == other.recommendations);
    one.price != other.price || !same || !mute(one) || !mute(other)
}

struct Outcome {
    leaks: usize,
    /// Contexts in which one answer was held back, and in which something was offered at all.
    held_back: usize,
    offered: usize,
}

fn run(contexts: usize, leak: impl Fn(&Feelings, &mut OfferContext<'_>, &mut PriceContext<'_>) + Copy) -> Outcome {
    let gate = Gate::new().expect("what ships");
    let mut draw = SmallRng::seed_from_u64(20_260_101);
    let mut outcome = Outcome { leaks: 0, held_back: 0, offered: 0 };
    for _ in 0..contexts {
        let facts = facts(&mut draw);
        let (before, after) = (sell(&gate, &facts, &feelings(&mut draw), leak), sell(&gate, &facts, &feelings(&mut draw), leak));
        outcome.leaks += usize::from(leaks(&before, &after));
        outcome.held_back += usize::from(before.locked != after.locked);
        outcome.offered += usize::from(!before.locked && !after.locked && before.pushes != b"[]" && before.recommendations != b"[]");
    }
    outcome
}

#[test]
fn no_feeling_moves_an_offer_a_price_or_a_suggestion() {
    let Outcome { leaks, held_back, offered } = run(CONTEXTS, |_, _, _| {});
    println!("BAR {}", serde_json::json!({"name": "non-interference", "figure": leaks, "target": "0 leaks in 10,000", "holds": leaks == 0}));
    assert_eq!(leaks, 0);
    // Otherwise nothing was compared.
    assert!(held_back > CONTEXTS / 5 && offered > CONTEXTS / 20, "held back {held_back}, offered {offered}");
}

#[test]
fn a_leak_of_any_kind_is_found() {
    let cheaper_for_the_angry = run(500, |feelings, _, cost| cost.quantity += u32::from(feelings.state == FeelingState::Angry));
    let later_for_the_sad = run(500, |feelings, offer, _| offer.now = offer.now.plus_ms(if feelings.reading.valence < 0.0 { 10 * DAY_MS } else { 0 }));
    let never_held_back = run(500, |_, offer, _| offer.suppression = Suppression::Open);
    for (what, found) in [("a price", cheaper_for_the_angry), ("a campaign", later_for_the_sad), ("the lock", never_held_back)] {
        assert!(found.leaks > 5, "{what}: {}", found.leaks);
    }
}
