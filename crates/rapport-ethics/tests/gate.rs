//! Who gets a capability, and who does not and why; and when offers wait.

use rapport_ethics::{Action, CareAct, Care, Commerce, Compensation, Gate, HeavyMoment, HeavyState, Office, PersonRole, Request, Sealed, Source, Sources, Subject};
use rapport_model::{Consent, ConsentChannel, ConsentPurpose, ContactId, MINUTE_MS, Suppression, TenantSwitches, Timestamp};
use uuid::Uuid;

const NOW: Timestamp = Timestamp(1_800_000_000_000);
const WHO: ContactId = ContactId(Uuid::from_u128(1));
const ON: TenantSwitches = TenantSwitches { feelings: true, proactive_contact: true };

fn consent(purpose: ConsentPurpose, change: impl FnOnce(&mut Consent)) -> Consent {
    let mut consent = Consent { contact: WHO, purpose, text_version: 1, channel: ConsentChannel::Widget, given_at: NOW.plus_ms(-1), withdrawn_at: None };
    change(&mut consent);
    consent
}

#[test]
fn a_capability_needs_switch_consent_and_role() {
    let gate = Gate::new().expect("what ships");
    let check = |what: &str, consents: &[Consent], role: PersonRole, switches: TenantSwitches, refused_by: &[&str]| {
        let subject = Subject { contact: WHO, role, consents };
        let found = gate.allow_care(&subject, &switches, NOW);
        let (contact, policies) = match &found {
            Ok(it) => (Some(it.contact()), Vec::new()),
            Err(it) => {
                assert!(!it.reason.zh.is_empty() && !it.reason.en.is_empty(), "{what}");
                (None, it.policies.clone())
            }
        };
        assert_eq!(policies, refused_by, "{what}");
        assert_eq!(contact, refused_by.is_empty().then_some(WHO), "{what}");
    };
    let of = |change: fn(&mut Consent)| [consent(ConsentPurpose::EmotionCare, change)];
    let given = of(|_| {});
    check("all agree", &given, PersonRole::Customer, ON, &[]);
    check("no consent", &[], PersonRole::Customer, ON, &["emotion.no_consent"]);
    check("off by default", &given, PersonRole::Customer, TenantSwitches::default(), &["emotion.tenant_off"]);
    check("staff", &given, PersonRole::Agent, ON, &["emotion.staff_or_pupil"]);
    check("a pupil", &given, PersonRole::Pupil, ON, &["emotion.staff_or_pupil"]);
    check("withdrawn just now", &of(|it| it.withdrawn_at = Some(NOW)), PersonRole::Customer, ON, &["emotion.no_consent"]);
    check("withdrawn by a clock ahead of ours", &of(|it| it.withdrawn_at = Some(NOW.plus_ms(1))), PersonRole::Customer, ON, &["emotion.no_consent"]);
    check("not yet given", &of(|it| it.given_at = NOW.plus_ms(1)), PersonRole::Customer, ON, &["emotion.no_consent"]);
    check("to a text that meant something else", &of(|it| it.text_version = 0), PersonRole::Customer, ON, &["emotion.no_consent"]);
    check("somebody else's", &of(|it| it.contact = ContactId(Uuid::from_u128(2))), PersonRole::Customer, ON, &["emotion.no_consent"]);
    check("for another purpose", &[consent(ConsentPurpose::Profile, |_| {})], PersonRole::Customer, ON, &["emotion.no_consent"]);
    let again = [of(|it| it.withdrawn_at = Some(NOW.plus_ms(-1))), of(|_| {})].concat();
    check("withdrawn and given again", &again, PersonRole::Customer, ON, &[]);
    check("nothing at all", &[], PersonRole::Agent, TenantSwitches::default(), &["emotion.no_consent", "emotion.staff_or_pupil", "emotion.tenant_off"]);
}

#[test]
fn a_tenant_can_forbid_more_and_permit_nothing() {
    let consents = [consent(ConsentPurpose::EmotionCare, |_| {})];
    let subject = Subject { contact: WHO, role: PersonRole::Customer, consents: &consents };
    let gate = Gate::stricter("@id(\"tenant.never\") @zh(\"本店不感知情绪\") @en(\"Not in this shop\") forbid (principal, action == Action::\"infer_emotion\", resource);").expect("a forbid");
    let Err(refusal) = gate.allow_care(&subject, &ON, NOW) else { panic!("it is forbidden") };
    assert_eq!((refusal.policies, refusal.reason.zh.as_str(), refusal.reason.en.as_str()), (vec!["tenant.never".to_owned()], "本店不感知情绪", "Not in this shop"));
    assert!(Gate::stricter("@id(\"tenant.all\") @zh(\"都可以\") @en(\"Anything\") permit (principal, action, resource);").is_err());
}

