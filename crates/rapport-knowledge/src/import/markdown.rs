//! Markdown files: front matter, and one article for each heading where a file holds several questions or subjects.

use rapport_model::Locale;

use super::{Draft, Found, text::pairs};
use crate::markdown::plain;

/// A line of the file with the heading level it opens, if any.
struct Line<'a> {
    text: &'a str,
    heading: Option<(usize, String)>,
}

/// What stands between two `---` lines at the top.
#[derive(Default)]
struct Front {
    title: Option<String>,
    url: Option<String>,
    locale: Option<Locale>,
    questions: Vec<String>,
}

/// Sections of this many headings that ask a question are questions and answers.
const ASKED_MIN: usize = 2;
/// A text longer than this is cut at its headings: found whole it would say too little about where the answer is. Units: bytes.
const WHOLE_BYTES_MAX: usize = 24_000;

pub(super) fn read(text: &str, stem: &str, found: &mut Found) {
    let (front, text) = front_matter(text);
    if !pairs(text, found) {
        cut(text, front, stem, false, found);
    }
}

/// The text of a page that was no Markdown. `quiet`: headings may stand alone, since what stood below was taken apart before.
pub(super) fn read_page(text: &str, title: &str, url: Option<&str>, quiet: bool, found: &mut Found) {
    if !pairs(text, found) {
        cut(text, Front { url: url.map(str::to_owned), ..Front::default() }, title, quiet, found);
    }
}

fn cut(text: &str, front: Front, stem: &str, quiet: bool, found: &mut Found) {
    let lines = lines(text);
    if quiet && lines.iter().all(|it| it.heading.is_some() || it.text.trim().is_empty()) {
        return;
    }
    let Some(level) = level(&lines) else { return whole(&lines, front, stem, found) };
    let mut draft = Draft { place: "section 0".to_owned(), title: front.title.unwrap_or_else(|| stem.to_owned()), ..Draft::default() };
    let mut number = 0;
    let mut keeps_empty = false;
    let mut end = |mut draft: Draft, keeps_empty: bool| {
        if keeps_empty || !draft.body.trim().is_empty() {
            draft.url.clone_from(&front.url);
            draft.locale = front.locale;
            found.add(draft);
        }
    };
    for line in &lines {
        match &line.heading {
            Some((at, title)) if *at <= level => {
                number += 1;
                let next = Draft { place: format!("section {number}"), title: title.clone(), ..Draft::default() };
                end(std::mem::replace(&mut draft, next), keeps_empty);
                // A heading above others that hold the text is not missed.
                keeps_empty = *at == level && !quiet;
            }
            Some(_) | None => push(&mut draft.body, line.text),
        }
    }
    end(draft, keeps_empty);
}

