//! Borders of Chinese and English sentences.

/// Sentences of one block of plain text, each with its end mark, trimmed; numbers such as `3.5` and `No. 7` are not cut.
pub(crate) fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let ends = match c {
            '。' | '！' | '？' | '；' | '!' | '?' | '\n' | '…' => true,
            '.' => is_full_stop(text, start, at),
            _ => false,
        };
        if !ends {
            continue;
        }
        let mut end = at + c.len_utf8();
        // End marks and closing quotes that follow belong to the sentence.
        while let Some((next, following)) = chars.peek().copied() {
            if !matches!(following, '。' | '！' | '？' | '!' | '?' | '…' | '”' | '’' | '」' | '』' | '）' | ')' | '"') {
                break;
            }
            end = next + following.len_utf8();
            chars.next();
        }
        push(&mut found, text.get(start..end));
        start = end;
    }
    push(&mut found, text.get(start..));
    found
}

fn push<'a>(found: &mut Vec<&'a str>, piece: Option<&'a str>) {
    if let Some(piece) = piece.map(str::trim).filter(|it| !it.is_empty()) {
        found.push(piece);
    }
}

fn is_full_stop(text: &str, start: usize, at: usize) -> bool {
    let mut after = text.get(at + 1..).unwrap_or_default().chars();
    match after.next() {
        None => return true,
        Some(c) if c.is_whitespace() => {}
        Some(c) => return matches!(c, '"' | '”' | ')'),
    }
    // A small letter after it continues the sentence: "e.g. socks", "approx. two days".
    if after.find(|it| !it.is_whitespace()).is_some_and(char::is_lowercase) {
        return false;
    }
    let word = text.get(start..at).unwrap_or_default().rsplit(char::is_whitespace).next().unwrap_or_default();
    let is_initial = word.len() == 1 && word.chars().all(char::is_uppercase);
    !is_initial && !ABBREVIATIONS.iter().any(|it| it.eq_ignore_ascii_case(word))
}

const ABBREVIATIONS: &[&str] = &["no", "mr", "mrs", "ms", "dr", "st", "e.g", "i.e", "approx", "vs", "inc", "ltd", "co", "art", "fig"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_into_sentences() {
        let check = |text: &str, expect: &[&str]| assert_eq!(sentences(text), expect, "{text}");
        check("签收后7天内可换货。运费由我们承担！好吗？", &["签收后7天内可换货。", "运费由我们承担！", "好吗？"]);
        check("It costs 3.50 a pair. We ship at once.", &["It costs 3.50 a pair.", "We ship at once."]);
        check("See No. 7 for details. Done", &["See No. 7 for details.", "Done"]);
        check("Bring e.g. the receipt. Ask Dr. Lee.", &["Bring e.g. the receipt.", "Ask Dr. Lee."]);
        check("他说“可以。”然后走了", &["他说“可以。”", "然后走了"]);
        check("Really?! Yes...", &["Really?!", "Yes..."]);
        check("", &[]);
        check("。。。", &["。。。"]);
        check("one\ntwo", &["one", "two"]);
    }
}
