//! Functions over 70 lines are rare and listed by name; the list may only shrink.

use std::{collections::BTreeMap, fs};

use crate::{assert_none, tree};

const LINES_MAX: usize = 70;
const LIST: &str = "xtask/tests/architecture/long-functions.txt";

/// (name, lines from `fn` to the closing brace) of each function with a body, in order of their names' places.
fn functions(text: &str) -> Vec<(String, usize)> {
    let code = blanked(text);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(offset) = code[at..].find("fn ") {
        let start = at + offset;
        at = start + 3;
        let name: String = code[at..].chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect();
        let is_word = code[..start].chars().next_back().is_none_or(|it| !it.is_alphanumeric() && it != '_');
        if !is_word || name.is_empty() {
            continue;
        }
        if let Some(end) = body_end(&code[at..]) {
            found.push((name, code[start..at + end].matches('\n').count() + 1));
        }
    }
    found
}

/// Where the body that follows ends; `None` for a declaration without one.
fn body_end(code: &str) -> Option<usize> {
    let (mut braces, mut others) = (0_usize, 0_usize);
    for (at, byte) in code.bytes().enumerate() {
        match byte {
            b'(' | b'[' => others += 1,
            b')' | b']' => others = others.saturating_sub(1),
            b';' if braces == 0 && others == 0 => return None,
            b'{' => braces += 1,
            b'}' => {
                braces = braces.saturating_sub(1);
                if braces == 0 && others == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// The same text with comments, strings and character literals as blanks, so that braces in them do not count.
fn blanked(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = literal_end(&chars, at).unwrap_or(at);
        if end == at {
            out.push(if chars[at].is_ascii() { chars[at] } else { '_' });
            at += 1;
        }
        while at < end {
            out.push(if chars[at] == '\n' { '\n' } else { ' ' });
            at += 1;
        }
    }
    out
}

/// Where the comment or literal that starts here ends.
fn literal_end(chars: &[char], at: usize) -> Option<usize> {
    let next = chars.get(at + 1).copied();
    let after_word = at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
    let find = |from: usize, mark: &str| {
        let mark: Vec<char> = mark.chars().collect();
        (from..chars.len()).find(|it| chars[*it..].starts_with(&mark)).map_or(chars.len(), |it| it + mark.len())
    };
    match chars[at] {
        '/' if next == Some('/') => Some(find(at, "\n") - 1),
        '/' if next == Some('*') => Some(find(at + 2, "*/")),
        'r' if !after_word || chars[at - 1] == 'b' => {
            let hashes = chars[at + 1..].iter().take_while(|it| **it == '#').count();
            let opens = chars.get(at + 1 + hashes) == Some(&'"');
            opens.then(|| find(at + 2 + hashes, &format!("\"{}", "#".repeat(hashes))))
        }
        '"' => {
            let mut end = at + 1;
            while end < chars.len() && chars[end] != '"' {
                end += if chars[end] == '\\' { 2 } else { 1 };
            }
            Some((end + 1).min(chars.len()))
        }
        // 'x' and '\n' are characters, 'a without a closing quote is a lifetime.
        '\'' if next == Some('\\') => Some(find(at + 3, "'")),
        '\'' if chars.get(at + 2) == Some(&'\'') => Some(at + 3),
        _ => None,
    }
}

/// `path function lines`, one a line.
fn read_list(text: &str) -> BTreeMap<(String, String), usize> {
    let rows = text.lines().filter(|it| !it.starts_with('#') && !it.trim().is_empty());
    let parsed = rows.map(|row| {
        let parts: Vec<_> = row.split_whitespace().collect();
        ((parts[0].to_owned(), parts[1].to_owned()), parts[2].parse().unwrap())
    });
    parsed.collect()
}

fn violations(found: &BTreeMap<(String, String), usize>, listed: &BTreeMap<(String, String), usize>) -> Vec<String> {
    let mut out = Vec::new();
    for ((path, name), lines) in found {
        match listed.get(&(path.clone(), name.clone())) {
            None => out.push(format!("{path}: `{name}` has {lines} lines, at most {LINES_MAX}: divide it")),
            Some(known) if lines > known => out.push(format!("{path}: `{name}` grew from {known} to {lines} lines")),
            Some(known) if lines < known => out.push(format!("{path}: `{name}` shrank to {lines} lines: write that into {LIST}")),
            Some(_) => {}
        }
    }
    let gone = listed.keys().filter(|it| !found.contains_key(*it));
    out.extend(gone.map(|(path, name)| format!("{path}: `{name}` is no longer long: take it off {LIST}")));
    out
}

#[test]
fn long_functions_are_listed_and_the_list_only_shrinks() {
    let mut found = BTreeMap::new();
    for (path, text) in tree::texts("", &["rs"]) {
        for (name, lines) in functions(&text).into_iter().filter(|(_, lines)| *lines > LINES_MAX) {
            let known = found.entry((path.clone(), name)).or_insert(lines);
            *known = lines.max(*known);
        }
    }
    let listed = read_list(&fs::read_to_string(tree::root().join(LIST)).unwrap());
    assert_none(violations(&found, &listed));
}

#[test]
fn functions_are_measured_past_strings_comments_lifetimes_and_declarations() {
    let text = r##"
trait T { fn declared(&self) -> [u8; 4]; }
fn one<'a>(x: &'a str) -> char { '{' }
/* fn none() { */
fn three() {
    let it = "}}} fn no() {"; // }
    let raw = r#"" { "#; let quote = '\''; }
fn generic<F: Fn(u8) -> u8>(f: F) where F: Clone {
    fn inner() {}
}
type P = fn (u8) -> u8;
"##;
    let named: Vec<_> = functions(text).into_iter().collect();
    let expected = [("one", 1), ("three", 3), ("generic", 3), ("inner", 1)].map(|(name, lines)| (name.to_owned(), lines));
    assert_eq!(named, expected);
}

#[test]
fn a_new_long_function_growth_and_a_stale_row_are_found() {
    let of = |rows: &[(&str, usize)]| rows.iter().map(|(name, lines)| (("a.rs".to_owned(), (*name).to_owned()), *lines)).collect::<BTreeMap<_, _>>();
    assert_eq!(violations(&of(&[("x", 80)]), &of(&[("x", 80)])), Vec::<String>::new());
    assert_eq!(violations(&of(&[("x", 80)]), &of(&[])).len(), 1);
    assert_eq!(violations(&of(&[("x", 81)]), &of(&[("x", 80)])).len(), 1);
    assert_eq!(violations(&of(&[("x", 79)]), &of(&[("x", 80)])).len(), 1);
    assert_eq!(violations(&of(&[]), &of(&[("x", 80)])).len(), 1);
    assert_eq!(read_list("# why\na.rs x 80\n"), of(&[("x", 80)]));
}
