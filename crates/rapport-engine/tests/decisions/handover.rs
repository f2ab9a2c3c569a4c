//! What an agent reads before taking over: the wish in the customer's own words, what was answered and what not.

use rapport_model::{CustomerAction, Locale, MemberAction, SummaryKind};

use crate::talk::{LIN, Talk, ZHOU};

/// The wish after these words of the customer; without the words around it.
fn wish(locale: Locale, said: &[&str]) -> String {
    let mut talk = Talk::new(locale);
    for text in said {
        talk.says(text);
    }
    if talk.status().name() == "bot" {
        talk.asks(CustomerAction::RequestPerson);
    }
    let wish = talk.state().summary.clone().expect("a summary").wish;
    wish.trim_start_matches("客户咨询：").trim_start_matches("The customer asks: ").to_owned()
}

#[test]
fn the_wish_is_what_was_asked_and_not_the_call_for_a_person() {
    const NONE_ZH: &str = "客户要求人工服务，尚未说明问题";
    const NONE_EN: &str = "The customer asked for a person and has not said why yet";
    let zh = |said: &[&str], wanted: &str| assert_eq!(wish(Locale::Zh, said), wanted, "{said:?}");
    let en = |said: &[&str], wanted: &str| assert_eq!(wish(Locale::En, said), wanted, "{said:?}");
    zh(&["转人工"], NONE_ZH);
    zh(&["你好", "在吗", "我要找真人客服"], NONE_ZH);
    zh(&["帮我转接人工客服，谢谢"], NONE_ZH);
    zh(&["能不能找个人来处理一下"], NONE_ZH);
    zh(&["我要退货，转人工"], "我要退货，转人工");
    zh(&["退款，人工"], "退款，人工");
    zh(&["我买的鞋码数不合适，可以换吗？", "转人工"], "我买的鞋码数不合适，可以换吗？");
    // What was not answered matters more than what was.
    zh(&["帮我写一首关于大海的诗", "发票怎么开", "转人工"], "帮我写一首关于大海的诗");
    zh(&["你好", "帮我订一张火车票", "谢谢", "人工"], "帮我订一张火车票");
    en(&["talk to a human please"], NONE_EN);
    en(&["hi", "can I speak to a real person?"], NONE_EN);
    en(&["I want a refund, get me a human"], "I want a refund, get me a human");
    en(&["Can I talk to someone about my broken zip?"], "Can I talk to someone about my broken zip?");
    en(&["How do I get an invoice?", "agent"], "How do I get an invoice?");
}

#[test]
fn the_outline_tells_asked_answered_and_not_answered_in_order() {
    let mut talk = Talk::new(Locale::Zh);
    talk.says("你好");
    talk.says("发票怎么开");
    talk.says("帮我订一张火车票");
    talk.says("转人工");
    let points = talk.state().summary.clone().expect("a summary").points;
    let kinds: Vec<_> = points.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [SummaryKind::Asked, SummaryKind::Answered, SummaryKind::NotAnswered], "{points:?}");
    assert!(points[1].text.contains("申请发票"), "{points:?}");
}

#[test]
fn the_next_agent_reads_what_the_last_one_said() {
    let mut talk = Talk::new(Locale::Zh);
    talk.says("我的包裹丢了，转人工");
    talk.member(LIN, MemberAction::AcceptOffer);
    talk.replies(LIN, "已联系快递，明天有结果");
    talk.says("那我明天再来问");
    talk.member(LIN, MemberAction::Assign { to: None });
    let given_back = talk.state().summary.clone().expect("a summary");
    assert_eq!(given_back.wish, "客户咨询：那我明天再来问");
    assert!(given_back.points.iter().any(|it| it.kind == SummaryKind::Told && it.text.contains("明天有结果")), "{given_back:?}");
    talk.member(ZHOU, MemberAction::AcceptOffer);
    talk.replies(ZHOU, "快递说在路上");
    let done = talk.member(ZHOU, MemberAction::Assign { to: Some(LIN) });
    assert_eq!(done, "周远 handover_requested, 周远 assigns to 林夏");
    assert!(talk.state().summary.clone().expect("a summary").points.iter().any(|it| it.text.contains("在路上")));
}

#[test]
fn whoever_wrote_while_nobody_answered_waits_since_then() {
    let mut talk = Talk::new(Locale::Zh);
    talk.says("转人工");
    talk.member(LIN, MemberAction::AcceptOffer);
    talk.replies(LIN, "您好");
    assert_eq!(talk.state().waiting_since, None);
    talk.later(60_000);
    talk.says("在吗，有急事");
    let asked = talk.now;
    talk.later(600_000);
    talk.says("还在等");
    talk.member(LIN, MemberAction::Assign { to: None });
    assert_eq!(talk.state().queue.as_ref().expect("waits").since, asked, "the wait is not begun anew");
}

#[test]
fn small_talk_is_a_reply_and_a_miss_is_none() {
    let mut talk = Talk::new(Locale::En);
    talk.says("hello");
    assert_eq!(talk.state().waiting_since, None);
    talk.says("Can you book me a train ticket?");
    assert!(talk.state().waiting_since.is_some());
    assert!(talk.last_said().starts_with("Sorry"), "{}", talk.last_said());
    talk.says("How do I get an invoice?");
    assert_eq!(talk.state().waiting_since, None);
}
