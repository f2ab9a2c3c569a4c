//! XLSX workbooks: each sheet a table of questions and answers. Source: ECMA-376 part 1, chapter 18.

use std::{borrow::Cow, rc::Rc};

use quick_xml::{
    Reader,
    events::{BytesRef, BytesStart, Event},
};
use rapport_model::{Fault, codes};

use super::{
    ARTICLES_MAX, Found,
    table::{self, COLUMNS_MAX, Row},
    zip::Archive,
};

const SHEETS_MAX: usize = 64;
/// Empty rows count as well.
const ROWS_MAX: usize = ARTICLES_MAX * 2;
/// What Excel itself allows in a cell. Units: characters.
const CELL_CHARS_MAX: usize = 32_767;

struct Sheet {
    name: String,
    relation: String,
    hidden: bool,
}

struct SheetRow {
    sheet: Rc<str>,
    number: usize,
    cells: Vec<(usize, Rc<str>)>,
}

impl Row for SheetRow {
    fn cell(&self, column: usize) -> Option<&str> {
        self.cells.iter().find(|it| it.0 == column).map(|it| &*it.1)
    }
    fn place(&self) -> String {
        format!("sheet {}, row {}", self.sheet, self.number)
    }
}

fn unreadable(what: impl std::fmt::Display) -> Fault {
    Fault::with(codes::IMPORT_UNREADABLE, format!("xlsx: {what}"))
}

pub(super) fn read(content: &[u8], found: &mut Found) -> Result<(), Fault> {
    let mut archive = Archive::open(content)?;
    let workbook = part(&mut archive, "xl/workbook.xml")?.ok_or_else(|| unreadable("no workbook"))?;
    let relations = part(&mut archive, "xl/_rels/workbook.xml.rels")?.ok_or_else(|| unreadable("no relations"))?;
    let relations = relations_of(&relations)?;
    let shared = match part(&mut archive, "xl/sharedStrings.xml")? {
        Some(xml) => shared_strings(&xml)?,
        None => Vec::new(),
    };
    let mut has_columns = false;
    for sheet in sheets_of(&workbook)?.into_iter().take(SHEETS_MAX) {
        let place = format!("sheet {}", sheet.name);
        let target = relations.iter().find(|it| it.0 == sheet.relation).map(|it| it.1.as_str());
        if sheet.hidden {
            found.skip(place, "hidden");
            continue;
        }
        let Some(xml) = target.map(|it| part(&mut archive, it)).transpose()?.flatten() else {
            found.skip(place, "no_columns");
            continue;
        };
        if table::read(&rows_of(&xml, &sheet.name, &shared, found)?, found) {
            has_columns = true;
        } else {
            found.skip(place, "no_columns");
        }
    }
    if has_columns { Ok(()) } else { Err(Fault::new(codes::IMPORT_NO_COLUMNS)) }
}

/// A part as text. Workbooks are UTF-8, a few are UTF-16.
fn part(archive: &mut Archive<'_>, name: &str) -> Result<Option<String>, Fault> {
    let Some(content) = archive.read(name)? else { return Ok(None) };
    let text = match String::from_utf8(content) {
        Ok(text) => text,
        Err(error) => super::decode::text(error.as_bytes())?,
    };
    Ok(Some(text))
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.attributes().with_checks(false).flatten().take(64).find(|it| it.key.local_name().as_ref() == name)?;
    let raw = found.value.into_owned();
    Some(quick_xml::escape::unescape(&raw).map(Cow::into_owned).unwrap_or(raw))
}

fn events(xml: &str, mut each: impl FnMut(Event<'_>) -> bool) -> Result<(), Fault> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    loop {
        let event = reader.read_event().map_err(unreadable)?;
        if event == Event::Eof || !each(event) {
            return Ok(());
        }
    }
}

fn sheets_of(xml: &str) -> Result<Vec<Sheet>, Fault> {
    let mut sheets = Vec::new();
    events(xml, |event| {
        if let Event::Start(tag) | Event::Empty(tag) = &event
            && tag.local_name().as_ref() == "sheet"
        {
            let hidden = attribute(tag, "state").is_some_and(|it| it != "visible");
            let name = super::cut(&super::one_line(&attribute(tag, "name").unwrap_or_default()), 60);
            sheets.push(Sheet { name, relation: attribute(tag, "id").unwrap_or_default(), hidden });
        }
        sheets.len() < SHEETS_MAX
    })?;
    Ok(sheets)
}

/// Relation id to the part's name in the archive.
fn relations_of(xml: &str) -> Result<Vec<(String, String)>, Fault> {
    let mut relations = Vec::new();
    events(xml, |event| {
        if let Event::Start(tag) | Event::Empty(tag) = &event
            && tag.local_name().as_ref() == "Relationship"
            && let (Some(id), Some(target)) = (attribute(tag, "Id"), attribute(tag, "Target"))
        {
            let part = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
            relations.push((id, part));
        }
        relations.len() < 1_000
    })?;
    Ok(relations)
}

/// Text of `t` elements; runs of rich text are joined, readings above characters (`rPh`) left out.
#[derive(Default)]
struct TextReader {
    text: String,
    chars: usize,
    in_text: bool,
    in_reading: bool,
}

