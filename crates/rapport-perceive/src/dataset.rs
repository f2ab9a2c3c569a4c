//! Labelled texts from CSV, TSV, JSON lines or a JSON array: what is taught and what is measured with.

use serde_json::Value;
use thiserror::Error;

/// A text and its labels; most have one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    pub text: String,
    pub labels: Vec<String>,
}

/// What is wrong, and in which line (from 1; of a JSON array, which element).
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {what}")]
pub struct BadLine {
    pub line: usize,
    pub what: BadLineKind,
}

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BadLineKind {
    #[error("no column of texts: the first line names the columns, one of them `text`")]
    NoTextColumn,
    #[error("no column of labels: the first line names the columns, one of them `label`")]
    NoLabelColumn,
    #[error("{found} fields where the first line has {expected}")]
    Fields { found: usize, expected: usize },
    #[error("a quotation mark is not closed, or stands in the middle of a field")]
    Quotes,
    #[error("not a JSON object: {0}")]
    NotJson(String),
    #[error("`text` is missing or no text")]
    NoText,
    #[error("`label` is missing, empty or no text")]
    NoLabel,
    #[error("not UTF-8")]
    NotUtf8,
    #[error("no line of data")]
    Empty,
}

/// Names under which a text or a label is found, first choice first.
const TEXT_NAMES: &[&str] = &["text", "content", "sentence", "utterance", "question", "文本", "例句", "内容"];
const LABEL_NAMES: &[&str] = &["label", "labels", "intent", "category", "emotion", "标签", "意图", "情绪", "分类"];

/// Reads by what the content looks like; several labels are separated by `|`.
pub fn read(content: &[u8]) -> Result<Vec<Labelled>, BadLine> {
    Ok(read_numbered(content)?.into_iter().map(|it| it.1).collect())
}

/// The same, each with the line that it begins in, counted as `BadLine` does.
pub fn read_numbered(content: &[u8]) -> Result<Vec<(usize, Labelled)>, BadLine> {
    let content = content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content);
    let text = std::str::from_utf8(content).map_err(|error| {
        let ahead = content.get(..error.valid_up_to()).unwrap_or_default();
        bad(ahead.iter().filter(|it| **it == b'\n').count() + 1, BadLineKind::NotUtf8)
    })?;
    let rows = match text.trim_start().chars().next() {
        Some('[') => array(text)?,
        Some('{') => lines(text)?,
        Some(_) => table(text)?,
        None => Vec::new(),
    };
    if rows.is_empty() { Err(bad(1, BadLineKind::Empty)) } else { Ok(rows) }
}

fn bad(line: usize, what: BadLineKind) -> BadLine {
    BadLine { line, what }
}

fn labels(text: &str) -> Vec<String> {
    text.split('|').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

fn array(text: &str) -> Result<Vec<(usize, Labelled)>, BadLine> {
    let all: Vec<Value> = serde_json::from_str(text).map_err(|error| bad(error.line(), BadLineKind::NotJson(error.to_string())))?;
    all.iter().zip(1..).map(|(it, line)| Ok((line, object(it, line)?))).collect()
}

fn lines(text: &str) -> Result<Vec<(usize, Labelled)>, BadLine> {
    let filled = text.lines().zip(1..).filter(|it| !it.0.trim().is_empty());
    filled.map(|(it, line)| Ok((line, object(&serde_json::from_str(it).map_err(|error| bad(line, BadLineKind::NotJson(error.to_string())))?, line)?))).collect()
}

fn object(value: &Value, line: usize) -> Result<Labelled, BadLine> {
    let found = |names: &[&str]| names.iter().find_map(|it| value.get(it));
    let text = found(TEXT_NAMES).and_then(Value::as_str).ok_or_else(|| bad(line, BadLineKind::NoText))?;
    let labels = match found(LABEL_NAMES) {
        Some(Value::String(it)) => labels(it),
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::Number(it)) => vec![it.to_string()],
        Some(Value::Null | Value::Bool(_) | Value::Object(_)) | None => Vec::new(),
    };
    if labels.is_empty() { Err(bad(line, BadLineKind::NoLabel)) } else { Ok(Labelled { text: text.to_owned(), labels }) }
}

/// Tabs in the first line make it TSV, in which quotation marks mean nothing.
fn table(text: &str) -> Result<Vec<(usize, Labelled)>, BadLine> {
    let head = text.lines().next().unwrap_or_default();
    let by_tabs = head.contains('\t');
    let names = if by_tabs { fields_of_tsv(head) } else { fields_of_csv(head, 1)?.into_iter().next().map_or_else(Vec::new, |it| it.1) };
    let place = |wanted: &[&str]| wanted.iter().find_map(|name| names.iter().position(|it| it.trim().eq_ignore_ascii_case(name)));
    let text_at = place(TEXT_NAMES).ok_or_else(|| bad(1, BadLineKind::NoTextColumn))?;
    let label_at = place(LABEL_NAMES).ok_or_else(|| bad(1, BadLineKind::NoLabelColumn))?;
    let body = text.split_once('\n').map_or("", |it| it.1);
    let rows = if by_tabs {
        let filled = body.lines().zip(2..).filter(|it| !it.0.trim().is_empty());
        filled.map(|(it, line)| (line, fields_of_tsv(it))).collect()
    } else {
        fields_of_csv(body, 2)?
    };
    let one = |(line, fields): (usize, Vec<String>)| {
        if fields.len() != names.len() {
            return Err(bad(line, BadLineKind::Fields { found: fields.len(), expected: names.len() }));
        }
        let labels = labels(fields.get(label_at).map_or("", String::as_str));
        if labels.is_empty() {
            return Err(bad(line, BadLineKind::NoLabel));
        }
        Ok((line, Labelled { text: fields.get(text_at).cloned().unwrap_or_default(), labels }))
    };
    rows.into_iter().map(one).collect()
}

