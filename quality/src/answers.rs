//! Questions in customers' words: how many are answered from the right article, and how many that nothing answers are refused.

use std::{io::Write as _, path::Path};

use rapport_knowledge::{Answer, FOUND_MIN, Features, UNSURE_MIN};
use rapport_model::Locale;

use crate::{
    fit::{Sample, Weights, fit, probability},
    pool::{self, Asked, Pool},
    report::{Report, sha256},
};

/// Targets: questions with an answer that get it, and questions without that are refused.
const ANSWERED_MIN: f64 = 0.80;
const REFUSED_MIN: f64 = 0.85;
/// An answer that is wrong costs half of what a right one is worth, in choosing the threshold.
const WRONG_COST: f64 = 0.5;

/// A question, the articles that were looked at for it, and whether one of them could answer.
struct Outcome {
    answerable: bool,
    samples: Vec<Sample>,
}

/// The article that is taken for the answer: how likely, and whether it is the right one.
struct Best {
    probability: f64,
    right: bool,
}

pub(crate) fn measure(root: &Path, errors: bool) -> anyhow::Result<Report> {
    let demo = pool::demo(&root.join("packs/demo"))?;
    let firms = pool::firms(&root.join("quality/firms"))?;
    let unseen = pool::firms(&root.join("quality/unseen"))?;
    let mut report = Report::new("answers", "packs/demo, quality/firms, quality/unseen");
    let pools: Vec<&Pool> = std::iter::once(&demo).chain(&firms).chain(&unseen).collect();
    report.sha256 = sha256(&pools.iter().map(|it| it.content.as_bytes()).collect::<Vec<_>>());
    for (name, pools) in [("demo", vec![&demo]), ("firms", firms.iter().collect()), ("unseen firms", unseen.iter().collect())] {
        shipped(&mut report, name, &pools, errors);
    }
    let learned: Vec<Vec<Outcome>> = firms.iter().map(outcomes).collect();
    demo_held_out(&mut report, &demo, &learned);
    firms_held_out(&mut report, &learned);
    fitted(&mut report, learned, outcomes(&demo));
    Ok(report)
}

/// Why a question is answered as it is.
pub(crate) fn explain(pool: &Pool, question: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for (id, features) in pool.index.assess(question, Locale::Zh) {
        writeln!(out, "{:.2} {} {features:.2?}", features.confidence(), pool.titles.get(&id).map_or("", String::as_str))?;
    }
    writeln!(out, "{:#?}", pool.index.answer(question, Locale::Zh))?;
    Ok(())
}

fn outcomes(pool: &Pool) -> Vec<Outcome> {
    let outcome = |asked: &Asked| {
        let seen = pool.index.assess(&asked.text, asked.locale);
        let sample = |(id, features): (_, Features)| Sample { features: features.values().map(f64::from), worldly: features.worldly, right: Some(id) == asked.expect };
        Outcome { answerable: asked.expect.is_some(), samples: seen.into_iter().map(sample).collect() }
    };
    pool.questions.iter().map(outcome).collect()
}

fn best(weights: &Weights, outcome: &Outcome) -> Best {
    let guesses = outcome.samples.iter().map(|it| Best { probability: probability(weights, it), right: it.right });
    guesses.max_by(|a, b| a.probability.total_cmp(&b.probability)).unwrap_or(Best { probability: 0.0, right: false })
}

/// What became of a question.
#[derive(Default)]
struct Said {
    answerable: bool,
    /// Answered from the right article, or refused where there is none.
    right: bool,
    /// Answered from the right article, with the fact in the text.
    fact: Option<bool>,
    /// Answered, though not from the right article or though nothing answers it.
    wrong: bool,
    /// The right article was answered from or offered.
    offered: bool,
}

