//! Plain text: pairs of questions and answers where it is written so, else one article.

use super::{Draft, Found, cut, one_line};

/// A first line up to this long is a title. Units: characters.
const TITLE_LINE_CHARS_MAX: usize = 60;
/// A line at least this wide that ends without a mark was broken by an editor, not by its writer.
const WRAPPED_CHARS_MIN: usize = 60;

pub(super) fn read(text: &str, stem: &str, found: &mut Found) {
    if marked_pairs(text, to_markdown, found) || asked_pairs(text, found) {
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

/// "问：… 答：…" in a Markdown text.
pub(super) fn pairs(text: &str, found: &mut Found) -> bool {
    marked_pairs(text, str::to_owned, found)
}

/// "问：… 答：…" or "Q: … A: …", each at the start of a line. Answers whether any pair was there.
fn marked_pairs(text: &str, write: fn(&str) -> String, found: &mut Found) -> bool {
    let is_question = |line: &str| marked(line, QUESTION_MARKS).is_some();
    let questions = text.lines().filter(|it| is_question(it)).count();
    let answers = text.lines().filter(|it| marked(it, ANSWER_MARKS).is_some()).count();
    // A letter or two that happen to begin a line are no list of questions.
    if questions == 0 || answers * 2 < questions || text.lines().filter(|it| !it.trim().is_empty()).take(HEAD_LINES_MAX).all(|it| !is_question(it)) {
        return false;
    }
    let mut pairs = Pairs::default();
    let mut in_answer = false;
    for line in text.lines() {
        if let Some(question) = marked(line, QUESTION_MARKS) {
            pairs.start(question, write, found);
            in_answer = false;
        } else if let Some(answer) = marked(line, ANSWER_MARKS).filter(|_| !in_answer) {
            in_answer = true;
            pairs.answer(answer);
        } else if in_answer {
            pairs.answer(line);
        } else if pairs.number > 0 {
            pairs.draft.title.push(' ');
            pairs.draft.title.push_str(line.trim());
        }
    }
    pairs.end(write, found);
    true
}

/// Lines that stand alone and end with a question mark, each with text below. Answers whether there are several.
fn asked_pairs(text: &str, found: &mut Found) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let is_asked = |at: usize| {
        let above = at.checked_sub(1).and_then(|it| lines.get(it)).is_none_or(|it| it.is_empty());
        above && lines.get(at).is_some_and(|it| it.ends_with(['?', '？']) && it.chars().nth(QUESTION_LINE_CHARS_MAX).is_none())
    };
    let asked: Vec<usize> = (0..lines.len()).filter(|it| is_asked(*it)).collect();
    let answered = |(nth, at): (usize, &usize)| lines.get(at + 1..asked.get(nth + 1).copied().unwrap_or(lines.len())).is_some_and(|it| it.iter().any(|it| !it.is_empty()));
    let head = lines.iter().take(asked.first().copied().unwrap_or(0)).filter(|it| !it.is_empty()).count();
    if asked.len() < 2 || head > HEAD_LINES_MAX || !asked.iter().enumerate().all(answered) {
        return false;
    }
    let mut pairs = Pairs::default();
    for (at, line) in lines.iter().enumerate() {
        if asked.binary_search(&at).is_ok() {
            pairs.start(line.trim_start_matches(|it: char| it.is_ascii_digit() || ".、) ）".contains(it)), to_markdown, found);
        } else if pairs.number > 0 {
            pairs.answer(line);
        }
    }
    pairs.end(to_markdown, found);
    true
}

/// A title or a greeting may stand above the first question. Units: lines with text.
const HEAD_LINES_MAX: usize = 3;
const QUESTION_LINE_CHARS_MAX: usize = 100;

/// Questions with their answers as they are met.
#[derive(Default)]
struct Pairs {
    number: usize,
    draft: Draft,
    body: String,
}

impl Pairs {
    fn start(&mut self, question: &str, write: fn(&str) -> String, found: &mut Found) {
        self.end(write, found);
        self.number += 1;
        self.draft = Draft { place: format!("question {}", self.number), title: crate::markdown::plain(question), ..Draft::default() };
    }

    fn answer(&mut self, line: &str) {
        self.body.push_str(line);
        self.body.push('\n');
    }

    fn end(&mut self, write: fn(&str) -> String, found: &mut Found) {
        let body = std::mem::take(&mut self.body);
        if self.number > 0 {
            let mut draft = std::mem::take(&mut self.draft);
            draft.body = write(&body);
            found.add(draft);
        }
    }
}

const QUESTION_MARKS: &[&str] = &["问题", "问", "Q", "q", "Question", "question"];
const ANSWER_MARKS: &[&str] = &["答案", "答", "A", "a", "Answer", "answer"];

/// What follows `问：`, `Q1:` or `**Q:**` at the start of a line.
fn marked<'a>(line: &'a str, marks: &[&str]) -> Option<&'a str> {
    let bold = line.trim_start().trim_start_matches(['#', ' ']);
    let inner = bold.trim_start_matches('*');
    marks.iter().find_map(|mark| {
        let rest = inner.strip_prefix(mark)?.trim_start_matches(|it: char| it.is_ascii_digit());
        let rest = rest.strip_prefix("\\:").or_else(|| rest.strip_prefix(['：', ':', '.', '、']))?;
        // `**Q:** text` or `**Q: text**`: the marks go with what they mark.
        Some(if inner.len() == bold.len() { rest.trim() } else { rest.trim().trim_start_matches('*').trim_end_matches('*').trim() })
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