/// The headings that a text is cut at: those that ask questions, several at the top, or any where it is long.
fn level(lines: &[Line<'_>]) -> Option<usize> {
    let titles = |level: usize| lines.iter().filter_map(|it| it.heading.as_ref()).filter(move |it| it.0 == level).map(|it| it.1.as_str());
    let count = |level: usize| titles(level).count();
    let asked = |level: &usize| {
        let asked = titles(*level).filter(|it| it.ends_with(['?', '？'])).count();
        asked >= ASKED_MIN && asked * 2 > count(*level)
    };
    let bytes: usize = lines.iter().map(|it| it.text.len()).sum();
    let top = (1..=6).find(|it| count(*it) > 1);
    (1..=6).find(asked).or_else(|| top.filter(|it| *it == 1 || (*it == 2 && count(1) == 0) || bytes > WHOLE_BYTES_MAX))
}

/// The whole file is one article, titled by its front matter, its first heading or its name. Its key is the file alone.
fn whole(lines: &[Line<'_>], front: Front, stem: &str, found: &mut Found) {
    let mut tops = lines.iter().enumerate().filter(|(_, it)| it.heading.as_ref().is_some_and(|it| it.0 == 1)).map(|it| it.0);
    let only_top = tops.next().filter(|_| tops.next().is_none());
    let first = lines.iter().position(|it| !it.text.trim().is_empty()).filter(|at| lines.get(*at).is_some_and(|it| it.heading.is_some()));
    let opens = only_top.or(first);
    let named = opens.and_then(|at| lines.get(at)).and_then(|it| it.heading.as_ref()).map(|it| it.1.clone());
    let title = front.title.clone().or_else(|| named.clone()).unwrap_or_else(|| stem.to_owned());
    let mut body = String::new();
    for (at, line) in lines.iter().enumerate() {
        if opens != Some(at) || named.as_ref() != Some(&title) {
            push(&mut body, line.text);
        }
    }
    found.add(Draft { place: "file".to_owned(), key: "file".to_owned(), title, body, questions: front.questions, locale: front.locale, url: front.url });
}

fn push(body: &mut String, line: &str) {
    body.push_str(line);
    body.push('\n');
}

fn front_matter(text: &str) -> (Front, &str) {
    let none = (Front::default(), text);
    let Some(rest) = text.strip_prefix("---\n") else { return none };
    let Some((head, body)) = rest.split_once("\n---\n") else { return none };
    let mut front = Front::default();
    let mut list = false;
    for line in head.lines().take(100) {
        if let Some(item) = line.trim_start().strip_prefix("- ").filter(|_| list) {
            front.questions.push(unquoted(item));
            continue;
        }
        let Some((name, value)) = line.split_once(':') else { continue };
        let value = unquoted(value);
        list = false;
        match name.trim().to_ascii_lowercase().as_str() {
            "title" | "标题" if !value.is_empty() => front.title = Some(value),
            "url" | "link" | "链接" => front.url = Some(value),
            "lang" | "locale" | "language" | "语言" if !value.is_empty() => front.locale = Some(Locale::from_tag(&value)),
            "questions" | "aliases" | "相似问" => {
                list = true;
                front.questions.extend(value.trim_matches(['[', ']']).split([',', '|', '，']).map(unquoted).filter(|it| !it.is_empty()));
            }
            _ => {}
        }
    }
    (front, body)
}

fn unquoted(value: &str) -> String {
    value.trim().trim_matches(['"', '\'']).to_owned()
}

/// Lines with their headings (ATX and underlined), none inside fenced code.
fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut fence: Option<(char, usize)> = None;
    for text in text.lines() {
        let trimmed = text.trim_start();
        let indent = text.len() - trimmed.len();
        let mark = if indent < 4 { fence_of(trimmed) } else { None };
        if let Some(open) = fence {
            let closes = |it: (char, usize)| it.0 == open.0 && it.1 >= open.1 && trimmed.trim_end().len() == it.1;
            if mark.is_some_and(closes) {
                fence = None;
            }
            lines.push(Line { text, heading: None });
            continue;
        }
        fence = mark;
        if let Some(level) = underline(trimmed).filter(|_| indent < 4)
            && let Some(above) = lines.last_mut().filter(|it| it.heading.is_none() && is_paragraph(it.text))
        {
            above.heading = Some((level, plain(above.text)));
            // The underline goes with its heading.
            lines.push(Line { text: "", heading: None });
            continue;
        }
        let heading = if indent < 4 && fence.is_none() { atx(trimmed) } else { None };
        lines.push(Line { text, heading });
    }
    lines
}

/// The mark that opens or closes fenced code, and how often it stands there.
fn fence_of(line: &str) -> Option<(char, usize)> {
    let mark = line.chars().next().filter(|it| matches!(it, '`' | '~'))?;
    let count = line.chars().take_while(|it| *it == mark).count();
    (count >= 3).then_some((mark, count))
}

fn atx(line: &str) -> Option<(usize, String)> {
    let level = line.bytes().take_while(|it| *it == b'#').count();
    let title = line.get(level..)?;
    if !(1..=6).contains(&level) || !(title.is_empty() || title.starts_with([' ', '\t'])) {
        return None;
    }
    let title = plain(title.trim().trim_end_matches('#').trim());
    (!title.is_empty()).then_some((level, title))
}

fn underline(line: &str) -> Option<usize> {
    let line = line.trim_end();
    if line.len() >= 3 && line.bytes().all(|it| it == b'=') {
        Some(1)
    } else if line.len() >= 3 && line.bytes().all(|it| it == b'-') {
        Some(2)
    } else {
        None
    }
}

fn is_paragraph(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with(['-', '*', '+', '>', '|', '`', '#', '~'])
}
