//! Character references of HTML: numbers, and the names that pages use.

/// Longest name that is looked up. Units: bytes.
const NAME_BYTES_MAX: usize = 10;

/// Text with its references resolved; what is no reference stays as it is written.
pub(super) fn decode(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        decoded.push_str(before);
        match reference(from) {
            Some((c, length)) => {
                decoded.push(c);
                rest = from.get(length..).unwrap_or_default();
            }
            None => {
                decoded.push('&');
                rest = from.get(1..).unwrap_or_default();
            }
        }
    }
    decoded.push_str(rest);
    decoded
}

/// The character that a text starting with `&` stands for, and the length of the reference.
fn reference(text: &str) -> Option<(char, usize)> {
    let body = text.get(1..)?;
    if let Some(number) = body.strip_prefix('#') {
        let (digits, radix, offset) = match number.strip_prefix(['x', 'X']) {
            Some(hex) => (hex, 16, 3),
            None => (number, 10, 2),
        };
        let length = digits.bytes().take_while(|it| char::from(*it).is_digit(radix)).count();
        let code = digits.chars().map_while(|it| it.to_digit(radix)).fold(0_u32, |code, it| code.saturating_mul(radix).saturating_add(it));
        if length == 0 {
            return None;
        }
        let end = offset + length;
        return Some((character(code), end + usize::from(text.as_bytes().get(end) == Some(&b';'))));
    }
    let length = body.bytes().take(NAME_BYTES_MAX).take_while(u8::is_ascii_alphanumeric).count();
    // The oldest names work without a semicolon, but not inside a word or an address: `?a=1&copy=2`.
    let ends = body.as_bytes().get(length) == Some(&b';');
    let name = body.get(..length)?;
    let c = named(name)?;
    let old = matches!(name, "amp" | "lt" | "gt" | "quot" | "nbsp" | "copy" | "reg") && body.as_bytes().get(length) != Some(&b'=');
    (ends || old).then_some((c, 1 + length + usize::from(ends)))
}

/// Numbers of no character, and of invisible controls, become the replacement character. The range of Windows-1252 means
/// what its writers meant. Source: HTML standard, "numeric character reference end state".
fn character(code: u32) -> char {
    const WINDOWS: [char; 32] = [
        '€', '\u{FFFD}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{FFFD}', 'Ž', '\u{FFFD}', '\u{FFFD}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›',
        'œ', '\u{FFFD}', 'ž', 'Ÿ',
    ];
    if let Some(c) = code.checked_sub(0x80).and_then(|it| usize::try_from(it).ok()).and_then(|it| WINDOWS.get(it)) {
        return *c;
    }
    char::from_u32(code).filter(|it| !it.is_control() || it.is_ascii_whitespace()).unwrap_or('\u{FFFD}')
}

fn named(name: &str) -> Option<char> {
    NAMES.binary_search_by_key(&name, |it| it.0).ok().and_then(|at| NAMES.get(at)).map(|it| it.1)
}

