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

/// Adds an article for each row below the names. `false`: the names are not there.
pub(super) fn read<R: Row>(rows: &[R], found: &mut Found) -> bool {
    let Some((header, columns)) = columns(rows) else { return false };
    for row in rows.iter().skip(header + 1) {
        let cell = |column: Option<usize>| column.and_then(|it| row.cell(it)).map(str::trim).unwrap_or_default();
        let (question, answer) = (cell(Some(columns.question)), cell(Some(columns.answer)));
        if question.is_empty() && answer.is_empty() {
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
