//! Markdown files: front matter, and one article for each top heading where a file holds several.

use rapport_model::Locale;

use super::{Draft, Found};
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

pub(super) fn read(text: &str, stem: &str, found: &mut Found) {
    let (front, text) = front_matter(text);
    let lines = lines(text);
    let count = |level: usize| lines.iter().filter(|it| it.heading.as_ref().is_some_and(|it| it.0 == level)).count();
    let level = if count(1) > 1 {
        1
    } else if count(1) == 0 && count(2) > 1 {
        2
    } else {
        return whole(&lines, front, stem, found);
    };
    let mut draft = Draft { place: "section 0".to_owned(), title: front.title.unwrap_or_else(|| stem.to_owned()), ..Draft::default() };
    let mut number = 0;
    for line in &lines {
        match &line.heading {
            Some((at, title)) if *at == level => {
                number += 1;
                let next = Draft { place: format!("section {number}"), title: title.clone(), ..Draft::default() };
                section(std::mem::replace(&mut draft, next), number - 1, front.url.as_deref(), front.locale, found);
            }
            Some(_) | None => push(&mut draft.body, line.text),
        }
    }
    section(draft, number, front.url.as_deref(), front.locale, found);
}

/// Text above the first heading is an article of its own only when there is some.
fn section(mut draft: Draft, number: usize, url: Option<&str>, locale: Option<Locale>, found: &mut Found) {
    if number > 0 || !draft.body.trim().is_empty() {
        draft.url = url.map(str::to_owned);
        draft.locale = locale;
        found.add(draft);
    }
}

/// The whole file is one article, titled by its front matter, its first heading or its name. Its key is the file alone.
fn whole(lines: &[Line<'_>], front: Front, stem: &str, found: &mut Found) {
    let heading = lines.iter().position(|it| it.heading.is_some());
    let opens = heading.filter(|at| lines.iter().take(*at).all(|it| it.text.trim().is_empty()));
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
    let mut fence: Option<&str> = None;
    for text in text.lines() {
        let trimmed = text.trim_start();
        let indent = text.len() - trimmed.len();
        if let Some(open) = fence {
            if trimmed.starts_with(open) && trimmed.trim_end().chars().all(|it| open.starts_with(it)) {
                fence = None;
            }
            lines.push(Line { text, heading: None });
            continue;
        }
        if indent < 4 {
            fence = ["```", "~~~"].into_iter().find(|it| trimmed.starts_with(it));
        }
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
