//! How sure an answer is: features of question and best article, made into a probability by weights fitted in `quality/`.

/// What the decision rests on, each 0..=1 unless said otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Features {
    /// Share of the question (weighted by rarity) that the passage or the title holds.
    pub covered: f32,
    /// The same for title and questions alone.
    pub covered_by_title: f32,
    /// The same for the whole article.
    pub covered_by_article: f32,
    /// Score of the best article relative to what the question could score.
    pub score: f32,
    /// Lead over the next article of the same language.
    pub lead: f32,
    /// Share of the question that no article holds in any form.
    pub unheard: f32,
    /// Share of the question's service concepts that title or questions name.
    pub concepts: f32,
    /// How much there is to go by: tokens with a subject, saturating at eight.
    pub length: f32,
}

impl Features {
    pub const COUNT: usize = 8;

    pub fn values(&self) -> [f32; Self::COUNT] {
        [self.covered, self.covered_by_title, self.covered_by_article, self.score, self.lead, self.unheard, self.concepts, self.length]
    }

    /// Probability that the best article answers the question.
    /// Source: logistic regression on `packs/demo/questions.jsonl`, figures in `quality/results/answers.json`.
    pub fn confidence(&self) -> f32 {
        let (weights, bias) = WEIGHTS;
        let sum: f32 = self.values().iter().zip(weights).map(|(value, weight)| value * weight).sum();
        1.0 / (1.0 + (-(sum + bias)).exp())
    }
}

/// Weights in the order of `Features::values`, and the bias.
pub const WEIGHTS: ([f32; Features::COUNT], f32) = ([2.5, 1.5, 1.0, 2.0, 1.0, -2.0, 1.5, 0.0], -3.5);

/// From here an answer is given.
pub const FOUND_MIN: f32 = 0.5;
/// From here articles are offered to choose from.
pub const UNSURE_MIN: f32 = 0.25;
