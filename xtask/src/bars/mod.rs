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
    step::{Done, Step, root},
    tally::Dialect,
};

/// What is known of a bar.
enum Known {
    Measured(Record),
    /// Why not, where that is known.
    NotRun(String),
}

pub(crate) fn run(arguments: &[String]) -> anyhow::Result<bool> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let only = match words.as_slice() {
        [] => None,
        ["--last"] => return show(|_, bar| record::last(bar.name).map_or(Known::NotRun(String::new()), Known::Measured)),
        ["--only", name] => Some(*name),
        _ => bail!("make bars [ARGS=--last | ARGS=\"--only NAME\"]"),
    };
    let is_wanted = |source: &Source| only.is_none_or(|name| source.bars.iter().any(|it| it.name == name));
    if !SOURCES.iter().any(is_wanted) {
        bail!("no bar `{}`; make bars ARGS=--last lists them", only.unwrap_or_default());
    }
    prepare::everything()?;
    let mut done = Vec::new();
    for source in SOURCES {
        let it = if is_wanted(source) { Some(measure(source)?) } else { None };
        done.push((source.command, it));
    }
    show(|source, bar| {
        let Some(done) = done.iter().find(|(command, _)| *command == source.command).and_then(|(_, it)| it.as_ref()) else {
            return Known::NotRun("not asked for".to_owned());
        };
        let newest = done.records.iter().rev().find(|it| it.name == bar.name);
        newest.map_or_else(|| Known::NotRun(done.last_line.clone()), |it| Known::Measured(it.clone()))
    })
}

fn measure(source: &Source) -> anyhow::Result<Done> {
    let mut step = Step::new("bars", Dialect::Whole, source.command);
    if let Some(chromium) = prepare::chromium() {
        step = step.with("RAPPORT_CHROMIUM", chromium.display().to_string());
    }
    let done = step.run()?;
    for it in done.records.iter().filter(|it| source.bars.iter().all(|bar| bar.name != it.name)) {
        println!("`{}` printed the bar `{}`, which xtask/src/bars/table.rs does not have there", source.command, it.name);
    }
    record::keep(&done.records)?;
    Ok(done)
}

/// Prints the table and writes `target/bars.json`. Answers whether every bar that was run holds.
fn show(known: impl Fn(&Source, &Bar) -> Known) -> anyhow::Result<bool> {
    let mut as_json = Vec::new();
    let mut lines = vec![["bar", "figure", "target", "holds", "measured", "alone", "what"].map(str::to_owned)];
    let (mut hold, mut fail, mut not_run) = (0, 0, 0);
    for (source, bar) in SOURCES.iter().flat_map(|source| source.bars.iter().map(move |bar| (source, bar))) {
        let (figure, holds, at, why) = match known(source, bar) {
            Known::Measured(it) => (Some(it.figure_text()), Some(it.holds), Some(it.at), None),
            Known::NotRun(why) => (None, None, None, Some(why)),
        };
        let count = match holds {
            Some(true) => &mut hold,
            Some(false) => &mut fail,
            None => &mut not_run,
        };
        *count += 1;
        lines.push([
            bar.name.to_owned(),
            figure.clone().unwrap_or_else(|| "-".to_owned()),
            bar.target.to_owned(),
            told(holds, why.as_deref().unwrap_or_default()),
            at.map_or_else(|| "-".to_owned(), age),
            source.command.to_owned(),
            bar.what.to_owned(),
        ]);
        as_json.push(json!({
            "name": bar.name, "what": bar.what, "target": bar.target, "command": source.command,
            "run": holds.is_some(), "figure": figure, "holds": holds, "at_ms": at, "why_not_run": why,
        }));
    }
    println!("\n{}\n", aligned(&lines));
    println!("{hold} hold, {fail} do not hold, {not_run} not run; written to target/bars.json");
    fs::create_dir_all(root().join("target"))?;
    fs::write(root().join("target/bars.json"), serde_json::to_string_pretty(&json!({"at_ms": now_ms(), "bars": as_json}))?)?;
    Ok(fail == 0)
}

fn told(holds: Option<bool>, why: &str) -> String {
    const WHY_CHARS_MAX: usize = 40;
    match holds {
        Some(true) => "holds".to_owned(),
        Some(false) => "DOES NOT HOLD".to_owned(),
        None if why.is_empty() => "not run".to_owned(),
        None => format!("not run: {}", why.chars().take(WHY_CHARS_MAX).collect::<String>()),
    }
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
