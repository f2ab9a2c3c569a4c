//! Markdown written block by block: within lists and quotes, each line under its prefix; tables with their names above.

use super::{TEXT_BYTES_MAX, table::COLUMNS_MAX};

/// Lists and quotes nested deeper are shown at this depth.
const DEPTH_MAX: usize = 8;
/// A cell that spans others is repeated in them when it is no longer than this; what is longer stands once. Units: bytes.
const REPEATED_BYTES_MAX: usize = 200;
/// Rows that one cell may span.
const SPAN_MAX: usize = 1_000;

enum Container {
    Quote,
    /// Its mark stands before its first block; the others are set in by as much.
    Item { mark: String, is_open: bool },
}

#[derive(Default)]
pub(super) struct Writer {
    text: String,
    containers: Vec<Container>,
    /// Containers beyond `DEPTH_MAX`.
    beyond: usize,
    /// The last block stood in a list.
    in_list: bool,
}

impl Writer {
    pub(super) fn into_text(self) -> String {
        self.text
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether a block would stand at the outermost level, where headings may.
    pub(super) fn is_outermost(&self) -> bool {
        self.containers.is_empty() && self.beyond == 0
    }

    pub(super) fn open_quote(&mut self) {
        self.open(Container::Quote);
    }

    /// `number`: of a numbered list.
    pub(super) fn open_item(&mut self, number: Option<u32>) {
        let mark = number.map_or_else(|| "- ".to_owned(), |it| format!("{it}. "));
        self.open(Container::Item { mark, is_open: false });
    }

    fn open(&mut self, container: Container) {
        if self.containers.len() < DEPTH_MAX {
            self.containers.push(container);
        } else {
            self.beyond += 1;
        }
    }

    pub(super) fn close(&mut self) {
        if self.beyond > 0 {
            self.beyond -= 1;
        } else {
            self.containers.pop();
        }
    }

    /// Appends a block. Text beyond what all articles of a file may hold is dropped.
    pub(super) fn block(&mut self, block: &str) {
        if block.is_empty() || self.text.len() > TEXT_BYTES_MAX {
            return;
        }
        let starts_item = matches!(self.containers.last(), Some(Container::Item { is_open: false, .. }));
        let follows_item = starts_item && self.in_list;
        if !self.text.is_empty() && !follows_item {
            self.text.push('\n');
        }
        for line in block.lines() {
            let mut prefix = String::new();
            for container in &mut self.containers {
                match container {
                    Container::Quote => prefix.push_str("> "),
                    Container::Item { mark, is_open: true } => prefix.extend(std::iter::repeat_n(' ', mark.len())),
                    Container::Item { mark, is_open } => {
                        prefix.push_str(mark);
                        *is_open = true;
                    }
                }
            }
            self.text.push_str(if line.is_empty() { prefix.trim_end() } else { &prefix });
            self.text.push_str(line);
            self.text.push('\n');
            if self.text.len() > TEXT_BYTES_MAX {
                break;
            }
        }
        self.in_list = self.containers.iter().any(|it| matches!(it, Container::Item { .. }));
    }
}

/// A table as it is read, its cells as inline Markdown.
#[derive(Default)]
pub(super) struct Table {
    rows: Vec<Vec<Cell>>,
    /// Cells of rows above that reach into those below: column, rows left, text.
    spans: Vec<(usize, usize, Cell)>,
    row: Vec<Cell>,
    bytes: usize,
}

#[derive(Clone, Default)]
struct Cell {
    text: String,
    /// It names its row or column.
    names: bool,
}

impl Table {
    pub(super) fn start_row(&mut self) {
        self.end_row();
    }

    pub(super) fn cell(&mut self, text: &str, names: bool, columns: usize, rows: usize) {
        self.fill_spans();
        let cell = Cell { text: text.to_owned(), names };
        let repeated = if text.len() <= REPEATED_BYTES_MAX { cell.clone() } else { Cell { text: String::new(), names } };
        for nth in 0..columns.clamp(1, COLUMNS_MAX) {
            if self.row.len() >= COLUMNS_MAX || self.bytes > TEXT_BYTES_MAX {
                return;
            }
            if rows > 1 {
                self.spans.push((self.row.len(), rows.min(SPAN_MAX) - 1, repeated.clone()));
            }
            let cell = if nth == 0 { cell.clone() } else { repeated.clone() };
            self.bytes += cell.text.len() + 4;
            self.row.push(cell);
        }
    }

    /// Cells from above that stand where the row has come to.
    fn fill_spans(&mut self) {
        while let Some(at) = self.spans.iter().position(|it| it.0 == self.row.len() && it.1 > 0) {
            let Some((_, left, cell)) = self.spans.get_mut(at) else { return };
            *left -= 1;
            self.bytes += cell.text.len() + 4;
            self.row.push(cell.clone());
            if *left == 0 {
                self.spans.remove(at);
            }
            if self.row.len() >= COLUMNS_MAX {
                return;
            }
        }
    }

    pub(super) fn end_row(&mut self) {
        if self.row.is_empty() {
            return;
        }
        self.fill_spans();
        // Whatever the row did not reach is over.
        self.spans.retain(|it| it.1 > 0);
        let row = std::mem::take(&mut self.row);
        if row.iter().any(|it| !it.text.is_empty()) && self.bytes <= TEXT_BYTES_MAX {
            self.rows.push(row);
        }
    }

    pub(super) fn write(mut self, writer: &mut Writer) {
        self.end_row();
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let names_rows = |row: &Vec<Cell>| row.first().is_some_and(|it| it.names) && row.iter().skip(1).all(|it| !it.names);
        if columns < 2 {
            self.rows.iter().flatten().for_each(|it| writer.block(&it.text));
        } else if columns == 2 && self.rows.iter().all(names_rows) {
            for row in &self.rows {
                writer.open_item(None);
                writer.block(&named(row));
                writer.close();
            }
        } else {
            if self.rows.len() > 1 && self.rows.len() <= COLUMNS_MAX && self.rows.iter().all(names_rows) {
                self.rows = turned(&self.rows, columns);
            }
            writer.block(&grid(&self.rows));
        }
    }
}

/// `name：value`.
fn named(row: &[Cell]) -> String {
    let texts: Vec<&str> = row.iter().map(|it| it.text.as_str()).filter(|it| !it.is_empty()).collect();
    let colon = if texts.iter().any(|it| it.chars().any(rapport_model::is_han)) { "：" } else { ": " };
    texts.join(colon)
}

/// Columns become rows: the names stand at the left.
fn turned(rows: &[Vec<Cell>], columns: usize) -> Vec<Vec<Cell>> {
    (0..columns).map(|column| rows.iter().map(|row| row.get(column).cloned().unwrap_or_default()).collect()).collect()
}

fn grid(rows: &[Vec<Cell>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut text = String::new();
    for (at, row) in rows.iter().enumerate() {
        // The head tells how many columns there are; rows may be shorter.
        let cells = if at == 0 { columns } else { row.len() };
        for cell in 0..cells {
            text.push_str("| ");
            text.push_str(row.get(cell).map_or("", |it| it.text.as_str()));
            text.push(' ');
        }
        text.push_str("|\n");
        if at == 0 {
            text.push_str(&"| --- ".repeat(columns));
            text.push_str("|\n");
        }
    }
    text
}
