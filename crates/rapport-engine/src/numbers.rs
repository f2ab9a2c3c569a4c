//! A number as an answer: where there are no buttons it picks one of what was offered, or rates.

use rapport_model::{Content, Conversation, CustomerAction, Status};

/// What a text picks of the last words said to the customer; `None` for everything that is not a lone number of theirs.
pub(crate) fn picked(conversation: Option<&Conversation>, content: &Content) -> Option<CustomerAction> {
    let (state, Content::Text { text }) = (conversation?, content) else { return None };
    let number = lone_number(text)?;
    if let Some(choice) = state.bot.offered.get(number.checked_sub(1)?) {
        return Some(CustomerAction::Choose { choice: *choice });
    }
    let is_asked = matches!(state.status, Status::Resolved { .. })
        && state.csat.score.is_none()
        && state.last_message.as_ref().is_some_and(|it| it.content == "rating_request");
    let score = u8::try_from(number).ok().filter(|it| (1..=5).contains(it))?;
    is_asked.then(|| CustomerAction::Rate { score, comment: String::new() })
}

/// `2`, `２`, `2.`, `选2`, `2号`: one number, with what people put around it.
fn lone_number(text: &str) -> Option<usize> {
    let text = text.trim().trim_start_matches(['选', '第', '#']).trim_end_matches(['.', '。', '、', '!', '！', ')', '）', '号', '个', '分']).trim();
    let digits: Option<String> = text.chars().map(narrow).collect();
    digits.filter(|it| (1..=2).contains(&it.len()))?.parse().ok()
}

fn narrow(character: char) -> Option<char> {
    match character {
        '0'..='9' => Some(character),
        // Full-width digits stand 0xFEE0 above.
        '０'..='９' => char::from_u32(u32::from(character) - 0xFEE0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_lone_number_is_one() {
        let check = |text: &str, expected: Option<usize>| assert_eq!(lone_number(text), expected, "{text}");
        check("2", Some(2));
        check(" ２。", Some(2));
        check("选3", Some(3));
        check("第1个", Some(1));
        check("5分", Some(5));
        check("12345", None);
        check("2 件", None);
        check("买2个", None);
        check("", None);
        check("。", None);
    }
}
