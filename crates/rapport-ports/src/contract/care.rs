//! Promises about consent and what rests on it, and about erasing a person.

use rapport_model::{
    Actor, Alert, Bilingual, CareAct, CareBudget, CareRuleId, CareState, Consent, ConsentChannel, ConsentPurpose, Conversation, Event, ExampleSource, Fault, FeelingExample, FeelingState, FeelingsSaid, NewEntry, Reason, SaidIn, Seq, Spending,
    SpendingId, SpendingState, Spent, Timestamp, Weight, codes, day_of,
};

use super::{
    everything::{Everything, everything},
    world::{NOW, Subject, Talk, World},
};
use crate::{CareWrite, Commit, CommitError, Expect, JournalScope, NewSample, Records as _};

fn rule() -> CareRuleId {
    CareRuleId::parse("00000000-0000-7000-8000-00000000ca2e").expect("an id")
}

/// Stands in what is sealed and must be found nowhere afterwards.
const FELT: &str = "felt-very-upset";

fn consent(world: &World, withdrawn_at: Option<Timestamp>) -> Consent {
    Consent { contact: world.contact, purpose: ConsentPurpose::EmotionCare, text_version: 1, channel: ConsentChannel::Widget, given_at: NOW, withdrawn_at }
}

fn nothing(world: &World) -> CareWrite {
    CareWrite { contact: world.contact, rests_on_feeling: false, consent: None, mood: None, sample: None, alert: None, spendings: Vec::new(), settled: Vec::new(), budget: None }
}

fn given(world: &World, talk: &Talk) -> Commit {
    let event = Event::ConsentGiven { purpose: ConsentPurpose::EmotionCare, text_version: 1, channel: ConsentChannel::Widget };
    Commit { care: Some(Box::new(CareWrite { consent: Some(consent(world, None)), ..nothing(world) })), ..talk.next(world.customer(), event, NOW) }
}

fn withdrawn(world: &World, talk: &Talk, at: Timestamp) -> Commit {
    let event = Event::ConsentWithdrawn { purpose: ConsentPurpose::EmotionCare };
    Commit { care: Some(Box::new(CareWrite { consent: Some(consent(world, Some(at))), ..nothing(world) })), ..talk.next(world.customer(), event, at) }
}

/// A message with a feeling noticed, an act of care that rests on it, and an alert.
fn felt(world: &mut World, talk: &Talk, at: Timestamp) -> Commit {
    let taken = Event::CareTaken {
        rule: rule(),
        act: CareAct::Soothe,
        feeling: FeelingState::Upset,
        moved: vec![Weight { what: FELT.to_owned(), weight: 1.0 }],
        model: String::new(),
        policies: Vec::new(),
        opening: Some(Bilingual::new("抱歉", "Sorry")),
        priority: None,
        skill: None,
    };
    let said = world.text("where is it?");
    let mut commit = talk.next(world.customer(), said, at);
    let reasons = vec![Reason::new("care.rule_holds").with("what", FELT), Reason::new("bot.missed")];
    commit.entries[0].reasons = reasons.clone();
    commit.state.apply(Actor::System, at, &taken);
    commit.entries.push(NewEntry { at, actor: Actor::System, event: taken, reasons: Vec::new(), external_id: None });
    let alert = Alert { conversation: talk.state.id, number: talk.state.number, contact: world.contact, at, rule: rule(), reasons };
    let sample = NewSample { entry: 0, body: format!("{{\"moved\":\"{FELT}\"}}"), expires_at: at.plus_ms(1_000) };
    let care = CareWrite { rests_on_feeling: true, mood: Some(format!("{{\"mood\":\"{FELT}\"}}")), sample: Some(sample), alert: Some(alert), ..nothing(world) };
    Commit { care: Some(Box::new(care)), at, ..commit }
}

