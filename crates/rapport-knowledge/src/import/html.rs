//! HTML pages: their text as Markdown, cut into articles as a Markdown file is.

use super::{
    Found,
    html_entity::decode,
    html_token::{Token, Tokenizer},
    markdown, one_line,
    text::escape,
};

pub(super) fn read(page: &str, stem: &str, found: &mut Found) {
    let mut title = String::new();
    let mut text = String::new();
    let mut raw = String::new();
    for token in Tokenizer::new(page) {
        match token {
            Token::Open(tag) => {
                if matches!(tag.name.as_str(), "h1" | "h2" | "h3") {
                    text.push_str("\n\n");
                    text.push_str(if tag.name == "h1" { "# " } else if tag.name == "h2" { "## " } else { "### " });
                } else if matches!(tag.name.as_str(), "p" | "div" | "li" | "br" | "tr") {
                    text.push_str("\n\n");
                }
                raw = tag.name;
            }
            Token::Close(name) if matches!(name.as_str(), "h1" | "h2" | "h3" | "p" | "div" | "li") => text.push_str("\n\n"),
            Token::Close(_) => {}
            Token::Text(it) => escape(&decode(it).replace('\n', " "), false, &mut text),
            Token::Raw(it) if raw == "title" => title = one_line(&decode(it)),
            Token::Raw(_) => {}
        }
    }
    markdown::read(&text, if title.is_empty() { stem } else { &title }, found);
}