impl TextReader {
    /// `value`: whether `v` holds text as well.
    fn read(&mut self, event: &Event<'_>, value: bool) {
        match event {
            Event::Start(tag) => self.enter(tag.local_name().as_ref(), value),
            Event::End(tag) => match tag.local_name().as_ref() {
                "t" | "v" => self.in_text = false,
                "rPh" => self.in_reading = false,
                _ => {}
            },
            Event::Text(text) => self.push(text),
            Event::CData(text) => self.push(text),
            Event::GeneralRef(reference) => self.push(&resolved(reference)),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Eof => {}
        }
    }

    fn enter(&mut self, name: &str, value: bool) {
        match name {
            "t" => self.in_text = true,
            "v" => self.in_text = value,
            "rPh" => self.in_reading = true,
            _ => {}
        }
    }

    /// One character beyond the limit is kept, so that the row is seen to be too long.
    fn push(&mut self, text: &str) {
        if self.in_text && !self.in_reading && self.chars <= CELL_CHARS_MAX {
            let before = self.text.len();
            self.text.extend(text.chars().take(CELL_CHARS_MAX + 1 - self.chars));
            self.chars += self.text.get(before..).map_or(0, |it| it.chars().count());
        }
    }

    fn take(&mut self) -> String {
        let text = std::mem::take(self).text;
        if text.contains("_x000") { text.replace("_x000D_", "").replace("_x000A_", "\n") } else { text }
    }
}

/// `&amp;` and `&#10;`; entities that the file declares itself are left out.
fn resolved(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return c.to_string();
    }
    quick_xml::escape::resolve_predefined_entity(reference).unwrap_or_default().to_owned()
}

fn shared_strings(xml: &str) -> Result<Vec<Rc<str>>, Fault> {
    let mut strings = Vec::new();
    let mut reader = TextReader::default();
    events(xml, |event| {
        let ends = matches!(&event, Event::End(tag) if tag.local_name().as_ref() == "si");
        let empty = matches!(&event, Event::Empty(tag) if tag.local_name().as_ref() == "si");
        reader.read(&event, false);
        if ends || empty {
            strings.push(Rc::from(reader.take()));
        }
        true
    })?;
    Ok(strings)
}

/// The sheet as it is read.
struct SheetReader<'a> {
    shared: &'a [Rc<str>],
    sheet: Rc<str>,
    rows: Vec<SheetRow>,
    text: TextReader,
    column: usize,
    kind: String,
}

fn rows_of(xml: &str, sheet: &str, shared: &[Rc<str>], found: &mut Found) -> Result<Vec<SheetRow>, Fault> {
    let mut reader = SheetReader { shared, sheet: Rc::from(sheet), rows: Vec::new(), text: TextReader::default(), column: 0, kind: String::new() };
    events(xml, |event| {
        reader.read(&event);
        reader.rows.len() <= ROWS_MAX
    })?;
    if reader.rows.len() > ROWS_MAX {
        found.skip(format!("sheet {sheet}, row {ROWS_MAX} and after"), "too_many");
    }
    Ok(reader.rows)
}

impl SheetReader<'_> {
    fn read(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "row" => self.start_row(tag),
                "c" => self.start_cell(tag),
                _ => self.text.read(event, true),
            },
            Event::End(tag) if tag.local_name().as_ref() == "c" => self.end_cell(),
            Event::Empty(tag) if tag.local_name().as_ref() == "row" => self.start_row(tag),
            Event::Empty(tag) if tag.local_name().as_ref() == "c" => {
                self.start_cell(tag);
                self.end_cell();
            }
            Event::End(_) | Event::Empty(_) | Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => self.text.read(event, true),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Eof => {}
        }
    }

    fn start_row(&mut self, tag: &BytesStart<'_>) {
        let after = self.rows.last().map_or(1, |it| it.number + 1);
        let number = attribute(tag, "r").and_then(|it| it.parse::<u32>().ok()).and_then(|it| usize::try_from(it).ok()).unwrap_or(after);
        self.rows.push(SheetRow { sheet: Rc::clone(&self.sheet), number, cells: Vec::new() });
        self.column = 0;
    }

    fn start_cell(&mut self, tag: &BytesStart<'_>) {
        self.column = attribute(tag, "r").and_then(|it| column_of(&it)).unwrap_or(self.column);
        self.kind = attribute(tag, "t").unwrap_or_default();
        self.text = TextReader::default();
    }

    fn end_cell(&mut self) {
        let text = self.text.take();
        let column = self.column;
        self.column = self.column.saturating_add(1);
        if column >= COLUMNS_MAX || text.is_empty() {
            return;
        }
        let value = if self.kind == "s" { text.trim().parse::<usize>().ok().and_then(|it| self.shared.get(it)).cloned() } else { Some(Rc::from(text)) };
        if let (Some(row), Some(value)) = (self.rows.last_mut().filter(|it| it.cells.len() < COLUMNS_MAX), value) {
            row.cells.push((column, value));
        }
    }
}

/// `C7` is column 2.
fn column_of(reference: &str) -> Option<usize> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic).take(4);
    let number = letters.fold(0_usize, |number, it| number * 26 + usize::from(it.to_ascii_uppercase() - b'A') + 1);
    number.checked_sub(1)
}
