//! Examples that no model has learned yet: a text that is nearly one of them is understood by it at once.

use rapport_model::{IntentChoice, IntentId, Neighbour, Wish};

use super::features::features;
use crate::linear::vocabulary::Feature;

/// From this likeness on an example speaks. Cosine of sets of n-grams: a word more or less in a short sentence stays above it.
const SPEAKS_FROM: f32 = 0.7;
/// How sure a text is that is an example word for word: somebody may have taught wrongly.
const SAME_P: f32 = 0.95;
/// As the model that said so.
const MODEL: &str = "neighbours";

#[derive(Default)]
pub(super) struct Fresh {
    examples: Vec<Example>,
}

/// An example and how near it is.
pub(super) struct Near<'a> {
    example: &'a Example,
    similarity: f32,
}

struct Example {
    intent: IntentId,
    is_out_of_scope: bool,
    text: String,
    /// Sorted, each once.
    features: Vec<Feature>,
}

impl Fresh {
    /// Of each: its intent, whether that holds what is out of scope, the text as written and with jargon replaced.
    pub(super) fn new<'a>(examples: impl Iterator<Item = (IntentId, bool, &'a str, String)>) -> Self {
        let example = |(intent, is_out_of_scope, text, plain): (IntentId, bool, &str, String)| Example {
            intent,
            is_out_of_scope,
            text: text.to_owned(),
            features: keys(&plain),
        };
        Self { examples: examples.map(example).collect() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.examples.is_empty()
    }

    /// The example that a text nearly is.
    pub(super) fn nearest(&self, text: &str) -> Option<Near<'_>> {
        if self.examples.is_empty() {
            return None;
        }
        let keys = keys(text);
        let near = self.examples.iter().map(|example| Near { example, similarity: cosine(&keys, &example.features) });
        near.max_by(|a, b| a.similarity.total_cmp(&b.similarity)).filter(|it| it.similarity >= SPEAKS_FROM)
    }
}

impl Near<'_> {
    /// Puts the example's intent first, where it is nearer than anything that the model knows.
    pub(super) fn speak(&self, wish: &mut Wish, choice_of: impl Fn(IntentId) -> Option<IntentChoice>) {
        let Self { example: nearest, similarity } = *self;
        if nearest.is_out_of_scope {
            wish.choices.iter_mut().for_each(|it| it.evidence.abstained = true);
            return;
        }
        let Some(mut choice) = choice_of(nearest.intent) else { return };
        // Of two that are as near, what was taught last is meant.
        if wish.neighbours.first().is_some_and(|it| it.similarity > similarity) {
            return;
        }
        choice.evidence.p = SAME_P * similarity;
        MODEL.clone_into(&mut choice.evidence.model);
        choice.evidence.threshold = SPEAKS_FROM;
        let label = nearest.intent.to_string();
        wish.neighbours.insert(0, Neighbour { text: nearest.text.clone(), label, similarity });
        wish.choices.retain(|it| it.intent != choice.intent);
        let left = (1.0 - choice.evidence.p) / wish.choices.iter().map(|it| it.evidence.p).sum::<f32>().max(1e-6);
        wish.choices.iter_mut().for_each(|it| it.evidence.p *= left.min(1.0));
        wish.choices.insert(0, choice);
        wish.choices.truncate(3);
    }
}

fn keys(text: &str) -> Vec<Feature> {
    let mut keys = features(text);
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Of two sets, sorted.
fn cosine(a: &[Feature], b: &[Feature]) -> f32 {
    let (mut shared, mut rest) = (0_u16, b);
    for key in a {
        let from = rest.partition_point(|it| it < key);
        rest = rest.get(from..).unwrap_or_default();
        shared = shared.saturating_add(u16::from(rest.first() == Some(key)));
    }
    let size = |it: &[Feature]| f32::from(u16::try_from(it.len()).unwrap_or(u16::MAX));
    f32::from(shared) / (size(a) * size(b)).sqrt().max(1.0)
}

#[cfg(test)]
mod tests {
    use rapport_model::Evidence;

    use super::*;

    fn taught() -> IntentId {
        IntentId::parse("00000000-0000-0000-0000-000000000001").unwrap()
    }

    fn wish_of(text: &str, out_of_scope: bool) -> Wish {
        let id = taught();
        let fresh = Fresh::new([(id, out_of_scope, "鞋子掉色了怎么处理", "鞋子掉色了怎么处理".to_owned())].into_iter());
        let other = IntentChoice { intent: IntentId::parse("00000000-0000-0000-0000-000000000002").unwrap(), evidence: Evidence { p: 0.9, ..Evidence::default() } };
        let mut wish = Wish { choices: vec![other], ..Wish::default() };
        if let Some(near) = fresh.nearest(text) {
            near.speak(&mut wish, |intent| Some(IntentChoice { intent, evidence: Evidence::default() }));
        }
        wish
    }

    #[test]
    fn what_is_nearly_the_example_is_understood_and_nothing_else() {
        let check = |text: &str, sure: bool| {
            let wish = wish_of(text, false);
            let said = wish.sure().is_some_and(|it| it.intent == taught());
            assert_eq!(said, sure, "{text}: {:?}", wish.choices);
        };
        check("鞋子掉色了怎么处理", true);
        check("鞋子掉色了怎么处理？", true);
        check("鞋子什么时候发货", false);
        check("", false);
    }

    #[test]
    fn what_is_taught_as_out_of_scope_is_not_answered() {
        assert!(wish_of("鞋子掉色了怎么处理", true).sure().is_none());
        assert!(wish_of("什么时候发货", true).sure().is_some());
    }
}
