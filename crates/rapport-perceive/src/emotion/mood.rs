//! The mood of a conversation: readings of several modalities fused into a course of valence and arousal, a state, and a level that rules act on.
//!
//! Valence and arousal are two independent Kalman filters that return to rest between turns; the state is a hidden Markov chain over
//! `FeelingState::ALL`; the level has hysteresis, so that it neither flickers nor lingers. Nothing here reads a clock.
//! Source: R. E. Kalman, "A new approach to linear filtering and prediction problems" (1960); L. R. Rabiner, "A tutorial on hidden Markov models" (1989).

use std::collections::VecDeque;

use rapport_model::{FeelingState, Modality, Reading, Seq, Timestamp, Weight};
use serde::{Deserialize, Serialize};

use super::text::EMPTY_STATES as PRIOR;

/// When a level is entered and left. A tenant may move these; the defaults are what is measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Rules {
    /// P(upset or angry) above this counts a turn towards raising.
    pub enter_p: f32,
    /// So many such turns one after the other raise.
    pub enter_turns: u32,
    /// P(upset or angry) below this counts a turn towards recovery.
    pub leave_p: f32,
    pub leave_turns: u32,
    /// P(angry) above this raises at the first turn.
    pub at_once_p: f32,
    /// Once raised it stays so at least this long. Milliseconds.
    pub dwell_ms: i64,
}

impl Default for Rules {
    fn default() -> Self {
        Self { enter_p: 0.75, enter_turns: 2, leave_p: 0.4, leave_turns: 3, at_once_p: 0.85, dwell_ms: 60_000 }
    }
}

/// Why a level was raised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", content = "what", rename_all = "snake_case")]
pub enum Cause {
    /// Turns in which the customer was probably upset or angry.
    Feeling,
    /// Words that call for a person, as found.
    Alarm(String),
    /// What only the caller knows: the third contact on one matter, a missed deadline.
    Circumstance(String),
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "level", rename_all = "snake_case")]
pub enum Level {
    #[default]
    Normal,
    Raised { since: Timestamp, by: Cause },
}

/// One turn of the customer in the trend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Point {
    /// The entry of the journal that moved it.
    pub seq: Seq,
    pub at: Timestamp,
    pub valence: f32,
    pub arousal: f32,
    pub state: FeelingState,
    /// P(upset or angry) after this turn.
    pub tense: f32,
    pub raised: bool,
    /// What moved it, strongest first.
    pub moved: Vec<Weight>,
}

/// Turns kept in the trend.
pub const TREND_MAX: usize = 60;
const MOVED_MAX: usize = 4;

/// Time constants of the return to rest: valence, arousal. Seconds.
const TAU_S: [f32; 2] = [180.0, 90.0];
/// Growth of the variance: valence, arousal. Per second.
const DRIFT: [f32; 2] = [0.004, 0.006];
/// The variance grows no further than this however long nobody writes.
const VARIANCE_MAX: f32 = 0.5;
/// Where valence and arousal rest.
const REST: [f32; 2] = [0.0, 0.0];
/// An observation whose squared Mahalanobis distance is above this is taken for an error of the model.
const GATE: f32 = 9.0;
/// How much a reading of full uncertainty inflates its noise.
const ENTROPY_NOISE: f32 = 3.0;
/// How much of its weight for the states it loses.
const ENTROPY_TRUST: f32 = 0.5;
/// The states move along their order: stay, to a neighbour, further.
const STAY: f32 = 0.88;
const NEIGHBOUR: f32 = 0.10;
const JUMP: f32 = 0.02;
/// Where each state lies in valence and arousal, and how wide.
const ANCHORS: [[f32; 2]; 4] = [[0.15, 0.0], [-0.2, 0.1], [-0.45, 0.3], [-0.7, 0.7]];
const SPREAD: [f32; 2] = [0.35, 0.45];
/// How much the place in valence and arousal counts beside the reading's own states.
const PLACE_WEIGHT: f32 = 0.35;

