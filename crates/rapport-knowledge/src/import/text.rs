//! Plain text: pairs of questions and answers where it is written so, else one article.

use super::{Draft, Found, cut, one_line};

/// A first line up to this long is a title. Units: characters.
const TITLE_LINE_CHARS_MAX: usize = 60;
/// A line at least this wide that ends without a mark was broken by an editor, not by its writer.
const WRAPPED_CHARS_MIN: usize = 60;

pub(super) fn read(text: &str, stem: &str, found: &mut Found) {
    if pairs(text, found) {
        return;
    }
    let mut lines = text.trim().lines();
    let first = lines.next().unwrap_or_default().trim();
    let rest: String = lines.collect::<Vec<_>>().join("\n");
    let is_title = first.chars().count() <= TITLE_LINE_CHARS_MAX && !first.ends_with(['。', '.', '，', ',', '；', ';']) && !rest.trim().is_empty();
    let (title, body) = if is_title { (first.to_owned(), rest) } else { (stem.to_owned(), text.to_owned()) };
    let title = if title.trim().is_empty() { cut(&one_line(&body), TITLE_LINE_CHARS_MAX) } else { title };
    found.add(Draft { place: "file".to_owned(), key: "file".to_owned(), title, body: to_markdown(&body), ..Draft::default() });
}

/// "问：… 答：…" or "Q: … A: …", each at the start of a line. Answers whether any pair was there.
fn pairs(text: &str, found: &mut Found) -> bool {
    let is_pair = |line: &str| marked(line, QUESTION_MARKS).is_some();
    let questions = text.lines().filter(|it| is_pair(it)).count();
    let answers = text.lines().filter(|it| marked(it, ANSWER_MARKS).is_some()).count();
    if questions == 0 || answers == 0 || text.lines().find(|it| !it.trim().is_empty()).is_none_or(|it| !is_pair(it)) {
        return false;
    }
    let mut number = 0;
    let mut draft = Draft::default();
    let mut body = String::new();
    let mut in_answer = false;
    for line in text.lines() {
        if let Some(question) = marked(line, QUESTION_MARKS) {
            if number > 0 {
                draft.body = to_markdown(&std::mem::take(&mut body));
                found.add(std::mem::take(&mut draft));
            }
            number += 1;
            draft = Draft { place: format!("question {number}"), title: question.to_owned(), ..Draft::default() };
            in_answer = false;
        } else if let Some(answer) = marked(line, ANSWER_MARKS).filter(|_| !in_answer) {
            in_answer = true;
            body.push_str(answer);
            body.push('\n');
        } else if in_answer {
            body.push_str(line);
            body.push('\n');
        } else {
            draft.title.push(' ');
            draft.title.push_str(line.trim());
        }
    }
    draft.body = to_markdown(&body);
    found.add(draft);
    true
}

const QUESTION_MARKS: &[&str] = &["问", "问题", "Q", "q", "Question", "question"];
const ANSWER_MARKS: &[&str] = &["答", "答案", "A", "a", "Answer", "answer"];

fn marked<'a>(line: &'a str, marks: &[&str]) -> Option<&'a str> {
    let line = line.trim_start();
    marks.iter().find_map(|mark| {
        let rest = line.strip_prefix(mark)?.trim_start_matches(|it: char| it.is_ascii_digit());
        rest.strip_prefix(['：', ':']).map(str::trim)
    })
}

/// Text as Markdown that shows it unchanged: marks escaped, the writer's line breaks kept.
pub(super) fn to_markdown(text: &str) -> String {
    let mut markdown = String::with_capacity(text.len() + text.len() / 8);
    let mut lines = text.trim().lines().peekable();
    while let Some(line) = lines.next() {
        let line = line.trim();
        escape(line, true, &mut markdown);
        if let Some(next) = lines.peek() {
            let is_wrapped = line.chars().count() >= WRAPPED_CHARS_MIN && line.ends_with(char::is_alphanumeric);
            if !line.is_empty() && !next.trim().is_empty() && !is_wrapped {
                markdown.push_str("  ");
            }
            markdown.push('\n');
        }
    }
    markdown
}

/// Answers in tables may be Markdown: only their line breaks are kept.
pub(super) fn keep_lines(text: &str) -> String {
    let mut markdown = String::with_capacity(text.len() + 16);
    let mut lines = text.trim().lines().map(str::trim_end).peekable();
    while let Some(line) = lines.next() {
        markdown.push_str(line);
        if let Some(next) = lines.peek() {
            let is_structure = |it: &str| it.trim_start().starts_with(['-', '*', '+', '|', '#', '>', '`']);
            if !line.is_empty() && !next.is_empty() && !is_structure(line) && !is_structure(next) {
                markdown.push_str("  ");
            }
            markdown.push('\n');
        }
    }
    markdown
}

/// Appends text so that Markdown shows it as it is. `starts_line`: whether marks of blocks count here.
pub(super) fn escape(text: &str, starts_line: bool, into: &mut String) {
    let mut chars = text.chars().peekable();
    let mut at_start = starts_line;
    let mut digits = false;
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        let opens_block = at_start && (matches!(c, '#' | '>' | '+' | '=') || (c == '-' && next.is_none_or(|it| it == ' ' || it == '-')) || c == '~');
        let numbers = digits && matches!(c, '.' | ')') && next.is_none_or(|it| it == ' ');
        let inline = matches!(c, '\\' | '*' | '_' | '[' | ']' | '<' | '`' | '|') || (c == '~' && next == Some('~'));
        let entity = c == '&' && next.is_some_and(|it| it.is_ascii_alphanumeric() || it == '#');
        if opens_block || numbers || inline || entity {
            into.push('\\');
        }
        into.push(c);
        digits = (at_start || digits) && c.is_ascii_digit();
        at_start = at_start && c == ' ';
    }
}
