//! No statement on the way of a message goes through all that was ever stored: SQLite is asked how it would find what each one reads.

use rapport_model::{ContactId, ConversationId, InboxId, MemberId, Seq, StatusCategory, TenantId, Timestamp};
use rapport_ports::{ConversationFilter, JournalScope};

use super::{conversation, directory, journal, schedule};
use crate::{
    migrate::{SQLITE, migrate},
    sql::{Each, Insert, Row, Scope, Sql, SqlError, Sqlite, Value},
};

/// Keeps the plan of every statement that reads.
struct Explained {
    sqlite: Sqlite,
    plans: Vec<String>,
}

impl Sql for Explained {
    fn run(&mut self, text: &str, values: &[Value<'_>]) -> Result<u64, SqlError> {
        self.sqlite.run(text, values)
    }
    fn rows(&mut self, text: &str, values: &[Value<'_>]) -> Result<Vec<Row>, SqlError> {
        let plan = self.sqlite.rows(&format!("explain query plan {text}"), values)?;
        self.plans.extend(plan.iter().filter_map(|it| it.maybe_text(3)).map(str::to_owned));
        self.sqlite.rows(text, values)
    }
    fn script(&mut self, text: &str) -> Result<(), SqlError> {
        self.sqlite.script(text)
    }
    fn insert(&mut self, into: &Insert, rows: &[&[Value<'_>]]) -> Result<(), SqlError> {
        self.sqlite.insert(into, rows)
    }
    fn each(&mut self, what: &Each, tenant: TenantId, keys: &[&[Value<'_>]]) -> Result<Vec<Row>, SqlError> {
        self.sqlite.each(what, tenant, keys)
    }
    fn scope(&mut self, scope: Scope) -> Result<(), SqlError> {
        self.sqlite.scope(scope)
    }
    fn begin(&mut self) -> Result<(), SqlError> {
        self.sqlite.begin()
    }
    fn undo(&mut self, text: &'static str) -> Result<(), SqlError> {
        self.sqlite.undo(text)
    }
    fn is_postgres(&self) -> bool {
        false
    }
    fn is_broken(&mut self) -> bool {
        false
    }
}

const TENANT: TenantId = TenantId(uuid::Uuid::from_u128(1));
const CONTACT: ContactId = ContactId(uuid::Uuid::from_u128(2));
const INBOX: InboxId = InboxId(uuid::Uuid::from_u128(3));
const MEMBER: MemberId = MemberId(uuid::Uuid::from_u128(4));
const TALK: ConversationId = ConversationId(uuid::Uuid::from_u128(5));

/// Where a tenant's range of the journal begins.
const TENANT_SEQ: &str = "t USING INDEX sqlite_autoindex_tenant_seq_1 (tenant=?)";

/// Each step of the plan names one of these, or sorts the few rows that were found.
fn check(what: &str, read: impl Fn(&mut Explained), indexes: &[&str]) {
    let mut sqlite = Sqlite(rusqlite::Connection::open_in_memory().expect("memory"));
    migrate(&mut sqlite, SQLITE).expect("migrates");
    let mut explained = Explained { sqlite, plans: Vec::new() };
    read(&mut explained);
    let steps: Vec<_> = explained.plans.iter().filter(|it| it.starts_with("SEARCH") || it.starts_with("SCAN")).collect();
    assert!(!steps.is_empty(), "{what}");
    for step in steps {
        let good = indexes.iter().any(|it| step.contains(it)) || step.starts_with("SCAN k") || step.starts_with("SCAN w") || step.starts_with("SCAN part") || step.starts_with("SCAN (");
        assert!(good, "{what}: `{step}`, none of {indexes:?}; all of it: {:#?}", explained.plans);
    }
}

fn listed(what: &str, filter: &ConversationFilter, indexes: &[&str]) {
    let mut all = vec!["conversation_id (tenant=? AND id=?)", "conversation_state_id (tenant=? AND id=?)", "p USING PRIMARY KEY (tenant=? AND id=?)"];
    all.extend(indexes);
    check(what, |sql| drop(conversation::list(sql, TENANT, filter).expect(what)), &all);
}

fn journal_of(what: &str, scope: JournalScope, indexes: &[&str]) {
    for forward in [true, false] {
        check(what, |sql| drop(journal::entries(sql, TENANT, scope, Seq(7), forward, 10).expect(what)), indexes);
    }
}

#[test]
fn what_is_read_with_every_message_is_found_by_an_index() {
    check("latest", |sql| drop(conversation::latest(sql, TENANT, CONTACT, INBOX).expect("latest")), &["conversation_contact (tenant=? AND contact=? AND inbox=?)", "conversation_state_id (tenant=? AND id=?)"]);
    check("loads", |sql| drop(conversation::loads(sql, TENANT).expect("loads")), &["conversation_holder"]);
    check("handle time", |sql| assert_eq!(conversation::handle_time_ms(sql, TENANT).expect("time"), None), &["conversation_resolved"]);
    check("held", |sql| drop(conversation::held_by(sql, TENANT, MEMBER).expect("held")), &["conversation_holder (tenant=? AND holder=?)"]);
    check("external id", |sql| assert_eq!(journal::find_external(sql, TENANT, INBOX, "x").expect("external"), None), &["journal_external"]);
    check("effects", |sql| assert!(!schedule::effects_due(sql, Timestamp(1)).expect("due")), &["outbox_due (state=? AND next_at<?)"]);
    check("timers", |sql| drop(schedule::due_timers(sql, Timestamp(1), 10).expect("due")), &["timer_due (due_at<?)"]);
    check("a secret", |sql| drop(directory::credential(sql, [1; 32]).expect("secret")), &["sqlite_autoindex_credential"]);
    journal_of("resume of a desk", JournalScope::Tenant, &["j USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)", TENANT_SEQ]);
    journal_of("a conversation", JournalScope::Conversation(TALK), &["j USING INTEGER PRIMARY KEY (rowid=?)", "e USING INTEGER PRIMARY KEY (rowid=?)", TENANT_SEQ, "conversation_id (tenant=? AND id=?)"]);
    let visitor = JournalScope::Visitor { contact: CONTACT, inbox: INBOX };
    journal_of("resume of a widget", visitor, &["conversation_contact (tenant=? AND contact=? AND inbox=?)", "j USING INTEGER PRIMARY KEY (rowid=?)", TENANT_SEQ]);
}

#[test]
fn lists_of_the_desk_are_found_by_an_index() {
    let all = ConversationFilter { limit: 50, ..ConversationFilter::default() };
    let by_category = "conversation_category (tenant=? AND category=?";
    listed("all", &all, &[by_category, "conversation_done (tenant=?)"]);
    listed("next page", &ConversationFilter { before: Some((Timestamp(1), TALK)), ..all.clone() }, &[by_category, "conversation_done (tenant=? AND (updated_at,id)<(?,?))"]);
    listed("open", &ConversationFilter { categories: vec![StatusCategory::Open, StatusCategory::Waiting], ..all.clone() }, &[by_category]);
    listed("unassigned", &ConversationFilter { unassigned: true, ..all.clone() }, &[by_category]);
    listed("done", &ConversationFilter { categories: vec![StatusCategory::Done], ..all.clone() }, &["conversation_done (tenant=?)"]);
    let mine = ConversationFilter { assignee: Some(MEMBER), ..all.clone() };
    let by_member = ["conversation_assignee (tenant=? AND assignee=?", "conversation_assignee_done (tenant=? AND assignee=?", "conversation_holder (tenant=? AND holder=?"];
    listed("mine", &mine, &by_member);
    listed("of a contact", &ConversationFilter { contact: Some(CONTACT), ..all.clone() }, &["conversation_contact (tenant=? AND contact=?"]);
    let words = ["j USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)", "contact USING PRIMARY KEY (tenant=?)", "tenant_seq", "conversation_number (tenant=? AND number=?)"];
    listed("words", &ConversationFilter { text: Some("nobody said this".into()), ..all }, &words);
    let counted = ["conversation_assignee (tenant=? AND assignee=?", "conversation_holder (tenant=? AND holder=?", by_category];
    check("counts", |sql| assert_eq!(conversation::counts(sql, TENANT, MEMBER).expect("counts"), (0, 0, 0)), &counted);
}