#[test]
fn every_action_is_asked_in_a_form_that_the_schema_takes() {
    let gate = Gate::new().expect("what ships");
    let consents: Vec<_> = ConsentPurpose::ALL.into_iter().map(|it| consent(it, |_| {})).collect();
    let subject = Subject { contact: WHO, role: PersonRole::Customer, consents: &consents };
    let check = |office: Office, action: Action<'_>, allowed: bool| {
        let name = action.name();
        let found = gate.decide(&Request { office, subject, action }, NOW);
        assert_eq!((found.allowed, found.errors.is_empty()), (allowed, true), "{name}: {found:?}");
    };
    let commerce = || Commerce { derived_from: Sources::from([Source::Campaign]), heavy: None, opted_out: false };
    for act in CareAct::ALL.into_iter().filter(|it| *it != CareAct::Compensate) {
        check(Office::Care, Action::Care { act, tenant_switch: true, derived_from: Sources::from([Source::Emotion]) }, true);
        check(Office::Care, Action::Care { act, tenant_switch: false, derived_from: Sources::from([Source::Emotion]) }, false);
        check(Office::Commerce, Action::Care { act, tenant_switch: true, derived_from: Sources::from([Source::Emotion]) }, false);
    }
    let compensation = Compensation { amount_minor: 100, budget_left_minor: 100, approval_above_minor: 50, approved: true };
    let compensate = |compensation| Action::Compensate { tenant_switch: true, derived_from: Sources::from([Source::Service]), compensation };
    check(Office::Care, compensate(compensation), true);
    check(Office::Care, compensate(Compensation { approved: false, ..compensation }), false);
    check(Office::Commerce, Action::MarketingPush { commerce: commerce(), tenant_switch: true, local_hour: 10 }, true);
    check(Office::Commerce, Action::MarketingPush { commerce: commerce(), tenant_switch: true, local_hour: 23 }, false);
    check(Office::Commerce, Action::PriceOffer(commerce()), true);
    check(Office::Commerce, Action::Upsell(commerce()), true);
    check(Office::Commerce, Action::RecommendProduct { commerce: commerce(), suitability: Default::default() }, true);
    let derived_from = Sources::from([Source::Service]);
    check(Office::Collections, Action::CollectionContact { derived_from, local_hour: 9, agreed_hours: false, calls_today: 0, is_debtor: true }, true);
    check(Office::Privacy, Action::Export { identity_verified: true }, true);
    check(Office::Privacy, Action::Erase { identity_verified: true, legal_hold: true }, false);
    // An amount is what compensation is about: without one there is nothing to allow.
    let bare = Action::Care { act: CareAct::Compensate, tenant_switch: true, derived_from: Sources::new() };
    let found = gate.decide(&Request { office: Office::Care, subject, action: bare }, NOW);
    assert!(!found.allowed && !found.errors.is_empty(), "{found:?}");
}

#[test]
fn offers_wait_for_a_day_after_a_heavy_moment() {
    let gate = Gate::new().expect("what ships");
    let subject = Subject { contact: WHO, role: PersonRole::Customer, consents: &[] };
    let check = |state: Option<HeavyState>, minutes: i64, expected: Suppression| {
        let sealed = state.map(|state| Sealed::<_, Care>::new(HeavyMoment { state, at: NOW.plus_ms(-minutes * MINUTE_MS) }));
        let found = gate.suppression(&subject, sealed.as_ref(), NOW);
        assert_eq!(found.suppression, expected, "{state:?} {minutes} min ago: {found:?}");
        let commerce = Commerce { derived_from: Sources::new(), heavy: sealed.as_ref(), opted_out: false };
        let upsell = gate.decide(&Request { office: Office::Commerce, subject, action: Action::Upsell(commerce) }, NOW);
        assert_eq!(upsell.allowed, expected == Suppression::Open, "the policy itself says the same");
    };
    check(None, 0, Suppression::Open);
    for state in HeavyState::ALL {
        check(Some(state), 0, Suppression::Locked);
        check(Some(state), 1_439, Suppression::Locked);
        check(Some(state), 1_440, Suppression::Open);
        check(Some(state), -10, Suppression::Locked);
    }
}