/// Variance of an observation: valence, arousal.
fn noise(modality: Modality) -> [f32; 2] {
    match modality {
        Modality::Text => [0.06, 0.25],
        Modality::Voice => [0.4, 0.08],
        Modality::Behaviour => [0.3, 0.2],
    }
}

/// How much the states of a reading count, by where it comes from: what a voice or a manner says of them is weak.
fn trust(modality: Modality) -> f32 {
    match modality {
        Modality::Text => 1.0,
        Modality::Voice => 0.4,
        Modality::Behaviour => 0.3,
    }
}

/// One filtered number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Axis {
    mean: f32,
    variance: f32,
}

/// The course of one conversation. Its holder keeps it sealed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mood {
    axes: [Axis; 2],
    belief: [f32; 4],
    /// Entry and time of the last observation.
    last: Option<(Seq, Timestamp)>,
    /// Belief before the turn of `last`, so that a second modality of one turn moves the states on no further step.
    before: [f32; 4],
    /// Turns above and below the thresholds before the turn of `last`, one after the other.
    tense_turns: u32,
    easy_turns: u32,
    level: Level,
    trend: VecDeque<Point>,
}

impl Default for Mood {
    fn default() -> Self {
        let rest = |mean: f32| Axis { mean, variance: 0.1 };
        Self { axes: REST.map(rest), belief: PRIOR, last: None, before: PRIOR, tense_turns: 0, easy_turns: 0, level: Level::Normal, trend: VecDeque::new() }
    }
}

impl Mood {
    /// Takes in what one modality shows of one turn. Readings of the same `seq` are one turn.
    pub fn observe(&mut self, rules: &Rules, seq: Seq, at: Timestamp, modality: Modality, reading: &Reading) {
        if !is_sound(reading) {
            return;
        }
        let same_turn = self.last.is_some_and(|it| it.0 == seq);
        if !same_turn {
            self.close_turn(rules);
            self.before = moved_on(self.belief);
        }
        self.rest_until(at);
        self.last = Some((seq, at));
        let gated = self.filter(modality, reading);
        let prior = if same_turn { self.belief } else { self.before };
        self.belief = self.updated(prior, modality, reading, gated);
        self.raise_or_lower(rules, at, reading);
        self.note(seq, at, reading, same_turn);
    }

    /// Raises the level for a reason that no reading shows.
    pub fn raise(&mut self, at: Timestamp, why: impl Into<String>) {
        if self.level == Level::Normal {
            self.level = Level::Raised { since: at, by: Cause::Circumstance(why.into()) };
        }
    }

    pub fn level(&self) -> &Level {
        &self.level
    }

    pub fn is_raised(&self) -> bool {
        matches!(self.level, Level::Raised { .. })
    }

    /// The likeliest state; the milder one of equals.
    pub fn state(&self) -> FeelingState {
        let mut best = (FeelingState::Calm, f32::MIN);
        for (state, p) in FeelingState::ALL.into_iter().zip(self.belief) {
            if p > best.1 {
                best = (state, p);
            }
        }
        best.0
    }

    /// Probabilities in the order of `FeelingState::ALL`.
    pub fn states(&self) -> [f32; 4] {
        self.belief
    }

    /// P(upset or angry).
    pub fn tense(&self) -> f32 {
        let [_, _, upset, angry] = self.belief;
        upset + angry
    }

    /// -1 (bad) to 1 (good).
    pub fn valence(&self) -> f32 {
        self.axes[0].mean
    }

    /// -1 (drowsy) to 1 (agitated).
    pub fn arousal(&self) -> f32 {
        self.axes[1].mean
    }

    /// The turns so far, the newest last; the oldest fall away after `TREND_MAX`.
    pub fn trend(&self) -> impl ExactSizeIterator<Item = &Point> + DoubleEndedIterator {
        self.trend.iter()
    }

