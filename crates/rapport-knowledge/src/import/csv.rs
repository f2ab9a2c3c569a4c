//! CSV and TSV: the separator is told from the first lines.

use csv::{ReaderBuilder, StringRecord};
use rapport_model::{Fault, codes};

use super::{
    Found,
    table::{self, COLUMNS_MAX, Row},
};

struct CsvRow {
    cells: Vec<Box<str>>,
    line: u64,
}

impl Row for CsvRow {
    fn cell(&self, column: usize) -> Option<&str> {
        self.cells.get(column).map(|it| &**it)
    }
    fn place(&self) -> String {
        format!("row {}", self.line)
    }
}

/// More rows than articles are allowed: some may be empty.
const ROWS_MAX: usize = super::ARTICLES_MAX * 2;

pub(super) fn read(text: &str, found: &mut Found) -> Result<(), Fault> {
    // Excel writes the separator into the first line when told to.
    let (separator, text) = match text.strip_prefix("sep=").and_then(|it| it.split_once('\n')) {
        Some((mark, rest)) => (mark.bytes().next().unwrap_or(b','), rest),
        None => (separator(text), text),
    };
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| Fault::with(codes::IMPORT_UNREADABLE, error.to_string()))? {
        let line = record.position().map_or(0, csv::Position::record) + 1;
        if record.iter().all(|it| it.trim().is_empty()) {
            continue;
        }
        rows.push(CsvRow { cells: record.iter().take(COLUMNS_MAX).map(Box::from).collect(), line });
        if rows.len() > ROWS_MAX {
            found.skip(format!("row {line} and after"), "too_many");
            break;
        }
    }
    if table::read(&rows, found) { Ok(()) } else { Err(Fault::new(codes::IMPORT_NO_COLUMNS)) }
}

/// The mark that parts the first line into most cells.
fn separator(text: &str) -> u8 {
    let first = text.lines().find(|it| !it.trim().is_empty()).unwrap_or_default();
    let count = |mark: u8| first.bytes().filter(|it| *it == mark).count();
    [b',', b'\t', b';', b'|'].into_iter().rev().max_by_key(|it| count(*it)).unwrap_or(b',')
}