/// Makes an example of what they said.
async fn taught_from(world: &mut World, talk: &Talk) -> Result<u64, Fault> {
    let said = SaidIn { conversation: talk.state.id, seq: Seq(1) };
    let example = FeelingExample {
        id: world.ids.next(),
        text: format!("where is it? {FELT}"),
        state: FeelingState::Upset,
        anxious: false,
        urgent: false,
        source: ExampleSource::Corrected,
        said: Some(said),
        at: NOW,
    };
    let contact = world.contact;
    world.tenant.put(&FeelingsSaid { contact, examples: vec![example] }, Expect::Any).await
}

async fn committed(world: &World, talk: &mut Talk, commit: Commit) -> Seq {
    talk.state = commit.state.clone();
    let done = talk.done(world.tenant.commit(commit).await);
    done.entries.first().expect("an entry").seq
}

/// Something in every table that knows of care.
pub async fn all_about_care(world: &mut World, made: &Everything) {
    let mut talk = made.talk.clone();
    let commit = given(world, &talk);
    committed(world, &mut talk, commit).await;
    let commit = felt(world, &talk, NOW);
    committed(world, &mut talk, commit).await;
    taught_from(world, &talk).await.expect("an example");
    let commit = offering(world, &talk, 100);
    committed(world, &mut talk, commit).await;
    world.tenant.person_key(world.contact, [5; 32]).await.expect("key");
}

fn offering(world: &mut World, talk: &Talk, amount_minor: i64) -> Commit {
    let id: SpendingId = world.ids.next();
    let state = SpendingState::Offered;
    let spending =
        Spending { id, contact: world.contact, conversation: talk.state.id, amount_minor, currency: "CNY".to_owned(), state, rule: rule(), at: NOW, by: None };
    let budget = CareBudget { per_customer_minor: 500, per_day_minor: 800, ..CareBudget::default() };
    let event = Event::CompensationOffered { spending: id, amount_minor, currency: "CNY".to_owned(), state };
    let care = CareWrite { spendings: vec![spending], budget: Some(budget), ..nothing(world) };
    Commit { care: Some(Box::new(care)), ..talk.next(Actor::System, event, NOW) }
}

pub async fn no_feeling_is_kept_without_consent(subject: Subject) {
    let mut world = World::new(subject).await;
    let mut talk = world.open().await;
    let at = |ms| NOW.plus_ms(ms);
    let early = felt(&mut world, &talk, at(1));
    assert!(matches!(world.tenant.commit(early).await, Err(CommitError::Conflict)), "nobody agreed");
    assert_eq!(taught_from(&mut world, &talk).await.expect_err("nobody agreed").kind, codes::FEELING_NO_CONSENT);
    let commit = given(&world, &talk);
    committed(&world, &mut talk, commit).await;
    let allowed = felt(&mut world, &talk, at(2));
    let seq = committed(&world, &mut talk, allowed).await;
    let samples = world.tenant.samples(talk.state.id).await.expect("samples");
    assert_eq!(samples.iter().map(|it| it.seq).collect::<Vec<_>>(), [seq]);
    assert_eq!(world.tenant.consents(world.contact).await.expect("consents"), [consent(&world, None)]);

    // Decided before the withdrawal, written after it; whichever conversation it is of.
    let mut other = world.open().await;
    let late = felt(&mut world, &other, at(9));
    let commit = withdrawn(&world, &talk, at(5));
    committed(&world, &mut talk, commit).await;
    assert!(matches!(world.tenant.commit(late).await, Err(CommitError::Conflict)));
    assert_eq!(taught_from(&mut world, &talk).await.expect_err("withdrawn").kind, codes::FEELING_NO_CONSENT);
    // All at once: the writer may put them into one transaction.
    let commit = Commit { entries: given(&world, &talk).entries, ..given(&world, &talk) };
    committed(&world, &mut talk, commit).await;
    let (racing, ending) = (felt(&mut world, &other, at(12)), withdrawn(&world, &talk, at(11)));
    let (first, second) = tokio::join!(world.tenant.commit(ending), world.tenant.commit(racing));
    first.expect("the withdrawal");
    if let Ok(it) = second {
        other.state = it.state;
    }
    assert_eq!(world.tenant.samples(other.state.id).await.expect("samples"), []);
    assert_eq!(world.tenant.mood(other.state.id).await.expect("mood"), None);
    assert_eq!(world.tenant.alerts().await.expect("alerts"), []);
    assert_eq!(world.tenant.scan(&[FELT.to_owned()]).await.expect("scan"), 0);
}

