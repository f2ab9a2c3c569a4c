//! `rapport replay`: why a conversation went as it did, told from the journal alone.

use anyhow::{Context as _, bail};
use rapport_model::{Actor, ConversationId, Entry, Locale, Seq, Timestamp};
use rapport_ports::{ConversationFilter, JournalScope, TenantStore};

use crate::{data, say, settings::DataArgs, tokens};

/// Entries read at once.
const PAGE: u32 = 1_000;

pub(crate) async fn run(args: &DataArgs, tenant: &str, conversation: &str, locale: &str) -> anyhow::Result<()> {
    let store = data::open_quietly(args)?;
    let tenant = tokens::find_tenant(&*store, tenant).await?;
    let store = store.tenant(tenant.id);
    let id = find(&*store, conversation).await?;
    let entries = journal(&*store, id).await?;
    let locale = Locale::from_tag(locale);
    for entry in &entries {
        say(&line(entry, locale));
    }
    let stored = store.conversation(id).await?.context("the conversation has a journal but no state")?;
    let folded = rapport_engine::fold(&entries).context("the journal does not begin with an opening")?;
    let mut kept = stored.state.clone();
    // States from before these were kept get them with the next message.
    if kept.customer_wrote_at.is_none() {
        (kept.customer_wrote_at, kept.sent_since) = (folded.customer_wrote_at, folded.sent_since);
        kept.bot.offered.clone_from(&folded.bot.offered);
    }
    if folded != kept {
        bail!("the stored state does not follow from the journal\nstored: {:?}\nfolded: {folded:?}", stored.state);
    }
    say(&format!("{} entries; the stored state (version {}) follows from them", entries.len(), stored.version));
    Ok(())
}

async fn find(store: &dyn TenantStore, conversation: &str) -> anyhow::Result<ConversationId> {
    if let Some(id) = ConversationId::parse(conversation) {
        return Ok(id);
    }
    let number: u64 = conversation.trim_start_matches('#').parse().context("give a public number or an id")?;
    let filter = ConversationFilter { text: Some(number.to_string()), limit: 100, ..ConversationFilter::default() };
    let rows = store.conversations(&filter).await?;
    let row = rows.into_iter().find(|it| it.state.number == number);
    Ok(row.with_context(|| format!("no conversation {number}"))?.state.id)
}

async fn journal(store: &dyn TenantStore, id: ConversationId) -> anyhow::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut after = Seq(0);
    loop {
        let page = store.entries_after(JournalScope::Conversation(id), after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(entries) };
        after = last.seq;
        entries.extend(page);
    }
}

fn line(entry: &Entry, locale: Locale) -> String {
    let who = match entry.actor {
        Actor::Customer(_) => "customer".to_owned(),
        Actor::Member(id) => format!("member {id}"),
        Actor::Bot => "bot".to_owned(),
        Actor::System => "system".to_owned(),
    };
    let mut out = format!("{:>8}  {}  {:<22} {who}", entry.seq, clock(entry.at), entry.event.kind());
    for reason in &entry.reasons {
        out.push_str("\n            because ");
        out.push_str(&rapport_engine::reasons::explain(reason, locale));
        out.push_str("  [");
        out.push_str(&reason.to_string());
        out.push(']');
    }
    out
}

/// UTC as `2026-11-24T08:00:00.000Z`.
fn clock(at: Timestamp) -> String {
    chrono::DateTime::from_timestamp_millis(at.0).map(|it| it.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()).unwrap_or_default()
}
