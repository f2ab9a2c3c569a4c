//! The result of a bench: figures, bars, and what data they come from.

use std::{fs, io::Write as _, path::Path};

use rand::{Rng as _, SeedableRng as _, rngs::SmallRng};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub bench: &'static str,
    pub date: Option<String>,
    /// The data was not there: nothing was measured.
    pub skipped: bool,
    pub data: String,
    pub sha256: String,
    pub figures: Vec<Figure>,
    pub bars: Vec<Bar>,
    pub notes: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Figure {
    pub name: String,
    pub value: f64,
    /// 95 %, by bootstrap over questions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<(f64, f64)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<usize>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Bar {
    pub name: String,
    pub value: f64,
    pub target: f64,
    pub holds: bool,
}

impl Report {
    pub(crate) fn new(bench: &'static str, data: &str) -> Self {
        Self { bench, date: None, skipped: false, data: data.to_owned(), sha256: String::new(), figures: Vec::new(), bars: Vec::new(), notes: Vec::new() }
    }

    pub(crate) fn figure(&mut self, name: impl Into<String>, value: f64) {
        self.figures.push(Figure { name: name.into(), value: rounded(value), interval: None, count: None });
    }

    /// The mean of one value a question, with its interval.
    pub(crate) fn mean(&mut self, name: impl Into<String>, values: &[f64]) -> f64 {
        let value = mean(values);
        let (low, high) = interval(values);
        self.figures.push(Figure { name: name.into(), value: rounded(value), interval: Some((rounded(low), rounded(high))), count: Some(values.len()) });
        value
    }

    pub(crate) fn bar(&mut self, name: impl Into<String>, value: f64, target: f64) {
        self.bars.push(Bar { name: name.into(), value: rounded(value), target, holds: value >= target });
    }

    pub(crate) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(folder)?;
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(fs::write(folder.join(format!("{}.json", self.bench)), text)?)
    }

    pub(crate) fn print(&self, json: bool) -> anyhow::Result<()> {
        let mut out = std::io::stdout().lock();
        if json {
            writeln!(out, "{}", serde_json::to_string(self)?)?;
            return Ok(());
        }
        if self.skipped {
            writeln!(out, "{}: skipped: data absent ({})", self.bench, self.data)?;
            return Ok(());
        }
        writeln!(out, "{} on {} (sha256 {})", self.bench, self.data, self.sha256.get(..12).unwrap_or_default())?;
        for it in &self.figures {
            let interval = it.interval.map(|(low, high)| format!("  [{low:.3}, {high:.3}]")).unwrap_or_default();
            let count = it.count.map(|it| format!("  n={it}")).unwrap_or_default();
            writeln!(out, "  {:<52} {:.4}{interval}{count}", it.name, it.value)?;
        }
        for it in &self.bars {
            writeln!(out, "  bar: {:<47} {:.4} >= {} {}", it.name, it.value, it.target, if it.holds { "holds" } else { "DOES NOT HOLD" })?;
        }
        for it in &self.notes {
            writeln!(out, "  {it}")?;
        }
        for it in &self.bars {
            let bar = serde_json::json!({"name": slug(self.bench, &it.name), "figure": it.value, "target": format!("≥ {}", it.target), "holds": it.holds});
            writeln!(out, "BAR {bar}")?;
        }
        Ok(())
    }
}

/// Name of a bar for `make bars`: `retrieval-r-1`.
fn slug(bench: &str, name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|it| !it.is_empty());
    std::iter::once(bench).chain(words).collect::<Vec<_>>().join("-").to_lowercase()
}

pub(crate) fn sha256(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().iter().map(|it| format!("{it:02x}")).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts of questions")]
pub(crate) fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

const RESAMPLES: usize = 2_000;

/// 95 % interval of the mean: percentile bootstrap with a fixed seed.
pub(crate) fn interval(values: &[f64]) -> (f64, f64) {
    if values.is_empty() {
        return (0.0, 0.0);
    }
    let mut random = SmallRng::seed_from_u64(2018);
    let mut means: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            let sample: Vec<f64> = (0..values.len()).filter_map(|_| values.get(random.random_range(0..values.len())).copied()).collect();
            mean(&sample)
        })
        .collect();
    means.sort_by(f64::total_cmp);
    let at = |share: usize| means.get(RESAMPLES * share / 1000).copied().unwrap_or_default();
    (at(25), at(974))
}

fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
