//! Entries of a lexicon from a table: canonical term, variants between `|`, group, note; errors name the line.

use rapport_model::Bilingual;

use super::{Entry, Group};

/// Rows of one table.
pub const ENTRIES_MAX: usize = 20_000;
/// Variants of one term.
pub const VARIANTS_MAX: usize = 64;
/// Characters of a term or variant.
pub const TERM_CHARS_MAX: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {fault}")]
pub struct ImportError {
    /// Of the file, from 1.
    pub line: u64,
    pub fault: Fault,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("cannot be read as a table")]
    Unreadable,
    #[error("no canonical term")]
    NoCanonical,
    #[error("no variants")]
    NoVariants,
    #[error("unknown group")]
    UnknownGroup,
    #[error("more than {VARIANTS_MAX} variants")]
    TooManyVariants,
    #[error("a term of more than {TERM_CHARS_MAX} characters")]
    TermTooLong,
    #[error("a single everyday character would be found in every text")]
    TermTooShort,
    #[error("more than {ENTRIES_MAX} rows")]
    TooManyRows,
    #[error("no row with a term")]
    NoRows,
}

impl ImportError {
    /// For the person who imports.
    pub fn message(&self) -> Bilingual {
        let line = self.line;
        let zh = match self.fault {
            Fault::Unreadable => "无法按表格读取".to_owned(),
            Fault::NoCanonical => "缺少标准词".to_owned(),
            Fault::NoVariants => "缺少变体".to_owned(),
            Fault::UnknownGroup => "未知的分组".to_owned(),
            Fault::TooManyVariants => format!("变体超过 {VARIANTS_MAX} 个"),
            Fault::TermTooLong => format!("词语超过 {TERM_CHARS_MAX} 个字"),
            Fault::TermTooShort => "单个常用字会在每句话里出现，不能作变体".to_owned(),
            Fault::TooManyRows => format!("超过 {ENTRIES_MAX} 行"),
            Fault::NoRows => "没有词条".to_owned(),
        };
        Bilingual::new(format!("第 {line} 行：{zh}"), format!("line {line}: {}", self.fault))
    }
}

/// Shape: UTF-8, comma or tab between columns (as the first line has it), quotes as CSV has them; `#` starts a comment; a first line that begins with
/// `canonical` is a heading; group and note may be missing, the group is then [`Group::Own`].
/// Errors: the first line that cannot be taken; nothing is taken then. Source: RFC 4180.
pub fn entries(table: &str) -> Result<Vec<Entry>, ImportError> {
    let table = table.strip_prefix('\u{FEFF}').unwrap_or(table);
    let heading = table.lines().find(|it| !it.starts_with('#') && !it.trim().is_empty()).unwrap_or_default();
    let delimiter = if heading.contains('\t') { b'\t' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).quoting(delimiter == b',').comment(Some(b'#')).flexible(true).has_headers(false).trim(csv::Trim::All).from_reader(table.as_bytes());
    let mut out = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| ImportError { line: error.position().map_or(0, csv::Position::line), fault: Fault::Unreadable })?;
        let line = record.position().map_or(0, |it| it.line() + passed_over(table, it.byte()));
        let is_heading = out.is_empty() && record.get(0) == Some("canonical");
        if is_heading || record.iter().all(str::is_empty) {
            continue;
        }
        out.push(entry(&record).map_err(|fault| ImportError { line, fault })?);
        if out.len() > ENTRIES_MAX {
            return Err(ImportError { line, fault: Fault::TooManyRows });
        }
    }
    if out.is_empty() { Err(ImportError { line: 1, fault: Fault::NoRows }) } else { Ok(out) }
}

/// The reader tells where it began to look; blank lines and comments may come before the row.
fn passed_over(table: &str, byte: u64) -> u64 {
    let rest = usize::try_from(byte).ok().and_then(|it| table.get(it..)).unwrap_or_default();
    (0..).zip(rest.lines()).find(|(_, it)| !it.trim().is_empty() && !it.starts_with('#')).map_or(0, |it| it.0)
}

fn entry(record: &csv::StringRecord) -> Result<Entry, Fault> {
    let column = |at: usize| record.get(at).unwrap_or_default();
    let group = match column(2) {
        "" => Group::Own,
        name => Group::of_name(name).ok_or(Fault::UnknownGroup)?,
    };
    let variants: Vec<String> = column(1).split('|').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect();
    let entry = Entry { canonical: column(0).to_owned(), variants, group, note: column(3).to_owned() };
    check(&entry)?;
    Ok(entry)
}

/// What a table and the administration alike refuse.
pub fn check(entry: &Entry) -> Result<(), Fault> {
    if entry.canonical.is_empty() {
        return Err(Fault::NoCanonical);
    }
    if entry.variants.is_empty() {
        return Err(Fault::NoVariants);
    }
    if entry.variants.len() > VARIANTS_MAX {
        return Err(Fault::TooManyVariants);
    }
    if entry.variants.iter().chain([&entry.canonical]).any(|it| it.chars().count() > TERM_CHARS_MAX) {
        return Err(Fault::TermTooLong);
    }
    let is_everywhere = |it: &String| it.chars().count() == 1 && it.chars().all(|c| super::words::is_common(c) || c.is_ascii_alphanumeric());
    if entry.variants.iter().any(is_everywhere) { Err(Fault::TermTooShort) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_both_kinds_are_read() {
        let tabbed = "canonical\tvariants\tgroup\tnote\n# 说明\n哪里\t边度|边处\tcantonese\t\n\n退货\t寄回去\n";
        let commas = "\u{FEFF}哪里,边度|边处,cantonese\n\"退货\",\" 寄回去 \"\n";
        let found = entries(tabbed).unwrap();
        assert_eq!(found, entries(commas).unwrap());
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].group, Group::Cantonese);
        assert_eq!(found[1], Entry { canonical: "退货".to_owned(), variants: vec!["寄回去".to_owned()], group: Group::Own, note: String::new() });
        assert_eq!(entries(""), Err(ImportError { line: 1, fault: Fault::NoRows }));
    }

    fn refused(table: &str, line: u64, fault: Fault) {
        let error = entries(table).unwrap_err();
        assert_eq!(error, ImportError { line, fault }, "{table}");
        assert!(error.message().zh.starts_with(&format!("第 {line} 行")));
    }

    #[test]
    fn an_error_names_its_line() {
        refused("哪里,边度\n,边度\n", 2, Fault::NoCanonical);
        refused("哪里,边度\n# x\n退货,\n", 3, Fault::NoVariants);
        refused("哪里,边度\r\n\r\n退货,\r\n", 3, Fault::NoVariants);
        refused("哪里\t边度\tmars\n", 1, Fault::UnknownGroup);
        refused(&format!("哪里,{}\n", "长".repeat(65)), 1, Fault::TermTooLong);
        refused(&format!("退货,寄回去\n哪里,{}\n", "边度|".repeat(65)), 2, Fault::TooManyVariants);
        refused("哪里,边度\n没有,冇\n没,有\n", 3, Fault::TermTooShort);
        refused(&"哪里,边度\n".repeat(ENTRIES_MAX + 1), 20_001, Fault::TooManyRows);
    }
}