fn fields_of_tsv(line: &str) -> Vec<String> {
    line.trim_end_matches('\r').split('\t').map(str::to_owned).collect()
}

/// Rows with the line that each begins in. Source: RFC 4180.
fn fields_of_csv(text: &str, first_line: usize) -> Result<Vec<(usize, Vec<String>)>, BadLine> {
    let mut rows = Vec::new();
    let (mut row, mut field) = (Vec::new(), String::new());
    let (mut line, mut begun) = (first_line, first_line);
    let (mut quoted, mut closed) = (false, false);
    let mut chars = text.chars().peekable();
    let end_row = |row: &mut Vec<String>, field: &mut String, begun: usize, rows: &mut Vec<(usize, Vec<String>)>| {
        row.push(std::mem::take(field));
        let row = std::mem::take(row);
        if row.len() > 1 || row.first().is_some_and(|it| !it.trim().is_empty()) {
            rows.push((begun, row));
        }
    };
    while let Some(c) = chars.next() {
        line += usize::from(c == '\n');
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' if quoted => (quoted, closed) = (false, true),
            _ if quoted => field.push(c),
            '"' if field.is_empty() && !closed => quoted = true,
            ',' => {
                row.push(std::mem::take(&mut field));
                closed = false;
            }
            '\n' => {
                end_row(&mut row, &mut field, begun, &mut rows);
                (begun, closed) = (line, false);
            }
            '\r' if chars.peek() == Some(&'\n') => {}
            _ if closed => return Err(bad(line, BadLineKind::Quotes)),
            _ => field.push(c),
        }
    }
    if quoted {
        return Err(bad(begun, BadLineKind::Quotes));
    }
    if !field.is_empty() || !row.is_empty() {
        end_row(&mut row, &mut field, begun, &mut rows);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(content: &str, expected: &[(&str, &[&str])]) {
        let expected: Vec<Labelled> =
            expected.iter().map(|it| Labelled { text: it.0.to_owned(), labels: it.1.iter().map(|it| (*it).to_owned()).collect() }).collect();
        assert_eq!(read(content.as_bytes()), Ok(expected), "{content}");
    }

    #[test]
    fn every_form_is_read() {
        check("text,label\n\"退货, 怎么退\",return\r\nhi,greet|small\n", &[("退货, 怎么退", &["return"]), ("hi", &["greet", "small"])]);
        check("label\ttext\na\tsay \"no\"\n", &[("say \"no\"", &["a"])]);
        check("{\"text\":\"hi\",\"label\":\"a|b\"}\n\n{\"text\":\"ho\",\"labels\":[\"c\"]}", &[("hi", &["a", "b"]), ("ho", &["c"])]);
        check("[{\"content\":\"嗨\",\"label\":\"x\"}]", &[("嗨", &["x"])]);
        check("\u{FEFF}text,label\n\"two\nlines \"\"q\"\"\",a", &[("two\nlines \"q\"", &["a"])]);
    }

    #[test]
    fn what_is_broken_names_its_line() {
        let check = |content: &[u8], line: usize, what: BadLineKind| assert_eq!(read(content), Err(bad(line, what)));
        check(b"", 1, BadLineKind::Empty);
        check(b"text,label\n", 1, BadLineKind::Empty);
        check(b"a,b\nx,y\n", 1, BadLineKind::NoTextColumn);
        check(b"text,b\nx,y\n", 1, BadLineKind::NoLabelColumn);
        check(b"text,label\nx,y\nonly\n", 3, BadLineKind::Fields { found: 1, expected: 2 });
        check(b"text,label\nx,y\nx, \n", 3, BadLineKind::NoLabel);
        check(b"text,label\nx,y\n\"open,y\nz,w\n", 3, BadLineKind::Quotes);
        check(b"text,label\n\"a\nb\",y\n\"c\" d,y\n", 4, BadLineKind::Quotes);
        check(b"text\tlabel\nx\ty\nz\n", 3, BadLineKind::Fields { found: 1, expected: 2 });
        check(b"{\"text\":\"a\",\"label\":\"b\"}\n{\"text\":1}", 2, BadLineKind::NoText);
        check(b"text,label\nx,y\n\xFF\xFE,z\n", 3, BadLineKind::NotUtf8);
        assert!(matches!(read(b"{\"text\":\"a\",\"label\":\"b\"}\n{oops"), Err(BadLine { line: 2, what: BadLineKind::NotJson(_) })));
    }
}
