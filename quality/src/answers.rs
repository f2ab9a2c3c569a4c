//! Demo questions: how many are answered from the right article, and how many that nobody could answer are refused.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Context as _;
use rapport_knowledge::{Answer, FOUND_MIN, Features, Index, UNSURE_MIN, import};
use rapport_model::{Article, ArticleId, Locale};
use serde::Deserialize;

use crate::{
    fit::{Sample, fit, probability},
    report::{Report, sha256},
    retrieval::article,
};

#[derive(Deserialize)]
struct Question {
    question: String,
    locale: Locale,
    /// File of the article, or `none`.
    expect: String,
    /// What the answer has to say.
    #[serde(default)]
    contains: Option<String>,
}

/// One question after the index has looked at it.
struct Outcome {
    answerable: bool,
    /// The best article is the expected one.
    first: bool,
    features: [f64; Features::COUNT],
}

const FOLDS: usize = 5;
/// Targets: questions with an answer that get it, and questions without that are refused.
const ANSWERED_MIN: f64 = 0.80;
const REFUSED_MIN: f64 = 0.85;

pub(crate) fn measure(pack: &Path, errors: bool) -> anyhow::Result<Report> {
    let mut report = Report::new("answers", "packs/demo/questions.jsonl");
    let content = fs::read_to_string(pack.join("questions.jsonl"))?;
    let (articles, files) = demo_articles(pack)?;
    let bodies: String = articles.iter().map(|it| it.body.as_str()).collect();
    report.sha256 = sha256(&[content.as_bytes(), bodies.as_bytes()]);
    let index = Index::build(&articles);
    let questions: Vec<Question> = content.lines().map(serde_json::from_str).collect::<Result<_, _>>().context("questions.jsonl")?;

    let mut outcomes = Vec::new();
    let mut said = Vec::new();
    for it in &questions {
        let assessed = index.assess(&it.question, it.locale);
        let first = assessed.as_ref().is_some_and(|(id, _)| files.get(id) == Some(&it.expect));
        let features = assessed.map(|(_, features)| features.values().map(f64::from)).unwrap_or_default();
        let answerable = it.expect != "none";
        outcomes.push(Outcome { answerable, first, features });
        let answer = index.answer(&it.question, it.locale);
        said.push(judge(it, &answer, first));
        if errors && !said.last().is_some_and(|it| it.right) {
            report.notes.push(line(it, &answer, &files));
        }
    }
    shipped(&mut report, &questions, &outcomes, &said);
    held_out(&mut report, &questions, &outcomes);
    fitted(&mut report, &outcomes);
    Ok(report)
}

#[expect(clippy::type_complexity, reason = "articles and the file that each came from")]
fn demo_articles(pack: &Path) -> anyhow::Result<(Vec<Article>, BTreeMap<ArticleId, String>)> {
    let (mut articles, mut files) = (Vec::new(), BTreeMap::new());
    for (folder, locale) in [("zh", Locale::Zh), ("en", Locale::En)] {
        let mut paths: Vec<_> = fs::read_dir(pack.join("knowledge").join(folder))?.map(|it| it.map(|it| it.path())).collect::<Result<_, _>>()?;
        paths.sort();
        for path in paths {
            let name = format!("{folder}/{}", path.file_name().unwrap_or_default().to_string_lossy());
            for found in import(&name, &fs::read(&path)?)?.articles {
                let it = article(articles.len() + 1, &found.title, &found.body, locale);
                files.insert(it.id, name.clone());
                articles.push(it);
            }
        }
    }
    Ok((articles, files))
}

/// What became of a question.
struct Said {
    right: bool,
    /// Answered from the right article, with the fact in the text.
    fact: bool,
    /// Answered, though not from the right article or though nobody could.
    wrong: bool,
    /// Offered among the candidates.
    offered: bool,
}

fn judge(question: &Question, answer: &Answer, first: bool) -> Said {
    let answerable = question.expect != "none";
    match answer {
        Answer::Found { text, .. } => {
            let fact = question.contains.as_ref().is_some_and(|it| text.to_lowercase().contains(&it.to_lowercase()));
            Said { right: answerable && first, fact: answerable && first && fact, wrong: !(answerable && first), offered: answerable && first }
        }
        Answer::Unsure { .. } => Said { right: !answerable, fact: false, wrong: false, offered: answerable && first },
        Answer::Unknown { .. } => Said { right: !answerable, fact: false, wrong: false, offered: false },
    }
}

fn line(question: &Question, answer: &Answer, files: &BTreeMap<ArticleId, String>) -> String {
    let cited: Vec<_> = match answer {
        Answer::Found { citations, .. } => citations.iter().collect(),
        Answer::Unsure { candidates, .. } => candidates.iter().collect(),
        Answer::Unknown { .. } => Vec::new(),
    };
    let cited: Vec<_> = cited.iter().filter_map(|it| files.get(&it.article)).map(String::as_str).collect();
    format!("{:<8} {:.2} {} | expected {} | {}", answer.outcome(), answer.confidence(), question.question, question.expect, cited.join(" "))
}

fn flag(value: bool) -> f64 {
    f64::from(u8::from(value))
}