    /// What the turn of `last` counts for is settled when the next begins.
    fn close_turn(&mut self, rules: &Rules) {
        let Some((_, last)) = self.last else { return };
        // The turn that raised, and those before it, are no recovery.
        let raised_by_it = matches!(&self.level, Level::Raised { since, .. } if *since >= last);
        let tense = self.tense();
        self.tense_turns = if tense > rules.enter_p { self.tense_turns.saturating_add(1) } else { 0 };
        self.easy_turns = if tense < rules.leave_p && !raised_by_it { self.easy_turns.saturating_add(1) } else { 0 };
    }

    fn rest_until(&mut self, at: Timestamp) {
        let Some((_, last)) = self.last else { return };
        let elapsed_s = seconds(at.since_ms(last));
        for (((axis, tau), drift), rest) in self.axes.iter_mut().zip(TAU_S).zip(DRIFT).zip(REST) {
            let kept = (-elapsed_s / tau).exp();
            axis.mean = rest + kept * (axis.mean - rest);
            axis.variance = (kept * kept * axis.variance + drift * elapsed_s).min(VARIANCE_MAX);
        }
    }

    /// One step of both filters. Whether the observation was too far off to be believed.
    fn filter(&mut self, modality: Modality, reading: &Reading) -> bool {
        let inflated = 1.0 + ENTROPY_NOISE * entropy(&reading.states);
        let noise = noise(modality).map(|it| it * inflated);
        let observed = [reading.valence.clamp(-1.0, 1.0), reading.arousal.clamp(-1.0, 1.0)];
        let parts = self.axes.iter().zip(noise).zip(observed);
        let distance: f32 = parts.map(|((axis, noise), observed)| (observed - axis.mean).powi(2) / (axis.variance + noise)).sum();
        if distance > GATE {
            return true;
        }
        for ((axis, noise), observed) in self.axes.iter_mut().zip(noise).zip(observed) {
            let gain = axis.variance / (axis.variance + noise);
            axis.mean += gain * (observed - axis.mean);
            axis.variance *= 1.0 - gain;
        }
        false
    }

    /// The belief after a reading: its states as likelihoods, and where the filters stand.
    fn updated(&self, prior: [f32; 4], modality: Modality, reading: &Reading, gated: bool) -> [f32; 4] {
        let mut belief = prior;
        // What was too far off for the filters still counts by its words, by half.
        // A reading that is unsure of itself counts less than its probabilities alone say: two of them in a row prove little.
        let trust = trust(modality) * if gated { 0.5 } else { 1.0 } * (1.0 - ENTROPY_TRUST * entropy(&reading.states));
        for (((belief, p), prior), anchor) in belief.iter_mut().zip(reading.states).zip(PRIOR).zip(ANCHORS) {
            let said = (p.clamp(0.005, 0.995) / prior).powf(trust);
            let squared: f32 = self.axes.iter().zip(anchor).zip(SPREAD).map(|((axis, anchor), spread)| ((axis.mean - anchor) / spread).powi(2)).sum();
            *belief *= said * (-0.5 * squared * PLACE_WEIGHT).exp();
        }
        normalised(belief)
    }

    fn raise_or_lower(&mut self, rules: &Rules, at: Timestamp, reading: &Reading) {
        let (tense, [_, _, _, angry]) = (self.tense(), self.belief);
        match &self.level {
            Level::Normal => {
                let turns = if tense > rules.enter_p { self.tense_turns.saturating_add(1) } else { 0 };
                if let Some(alarm) = reading.alarms.first() {
                    self.level = Level::Raised { since: at, by: Cause::Alarm(alarm.clone()) };
                } else if turns >= rules.enter_turns || angry > rules.at_once_p {
                    self.level = Level::Raised { since: at, by: Cause::Feeling };
                }
            }
            Level::Raised { since, .. } => {
                let turns = if tense < rules.leave_p { self.easy_turns.saturating_add(1) } else { 0 };
                if reading.alarms.is_empty() && turns >= rules.leave_turns && at.since_ms(*since) >= rules.dwell_ms {
                    self.level = Level::Normal;
                }
            }
        }
    }

