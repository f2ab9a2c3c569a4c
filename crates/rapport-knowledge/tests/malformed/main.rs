//! Ten thousand malformed files of each form: an article, a report or a fault with a stable code; no panic; memory within bounds.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::format_push_string, clippy::disallowed_methods, reason = "a test runs on several threads and prints its bar")]

mod allocation;
mod draw;
mod files;
mod growth;
#[expect(dead_code, reason = "shared with the import tests, which use all of it")]
#[path = "../import/workbook.rs"]
mod workbook;

use rapport_knowledge::{ImportReport, import, markdown::to_html};
use rapport_model::CATALOGUE;

use draw::Draw;

const ROUNDS: usize = 10_000;
const MIB: usize = 1024 * 1024;

/// What may be held at once while a file of this size is read.
fn memory_max(bytes: usize) -> usize {
    16 * MIB + 60 * bytes
}

/// A workbook may unfold to 64 MiB, which are held as bytes of one part and as its texts.
const WORKBOOK_MEMORY_MAX: usize = 200 * MIB;

#[derive(Default)]
struct Outcome {
    refused: usize,
    reported: usize,
}

fn check_report(report: &ImportReport) {
    assert!(!report.articles.is_empty() || !report.skipped.is_empty());
    assert!(report.articles.len() <= 10_000 && report.skipped.len() <= 1_000);
    for it in &report.articles {
        assert!(!it.title.trim().is_empty() && it.title.chars().count() <= 200, "{:?}", it.title);
        assert!(!it.body.trim().is_empty() && it.body.chars().count() <= 100_000);
        assert!(!it.key.is_empty() && it.key.chars().count() <= 120, "{:?}", it.key);
        assert!(it.questions.len() <= 50);
        assert!(it.url.as_ref().is_none_or(|it| it.to_ascii_lowercase().starts_with("http")), "{:?}", it.url);
    }
    for it in &report.skipped {
        assert!(!it.place.is_empty());
        assert!(["empty_answer", "no_question", "too_long", "duplicate", "no_columns", "hidden", "too_many"].contains(&it.reason.as_str()), "{}", it.reason);
    }
}

/// Imports made-up files of one form.
fn rounds(name: &str, seed: u64, memory_max: fn(usize) -> usize, make: fn(&mut Draw) -> Vec<u8>) -> Outcome {
    let mut draw = Draw::new(seed);
    let mut outcome = Outcome::default();
    for round in 0..ROUNDS {
        let content = make(&mut draw);
        let (read, used) = allocation::measured(|| import(name, &content));
        assert!(used.peak <= memory_max(content.len()), "round {round}: {} bytes held for a file of {}", used.peak, content.len());
        match read {
            Ok(report) => {
                outcome.reported += 1;
                check_report(&report);
            }
            Err(fault) => {
                outcome.refused += 1;
                assert!(CATALOGUE.contains(&fault.kind), "{} is not in the catalogue", fault.kind.code);
            }
        }
    }
    outcome
}

/// Renders made-up Markdown.
fn rendered(seed: u64) -> Outcome {
    let mut draw = Draw::new(seed);
    let mut outcome = Outcome::default();
    for round in 0..ROUNDS {
        let text = String::from_utf8_lossy(&files::markdown(&mut draw)).into_owned();
        let (html, used) = allocation::measured(|| to_html(&text));
        assert!(used.peak <= memory_max(text.len()), "round {round}: {} bytes held for a text of {}", used.peak, text.len());
        let lower = html.to_ascii_lowercase();
        assert!(["<script", "<iframe", "<style", "<object", "<svg", "=\"javascript:"].iter().all(|it| !lower.contains(it)), "{html}");
        outcome.reported += 1;
    }
    outcome
}

#[test]
fn ten_thousand_malformed_files_of_each_form() {
    type Run = fn() -> Outcome;
    let runs: [(&str, Run); 5] = [
        ("Markdown rendering", || rendered(1)),
        ("Markdown", || rounds("page.md", 2, memory_max, files::markdown)),
        ("HTML", || rounds("page.html", 3, memory_max, files::html)),
        ("CSV", || rounds("faq.csv", 4, memory_max, files::csv)),
        ("XLSX", || rounds("faq.xlsx", 5, |_| WORKBOOK_MEMORY_MAX, files::xlsx)),
    ];
    let handles: Vec<_> = runs.into_iter().map(|(name, run)| (name, std::thread::spawn(run))).collect();
    let mut figures = Vec::new();
    for (name, handle) in handles {
        let Ok(it) = handle.join() else { unreachable!("{name} panicked; its message stands above") };
        assert!(it.reported > ROUNDS / 20, "{name}: only {} were read at all: the generator is too wild", it.reported);
        figures.push(format!("{name} {} read, {} refused", it.reported, it.refused));
    }
    let figure = format!("{ROUNDS} a form, no panic: {}", figures.join("; "));
    println!("BAR {}", serde_json::json!({"name": "malformed-imports", "figure": figure, "target": "10,000 a form", "holds": true}));
}
