//! Care for customers who are not well, by leave of the gate: what rules do, what it costs, how it ends; and a customer's word on it.

use rapport_model::{
    Bilingual, CareAct, CareAction, CareRule, CareRuleId, CareState, CareWhen, ChoiceId, Consent, ConsentChannel, ConsentPurpose, CustomerAction, FeelingState, Felt, Input, Locale,
    MemberAction, Priority, Seq, SpendingState, Spent, Status, TenantSwitches, default_care_rules,
};

use crate::talk::{CUSTOMER, LIN, Talk};

fn felt(state: FeelingState, raised: bool) -> Felt {
    Felt { state, raised, uneasy_turns: u32::from(state != FeelingState::Calm), model: "m".to_owned(), ..Felt::default() }
}

/// A talk with somebody who agreed at a shop that switched it on.
fn talk() -> Talk {
    let mut talk = Talk::new(Locale::Zh);
    talk.switches = TenantSwitches { feelings: true, proactive_contact: false };
    talk.rules = default_care_rules(rapport_model::TenantId(uuid::Uuid::nil()));
    talk.roster.iter_mut().for_each(|it| it.skills.push("complaints".to_owned()));
    talk.consents = vec![consent(&talk)];
    talk
}

fn consent(talk: &Talk) -> Consent {
    let purpose = ConsentPurpose::EmotionCare;
    Consent { contact: CUSTOMER, purpose, text_version: purpose.question().version, channel: ConsentChannel::Widget, given_at: talk.now, withdrawn_at: None }
}

fn feels(talk: &mut Talk, felt: Felt, text: &str) -> String {
    talk.felt = Some(felt);
    talk.says(text)
}

fn acts(talk: &Talk) -> Vec<CareAct> {
    talk.state().care.active.iter().map(|it| it.act).collect()
}

#[test]
fn an_upset_customer_hears_words_of_understanding_once() {
    let mut talk = talk();
    feels(&mut talk, felt(FeelingState::Upset, false), "发票怎么开");
    assert!(talk.last_said().starts_with("给您带来不好的体验，非常抱歉。"), "{}", talk.last_said());
    assert_eq!(acts(&talk), [CareAct::Soothe]);
    assert_eq!(talk.audit.iter().map(|it| it.action.as_str()).collect::<Vec<_>>(), ["ethics.infer_emotion", "ethics.soothe"]);
    assert!(talk.audit.iter().all(|it| !it.target.contains(&CUSTOMER.to_string()) && !it.detail.contains(&CUSTOMER.to_string())), "nobody is named");
    feels(&mut talk, felt(FeelingState::Upset, false), "发票怎么开");
    assert!(!talk.last_said().contains("抱歉"), "{}", talk.last_said());
    assert_eq!(talk.audit.len(), 0);
}

#[test]
fn without_consent_or_switch_nothing_happens() {
    let check = |spoil: fn(&mut Talk)| {
        let mut talk = talk();
        spoil(&mut talk);
        feels(&mut talk, felt(FeelingState::Angry, true), "气死我了");
        assert_eq!((talk.state().care.clone(), talk.state().priority, talk.audit.len()), (CareState::default(), Priority::Normal, 0));
    };
    check(|it| it.consents.clear());
    check(|it| it.switches.feelings = false);
    check(|it| it.consents[0].withdrawn_at = Some(it.now));
    check(|it| it.consents[0].contact = rapport_model::ContactId(uuid::Uuid::nil()));
}

#[test]
fn who_stays_upset_comes_first_with_the_right_people_until_well_again() {
    let mut talk = talk();
    feels(&mut talk, felt(FeelingState::Upset, true), "发票怎么开");
    assert_eq!(talk.state().priority, Priority::Urgent);
    assert!(acts(&talk).contains(&CareAct::AlertSupervisor) && acts(&talk).contains(&CareAct::OfferCallback), "{:?}", acts(&talk));
    assert!(talk.care.alert.is_some());
    assert!(talk.said.iter().any(|it| it.contains("回电")), "{:?}", talk.said);
    talk.asks(CustomerAction::RequestPerson);
    let skills = |talk: &Talk| talk.conversation.as_ref().and_then(|it| it.queue.clone()).map(|it| it.skills);
    assert!(matches!(talk.status(), Status::Offered { to: LIN, .. }), "{:?}", talk.status());
    assert_eq!(skills(&talk), Some(vec!["complaints".to_owned()]));
    feels(&mut talk, felt(FeelingState::Calm, true), "好");
    assert_eq!(talk.state().priority, Priority::Urgent, "the level is still raised");
    feels(&mut talk, felt(FeelingState::Calm, false), "谢谢");
    assert_eq!((talk.state().priority, talk.state().care.clone()), (Priority::Normal, CareState::default()));
    assert!(talk.reasons.contains(&"care.rule_ended".to_owned()), "{:?}", talk.reasons);
}

#[test]
fn a_skill_that_nobody_has_is_not_asked_for() {
    let mut talk = talk();
    talk.roster.iter_mut().for_each(|it| it.skills.clear());
    feels(&mut talk, felt(FeelingState::Upset, true), "发票怎么开");
    assert!(talk.reasons.contains(&"care.no_such_skill".to_owned()));
    assert_eq!(talk.state().care.skills, Vec::<String>::new());
}