    fn note(&mut self, seq: Seq, at: Timestamp, reading: &Reading, same_turn: bool) {
        let mut moved = if same_turn { self.trend.pop_back().map(|it| it.moved).unwrap_or_default() } else { Vec::new() };
        moved.extend(reading.features.iter().cloned());
        moved.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
        moved.truncate(MOVED_MAX);
        let point = Point { seq, at, valence: self.valence(), arousal: self.arousal(), state: self.state(), tense: self.tense(), raised: self.is_raised(), moved };
        self.trend.push_back(point);
        while self.trend.len() > TREND_MAX {
            self.trend.pop_front();
        }
    }
}

/// A reading with numbers to go by; a broken one changes nothing.
fn is_sound(reading: &Reading) -> bool {
    let sum: f32 = reading.states.iter().sum();
    reading.valence.is_finite() && reading.arousal.is_finite() && reading.states.iter().all(|it| it.is_finite() && *it >= 0.0) && sum > 0.5
}

#[expect(clippy::cast_possible_truncation, reason = "a time constant of minutes needs no more than f32 holds")]
fn seconds(ms: i64) -> f32 {
    // Ten hours later nothing of a mood is left.
    (f64::from(i32::try_from(ms.clamp(0, 36_000_000)).unwrap_or_default()) / 1000.0) as f32
}

/// Entropy as a share of the greatest possible, 0 to 1.
fn entropy(states: &[f32; 4]) -> f32 {
    states.iter().filter(|it| **it > 0.0).map(|it| -it * it.ln()).sum::<f32>() / 4.0_f32.ln()
}

fn moved_on(belief: [f32; 4]) -> [f32; 4] {
    let mut next = [0.0_f32; 4];
    for (from, p) in belief.into_iter().enumerate() {
        let share: [f32; 4] = std::array::from_fn(|to| match from.abs_diff(to) {
            0 => STAY,
            1 => NEIGHBOUR,
            _ => JUMP,
        });
        let sum: f32 = share.iter().sum();
        for (next, share) in next.iter_mut().zip(share) {
            *next += p * share / sum;
        }
    }
    next
}

fn normalised(belief: [f32; 4]) -> [f32; 4] {
    let sum: f32 = belief.iter().sum();
    if sum > 0.0 && sum.is_finite() { belief.map(|it| it / sum) } else { PRIOR }
}

#[cfg(test)]
mod tests {
    use rapport_model::{FeelingState, Modality, Reading, Seq, Timestamp};

    use super::{Cause, Level, Mood, Rules, TREND_MAX};

    fn reading(state: FeelingState) -> Reading {
        let states = FeelingState::ALL.map(|it| if it == state { 0.91 } else { 0.03 });
        let (valence, arousal) = match state {
            FeelingState::Calm => (0.2, 0.0),
            FeelingState::Concerned => (-0.2, 0.1),
            FeelingState::Upset => (-0.5, 0.3),
            FeelingState::Angry => (-0.8, 0.8),
        };
        Reading { valence, arousal, states, ..Reading::default() }
    }

    /// Turns of half a minute: `c`alm, c`o`ncerned, `u`pset, `a`ngry, `!` an alarm in a calm text. After each, whether the level is raised.
    fn check(turns: &str, raised: &str) {
        let (mut mood, mut seen) = (Mood::default(), String::new());
        for (number, turn) in (1_u64..).zip(turns.chars()) {
            let mut it = reading(match turn {
                'o' => FeelingState::Concerned,
                'u' => FeelingState::Upset,
                'a' => FeelingState::Angry,
                _ => FeelingState::Calm,
            });
            if turn == '!' {
                it.alarms.push("律师函".to_owned());
            }
            mood.observe(&Rules::default(), Seq(number), Timestamp(30_000 * i64::try_from(number).unwrap()), Modality::Text, &it);
            seen.push(if mood.is_raised() { 'R' } else { '-' });
        }
        assert_eq!(seen, raised, "{turns}");
    }

