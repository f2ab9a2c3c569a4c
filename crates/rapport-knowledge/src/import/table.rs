//! Rows of a table become articles: the columns are found by their names in Chinese or English.

use super::{Draft, Found, text::keep_lines};

/// The names may stand below a title or a note, but not far.
const HEADER_ROWS_MAX: usize = 10;
/// Columns that are read.
pub(super) const COLUMNS_MAX: usize = 64;

const QUESTION: &[&str] = &["问题", "标准问", "标准问题", "主问题", "提问", "标题", "知识标题", "question", "questions", "title", "q", "faq", "standard question", "query"];
const ANSWER: &[&str] = &["答案", "回答", "答复", "标准答案", "内容", "回复", "正文", "answer", "answers", "a", "reply", "response", "content", "body"];
const SIMILAR: &[&str] = &[
    "相似问", "相似问题", "相似问法", "扩展问", "扩展问题", "其他问法", "同义问", "similar", "similar question", "similar questions", "alternative questions", "alternatives", "variants", "aliases",
];
const LINK: &[&str] = &["链接", "网址", "地址", "来源", "url", "link", "source", "href"];
const KEY: &[&str] = &["编号", "序号id", "id", "key", "知识id"];

#[derive(Clone, Copy)]
struct Columns {
    question: usize,
    answer: usize,
    similar: Option<usize>,
    link: Option<usize>,
    key: Option<usize>,
}

/// The columns by the row that names them, and that row's place.
fn columns<R: Row>(rows: &[R]) -> Option<(usize, Columns)> {
    rows.iter().take(HEADER_ROWS_MAX).enumerate().find_map(|(at, row)| {
        let position = |names: &[&str]| (0..COLUMNS_MAX).find(|column| row.cell(*column).is_some_and(|it| names.contains(&heading(it).as_str())));
        let (question, answer) = (position(QUESTION)?, position(ANSWER)?);
        (question != answer).then_some((at, Columns { question, answer, similar: position(SIMILAR), link: position(LINK), key: position(KEY) }))
    })
}

fn heading(cell: &str) -> String {
    if cell.len() > 100 {
        return String::new();
    }
    let cell = cell.split(['（', '(', '【', '[']).next().unwrap_or_default();
    crate::text::normalise(cell).replace(['_', '-'], " ").split_whitespace().collect::<Vec<_>>().join(" ").trim_matches(['*', ':', '：', '#', ' ']).to_owned()
}

/// One row as the readers of CSV and XLSX hold it.
pub(super) trait Row {
    fn cell(&self, column: usize) -> Option<&str>;
    /// As people count them: `row 2`, `sheet 价格, row 2`.
    fn place(&self) -> String;
}

/// Without names: the column that asks, and the one beside it that says most.
fn unnamed_columns<R: Row>(rows: &[R]) -> Option<Columns> {
    let rows: Vec<&R> = rows.iter().take(SAMPLE_ROWS).collect();
    let cells = |column: usize| rows.iter().filter_map(move |it| it.cell(column)).map(str::trim).filter(|it| !it.is_empty());
    let asks = |column: &usize| {
        let asked = cells(*column).filter(|it| it.ends_with(['?', '？'])).count();
        asked >= ASKED_MIN && asked * 2 > cells(*column).count()
    };
    let question = (0..COLUMNS_MAX).find(asks)?;
    let length = |column: &usize| cells(*column).map(str::len).sum::<usize>();
    let answer = (0..COLUMNS_MAX).filter(|it| *it != question && length(it) > 0).max_by_key(length)?;
    Some(Columns { question, answer, similar: None, link: None, key: None })
}

/// Rows that tell which columns are which, and questions among them.
const SAMPLE_ROWS: usize = 50;
const ASKED_MIN: usize = 2;

/// Adds an article for each row below the names. `false`: the columns cannot be told.
pub(super) fn read<R: Row>(rows: &[R], found: &mut Found) -> bool {
    let (start, columns) = match columns(rows) {
        Some((header, columns)) => (header + 1, columns),
        None => match unnamed_columns(rows) {
            Some(columns) => (0, columns),
            None => return false,
        },
    };
    for row in rows.iter().skip(start) {
        if found.is_full() {
            found.skip(row.place(), "too_many");
            continue;
        }
        let cell = |column: Option<usize>| column.and_then(|it| row.cell(it)).map(str::trim).unwrap_or_default();
        let (question, answer) = (cell(Some(columns.question)), cell(Some(columns.answer)));
        // The line below the names of a table in Markdown says nothing either.
        let is_rule = |it: &str| it.bytes().all(|it| matches!(it, b'-' | b':'));
        if is_rule(question) && is_rule(answer) {
            continue;
        }
        if question.is_empty() {
            found.skip(row.place(), "no_question");
            continue;
        }
        // Several lines in the question's cell: the first is the question, the others are ways to ask it.
        let mut lines = question.lines().map(str::trim).filter(|it| !it.is_empty());
        let title = lines.next().unwrap_or_default().to_owned();
        let mut questions: Vec<String> = lines.map(str::to_owned).collect();
        questions.extend(cell(columns.similar).split(['\n', '|', ';', '；']).map(str::trim).filter(|it| !it.is_empty()).take(200).map(str::to_owned));
        let url = Some(cell(columns.link).to_owned()).filter(|it| !it.is_empty());
        let too_long = answer.len() > super::BODY_CHARS_MAX * 4;
        if too_long {
            found.skip(row.place(), "too_long");
            continue;
        }
        found.add(Draft { place: row.place(), key: cell(columns.key).to_owned(), title, body: keep_lines(answer), questions, locale: None, url });
    }
    true
}
