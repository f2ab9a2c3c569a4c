//! HTML pages are imported.
#![no_main]

#[path = "report.rs"]
mod report;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|content: &[u8]| report::check("page.html", content));