fn judge(asked: &Asked, answer: &Answer) -> Said {
    let answerable = asked.expect.is_some();
    let (text, cited, found) = match answer {
        Answer::Found { text, citations, .. } => (text.as_str(), citations.as_slice(), true),
        Answer::Unsure { candidates, .. } => ("", candidates.as_slice(), false),
        Answer::Unknown { .. } => ("", [].as_slice(), false),
    };
    let first = answerable && cited.first().map(|it| it.article) == asked.expect;
    let right = if answerable { found && first } else { !found };
    let fact = asked.contains.as_ref().filter(|_| answerable).map(|it| right && text.to_lowercase().contains(&it.to_lowercase()));
    Said { answerable, right, fact, wrong: found && !first, offered: first }
}

fn flag(value: bool) -> f64 {
    f64::from(u8::from(value))
}

/// The product as it ships.
fn shipped(report: &mut Report, name: &str, pools: &[&Pool], errors: bool) {
    let mut said: Vec<(Locale, Said)> = Vec::new();
    for pool in pools {
        for asked in &pool.questions {
            let answer = pool.index.answer(&asked.text, asked.locale);
            let it = judge(asked, &answer);
            if errors && it.right && it.fact == Some(false) {
                report.notes.push(format!("{:<15} without {:?}: {} | {answer:?}", pool.name, asked.contains.as_deref().unwrap_or_default(), asked.text));
            }
            if errors && !it.right {
                report.notes.push(line(pool, asked, &answer));
            }
            said.push((asked.locale, it));
        }
    }
    let pick = |answerable: bool, value: &dyn Fn(&Said) -> bool| -> Vec<f64> { said.iter().filter(|it| it.1.answerable == answerable).map(|it| flag(value(&it.1))).collect() };
    report.mean(format!("{name}: answered right"), &pick(true, &|it| it.right));
    report.mean(format!("{name}: answered right or offered first"), &pick(true, &|it| it.offered));
    report.mean(format!("{name}: answered wrong"), &pick(true, &|it| it.wrong));
    report.mean(format!("{name}: refused right"), &pick(false, &|it| it.right));
    let facts: Vec<f64> = said.iter().filter_map(|it| it.1.fact).map(flag).collect();
    if !facts.is_empty() {
        report.mean(format!("{name}: answer states the fact"), &facts);
    }
    for locale in [Locale::Zh, Locale::En] {
        let of = |answerable: bool| -> Vec<f64> { said.iter().filter(|it| it.0 == locale && it.1.answerable == answerable).map(|it| flag(it.1.right)).collect() };
        report.mean(format!("{name}, {}: answered right", locale.tag()), &of(true));
        report.mean(format!("{name}, {}: refused right", locale.tag()), &of(false));
    }
}

fn line(pool: &Pool, asked: &Asked, answer: &Answer) -> String {
    let cited: &[_] = match answer {
        Answer::Found { citations, .. } => citations,
        Answer::Unsure { candidates, .. } => candidates,
        Answer::Unknown { .. } => &[],
    };
    let cited: Vec<&str> = cited.iter().map(|it| it.title.as_str()).collect();
    let expect = asked.expect.and_then(|it| pool.titles.get(&it)).map_or("none", String::as_str);
    format!("{:<15} {:<8} {:.2} {} | expected {expect} | {}", pool.name, answer.outcome(), answer.confidence(), asked.text, cited.join(" / "))
}

fn samples<'a>(pools: impl Iterator<Item = &'a Vec<Outcome>> + Clone) -> impl Iterator<Item = &'a Sample> + Clone {
    pools.flatten().flat_map(|it| &it.samples)
}

/// Answered right and refused right, a question each, at a threshold.
fn counted(weights: &Weights, threshold: f64, outcomes: &[Outcome]) -> (Vec<f64>, Vec<f64>) {
    let (mut answered, mut refused) = (Vec::new(), Vec::new());
    for it in outcomes {
        let best = best(weights, it);
        let found = best.probability >= threshold;
        if it.answerable { answered.push(flag(found && best.right)) } else { refused.push(flag(!found)) }
    }
    (answered, refused)
}

const FOLDS: usize = 5;