    #[test]
    fn the_level_rises_and_falls_with_hysteresis() {
        check("cccc", "----");
        check("cooo", "----");
        check("cucc", "----");
        check("cuuu", "---R");
        check("caa", "--R");
        check("uuuccccc", "-RRRRR--");
        check("uuucucccc", "-RRRRRRR-");
    }

    #[test]
    fn an_alarm_raises_at_once_and_says_why() {
        check("c!cccc", "-RRR--");
        let mut mood = Mood::default();
        let mut it = reading(FeelingState::Calm);
        it.alarms.push("报警".to_owned());
        mood.observe(&Rules::default(), Seq(1), Timestamp(5), Modality::Text, &it);
        assert_eq!(mood.level(), &Level::Raised { since: Timestamp(5), by: Cause::Alarm("报警".to_owned()) });
    }

    #[test]
    fn it_stays_raised_for_the_dwell_however_fast_the_calm_comes() {
        let mut mood = Mood::default();
        mood.raise(Timestamp(0), "third contact on one matter");
        for number in 1..=6_u64 {
            mood.observe(&Rules::default(), Seq(number), Timestamp(1_000 * i64::try_from(number).unwrap()), Modality::Text, &reading(FeelingState::Calm));
        }
        assert!(mood.is_raised());
        mood.observe(&Rules::default(), Seq(7), Timestamp(61_000), Modality::Text, &reading(FeelingState::Calm));
        assert!(!mood.is_raised());
    }

    #[test]
    fn a_missing_modality_changes_nothing_and_a_second_makes_no_second_turn() {
        let mut with = Mood::default();
        let behaviour = Reading { valence: -0.1, arousal: 0.6, states: [0.4, 0.2, 0.2, 0.2], ..Reading::default() };
        with.observe(&Rules::default(), Seq(1), Timestamp(0), Modality::Text, &reading(FeelingState::Upset));
        let alone = with.clone();
        with.observe(&Rules::default(), Seq(1), Timestamp(0), Modality::Behaviour, &behaviour);
        assert_eq!(with.trend().len(), 1);
        assert!(with.arousal() > alone.arousal() && !with.is_raised());
        let mut broken = alone.clone();
        broken.observe(&Rules::default(), Seq(2), Timestamp(9), Modality::Voice, &Reading { valence: f32::NAN, states: [0.25; 4], ..Reading::default() });
        broken.observe(&Rules::default(), Seq(2), Timestamp(9), Modality::Voice, &Reading::default());
        assert_eq!(broken, alone);
    }

    #[test]
    fn feelings_fade_between_turns() {
        let mut mood = Mood::default();
        mood.observe(&Rules::default(), Seq(1), Timestamp(0), Modality::Text, &reading(FeelingState::Angry));
        let then = mood.valence();
        let neutral = Reading { valence: 0.0, arousal: 0.0, states: [0.25; 4], ..Reading::default() };
        let mut soon = mood.clone();
        soon.observe(&Rules::default(), Seq(2), Timestamp(1_000), Modality::Text, &neutral);
        mood.observe(&Rules::default(), Seq(2), Timestamp(600_000), Modality::Text, &neutral);
        assert!(then < -0.2 && soon.valence() < mood.valence() && mood.valence() > -0.05, "{then} {} {}", soon.valence(), mood.valence());
    }

    #[test]
    fn it_is_stored_as_it_was_and_bounded() {
        let mut mood = Mood::default();
        for number in 1..200_u64 {
            mood.observe(&Rules::default(), Seq(number), Timestamp(0), Modality::Text, &reading(FeelingState::ALL[usize::try_from(number % 4).unwrap()]));
        }
        assert_eq!(mood.trend().len(), TREND_MAX);
        assert_eq!(mood.trend().last().map(|it| it.seq), Some(Seq(199)));
        let again: Mood = serde_json::from_str(&serde_json::to_string(&mood).unwrap()).unwrap();
        assert_eq!(again, mood);
        assert!((mood.states().iter().sum::<f32>() - 1.0).abs() < 1e-4);
    }
}
