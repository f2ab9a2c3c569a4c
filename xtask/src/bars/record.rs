//! A figure as a test or bench printed it: `BAR {"name":…,"figure":…,"target":…,"holds":…}`; kept a file a name.

use std::{
    fs,
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::step::root;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) name: String,
    /// A number, or a text with its unit.
    pub(crate) figure: Value,
    #[serde(default)]
    pub(crate) target: Value,
    pub(crate) holds: bool,
    /// Milliseconds since 1970, when it was kept.
    #[serde(default)]
    pub(crate) at: u64,
}

impl Record {
    /// The record of a line, wherever in the line it begins (`cargo test` may print its own words before it).
    pub(crate) fn read(line: &str) -> Option<Self> {
        let (_, text) = line.split_once("BAR {")?;
        let mut record: Self = serde_json::from_str(&format!("{{{text}")).ok()?;
        record.at = SystemTime::now().duration_since(UNIX_EPOCH).ok().and_then(|it| u64::try_from(it.as_millis()).ok())?;
        Some(record)
    }

    pub(crate) fn figure_text(&self) -> String {
        match &self.figure {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), short),
            other @ (Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) => other.to_string(),
        }
    }
}

/// At most three digits behind the point.
fn short(number: f64) -> String {
    let text = format!("{number:.3}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn folder() -> PathBuf {
    root().join("target/bars")
}

/// Adds to what is kept, newest last.
pub(crate) fn keep(records: &[Record]) -> anyhow::Result<()> {
    fs::create_dir_all(folder())?;
    for record in records {
        let path = folder().join(format!("{}.jsonl", record.name));
        let mut text = fs::read_to_string(&path).unwrap_or_default();
        text.push_str(&serde_json::to_string(record)?);
        text.push('\n');
        fs::write(&path, text).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// The newest record of a bar.
pub(crate) fn last(name: &str) -> Option<Record> {
    let text = fs::read_to_string(folder().join(format!("{name}.jsonl"))).ok()?;
    serde_json::from_str(text.lines().last()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_from_anywhere_in_a_line_and_nothing_else_is() {
        let record = Record::read(r#"test it ... BAR {"name":"seeds","figure":200,"target":"200","holds":true}"#).unwrap();
        assert_eq!((record.name.as_str(), record.figure_text().as_str(), record.holds), ("seeds", "200", true));
        assert!(record.at > 1_700_000_000_000);
        for other in ["BAR", "BAR {}", r#"BAR {"name":"seeds","figure":200}"#, "a BAR {broken"] {
            assert_eq!(Record::read(other), None, "{other}");
        }
    }

    #[test]
    fn figures_are_short() {
        let text = |figure| Record { name: String::new(), figure, target: Value::Null, holds: true, at: 0 }.figure_text();
        assert_eq!(text(serde_json::json!(0.91284)), "0.913");
        assert_eq!(text(serde_json::json!(2.0)), "2");
        assert_eq!(text(serde_json::json!(1200)), "1200");
        assert_eq!(text(serde_json::json!("3.1 ms")), "3.1 ms");
    }
}
