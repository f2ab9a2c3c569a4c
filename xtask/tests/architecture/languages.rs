//! Every visible string of the browser exists in Chinese and English: no text stands in a component in one language only.
//!
//! The compiler holds the dictionaries (`texts`, `Bilingual`, the widget's `Words`) to both languages. This rule finds what
//! goes round them: Chinese without its English beside it, and English written straight into the markup.

use crate::{assert_none, tree};

/// Names of things, the same in every language.
const NAMES: &[&str] = &["Rapport", "English", "Cloudstep", "Markdown", "CSV", "XLSX", "HTML", "JWT", "API", "JSON", "Esc", "Enter", "Ctrl", "Alt", "Shift", "Tab"];
/// Attributes that people see or hear.
const SPOKEN: &[&str] = &["aria-label", "title", "placeholder", "alt", "label", "description"];

fn violations(path: &str, text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let code = without_comment(line);
        if is_han_shown(code) && !path.ends_with("words.ts") && !has_english(code, lines.get(at + 1).copied().unwrap_or_default()) {
            found.push(format!("{path}:{}: Chinese without English: {}", at + 1, code.trim()));
        }
        if path.ends_with(".tsx") && !code.contains("zh:") {
            let seen = markup_texts(code).into_iter().chain(attribute_texts(code)).filter(|it| is_english(it));
            found.extend(seen.map(|it| format!("{path}:{}: English outside a dictionary: {it}", at + 1)));
        }
    }
    found
}

fn is_han(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

/// In a string or in markup; in a pattern (`/[：时]/`) it is read, not shown.
fn is_han_shown(code: &str) -> bool {
    let strings = code.split(['"', '`', '\'']).skip(1).step_by(2);
    strings.chain(markup_texts(code)).any(|it| it.contains(is_han))
}

fn without_comment(line: &str) -> &str {
    let trimmed = line.trim_start();
    if trimmed.starts_with("//") || trimmed.starts_with('*') || trimmed.starts_with("/*") {
        return "";
    }
    line.split(" // ").next().unwrap_or_default()
}

/// English is beside the Chinese: in the same pair, or on the line that follows it.
fn has_english(line: &str, next: &str) -> bool {
    if line.contains("zh:") {
        return line.contains("en:") || next.contains("en:");
    }
    let after = line.rsplit(is_han).next().unwrap_or_default();
    let follows = if after.contains(['"', '`']) && after.len() > 6 { after } else { next };
    follows.split(['"', '`']).any(|it| it.contains(|c: char| c.is_ascii_alphabetic()))
}

/// Texts between a tag and the next: `<b>Save</b>`.
fn markup_texts(line: &str) -> Vec<&str> {
    let parts = line.split("</").filter(|_| line.contains("</")).filter_map(|it| it.rsplit_once('>').map(|(_, text)| text));
    parts.filter(|it| !it.contains(['{', '}', '=', ';', '(', ')'])).collect()
}

fn attribute_texts(line: &str) -> Vec<&str> {
    let found = SPOKEN.iter().flat_map(|name| line.match_indices(&format!(" {name}=\"")).map(move |(at, opened)| at + opened.len()).collect::<Vec<_>>());
    found.filter_map(|at| line[at..].split('"').next()).collect()
}

/// Holds a word that is no name; an address is none.
fn is_english(text: &str) -> bool {
    !text.contains("://") && text.split(|c: char| !c.is_ascii_alphabetic()).any(|word| word.len() > 1 && !NAMES.contains(&word))
}

#[test]
fn no_text_of_the_browser_stands_in_one_language_only() {
    let files = tree::texts("web", &["ts", "tsx"]).into_iter().filter(|(path, _)| path.contains("/src/"));
    let files: Vec<_> = files.collect();
    assert!(files.len() > 30, "only {} files were found", files.len());
    assert_none(files.iter().flat_map(|(path, text)| violations(path, text)).collect());
}

#[test]
fn dictionaries_pass_and_texts_in_one_language_are_found() {
    for good in [
        r#"  save: { zh: "保存", en: "Save" },"#,
        "  save: { zh: \"保存\",\n    en: \"Save\" },",
        r#"t(["保存", "Save"])"#,
        "const SAVE: Text = [\n  \"保存\",\n  \"Save\",\n];",
        "// 保存\nconst x = 1;",
        r#"<Button label={t("save")}>{t("save")}</Button>"#,
        "<b>Rapport</b>",
        r"const clean = text.replace(/[：时点]/g, `:`);",
        r#"<input placeholder="https://shop.example.com" />"#,
        "if (a < b && c > d) return e</x>/;",
    ] {
        assert_eq!(violations("a/src/a.tsx", good), Vec::<String>::new(), "{good}");
    }
    for bad in [r#"const x = "保存";"#, r#"  save: { zh: "保存" },"#, "<b>Save it</b>", "<b>保存</b>", r#"<input placeholder="Your name" />"#] {
        assert_eq!(violations("a/src/a.tsx", bad).len(), 1, "{bad}");
    }
}
