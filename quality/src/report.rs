//! The result of a bench: figures, bars, and what data they come from.

use std::{
    fs,
    io::Write as _,
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use rand::{Rng as _, SeedableRng as _, rngs::SmallRng};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Report {
    pub bench: String,
    /// Day of the run.
    pub date: String,
    /// The data was not there: nothing was measured.
    pub skipped: bool,
    pub data: String,
    pub sha256: String,
    pub figures: Vec<Figure>,
    pub bars: Vec<Bar>,
    pub notes: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Figure {
    pub name: String,
    pub value: f64,
    /// 95 %, by bootstrap over questions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<(f64, f64)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<usize>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Bar {
    pub name: String,
    pub value: f64,
    pub target: f64,
    /// The value may not be above the target.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_most: bool,
    pub holds: bool,
}

impl Report {
    pub(crate) fn new(bench: &str, data: &str) -> Self {
        Self { bench: bench.to_owned(), date: today(), skipped: false, data: data.to_owned(), sha256: String::new(), figures: Vec::new(), bars: Vec::new(), notes: Vec::new() }
    }

    pub(crate) fn figure(&mut self, name: impl Into<String>, value: f64) {
        self.figures.push(Figure { name: name.into(), value: rounded(value), interval: None, count: None });
    }

    /// A figure whose interval comes from elsewhere.
    pub(crate) fn figure_with(&mut self, name: impl Into<String>, value: f64, (low, high): (f64, f64), count: usize) {
        self.figures.push(Figure { name: name.into(), value: rounded(value), interval: Some((rounded(low), rounded(high))), count: Some(count) });
    }

    /// Expected calibration error of 15 bins: probabilities of what was said, and whether it was right.
    pub(crate) fn calibration(&mut self, name: &str, said: &[(f64, bool)]) {
        let mut bins = [(0.0_f64, 0.0_f64, 0.0_f64); 15];
        for (p, right) in said {
            let bin = (0..15_u8).filter(|it| f64::from(*it) / 15.0 <= *p).count().saturating_sub(1);
            if let Some((count, sum, hits)) = bins.get_mut(bin) {
                *count += 1.0;
                *sum += p;
                *hits += f64::from(u8::from(*right));
            }
        }
        let all: f64 = bins.iter().map(|it| it.0).sum();
        self.figure(format!("{name}: calibration error"), bins.iter().map(|(_, sum, hits)| (sum - hits).abs()).sum::<f64>() / all.max(1.0));
    }

    /// The mean of one value a question, with its interval.
    pub(crate) fn mean(&mut self, name: impl Into<String>, values: &[f64]) -> f64 {
        let value = mean(values);
        let (low, high) = interval(values);
        self.figures.push(Figure { name: name.into(), value: rounded(value), interval: Some((rounded(low), rounded(high))), count: Some(values.len()) });
        value
    }

    pub(crate) fn bar(&mut self, name: impl Into<String>, value: f64, target: f64) {
        self.bars.push(Bar { name: name.into(), value: rounded(value), target, at_most: false, holds: value >= target });
    }

    /// A bar that is held from below.
    pub(crate) fn bar_at_most(&mut self, name: impl Into<String>, value: f64, target: f64) {
        self.bars.push(Bar { name: name.into(), value: rounded(value), target, at_most: true, holds: value <= target });
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
            writeln!(out, "  {:<66} {:.4}{interval}{count}", it.name, it.value)?;
        }
        for it in &self.bars {
            // As `make bars` reads it.
            writeln!(out, "BAR {}", serde_json::json!({"name": it.name, "figure": it.value, "target": format!("{} {}", if it.at_most { "≤" } else { "≥" }, it.target), "holds": it.holds}))?;
        }
        for it in &self.notes {
            writeln!(out, "  {it}")?;
        }
        Ok(())
    }
}

/// Writes the results; those of benches that did not run stay as they are.
pub(crate) fn write(path: &Path, results: Vec<Report>) -> anyhow::Result<()> {
    let mut all: Vec<Report> = fs::read(path).ok().and_then(|it| serde_json::from_slice(&it).ok()).unwrap_or_default();
    for result in results.into_iter().filter(|it| !it.skipped) {
        all.retain(|it| it.bench != result.bench);
        all.push(result);
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut text = serde_json::to_string_pretty(&all)?;
    text.push('\n');
    Ok(fs::write(path, text)?)
}

/// The day by the machine's clock, UTC. Source: "civil_from_days" of the proleptic Gregorian calendar.
pub(crate) fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs());
    let day = seconds / 86_400 + 719_468;
    let (era, of_era) = (day / 146_097, day % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year}-{month:02}-{:02}", of_year - (153 * shifted + 2) / 5 + 1)
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
