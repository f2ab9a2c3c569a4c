//! Intents at work: fixed replies, several wishes in one message, a question back before a person, and what was chosen then.

use rapport_model::{
    Bilingual, ChoiceId, CustomerAction, Evidence, Intent, IntentChoice, IntentId, Locale, Neighbour, Status, SummaryKind, Understanding, Wish,
};
use uuid::Uuid;

use crate::talk::{LIN, Talk};

const COOPERATE: IntentId = IntentId(Uuid::from_u128(0x51));
const INVOICE: IntentId = IntentId(Uuid::from_u128(0x52));
const JOBS: IntentId = IntentId(Uuid::from_u128(0x53));

/// A reply of its own, the knowledge's, and none anywhere.
fn taught(locale: Locale) -> Talk {
    let mut talk = Talk::new(locale);
    talk.intents = vec![
        Intent { reply: Some(Bilingual::new("请写邮件到 partner@example.org", "Write to partner@example.org")), ..Intent::new(COOPERATE, "商务合作") },
        Intent { description: "发票怎么开\nInvoices".to_owned(), ..Intent::new(INVOICE, "开发票") },
        Intent::new(JOBS, "应聘"),
    ];
    talk
}

fn choice(intent: IntentId, p: f32, abstained: bool) -> IntentChoice {
    let label = match intent {
        COOPERATE => "商务合作",
        INVOICE => "开发票",
        _ => "应聘",
    };
    IntentChoice { intent, evidence: Evidence { label: label.to_owned(), p, abstained, ..Evidence::default() } }
}

fn wish(text: &str, choices: &[(IntentId, f32)], abstained: bool) -> Wish {
    let choices = choices.iter().map(|(intent, p)| choice(*intent, *p, abstained)).collect();
    Wish { text: text.to_owned(), choices, neighbours: vec![Neighbour::default()], ..Wish::default() }
}

fn says(talk: &mut Talk, text: &str, wishes: Vec<Wish>) -> String {
    talk.understanding = Some(Understanding { wishes, model: Some("0123456789abcdef".to_owned()), ..Understanding::default() });
    talk.says(text)
}

const UNCLEAR: &[(IntentId, f32)] = &[(JOBS, 0.4), (COOPERATE, 0.35), (INVOICE, 0.25)];

#[test]
fn a_plain_intent_gives_its_reply() {
    let mut talk = taught(Locale::Zh);
    let text = "想和你们合作卖鞋";
    let happened = says(&mut talk, text, vec![wish(text, &[(COOPERATE, 0.9), (JOBS, 0.1)], false)]);
    assert_eq!(happened, "customer conversation_opened, customer says text, bot says text");
    assert_eq!(talk.last_said(), "请写邮件到 partner@example.org");
    assert_eq!(talk.reasons, ["conversation.opened", "intent.understood", "intent.answered"]);
    let mut talk = taught(Locale::En);
    let text = "we would like to sell your shoes";
    says(&mut talk, text, vec![wish(text, &[(COOPERATE, 0.9)], false)]);
    assert_eq!(talk.last_said(), "Write to partner@example.org");
}

#[test]
fn without_a_reply_the_knowledge_answers_by_the_customers_words_or_the_intents() {
    for text in ["发票怎么开", "那个抬头的纸什么时候给"] {
        let mut talk = taught(Locale::Zh);
        assert!(says(&mut talk, text, vec![wish(text, &[(INVOICE, 0.9)], false)]).ends_with("bot says answer"), "{text}: {:?}", talk.said);
    }
    let mut talk = taught(Locale::Zh);
    let text = "你们要人吗";
    assert!(says(&mut talk, text, vec![wish(text, &[(JOBS, 0.9)], false)]).ends_with("bot answer_missed, bot says choices"));
}

#[test]
fn what_is_not_understood_is_asked_back_once_and_then_a_person_is_offered() {
    for abstained in [false, true] {
        let mut talk = taught(Locale::Zh);
        let text = "火星上的分店几点关门";
        let happened = says(&mut talk, text, vec![wish(text, UNCLEAR, abstained)]);
        assert!(happened.ends_with("bot says choices, bot answer_missed, bot intent_asked"), "{happened}");
        let ids: Vec<ChoiceId> = talk.buttons.iter().map(|it| it.id).collect();
        assert_eq!(ids, [ChoiceId::Intent(JOBS), ChoiceId::Intent(COOPERATE), ChoiceId::Intent(INVOICE), ChoiceId::RequestPerson]);
        assert_eq!(talk.state().bot.asked_back.as_deref(), Some(text));
        let happened = says(&mut talk, "那家店呢", vec![wish("那家店呢", UNCLEAR, abstained)]);
        assert!(happened.ends_with("bot answer_missed, bot says choices"), "{happened}");
        assert_eq!(talk.buttons.len(), 1);
        assert_eq!(talk.state().bot.misses, 2);
    }
}