/// The product as it ships.
fn shipped(report: &mut Report, questions: &[Question], outcomes: &[Outcome], said: &[Said]) {
    let pick = |answerable: bool, value: &dyn Fn(&Said, &Outcome) -> bool| -> Vec<f64> {
        said.iter().zip(outcomes).filter(|(_, it)| it.answerable == answerable).map(|(said, it)| flag(value(said, it))).collect()
    };
    report.mean("right article first (answerable)", &pick(true, &|_, it| it.first));
    report.mean("shipped: answered right", &pick(true, &|it, _| it.right));
    report.mean("shipped: answer states the fact", &pick(true, &|it, _| it.fact));
    report.mean("shipped: answered right or offered", &pick(true, &|it, _| it.offered));
    report.mean("shipped: answered wrong (answerable)", &pick(true, &|it, _| it.wrong));
    report.mean("shipped: refused right (unanswerable)", &pick(false, &|it, _| it.right));
    for locale in [Locale::Zh, Locale::En] {
        let of = |answerable: bool| -> Vec<f64> {
            let rows = questions.iter().zip(outcomes).zip(said);
            rows.filter(|((question, it), _)| question.locale == locale && it.answerable == answerable).map(|(_, it)| flag(it.right)).collect()
        };
        report.mean(format!("shipped, {}: answered right", locale.tag()), &of(true));
        report.mean(format!("shipped, {}: refused right", locale.tag()), &of(false));
    }
}

fn sample(it: &Outcome) -> Sample {
    Sample { features: it.features, right: it.answerable && it.first }
}

/// Weights and threshold chosen on four folds, applied to the fifth: what to expect of questions never seen.
fn held_out(report: &mut Report, questions: &[Question], outcomes: &[Outcome]) {
    let (mut answered, mut refused) = (Vec::new(), Vec::new());
    for fold in 0..FOLDS {
        let inside = |at: usize| fold_of(questions, at) == fold;
        let train: Vec<&Outcome> = outcomes.iter().enumerate().filter(|(at, _)| !inside(*at)).map(|it| it.1).collect();
        let weights = fit(&train.iter().map(|it| sample(it)).collect::<Vec<_>>());
        let scored: Vec<_> = train.iter().map(|it| (probability(&weights, &it.features), it.answerable, it.first)).collect();
        let threshold = best_threshold(&scored);
        for (_, it) in outcomes.iter().enumerate().filter(|(at, _)| inside(*at)) {
            let found = probability(&weights, &it.features) >= threshold;
            if it.answerable {
                answered.push(flag(found && it.first));
            } else {
                refused.push(flag(!found));
            }
        }
    }
    let answered = report.mean(format!("held out in {FOLDS} folds: answered right"), &answered);
    let refused = report.mean(format!("held out in {FOLDS} folds: refused right"), &refused);
    report.bar("held out: answered right", answered, ANSWERED_MIN);
    report.bar("held out: refused right", refused, REFUSED_MIN);
}

/// Neighbouring lines ask about the same article: questions are dealt to the folds by a hash of their words.
fn fold_of(questions: &[Question], at: usize) -> usize {
    let text = questions.get(at).map(|it| it.question.as_str()).unwrap_or_default();
    text.bytes().fold(7_usize, |hash, byte| hash.wrapping_mul(31).wrapping_add(usize::from(byte))) / 64 % FOLDS
}

/// The threshold with the best mean of "answered right" and "refused right".
fn best_threshold(scored: &[(f64, bool, bool)]) -> f64 {
    let answerable = scored.iter().filter(|it| it.1).map(|_| 1.0).sum::<f64>().max(1.0);
    let unanswerable = scored.iter().filter(|it| !it.1).map(|_| 1.0).sum::<f64>().max(1.0);
    let value = |threshold: f64| {
        let answered = scored.iter().filter(|it| it.1 && it.2 && it.0 >= threshold).map(|_| 1.0).sum::<f64>();
        let refused = scored.iter().filter(|it| !it.1 && it.0 < threshold).map(|_| 1.0).sum::<f64>();
        answered / answerable + refused / unanswerable
    };
    let steps: Vec<f64> = (20..95).map(|it| f64::from(it) / 100.0).collect();
    let best = steps.iter().map(|it| value(*it)).fold(f64::MIN, f64::max);
    // The middle of the plateau of equally good thresholds is the one least moved by chance.
    let plateau: Vec<f64> = steps.into_iter().filter(|it| value(*it) > best - 0.005).collect();
    plateau.get(plateau.len() / 2).copied().unwrap_or(0.5)
}

/// The weights of a fit on everything, to be copied into `confidence.rs`.
fn fitted(report: &mut Report, outcomes: &[Outcome]) {
    let weights = fit(&outcomes.iter().map(sample).collect::<Vec<_>>());
    let scored: Vec<_> = outcomes.iter().map(|it| (probability(&weights, &it.features), it.answerable, it.first)).collect();
    let shown: Vec<_> = weights.0.iter().map(|it| format!("{it:.2}")).collect();
    report.notes.push(format!("fitted on all: weights [{}], bias {:.2}, threshold {:.2}", shown.join(", "), weights.1, best_threshold(&scored)));
    report.notes.push(format!("shipped: found from {FOUND_MIN}, unsure from {UNSURE_MIN}"));
}
