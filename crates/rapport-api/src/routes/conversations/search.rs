//! Search by members who do not see personal data: only what was found in something that they see, so that asking for a number does not tell whose it is.

use rapport_model::{ConversationId, Seq};
use rapport_ports::{ConversationFilter, ConversationRow, JournalScope};

use crate::{caller::Caller, failure::Outcome, masking, routes::contacts::is_found_in_sight};

/// How many pages are looked through for one of which enough may be shown.
const READS_MAX: u32 = 20;
/// Entries of one read, and how many reads of one conversation.
const ENTRIES: u32 = 500;
const ENTRY_READS_MAX: u32 = 10;

/// As the store finds them, one page.
pub(super) async fn in_sight(caller: &Caller, mut filter: ConversationFilter) -> Outcome<Vec<ConversationRow>> {
    let text = filter.text.as_deref().unwrap_or_default().trim().to_lowercase();
    if text.is_empty() {
        return Ok(caller.store.conversations(&filter).await?);
    }
    let wanted = usize::try_from(filter.limit).unwrap_or(usize::MAX);
    let mut found = Vec::new();
    for _ in 0..READS_MAX {
        let rows = caller.store.conversations(&filter).await?;
        let more = rows.len() >= wanted;
        filter.before = rows.last().map(|it| (it.state.updated_at, it.state.id));
        for row in rows {
            if is_in_sight(caller, &row, &text).await? {
                found.push(row);
            }
        }
        if !more || found.len() >= wanted {
            break;
        }
    }
    found.truncate(wanted);
    Ok(found)
}

async fn is_in_sight(caller: &Caller, row: &ConversationRow, text: &str) -> Outcome<bool> {
    let is_number = text.trim_start_matches('#').parse() == Ok(row.state.number);
    let is_contact = row.contact.as_ref().map(|it| is_found_in_sight(it, text)).transpose()?.unwrap_or_default();
    Ok(is_number || is_contact || is_said_in_sight(caller, row.state.id, text).await?)
}

/// Whether a message holds it as it is shown.
async fn is_said_in_sight(caller: &Caller, id: ConversationId, text: &str) -> Outcome<bool> {
    let mut before = Seq(u64::MAX >> 1);
    for _ in 0..ENTRY_READS_MAX {
        let entries = caller.store.entries_before(JournalScope::Conversation(id), before, ENTRIES).await?;
        let is_full = u32::try_from(entries.len()).is_ok_and(|it| it >= ENTRIES);
        before = entries.last().map_or(before, |it| it.seq);
        // Masking costs more than looking: only what holds the words at all is masked.
        let mut holding = entries.iter().filter_map(|it| it.event.message()).filter(|it| it.content.plain_text().to_lowercase().contains(text));
        if holding.any(|it| masking::text(it.content.plain_text()).to_lowercase().contains(text)) {
            return Ok(true);
        }
        if !is_full {
            break;
        }
    }
    Ok(false)
}
