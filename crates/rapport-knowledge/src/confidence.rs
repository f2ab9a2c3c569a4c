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
    /// Share of the best fitting title or question that the customer's words hold.
    pub asked_back: f32,
    /// Harmonic mean of that and of what it holds of the question.
    pub alike: f32,
    /// Weight of the most telling word that neither passage nor title hold, as a share of the question.
    pub missing: f32,
    /// A time, price or number is asked for: 1 where the passage states one, -1 where not, else 0.
    pub fact: f32,
    /// Lead in `covered` and in `alike` over the other articles that were looked at.
    pub covered_lead: f32,
    pub alike_lead: f32,
    /// Share of the question's concepts that title, questions or passage name.
    pub concepts_here: f32,
    /// The question names a matter of the wide world that no article speaks of. Not fitted: such questions are endless.
    pub worldly: bool,
}

impl Features {
    pub const COUNT: usize = 15;

    pub fn values(&self) -> [f32; Self::COUNT] {
        [self.covered, self.covered_by_title, self.covered_by_article, self.score, self.lead, self.unheard, self.concepts, self.length, self.asked_back, self.alike, self.missing, self.fact, self.covered_lead, self.alike_lead, self.concepts_here]
    }

    /// Probability that the best article answers the question.
    /// Source: logistic regression on `packs/demo/questions.jsonl` and `quality/firms`, by `cargo run -p rapport-quality -- answers`.
    pub fn confidence(&self) -> f32 {
        let (weights, bias) = WEIGHTS;
        let sum: f32 = self.values().iter().zip(weights).map(|(value, weight)| value * weight).sum();
        let confidence = 1.0 / (1.0 + (-(sum + bias)).exp());
        if self.worldly { confidence * WORLDLY } else { confidence }
    }
}

/// Weights in the order of `Features::values`, and the bias.
pub const WEIGHTS: ([f32; Features::COUNT], f32) = ([0.47, -0.52, 0.65, 1.08, 1.87, -1.16, 0.33, 0.87, 1.87, 0.37, -0.24, 0.41, 1.51, 1.56, 0.93], -2.92);

/// What is left of the confidence in an answer to a question about the wide world.
pub const WORLDLY: f32 = 0.4;

/// From here an answer is given.
pub const FOUND_MIN: f32 = 0.53;
/// From here articles are offered to choose from.
pub const UNSURE_MIN: f32 = 0.37;