#[test]
fn what_is_like_nothing_taught_is_missed_as_ever() {
    let mut talk = taught(Locale::Zh);
    let strange = Wish { neighbours: Vec::new(), ..wish("qwrtz", UNCLEAR, true) };
    assert!(says(&mut talk, "火星上的分店几点关门", vec![strange]).ends_with("bot answer_missed, bot says choices"));
    let mut talk = taught(Locale::Zh);
    let text = "发票怎么开";
    assert!(says(&mut talk, text, vec![wish(text, UNCLEAR, true)]).ends_with("bot says answer"), "the knowledge knows");
}

#[test]
fn a_choice_is_answered_and_noted() {
    let asked = || {
        let mut talk = taught(Locale::Zh);
        says(&mut talk, "火星上的分店", vec![wish("火星上的分店", UNCLEAR, true)]);
        talk
    };
    let check = |intent: IntentId, happens: &str| {
        let mut talk = asked();
        let happened = talk.asks(CustomerAction::Choose { choice: ChoiceId::Intent(intent) });
        assert_eq!(happened, happens);
        assert_eq!(talk.state().bot.asked_back, None);
        talk
    };
    assert_eq!(check(COOPERATE, "customer intent_chosen, bot says text").last_said(), "请写邮件到 partner@example.org");
    check(INVOICE, "customer intent_chosen, bot says answer");
    check(JOBS, "customer intent_chosen, bot answer_missed, bot says choices");
    let unknown = IntentId(Uuid::from_u128(0x99));
    check(unknown, "customer intent_chosen, bot answer_missed, bot says choices");
}

#[test]
fn a_choice_while_an_agent_has_the_talk_is_noted_and_not_answered() {
    let mut talk = taught(Locale::Zh);
    says(&mut talk, "火星上的分店", vec![wish("火星上的分店", UNCLEAR, true)]);
    talk.member(LIN, rapport_model::MemberAction::Take);
    assert!(matches!(talk.status(), Status::Assigned { .. }));
    assert_eq!(talk.asks(CustomerAction::Choose { choice: ChoiceId::Intent(COOPERATE) }), "customer intent_chosen");
}

#[test]
fn several_wishes_are_answered_in_one_message() {
    let mut talk = taught(Locale::Zh);
    let wishes = vec![wish("想谈合作", &[(COOPERATE, 0.9)], false), wish("发票怎么开", &[(INVOICE, 0.8)], false)];
    let happened = says(&mut talk, "想谈合作，另外发票怎么开", wishes);
    assert_eq!(happened, "customer conversation_opened, customer says text, bot says answer");
    let said = talk.last_said();
    assert!(said.starts_with("关于“想谈合作”：\n请写邮件到 partner@example.org\n\n关于“发票怎么开”：\n"), "{said}");
    assert!(talk.reasons.contains(&"intent.wishes_split".to_owned()));
}

#[test]
fn of_several_wishes_one_that_is_not_understood_is_asked_back() {
    let mut talk = taught(Locale::Zh);
    let wishes = vec![wish("想谈合作", &[(COOPERATE, 0.9)], false), wish("火星上的分店", UNCLEAR, true)];
    let happened = says(&mut talk, "想谈合作，另外火星上的分店呢", wishes);
    assert!(happened.ends_with("bot says text, bot says choices, bot answer_missed, bot intent_asked"), "{happened}");
    assert_eq!(talk.state().bot.asked_back.as_deref(), Some("火星上的分店"));
    let missed = talk.state().bot.points.iter().filter(|it| it.kind == SummaryKind::NotAnswered).map(|it| it.text.to_string()).collect::<Vec<_>>();
    assert_eq!(missed, ["火星上的分店"]);
}

#[test]
fn wishes_of_which_none_is_understood_are_one_question_as_ever() {
    let mut talk = taught(Locale::Zh);
    let wishes = vec![wish("衣服", UNCLEAR, true), wish("鞋", UNCLEAR, true)];
    let happened = says(&mut talk, "换货：尺码不合适，颜色也不合适", wishes);
    assert!(happened.ends_with("bot says answer"), "{happened}");
}
