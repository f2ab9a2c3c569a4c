//! CMRC2018: does the paragraph that a question was written for come first?

use std::{fs, path::Path, time::Instant};

use anyhow::Context as _;
use rapport_knowledge::Index;
use rapport_model::{Article, Locale};
use serde::Deserialize;

use crate::{
    baseline::Baseline,
    pool::article,
    report::{Report, interval, mean, sha256},
};

#[derive(Deserialize)]
struct Squad {
    data: Vec<Document>,
}
#[derive(Deserialize)]
struct Document {
    paragraphs: Vec<Paragraph>,
}
#[derive(Deserialize)]
struct Paragraph {
    context: String,
    qas: Vec<Asked>,
}
#[derive(Deserialize)]
struct Asked {
    question: String,
}

/// Target of the issue for the first place.
const FIRST_MIN: f64 = 0.95;
const DEPTH: usize = 20;

pub(crate) fn measure(data: &Path, errors: bool) -> anyhow::Result<Report> {
    let name = "cmrc2018/dev_half.json";
    let mut report = Report::new("retrieval", name);
    let Ok(content) = fs::read(data.join(name)) else {
        report.skipped = true;
        return Ok(report);
    };
    report.sha256 = sha256(&[&content]);
    let squad: Squad = serde_json::from_slice(&content).context("CMRC2018 in the SQuAD layout")?;
    let paragraphs: Vec<&Paragraph> = squad.data.iter().flat_map(|it| &it.paragraphs).collect();
    let articles: Vec<Article> = paragraphs.iter().enumerate().map(|(number, it)| article(number, "", &it.context, Locale::Zh)).collect();
    let started = Instant::now();
    let index = Index::build(&articles);
    let build_ms = started.elapsed().as_secs_f64() * 1e3;
    let baseline = Baseline::build(&paragraphs.iter().map(|it| it.context.as_str()).collect::<Vec<_>>());

    let (mut ours, mut words) = (Places::default(), Places::default());
    let mut search_ms = 0.0;
    for (number, paragraph) in paragraphs.iter().enumerate() {
        for asked in &paragraph.qas {
            let started = Instant::now();
            let hits = index.search(&asked.question, DEPTH);
            search_ms += started.elapsed().as_secs_f64() * 1e3;
            let place = hits.iter().position(|it| it.article.0.as_u128() == number as u128);
            ours.add(place);
            words.add(baseline.search(&asked.question, DEPTH).iter().position(|it| *it == number));
            if errors && place != Some(0) {
                report.notes.push(format!("paragraph {number} at {place:?}: {}", asked.question));
            }
        }
    }
    let first = ours.report("character bigrams (ours)", &mut report);
    let first_words = words.report("word segmenter (jieba, BM25)", &mut report);
    let lead: Vec<f64> = ours.first.iter().zip(&words.first).map(|(a, b)| a - b).collect();
    let (lead_low, _) = interval(&lead);
    report.mean("lead at first place", &lead);
    report.figure("paragraphs", mean(&[f64::from(u32::try_from(paragraphs.len())?)]));
    report.figure("index build ms", build_ms);
    report.figure("search mean ms", search_ms / f64::from(u32::try_from(lead.len())?));
    report.bar("retrieval-first", first, FIRST_MIN);
    report.bar("retrieval", first, first_words);
    report.bar("retrieval-lead-low", lead_low, 0.0);
    Ok(report)
}

#[derive(Default)]
struct Places {
    first: Vec<f64>,
    five: Vec<f64>,
    reciprocal: Vec<f64>,
}

impl Places {
    fn add(&mut self, place: Option<usize>) {
        let within = |limit: usize| f64::from(u8::from(place.is_some_and(|it| it < limit)));
        self.first.push(within(1));
        self.five.push(within(5));
        self.reciprocal.push(place.and_then(|it| u32::try_from(it + 1).ok()).map_or(0.0, |it| 1.0 / f64::from(it)));
    }

    fn report(&self, name: &str, report: &mut Report) -> f64 {
        report.mean(format!("{name}: R@5"), &self.five);
        report.mean(format!("{name}: MRR"), &self.reciprocal);
        report.mean(format!("{name}: R@1"), &self.first)
    }
}
