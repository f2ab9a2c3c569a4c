//! Personal data hidden: partly for people, wholly for models, and with the way back for a model's answer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Found, Kind, find};

/// How much is left to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// 138****5678.
    Partial,
    /// `<phone>`.
    Placeholder,
}

/// The text with everything personal hidden.
pub fn mask(text: &str, style: Style) -> String {
    replaced(text, |found, written| match style {
        Style::Partial => partial(found.kind, written),
        Style::Placeholder => format!("<{}>", found.kind.name()),
    })
}

/// The text with that hidden of which `hides` says so.
pub fn mask_some(text: &str, hides: impl Fn(Kind) -> bool) -> String {
    replaced(text, |found, written| if hides(found.kind) { partial(found.kind, written) } else { written.to_owned() })
}

/// What is known to be of this kind, whatever its form.
pub fn mask_as(kind: Kind, written: &str) -> String {
    partial(kind, written)
}

/// A text that was shown masked (`Style::Partial`) and then corrected, with the stored values in place of their masks again. What was taken out stays out.
/// `None` where a mask may stand for one value or another.
pub fn unmasked(corrected: &str, stored: &str) -> Option<String> {
    // The values behind each mask, in the order of the text.
    let mut behind: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for found in find(stored) {
        let written = stored.get(found.range)?;
        behind.entry(partial(found.kind, written)).or_default().push(written);
    }
    let mut out = corrected.to_owned();
    for (mask, values) in behind.iter().rev() {
        let first = values.first()?;
        let is_sure = values.iter().all(|it| it == first) || out.matches(mask.as_str()).count() == values.len();
        if !is_sure && out.contains(mask.as_str()) {
            return None;
        }
        let mut parts = out.split(mask.as_str());
        let mut next = parts.next()?.to_owned();
        for (at, part) in parts.enumerate() {
            next.push_str(values.get(at).unwrap_or(first));
            next.push_str(part);
        }
        out = next;
    }
    Some(out)
}

/// The text with everything personal gone, in one word (for logs).
pub fn hidden(text: &str, word: &str) -> String {
    replaced(text, |_, _| word.to_owned())
}

