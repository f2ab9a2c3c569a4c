//! Public sets of texts with emotions, read as they were published.

use std::{fs, path::Path};

use anyhow::Context as _;
use serde::Deserialize;

/// A text and its labels.
pub(crate) type Labelled = (String, Vec<String>);

/// GoEmotions: `text<TAB>numbers of labels<TAB>id`. Source: Demszky et al., ACL 2020, CC BY 4.0.
pub(crate) fn goemotions(folder: &Path, file: &str) -> anyhow::Result<Vec<Labelled>> {
    let names: Vec<String> = fs::read_to_string(folder.join("labels.txt"))?.lines().map(str::to_owned).collect();
    let text = fs::read_to_string(folder.join(file)).with_context(|| format!("{file} in {}", folder.display()))?;
    let row = |line: &str| {
        let mut parts = line.split('\t');
        let (text, labels) = (parts.next()?, parts.next()?);
        let labels = labels.split(',').filter_map(|it| names.get(it.parse::<usize>().ok()?).cloned());
        Some((text.to_owned(), labels.collect()))
    };
    Ok(text.lines().filter_map(row).collect())
}

/// The group of Ekman that an emotion of GoEmotions belongs to. Source: `ekman_mapping.json` of the set.
pub(crate) fn ekman(label: &str) -> &'static str {
    match label {
        "anger" | "annoyance" | "disapproval" => "anger",
        "disgust" => "disgust",
        "fear" | "nervousness" => "fear",
        "sadness" | "disappointment" | "embarrassment" | "grief" | "remorse" => "sadness",
        "surprise" | "realization" | "confusion" | "curiosity" => "surprise",
        "neutral" => "neutral",
        _ => "joy",
    }
}

/// The same texts with the groups of Ekman instead.
pub(crate) fn grouped(examples: Vec<Labelled>) -> Vec<Labelled> {
    let group = |labels: Vec<String>| {
        let mut groups: Vec<String> = labels.iter().map(|it| ekman(it).to_owned()).collect();
        groups.sort();
        groups.dedup();
        groups
    };
    examples.into_iter().map(|(text, labels)| (text, group(labels))).collect()
}

#[derive(Deserialize)]
struct Ewect {
    content: String,
    label: String,
}

/// EWECT "usual": a JSON list. Source: SMP 2020, for research.
pub(crate) fn ewect(folder: &Path, file: &str) -> anyhow::Result<Vec<Labelled>> {
    let rows: Vec<Ewect> = serde_json::from_slice(&fs::read(folder.join(file)).with_context(|| format!("{file} in {}", folder.display()))?)?;
    Ok(rows.into_iter().map(|it| (it.content, vec![it.label])).collect())
}

/// A dialogue of STC-3 with a help desk: what the customer said, and how satisfied readers took the customer to be, -2 to 2.
pub(crate) struct Helpdesk {
    pub customer: Vec<String>,
    pub satisfaction: f64,
}

#[derive(Deserialize)]
struct HelpdeskRow {
    turns: Vec<HelpdeskTurn>,
    quality_mean: HelpdeskMeans,
}

#[derive(Deserialize)]
struct HelpdeskTurn {
    sender: String,
    text: String,
}

#[derive(Deserialize)]
struct HelpdeskMeans {
    #[serde(rename = "S")]
    satisfaction: f64,
}

/// STC-3 Dialogue Quality: JSON lines. Source: Zeng et al., NTCIR-14, for research.
pub(crate) fn helpdesk(path: &Path) -> anyhow::Result<Vec<Helpdesk>> {
    let content = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let row = |line: &str| -> anyhow::Result<Helpdesk> {
        let row: HelpdeskRow = serde_json::from_str(line)?;
        Ok(Helpdesk { customer: row.turns.into_iter().filter(|it| it.sender == "customer").map(|it| it.text).collect(), satisfaction: row.quality_mean.satisfaction })
    };
    content.lines().filter(|it| !it.trim().is_empty()).map(row).collect()
}
