//! Addresses compared as mail servers compare them, and made to look the same where they only look the same.

use super::Mailbox;

/// An address as it is compared: trimmed, lower case. Different accounts never become one: dots and plus tags of the local part stay.
pub fn canonical(address: &str) -> String {
    address.trim().trim_matches(['<', '>']).trim().to_lowercase()
}

/// Local part and domain; `None` where one is empty or a blank, control character or second `@` stands in them.
pub fn parts(address: &str) -> Option<(&str, &str)> {
    let (local, domain) = address.trim().trim_matches(['<', '>']).rsplit_once('@')?;
    let quoted = local.len() > 1 && local.starts_with('"') && local.ends_with('"');
    let sound = |it: &str| !it.is_empty() && !it.contains(|it: char| it.is_whitespace() || it.is_control() || "<>,;".contains(it));
    let local_is_sound = (quoted && !local.contains(char::is_control)) || (sound(local) && !local.contains('@'));
    (local_is_sound && sound(domain) && !domain.contains('@')).then_some((local, domain))
}

/// Whether it can be written to: one `@`, a domain, at most 254 bytes (RFC 5321).
pub fn is_valid(address: &str) -> bool {
    address.trim().len() <= 254 && parts(address).is_some_and(|it| it.0.len() <= 64)
}

/// Whether two addresses are one account.
pub fn same(a: &str, b: &str) -> bool {
    let (a, b) = (canonical(a), canonical(b));
    !a.is_empty() && a == b
}

/// How an address looks to a hurried reader: Cyrillic and Greek letters, full-width forms, digits and doubled letters that pass for Latin ones become these;
/// invisible characters are let go. Two addresses with one skeleton that are not the same are a look-alike.
pub fn skeleton(address: &str) -> String {
    let single: String = canonical(address).chars().filter_map(latin).collect();
    single.replace("rn", "m").replace("vv", "w").replace("cl", "d")
}

/// Whether one passes for the other and is not it.
pub fn is_look_alike(a: &str, b: &str) -> bool {
    !same(a, b) && skeleton(a) == skeleton(b)
}

/// Whether the name shows an address that is not the one behind it.
pub fn name_shows_another(it: &Mailbox) -> bool {
    let words = it.name.split(|it: char| it.is_whitespace() || "<>()[]\"'，,;；".contains(it));
    words.filter(|it| parts(it).is_some_and(|it| it.1.contains('.'))).any(|shown| !same(shown, &it.address))
}

fn latin(character: char) -> Option<char> {
    let plain = match character {
        // Zero width, joiners, soft hyphen, marks of direction.
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' => return None,
        'а' | 'α' | 'ɑ' => 'a',
        'в' | 'β' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ё' | 'ε' => 'e',
        'ɡ' => 'g',
        'һ' | 'н' => 'h',
        'і' | 'ї' | 'ι' | 'ı' | '1' | 'l' | '|' | 'ӏ' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' => 'm',
        'п' | 'η' => 'n',
        'о' | 'ο' | '0' | 'օ' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' => 'u',
        'ѵ' | 'ν' => 'v',
        'ԝ' | 'ω' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        '＠' => '@',
        '。' | '．' | '｡' => '.',
        other => return full_width(other).map_or(Some(other), latin_of_width),
    };
    Some(plain)
}

/// The ASCII character of a full-width one.
fn full_width(character: char) -> Option<char> {
    ('\u{FF01}'..='\u{FF5E}').contains(&character).then(|| char::from_u32(u32::from(character) - 0xFEE0)).flatten()
}

fn latin_of_width(character: char) -> Option<char> {
    latin(character.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart_or_refused() {
        let check = |address: &str, expected: Option<(&str, &str)>| assert_eq!(parts(address), expected, "{address}");
        check("li@x.cn", Some(("li", "x.cn")));
        check(" <li@x.cn> ", Some(("li", "x.cn")));
        check("王@例子.中国", Some(("王", "例子.中国")));
        check("\"a@b\"@x.cn", Some(("\"a@b\"", "x.cn")));
        for broken in ["", "@", "a@", "@x.cn", "a b@x.cn", "a@x.cn,b@y.cn", "a@b@c", "a\n@x.cn"] {
            check(broken, None);
        }
    }

    #[test]
    fn a_look_alike_is_not_the_same() {
        let check = |a: &str, b: &str, look_alike: bool| assert_eq!(is_look_alike(a, b), look_alike, "{a} {b}");
        check("support@shop.cn", "suppоrt@shop.cn", true);
        check("wang@shop.cn", "wang@sh0p.cn", true);
        check("wang@shop.cn", "ＷＡＮＧ@shop.cn", true);
        check("lily@mall.com", "1i1y@mall.com", true);
        check("ming@corn.com", "ming@com.com", true);
        check("li@x.cn", "l\u{200B}i@x.cn", true);
        check("li@x.cn", "LI@X.CN", false);
        check("li@x.cn", "wu@x.cn", false);
    }

    #[test]
    fn accounts_that_differ_in_a_tag_stay_apart() {
        assert!(!same("li+a@x.cn", "li@x.cn") && !same("l.i@x.cn", "li@x.cn") && same(" LI@x.cn", "li@X.CN") && !same("", ""));
    }

    #[test]
    fn a_name_that_shows_another_address_is_told() {
        assert!(name_shows_another(&Mailbox::new("boss@bank.cn", "thief@evil.cn")));
        assert!(name_shows_another(&Mailbox::new("Boss <boss@bank.cn>", "thief@evil.cn")));
        assert!(!name_shows_another(&Mailbox::new("boss@bank.cn", "Boss@bank.cn")) && !name_shows_another(&Mailbox::new("李 @ 家", "li@x.cn")));
    }
}