pub async fn a_withdrawal_leaves_nothing_of_a_feeling(subject: Subject) {
    let mut world = World::new(subject).await;
    let (mut talk, mut other) = (world.open().await, world.open().await);
    let commit = given(&world, &talk);
    committed(&world, &mut talk, commit).await;
    for at in [&mut talk, &mut other] {
        let commit = felt(&mut world, at, NOW);
        committed(&world, at, commit).await;
    }
    taught_from(&mut world, &talk).await.expect("an example");
    assert!(world.tenant.scan(&[FELT.to_owned()]).await.expect("scan") >= 9);
    assert!(!other.state.care.active.is_empty());
    let commit = withdrawn(&world, &talk, NOW.plus_ms(1));
    committed(&world, &mut talk, commit).await;
    assert_eq!(world.tenant.scan(&[FELT.to_owned()]).await.expect("scan"), 0);
    let stale = other.next(Actor::System, Event::LeftQueue, NOW);
    assert!(matches!(world.tenant.commit(stale).await, Err(CommitError::Conflict)), "whoever remembers what was done for them reads again");
    for id in [talk.state.id, other.state.id] {
        let found = world.tenant.conversation(id).await.expect("read").expect("there");
        assert_eq!(found.state.care, CareState::default());
        let entries = world.tenant.entries_after(JournalScope::Conversation(id), Seq(0), 100).await.expect("entries");
        assert_eq!(folded(&entries), found.state, "the state is still what the entries make");
        assert!(entries.iter().any(|it| it.event == Event::CareErased));
        assert!(entries.iter().any(|it| it.reasons.iter().any(|it| it.code == "bot.missed")), "what rests on no feeling stays");
    }
}

fn folded(entries: &[rapport_model::Entry]) -> Conversation {
    let (first, later) = entries.split_first().expect("entries");
    let mut state = Conversation::open(&first.event, first.at).expect("opens");
    later.iter().for_each(|it| state.apply(it.actor, it.at, &it.event));
    state
}

pub async fn a_budget_is_not_overspent(subject: Subject) {
    let mut world = World::new(subject).await;
    let mut talk = world.open().await;
    let commit = offering(&mut world, &talk, 300);
    committed(&world, &mut talk, commit).await;
    let too_much = offering(&mut world, &talk, 201);
    assert!(matches!(world.tenant.commit(too_much).await, Err(CommitError::Conflict)), "more than one customer's");
    let spent = world.tenant.spent(world.contact, day_of(NOW)).await.expect("spent");
    assert_eq!(spent, Spent { customer_minor: 300, day_minor: 300 });
    // Other customers, all at once: together they have 500 left of the day.
    let mut commits = Vec::new();
    for _ in 0..3 {
        world.contact = world.ids.next();
        let talk = world.open().await;
        commits.push(offering(&mut world, &talk, 250));
    }
    let mut made = 0;
    for outcome in futures_of(&world, commits).await {
        made += usize::from(outcome);
    }
    assert_eq!(made, 2);
    let all = world.tenant.spendings(Some(SpendingState::Offered), 10).await.expect("list");
    assert_eq!(all.iter().map(|it| it.amount_minor).sum::<i64>(), 800);
    let one = all.first().expect("one");
    assert_eq!(world.tenant.spending(one.id).await.expect("read").as_ref(), Some(one));
}

