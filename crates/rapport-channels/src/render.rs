//! What a message looks like where there is no widget: texts, files and buttons; and numbers where there are no buttons.

use rapport_model::{Attachment, Choice, ChoiceId, Content, IntentId, Locale, SpendingId};
use rapport_wire::channel::Button;
use uuid::Uuid;

/// One part of a message, before it is cut to the provider's limits.
#[derive(Clone, Debug, PartialEq)]
pub enum Rendered {
    Text(String),
    File(Attachment),
    /// Only where the channel has that many buttons of that length.
    Buttons { text: String, options: Vec<Button> },
}

/// What a channel has of buttons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ButtonRoom {
    pub count: usize,
    /// Units: characters.
    pub label: usize,
}

/// The parts of a message, in order; none for what shows nothing. `public_url` stands before paths.
pub fn render(content: &Content, locale: Locale, public_url: &str, room: Option<ButtonRoom>) -> Vec<Rendered> {
    let zh = locale == Locale::Zh;
    match content {
        Content::Text { text } => vec![Rendered::Text(text.clone())],
        Content::Image { file } | Content::File { file } => vec![Rendered::File(file.clone())],
        Content::Answer { text, sources, confidence: _ } => {
            let mut whole = text.clone();
            if let Some(source) = sources.first() {
                let of = if zh { "来源：" } else { "Source: " };
                let address = source.url.as_deref().map(|it| format!(" {it}")).unwrap_or_default();
                whole = format!("{whole}\n\n{of}{}{address}", source.title);
            }
            vec![Rendered::Text(whole)]
        }
        Content::Choices { text, options } => vec![chosen(text, options, room, zh)],
        Content::Ticket { ticket: _, number, title, path } => {
            let address = format!("{public_url}{path}");
            let told = if zh { format!("已为您创建工单 {number}：{title}\n进度：{address}") } else { format!("Ticket {number} was made for you: {title}\nProgress: {address}") };
            vec![Rendered::Text(told)]
        }
        Content::RatingRequest { text } => {
            let how = if zh { "回复 1 到 5 即可，5 为最满意。" } else { "Reply with a number from 1 to 5; 5 is best." };
            vec![Rendered::Text(format!("{text}\n{how}"))]
        }
        Content::Compensation { text, spending, .. } => {
            let label = if zh { "接受" } else { "Accept" };
            let option = Choice { id: ChoiceId::AcceptCompensation { spending: *spending }, label: label.to_owned() };
            vec![chosen(text, &[option], room, zh)]
        }
        Content::Erased => Vec::new(),
    }
}

fn chosen(text: &str, options: &[Choice], room: Option<ButtonRoom>, zh: bool) -> Rendered {
    let fits = |room: &ButtonRoom| options.len() <= room.count && options.iter().all(|it| it.label.chars().count() <= room.label);
    if !options.is_empty() && room.as_ref().is_some_and(fits) {
        let options = options.iter().map(|it| Button { payload: payload(it.id), label: it.label.clone() }).collect();
        return Rendered::Buttons { text: text.to_owned(), options };
    }
    let mut whole = text.to_owned();
    for (n, option) in options.iter().enumerate() {
        whole = format!("{whole}\n{}. {}", n + 1, option.label);
    }
    if !options.is_empty() {
        whole.push_str(if zh { "\n回复数字即可选择。" } else { "\nReply with the number." });
    }
    Rendered::Text(whole)
}

/// What a button is sent with: at most 40 bytes of `[a-z0-9.]`, since the shortest room is 64 (Telegram).
pub fn payload(choice: ChoiceId) -> String {
    match choice {
        ChoiceId::RequestPerson => "person".to_owned(),
        ChoiceId::Helped => "helped".to_owned(),
        ChoiceId::NotHelped => "nothelped".to_owned(),
        ChoiceId::LeaveQueue => "leave".to_owned(),
        ChoiceId::Intent(id) => format!("intent.{}", id.0.simple()),
        ChoiceId::AcceptCompensation { spending } => format!("accept.{}", spending.0.simple()),
    }
}

/// The choice that a payload stands for.
pub fn choice(payload: &str) -> Option<ChoiceId> {
    let id = |text: &str| Uuid::try_parse(text).ok();
    match payload.split_once('.') {
        None => match payload {
            "person" => Some(ChoiceId::RequestPerson),
            "helped" => Some(ChoiceId::Helped),
            "nothelped" => Some(ChoiceId::NotHelped),
            "leave" => Some(ChoiceId::LeaveQueue),
            _ => None,
        },
        Some(("intent", rest)) => id(rest).map(|it| ChoiceId::Intent(IntentId(it))),
        Some(("accept", rest)) => id(rest).map(|it| ChoiceId::AcceptCompensation { spending: SpendingId(it) }),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(labels: &[&str]) -> Vec<Choice> {
        let id = |n: usize| ChoiceId::Intent(IntentId(Uuid::from_u128(u128::try_from(n).expect("small"))));
        labels.iter().enumerate().map(|(n, it)| Choice { id: id(n), label: (*it).to_owned() }).collect()
    }

    #[test]
    fn payloads_come_back_and_are_short() {
        let id = Uuid::from_u128(u128::MAX - 5);
        for it in [
            ChoiceId::RequestPerson,
            ChoiceId::Helped,
            ChoiceId::NotHelped,
            ChoiceId::LeaveQueue,
            ChoiceId::Intent(IntentId(id)),
            ChoiceId::AcceptCompensation { spending: SpendingId(id) },
        ] {
            assert_eq!(choice(&payload(it)), Some(it));
            assert!(payload(it).len() <= 40);
        }
        for wrong in ["", "x", "intent.", "intent.zz", "other.1", "accept"] {
            assert_eq!(choice(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn choices_are_buttons_where_they_fit_and_numbers_elsewhere() {
        let content = Content::Choices { text: "您想问的是？".to_owned(), options: options(&["查物流", "退换货"]) };
        let room = Some(ButtonRoom { count: 3, label: 20 });
        assert!(matches!(&render(&content, Locale::Zh, "", room)[..], [Rendered::Buttons { options, .. }] if options.len() == 2));
        let check = |room: Option<ButtonRoom>, expected: &str| assert_eq!(render(&content, Locale::Zh, "", room), [Rendered::Text(expected.to_owned())]);
        check(None, "您想问的是？\n1. 查物流\n2. 退换货\n回复数字即可选择。");
        check(Some(ButtonRoom { count: 1, label: 20 }), "您想问的是？\n1. 查物流\n2. 退换货\n回复数字即可选择。");
        check(Some(ButtonRoom { count: 3, label: 2 }), "您想问的是？\n1. 查物流\n2. 退换货\n回复数字即可选择。");
    }

    #[test]
    fn a_ticket_has_its_whole_address_and_what_was_erased_is_not_sent() {
        let ticket = Content::Ticket { ticket: rapport_model::TicketId(Uuid::nil()), number: 7, title: "Swap".to_owned(), path: "/ticket/x".to_owned() };
        let made = render(&ticket, Locale::En, "https://a.example", None);
        assert_eq!(made, [Rendered::Text("Ticket 7 was made for you: Swap\nProgress: https://a.example/ticket/x".to_owned())]);
        assert!(render(&Content::Erased, Locale::Zh, "", None).is_empty());
    }
}