/// Sorted for binary search.
const NAMES: &[(&str, char)] = &[

    ("AMP", '&'), ("Aacute", 'Á'), ("Agrave", 'À'), ("Auml", 'Ä'), ("Ccedil", 'Ç'), ("Dagger", '‡'), ("Eacute", 'É'), ("Egrave", 'È'), ("GT", '>'),
    ("LT", '<'), ("Ntilde", 'Ñ'), ("Omega", 'Ω'), ("Ouml", 'Ö'), ("QUOT", '"'), ("Uuml", 'Ü'), ("aacute", 'á'), ("acirc", 'â'), ("agrave", 'à'),
    ("alpha", 'α'), ("amp", '&'), ("apos", '\''), ("aring", 'å'), ("asymp", '≈'), ("atilde", 'ã'), ("auml", 'ä'), ("beta", 'β'), ("bull", '•'),
    ("ccedil", 'ç'), ("cent", '¢'), ("check", '✓'), ("colon", ':'), ("comma", ','), ("copy", '©'), ("curren", '¤'), ("dagger", '†'), ("darr", '↓'),
    ("deg", '°'), ("delta", 'δ'), ("divide", '÷'), ("dollar", '$'), ("eacute", 'é'), ("ecirc", 'ê'), ("egrave", 'è'), ("emsp", ' '), ("ensp", ' '),
    ("equals", '='), ("euml", 'ë'), ("euro", '€'), ("excl", '!'), ("frac12", '½'), ("frac14", '¼'), ("frac34", '¾'), ("gamma", 'γ'), ("ge", '≥'),
    ("gt", '>'), ("harr", '↔'), ("hearts", '♥'), ("hellip", '…'), ("iacute", 'í'), ("icirc", 'î'), ("iexcl", '¡'), ("igrave", 'ì'), ("infin", '∞'),
    ("iquest", '¿'), ("iuml", 'ï'), ("lang", '⟨'), ("laquo", '«'), ("larr", '←'), ("lbrace", '{'), ("lbrack", '['), ("ldquo", '“'), ("le", '≤'),
    ("lowbar", '_'), ("lpar", '('), ("lrm", '\u{200E}'), ("lsaquo", '‹'), ("lsquo", '‘'), ("lt", '<'), ("macr", '¯'), ("mdash", '—'), ("micro", 'µ'),
    ("middot", '·'), ("minus", '−'), ("mu", 'μ'), ("nbsp", ' '), ("ndash", '–'), ("ne", '≠'), ("not", '¬'), ("ntilde", 'ñ'), ("num", '#'),
    ("oacute", 'ó'), ("ocirc", 'ô'), ("ograve", 'ò'), ("omega", 'ω'), ("ordf", 'ª'), ("ordm", 'º'), ("oslash", 'ø'), ("otilde", 'õ'), ("ouml", 'ö'),
    ("para", '¶'), ("percnt", '%'), ("period", '.'), ("permil", '‰'), ("pi", 'π'), ("plus", '+'), ("plusmn", '±'), ("pound", '£'), ("quest", '?'),
    ("quot", '"'), ("radic", '√'), ("rang", '⟩'), ("raquo", '»'), ("rarr", '→'), ("rbrace", '}'), ("rbrack", ']'), ("rdquo", '”'), ("reg", '®'),
    ("rpar", ')'), ("rsaquo", '›'), ("rsquo", '’'), ("sbquo", '‚'), ("sect", '§'), ("semi", ';'), ("shy", '\u{AD}'), ("sol", '/'), ("star", '☆'),
    ("starf", '★'), ("sum", '∑'), ("sup1", '¹'), ("sup2", '²'), ("sup3", '³'), ("szlig", 'ß'), ("thinsp", ' '), ("times", '×'), ("trade", '™'),
    ("uacute", 'ú'), ("uarr", '↑'), ("ucirc", 'û'), ("ugrave", 'ù'), ("uuml", 'ü'), ("yen", '¥'), ("zwj", '\u{200D}'), ("zwnj", '\u{200C}'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted() {
        assert!(NAMES.is_sorted_by_key(|it| it.0));
    }

    #[test]
    fn references_become_characters() {
        let check = |text: &str, expect: &str| assert_eq!(decode(text), expect, "{text}");
        check("a &amp; b &lt;c&gt;", "a & b <c>");
        check("&quot;&apos;&#39;&#x27;", "\"'''");
        check("&nbsp;", " ");
        check("&#25442;&#x8D27;", "换货");
        check("&#25442 &#x8D27", "换 货");
        check("&#150;&#x80;", "–€");
        check("&#0;&#xFFFFFF;&#xD800;", "\u{FFFD}\u{FFFD}\u{FFFD}");
        check("&#99999999999999;", "\u{FFFD}");
        check("AT&T &unknown; & &; &#; &#x;", "AT&T &unknown; & &; &#; &#x;");
        check("?a=1&copy=2 &copy 2026", "?a=1&copy=2 © 2026");
        check("&amp;lt;", "&lt;");
        check("&换", "&换");
    }
}