/// Weights and threshold chosen on the firms and four folds of the demo's questions, applied to the fifth.
fn demo_held_out(report: &mut Report, demo: &Pool, firms: &[Vec<Outcome>]) {
    let (mut answered, mut refused) = (Vec::new(), Vec::new());
    for fold in 0..FOLDS {
        let (mut learned, mut test) = (Vec::new(), Vec::new());
        for (asked, outcome) in demo.questions.iter().zip(outcomes(demo)) {
            if fold_of(&asked.text) == fold { test.push(outcome) } else { learned.push(outcome) }
        }
        let pools = firms.iter().chain(std::iter::once(&learned));
        let weights = fit(samples(pools.clone()));
        let (a, r) = counted(&weights, best_threshold(&weights, pools), &test);
        answered.extend(a);
        refused.extend(r);
    }
    let answered = report.mean(format!("demo, held out in {FOLDS} folds: answered right"), &answered);
    let refused = report.mean(format!("demo, held out in {FOLDS} folds: refused right"), &refused);
    report.bar("answers-right", answered, ANSWERED_MIN);
    report.bar("answers-refused", refused, REFUSED_MIN);
}

/// Neighbouring lines ask about the same article: questions are dealt to the folds by a hash of their words.
fn fold_of(text: &str) -> usize {
    text.bytes().fold(7_usize, |hash, byte| hash.wrapping_mul(31).wrapping_add(usize::from(byte))) / 64 % FOLDS
}

/// Each firm by what the others teach.
fn firms_held_out(report: &mut Report, firms: &[Vec<Outcome>]) {
    let (mut answered, mut refused) = (Vec::new(), Vec::new());
    for (out, test) in firms.iter().enumerate() {
        let others = firms.iter().enumerate().filter(move |it| it.0 != out).map(|it| it.1);
        let weights = fit(samples(others.clone()));
        let (a, r) = counted(&weights, best_threshold(&weights, others), test);
        answered.extend(a);
        refused.extend(r);
    }
    report.mean("each firm, weights and threshold of the others: answered right", &answered);
    report.mean("each firm, weights and threshold of the others: refused right", &refused);
}

/// The threshold with the best mean of "answered right", less what wrong answers cost, and "refused right".
fn best_threshold<'a>(weights: &Weights, pools: impl Iterator<Item = &'a Vec<Outcome>>) -> f64 {
    let scored: Vec<(bool, Best)> = pools.flatten().map(|it| (it.answerable, best(weights, it))).collect();
    let sum = |value: &dyn Fn(&(bool, Best)) -> f64| scored.iter().map(value).sum::<f64>();
    let (answerable, unanswerable) = (sum(&|it| flag(it.0)).max(1.0), sum(&|it| flag(!it.0)).max(1.0));
    let value = |threshold: f64| {
        let worth = sum(&|it| match (it.0 && it.1.probability >= threshold, it.1.right) {
            (false, _) => 0.0,
            (true, true) => 1.0,
            (true, false) => -WRONG_COST,
        });
        worth / answerable + sum(&|it| flag(!it.0 && it.1.probability < threshold)) / unanswerable
    };
    let steps: Vec<f64> = (10..90).map(|it| f64::from(it) / 100.0).collect();
    let best = steps.iter().map(|it| value(*it)).fold(f64::MIN, f64::max);
    // The middle of the plateau of equally good thresholds is the one least moved by chance.
    let plateau: Vec<f64> = steps.into_iter().filter(|it| value(*it) > best - 0.006).collect();
    plateau.get(plateau.len() / 2).copied().unwrap_or(0.5)
}

/// The weights of a fit on firms and demo, to be copied into `confidence.rs`; the unseen firms stay unseen.
fn fitted(report: &mut Report, mut pools: Vec<Vec<Outcome>>, demo: Vec<Outcome>) {
    pools.push(demo);
    let weights = fit(samples(pools.iter()));
    let shown: Vec<_> = weights.iter().map(|it| format!("{it:.2}")).collect();
    report.notes.push(format!("fitted on demo and firms: weights and bias [{}], threshold {:.2}", shown.join(", "), best_threshold(&weights, pools.iter())));
    report.notes.push(format!("shipped: found from {FOUND_MIN}, unsure from {UNSURE_MIN}"));
}
