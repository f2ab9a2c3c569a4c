//! The two languages that every text of the product exists in, and texts that carry both.

use serde::{Deserialize, Serialize};

/// A language of the product. Customers may write in any; replies come in one of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
pub enum Locale {
    #[default]
    #[serde(rename = "zh-CN")]
    Zh,
    #[serde(rename = "en")]
    En,
}

impl Locale {
    pub fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }
    /// From a BCP 47 tag such as `zh-Hans-CN` or `en-GB`; anything that is not Chinese is answered in English.
    pub fn from_tag(tag: &str) -> Self {
        if tag.get(..2).is_some_and(|it| it.eq_ignore_ascii_case("zh")) { Self::Zh } else { Self::En }
    }
    /// The language of a text by its characters: Chinese as soon as a fifth of its letters are Han.
    pub fn of_text(text: &str) -> Option<Self> {
        let letters = text.chars().filter(|it| it.is_alphabetic()).count();
        let han = text.chars().filter(|it| is_han(*it)).count();
        if letters == 0 {
            None
        } else if han * 5 >= letters {
            Some(Self::Zh)
        } else {
            Some(Self::En)
        }
    }
}

/// Whether a character is a Han ideograph (Unicode blocks CJK, Extension A, Compatibility, Extensions B-H).
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

/// One text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Bilingual {
    pub zh: String,
    pub en: String,
}

impl Bilingual {
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
    /// The text in `locale`, or the other one where that is empty.
    pub fn get(&self, locale: Locale) -> &str {
        let (wanted, other) = match locale {
            Locale::Zh => (&self.zh, &self.en),
            Locale::En => (&self.en, &self.zh),
        };
        if wanted.is_empty() { other } else { wanted }
    }
}
