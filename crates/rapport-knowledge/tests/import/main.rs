//! Files of every kind that is imported, with what becomes of them.

#![expect(clippy::unwrap_used, clippy::format_push_string, reason = "what is not as expected ends the test")]

mod html;
mod markdown;
mod refused;
mod table;
mod text;
mod update;
mod workbook;
mod xlsx;

use rapport_knowledge::{ImportReport, import};

/// Articles as `[title] question; question\nbody`, what was passed over as `(place: reason)`; or the code of the fault.
fn shown(name: &str, content: &[u8]) -> String {
    match import(name, content) {
        Ok(report) => shown_report(&report),
        Err(fault) => format!("fault {}", fault.kind.code),
    }
}

fn shown_report(report: &ImportReport) -> String {
    let mut parts: Vec<String> = Vec::new();
    for it in &report.articles {
        let questions = if it.questions.is_empty() { String::new() } else { format!(" {}", it.questions.join("; ")) };
        parts.push(format!("[{}]{questions}\n{}", it.title, it.body));
    }
    parts.extend(report.skipped.iter().map(|it| format!("({}: {})", it.place, it.reason)));
    parts.join("\n")
}

fn check(name: &str, content: &str, expect: &str) {
    assert_eq!(shown(name, content.as_bytes()), expect, "{content}");
}