fn replaced(text: &str, mut with: impl FnMut(&Found, &str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for found in find(text) {
        out.push_str(text.get(done..found.range.start).unwrap_or_default());
        out.push_str(&with(&found, text.get(found.range.clone()).unwrap_or_default()));
        done = found.range.end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

/// Characters seen at the start and at the end.
fn partial(kind: Kind, written: &str) -> String {
    let count = written.chars().count();
    let (head, tail) = match kind {
        Kind::Phone => (3, 4),
        Kind::IdCard => (3, 4),
        Kind::BankCard => (0, 4),
        Kind::Passport => (1, 2),
        Kind::LicencePlate => (2, 1),
        Kind::Account => (2, 0),
        Kind::Address => (6, 0),
        Kind::Name => (1, 0),
        Kind::Email => return email(written),
    };
    // At least half is hidden, however short it is.
    let (head, tail) = if (head + tail) * 2 > count + 3 { (count.min(1), 0) } else { (head, tail) };
    let stars = count.saturating_sub(head + tail);
    written.chars().take(head).chain(std::iter::repeat_n('*', stars.min(STARS_MAX))).chain(written.chars().skip(count - tail)).collect()
}

/// The length of an address tells nothing.
const STARS_MAX: usize = 11;

fn email(written: &str) -> String {
    let (name, host) = written.split_once(['@', '＠']).unwrap_or((written, ""));
    format!("{}***@{host}", name.chars().take(1).collect::<String>())
}

/// A text for a model that must not see personal data, and what its placeholders stand for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Masked {
    /// With `<phone_1>`, `<name_2>` and so on; the same value has the same placeholder.
    pub text: String,
    values: BTreeMap<String, String>,
}

impl Masked {
    pub fn new(text: &str) -> Self {
        let mut out = Self::default();
        out.text = out.add(text);
        out
    }

    /// Masks a further text of the same call (an earlier message, say) with the same placeholders.
    pub fn add(&mut self, text: &str) -> String {
        replaced(text, |found, written| self.placeholder(found.kind, written, text))
    }

    fn placeholder(&mut self, kind: Kind, written: &str, text: &str) -> String {
        let kind = kind.name();
        let known = self.values.iter().find(|(name, value)| value.as_str() == written && name.starts_with(&format!("<{kind}_"))).map(|it| it.0.clone());
        known.unwrap_or_else(|| {
            // A placeholder that the customer wrote stands for nothing.
            let name = (1..).map(|number: u32| format!("<{kind}_{number}>")).find(|it| !self.values.contains_key(it) && !text.contains(it.as_str())).unwrap_or_default();
            self.values.insert(name.clone(), written.to_owned());
            name
        })
    }

    /// Puts the values back into the model's answer; placeholders it made up stay as they are.
    pub fn restore(&self, answer: &str) -> String {
        let mut out = String::with_capacity(answer.len());
        let mut rest = answer;
        while let Some(at) = rest.find('<') {
            let (before, from) = rest.split_at(at);
            out.push_str(before);
            let end = from.bytes().take(TAG_BYTES_MAX).position(|it| it == b'>').map_or(1, |it| it + 1);
            let (tag, after) = from.split_at(end);
            if let Some(value) = self.values.get(tag) {
                out.push_str(value);
                rest = after;
            } else {
                out.push('<');
                rest = from.strip_prefix('<').unwrap_or_default();
            }
        }
        out.push_str(rest);
        out
    }
}

/// Of a placeholder, `<licence_plate_4294967295>` being the longest.
const TAG_BYTES_MAX: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, partly: &str, wholly: &str) {
        assert_eq!(mask(text, Style::Partial), partly);
        assert_eq!(mask(text, Style::Placeholder), wholly);
    }

    #[test]
    fn what_is_personal_is_hidden() {
        check("打13812345678找我", "打138****5678找我", "打<phone>找我");
        check("邮箱 zhang.wei@example.com", "邮箱 z***@example.com", "邮箱 <email>");
        check("我叫张晓明，订单123", "我叫张**，订单123", "我叫<name>，订单123");
        check("身份证11010519491231002X", "身份证110***********002X", "身份证<id_card>");
        check("卡号6222021234567890128", "卡号***********0128", "卡号<bank_card>");
        check("今天天气不错", "今天天气不错", "今天天气不错");
        check("", "", "");
    }

    #[test]
    fn a_corrected_text_has_its_values_again() {
        let check = |stored: &str, correct: &dyn Fn(&str) -> String, expected: Option<&str>| {
            assert_eq!(unmasked(&correct(&mask(stored, Style::Partial)), stored).as_deref(), expected, "{stored}");
        };
        check("电话13812345678，喜欢红色", &|it| it.replace('红', "蓝"), Some("电话13812345678，喜欢蓝色"));
        check("电话13812345678，喜欢红色", &|it| it.split('，').next_back().unwrap().to_owned(), Some("喜欢红色"));
        check("13812345678或13899995678", &|it| format!("{it}！"), Some("13812345678或13899995678！"));
        check("13812345678或13899995678", &|it| it.split('或').next().unwrap().to_owned(), None);
        check("13812345678或13812345678", &|it| it.split('或').next().unwrap().to_owned(), Some("13812345678"));
        check("没有什么", &|it| format!("{it}？"), Some("没有什么？"));
        assert_eq!(mask_some("王先生 13812345678", |it| it != Kind::Name), "王先生 138****5678");
        assert_eq!((mask_as(Kind::Phone, "6289 1234").as_str(), mask_as(Kind::Email, "li.lan@例子").as_str()), ("6********", "l***@例子"));
    }

    #[test]
    fn an_answer_has_its_values_again() {
        let text = "我叫张晓明，电话13812345678，或者13912345678，还是13812345678，<phone_1>";
        let masked = Masked::new(text);
        assert_eq!(masked.text, "我叫<name_1>，电话<phone_2>，或者<phone_3>，还是<phone_2>，<phone_1>");
        assert_eq!(masked.restore(&masked.text), text);
        assert_eq!(masked.restore("<name_1>您好 <3 <phone_9> <<phone_3>"), "张晓明您好 <3 <phone_9> <13912345678");
    }
}
