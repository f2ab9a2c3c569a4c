//! `make bars`: runs what measures, collects what was printed, and shows every bar, also those that were not run.

pub(crate) mod record;
mod table;

use std::{
    fs,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::bail;
use serde_json::json;

use self::{
    record::Record,
    table::{Bar, SOURCES, Source},
};
use crate::{
    prepare,
    step::{Step, root},
    tally::Dialect,
};

pub(crate) fn run(arguments: &[String]) -> anyhow::Result<bool> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let only = match words.as_slice() {
        [] => None,
        ["--last"] => return show(&SOURCES.iter().flat_map(|it| it.bars).map(|it| record::last(it.name)).collect::<Vec<_>>()),
        ["--only", name] => Some(*name),
        _ => bail!("make bars [ARGS=--last | ARGS=\"--only NAME\"]"),
    };
    let is_wanted = |source: &&Source| only.is_none_or(|name| source.bars.iter().any(|it| it.name == name));
    if !SOURCES.iter().any(|it| is_wanted(&it)) {
        bail!("no bar `{}`; make bars ARGS=--last lists them", only.unwrap_or_default());
    }
    prepare::everything()?;
    let mut measured = Vec::new();
    for source in SOURCES.iter().filter(is_wanted) {
        let done = Step::new("bars", Dialect::Whole, source.command).run()?;
        record::keep(&done.records)?;
        measured.extend(done.records);
    }
    let newest = |bar: &Bar| measured.iter().rev().find(|it| it.name == bar.name).cloned();
    show(&SOURCES.iter().flat_map(|it| it.bars).map(newest).collect::<Vec<_>>())
}

/// Prints the table and writes `target/bars.json`. Answers whether every bar that was run holds.
fn show(records: &[Option<Record>]) -> anyhow::Result<bool> {
    let rows = SOURCES.iter().flat_map(|source| source.bars.iter().map(move |bar| (source, bar))).zip(records);
    let mut as_json = Vec::new();
    let mut lines = vec![["bar", "figure", "target", "holds", "measured", "what", "alone"].map(str::to_owned)];
    for ((source, bar), record) in rows {
        let holds = record.as_ref().map(|it| it.holds);
        let shown = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        lines.push([
            bar.name.to_owned(),
            shown(record.as_ref().map(Record::figure_text)),
            bar.target.to_owned(),
            match holds {
                Some(true) => "holds",
                Some(false) => "DOES NOT HOLD",
                None => "not run",
            }
            .to_owned(),
            shown(record.as_ref().map(|it| age(it.at))),
            bar.what.to_owned(),
            source.command.to_owned(),
        ]);
        as_json.push(json!({
            "name": bar.name, "what": bar.what, "target": bar.target, "command": source.command,
            "figure": record.as_ref().map(|it| it.figure.clone()), "holds": holds, "run": record.is_some(), "at": record.as_ref().map(|it| it.at),
        }));
    }
    println!("\n{}", aligned(&lines));
    let count = |wanted: Option<bool>| records.iter().filter(|it| it.as_ref().map(|it| it.holds) == wanted).count();
    println!("{} hold, {} do not hold, {} not run; written to target/bars.json", count(Some(true)), count(Some(false)), count(None));
    fs::create_dir_all(root().join("target"))?;
    fs::write(root().join("target/bars.json"), serde_json::to_string_pretty(&json!({"at": now_ms(), "bars": as_json}))?)?;
    Ok(count(Some(false)) == 0)
}

fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).ok().and_then(|it| u64::try_from(it.as_millis()).ok()).unwrap_or(0)
}

/// How long ago, in one unit.
fn age(at: u64) -> String {
    let seconds = Duration::from_millis(now_ms().saturating_sub(at)).as_secs();
    match seconds {
        0..120 => format!("{seconds} s ago"),
        120..7200 => format!("{} min ago", seconds / 60),
        7200..172_800 => format!("{} h ago", seconds / 3600),
        _ => format!("{} days ago", seconds / 86_400),
    }
}

/// Columns by the widest cell; the last one as it is.
fn aligned<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|it| it.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..N).map(width).collect();
    let line = |row: &[String; N]| {
        let cells: Vec<_> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        cells.join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["a", "≤ 16 KiB", "x"].map(str::to_owned), ["long", "b", "y"].map(str::to_owned)];
        assert_eq!(aligned(&rows), "a     ≤ 16 KiB  x\nlong  b         y");
    }

    #[test]
    fn ages_are_told_in_one_unit() {
        let ago = |seconds: u64| age(now_ms() - seconds * 1000);
        assert_eq!([ago(5), ago(600), ago(10_000), ago(400_000)], ["5 s ago", "10 min ago", "2 h ago", "4 days ago"]);
    }
}
