//! Manipulation in message templates, found before anybody is written to: pressure by scarcity, shame, a running clock over a complaint, a way out that is hidden.
//!
//! Rules of words, in Chinese and English. They advise whoever writes a template; they decide nothing about a customer.
//! Source of the kinds: Gray et al., "The Dark (Patterns) Side of UX Design", 2018; Mathur et al., "Dark Patterns at Scale", 2019.

mod rules;

use rapport_model::{Bilingual, is_han};
use serde::Serialize;

/// A kind of manipulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DarkPattern {
    /// "Only two left, 17 people are looking": haste that nobody can check.
    FalseScarcity,
    /// A refusal in words that nobody would say of themselves.
    ConfirmShaming,
    /// A clock that runs against somebody who complains or is owed something.
    ComplaintCountdown,
    /// Consent by silence or by default, or a way out that costs more than the way in.
    HiddenOptOut,
}

impl DarkPattern {
    pub const ALL: [Self; 4] = [Self::FalseScarcity, Self::ConfirmShaming, Self::ComplaintCountdown, Self::HiddenOptOut];

    pub fn name(self) -> &'static str {
        match self {
            Self::FalseScarcity => "false_scarcity",
            Self::ConfirmShaming => "confirm_shaming",
            Self::ComplaintCountdown => "complaint_countdown",
            Self::HiddenOptOut => "hidden_opt_out",
        }
    }

    /// What is wrong with it, and how to write it otherwise.
    pub fn advice(self) -> Bilingual {
        match self {
            Self::FalseScarcity => Bilingual::new(
                "用无法核实的紧缺催促下单。请只写事实，例如库存数量或活动的截止日期，不要催促。",
                "Hurries the reader by a scarcity they cannot check. Say the plain fact, such as the stock or the last day of an offer, and do not push.",
            ),
            Self::ConfirmShaming => Bilingual::new(
                "让拒绝的人难堪。请把拒绝写成中性的“不用了，谢谢”。",
                "Shames whoever declines. Let them say a plain \"No, thanks\".",
            ),
            Self::ComplaintCountdown => Bilingual::new(
                "用倒计时逼迫投诉或受损的客户。赔偿与和解不设短时限，写明可以考虑并要求人工处理。",
                "A clock against somebody who complains or is owed something. Leave an offer to make good open, and say that a person can look at it.",
            ),
            Self::HiddenOptOut => Bilingual::new(
                "默认同意、以沉默为同意，或把退出弄得比加入更难。请先征得同意，并提供一步即可退出的方式。",
                "Consent by default or by silence, or leaving made harder than joining. Ask first, and offer a way out that takes one step.",
            ),
        }
    }
}

/// A place that manipulates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Finding {
    pub pattern: DarkPattern,
    /// The words that gave it away, in lower case.
    pub quote: String,
    pub advice: Bilingual,
}

/// At most one finding of a kind, in the order of `DarkPattern::ALL`; empty for a text that does not push.
pub fn lint_template(text: &str) -> Vec<Finding> {
    let text = plain(text);
    let of = |pattern: DarkPattern| {
        let quote = rules::of(pattern).iter().find_map(|rule| rule.quote(&text))?;
        Some(Finding { pattern, quote: quote.trim().to_owned(), advice: pattern.advice() })
    };
    DarkPattern::ALL.into_iter().filter_map(of).collect()
}

/// Lower case, one blank between words and none between Han, each number as `#`, so that cues are plain substrings. Begins and ends with a blank.
fn plain(text: &str) -> String {
    let mut out = String::from(" ");
    for c in text.chars() {
        let c = match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            '\u{3000}' => ' ',
            '\u{2019}' => '\'',
            _ => c,
        };
        let is_number = c.is_numeric() && !is_han(c);
        if !is_number && !c.is_alphabetic() && c != '\'' {
            if !out.ends_with(' ') {
                out.push(' ');
            }
            continue;
        }
        let before = out.trim_end().chars().next_back().unwrap_or(' ');
        // Chinese is written without blanks; whether a sign stood between is no matter.
        if (is_han(c) && (is_han(before) || before == '#')) || (is_number && is_han(before)) {
            out.truncate(out.trim_end().len());
        }
        if is_number && !out.ends_with('#') {
            out.push('#');
        } else if !is_number {
            out.extend(c.to_lowercase());
        }
    }
    if !out.ends_with(' ') {
        out.push(' ');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_made_plain() {
        assert_eq!(plain("仅剩 3 件！Only  2 LEFT, don’t"), " 仅剩#件 only # left don't ");
        assert_eq!(plain(""), " ");
        assert_eq!(plain("请，立即"), " 请立即 ");
    }

    #[test]
    fn odd_texts_are_no_findings() {
        for text in ["", " ", "😡😡😡", "\u{200B}\u{202E}", &"a".repeat(100_000)] {
            assert_eq!(lint_template(text), []);
        }
    }
}