/// Whether each was written.
async fn futures_of(world: &World, commits: Vec<Commit>) -> Vec<bool> {
    let tasks: Vec<_> = commits
        .into_iter()
        .map(|it| {
            let tenant = std::sync::Arc::clone(&world.tenant);
            tokio::spawn(async move { tenant.commit(it).await.is_ok() })
        })
        .collect();
    let mut made = Vec::new();
    for task in tasks {
        made.push(task.await.expect("joins"));
    }
    made
}

pub async fn what_has_expired_is_gone(subject: Subject) {
    let mut world = World::new(subject).await;
    let mut talk = world.open().await;
    let commit = given(&world, &talk);
    committed(&world, &mut talk, commit).await;
    let commit = felt(&mut world, &talk, NOW);
    committed(&world, &mut talk, commit).await;
    assert_eq!(world.tenant.expire_samples(NOW.plus_ms(999)).await.expect("expires"), 0);
    assert!(world.tenant.mood(talk.state.id).await.expect("mood").is_some());
    assert_eq!(world.tenant.expire_samples(NOW.plus_ms(1_000)).await.expect("expires"), 1);
    assert_eq!(world.tenant.mood(talk.state.id).await.expect("mood"), None);
}

pub async fn an_erased_person_is_found_nowhere(subject: Subject) {
    let mut world = World::new(subject).await;
    let made = everything(&mut world, "erasable").await;
    all_about_care(&mut world, &made).await;
    let needles = ["erasable".to_owned(), FELT.to_owned(), "where is it".to_owned()];
    assert!(world.tenant.scan(&needles).await.expect("scan") > 0);
    // A neighbour's words stay.
    let neighbour = std::mem::replace(&mut world.contact, made.member.0.into());
    let mut talk = world.open().await;
    world.say(&mut talk, "kept words").await;
    world.contact = neighbour;

    let before = world.tenant.last_seq().await.expect("last");
    // What is nobody's: an article, a record and a file of a member carry the same word.
    let others = world.tenant.scan(&needles).await.expect("scan");
    let erased = world.tenant.erase_person(made.contact.id).await.expect("erases");
    let left = world.tenant.scan(&needles).await.expect("scan");
    assert!(left < others);
    let data = world.tenant.person_data(made.contact.id).await.expect("read");
    assert_eq!((data.contact.is_none(), data.identities.len(), data.tickets.len(), data.consents.len(), data.samples.len()), (true, 0, 0, 0, 0));
    assert_eq!((data.spendings.len(), data.alerts.len(), data.attachments.len(), data.feelings_taught.len()), (0, 0, 0, 0));
    assert_eq!(erased.counts.get("contact"), Some(&1));
    let texts = format!("{:?} {:?}", data.entries, data.conversations);
    assert!(needles.iter().all(|it| !texts.contains(it)), "{texts}");
    assert_eq!(world.tenant.last_seq().await.expect("last"), before, "numbers stay");
    let found = world.tenant.conversation(made.conversation).await.expect("read").expect("there");
    assert_eq!(folded(&data.entries), found.state);
    assert!(world.tenant.scan(&["kept words".to_owned()]).await.expect("scan") > 0);
    assert_eq!(world.tenant.scan(&[FELT.to_owned(), "where is it".to_owned()]).await.expect("scan"), 0);
    assert_eq!(world.tenant.erase_person(made.contact.id).await.expect("again").counts.get("contact"), None);
}

pub async fn a_person_is_exported_whole(subject: Subject) {
    let mut world = World::new(subject).await;
    let made = everything(&mut world, "portable").await;
    all_about_care(&mut world, &made).await;
    let data = world.tenant.person_data(made.contact.id).await.expect("read");
    assert_eq!(data.contact.as_ref(), Some(&made.contact));
    assert_eq!((data.identities.len(), data.conversations.len()), (1, 1));
    assert_eq!((data.consents.len(), data.samples.len(), data.spendings.len(), data.alerts.len(), data.feelings_taught.len()), (1, 1, 1, 1, 1));
    let entries = world.tenant.entries_after(JournalScope::Conversation(made.conversation), Seq(0), 100).await.expect("entries");
    assert_eq!(data.entries, entries);
}