#[test]
fn a_priority_that_a_member_set_is_not_put_back() {
    let mut talk = talk();
    feels(&mut talk, felt(FeelingState::Upset, true), "发票怎么开");
    talk.member(LIN, MemberAction::SetPriority { priority: Priority::High });
    feels(&mut talk, felt(FeelingState::Calm, false), "谢谢");
    assert_eq!(talk.state().priority, Priority::High);
}

fn compensating(amount_minor: i64) -> Vec<CareRule> {
    let action = CareAction { act: CareAct::Compensate, opening: None, priority: None, skill: None, amount_minor: Some(amount_minor) };
    let when = CareWhen { states: vec![FeelingState::Angry], ..CareWhen::default() };
    vec![CareRule { id: CareRuleId(uuid::Uuid::from_u128(9)), name: Bilingual::new("补偿", "make good"), enabled: true, order: 1, when, actions: vec![action] }]
}

#[test]
fn making_good_stays_within_the_budget() {
    let check = |amount: i64, spent: Spent, expected: Option<SpendingState>| {
        let mut talk = talk();
        talk.rules = compensating(amount);
        talk.spent = spent;
        feels(&mut talk, felt(FeelingState::Angry, true), "气死我了");
        assert_eq!(talk.state().compensations.first().map(|it| it.state), expected, "{amount} {spent:?} {:?}", talk.reasons);
        let told = talk.said.iter().any(|it| it.contains("补偿"));
        assert_eq!(told, expected == Some(SpendingState::Offered), "what waits for approval is not told");
        assert_eq!(talk.care.spendings.len(), usize::from(expected.is_some()));
        feels(&mut talk, felt(FeelingState::Angry, true), "气死我了");
        assert!(talk.state().compensations.len() <= 1, "once a conversation");
    };
    let nothing = Spent::default();
    check(1_000, nothing, Some(SpendingState::Offered));
    check(2_000, nothing, Some(SpendingState::Offered));
    check(2_001, nothing, Some(SpendingState::Pending));
    check(5_001, nothing, None);
    check(1_000, Spent { customer_minor: 4_001, day_minor: 0 }, None);
    check(1_000, Spent { customer_minor: 0, day_minor: 49_001 }, None);
}

#[test]
fn what_was_approved_is_offered_and_taken_once() {
    let mut talk = talk();
    talk.rules = compensating(3_000);
    feels(&mut talk, felt(FeelingState::Angry, true), "气死我了");
    let spending = talk.care.spendings[0].clone();
    talk.asks(CustomerAction::Choose { choice: ChoiceId::AcceptCompensation { spending: spending.id } });
    assert_eq!(talk.state().compensations[0].state, SpendingState::Pending, "what was not offered cannot be taken");
    talk.does(&Input::SpendingJudged { by: LIN, spending: spending.clone(), approve: true }).expect("approved");
    assert!(talk.last_said().contains("¥30"), "{}", talk.last_said());
    assert_eq!(talk.care.settled, [(spending.id, SpendingState::Approved, Some(LIN))]);
    talk.does(&Input::SpendingJudged { by: LIN, spending: spending.clone(), approve: false }).expect_err("judged already");
    talk.asks(CustomerAction::Choose { choice: ChoiceId::AcceptCompensation { spending: spending.id } });
    assert_eq!(talk.state().compensations[0].state, SpendingState::Accepted);
    assert_eq!(talk.asks(CustomerAction::Choose { choice: ChoiceId::AcceptCompensation { spending: spending.id } }), "");
}

#[test]
fn a_consent_taken_back_ends_everything_at_once() {
    let mut talk = talk();
    talk.consents.clear();
    let answer = |given, text_version| CustomerAction::Consent { purpose: ConsentPurpose::EmotionCare, given, text_version, channel: ConsentChannel::Widget };
    talk.does(&Input::Customer { action: answer(false, 0) }).expect_err("nothing was given, and there is no conversation");
    talk.says("你好");
    assert_eq!(talk.asks(answer(false, 0)), "", "nothing was given");
    let version = ConsentPurpose::EmotionCare.question().version;
    assert!(talk.asks(answer(true, version)).contains("customer consent_given"));
    talk.consents.extend(talk.care.consent.clone());
    assert_eq!(talk.asks(answer(true, version)), "", "given already");
    talk.does(&Input::Customer { action: answer(true, version + 1) }).expect_err("a text that there is not");
    feels(&mut talk, felt(FeelingState::Upset, true), "发票怎么开");
    assert_eq!(talk.state().priority, Priority::Urgent);
    assert_eq!(talk.asks(answer(false, 0)), "system priority_changed, customer consent_withdrawn");
    assert_eq!((talk.state().priority, talk.state().care.clone()), (Priority::Normal, CareState::default()));
    assert_eq!(talk.care.consent.as_ref().and_then(|it| it.withdrawn_at), Some(talk.now));
}

#[test]
fn who_objects_gets_a_person() {
    let mut talk = talk();
    feels(&mut talk, felt(FeelingState::Upset, false), "发票怎么开");
    let done = talk.asks(CustomerAction::Object { about: Seq(3), text: "不对".to_owned() });
    assert!(done.starts_with("customer decision_objected"), "{done}");
    assert!(matches!(talk.status(), Status::Offered { .. }));
    let long = "字".repeat(2_001);
    talk.does(&Input::Customer { action: CustomerAction::Object { about: Seq(3), text: long } }).expect_err("too long");
}
