//! `rapport audit`: whether the audit log is what was written.

use anyhow::bail;
use clap::Subcommand;
use rapport_model::AuditLine;
use rapport_ports::TenantStore;

use crate::{data, say, settings::DataArgs};

/// Lines read at once.
const PAGE: u32 = 1_000;

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Checks every line of every tenant's log against the one before it. Ends with an error at the first that was changed, dropped or put elsewhere.
    Verify {
        #[command(flatten)]
        data: DataArgs,
    },
}

pub(crate) async fn run(command: AuditCommand) -> anyhow::Result<()> {
    let AuditCommand::Verify { data } = command;
    let store = data::open_quietly(&data)?;
    let mut faults = 0;
    for tenant in store.tenants().await? {
        let lines = lines(&*store.tenant(tenant.id)).await?;
        match rapport_ethics::chain::verify(&lines) {
            Ok(()) => {
                let decisions = lines.iter().filter(|it| rapport_ethics::EthicsRecord::from_line(&it.record).is_some()).count();
                say(&format!("{}: {} lines, {decisions} decisions about persons, whole", tenant.slug, lines.len()));
            }
            Err(fault) => {
                faults += 1;
                say(&format!("{}: {} lines, {fault}", tenant.slug, lines.len()));
            }
        }
    }
    if faults > 0 { bail!("{faults} audit logs are not what was written") }
    Ok(())
}

/// All of them, oldest first.
async fn lines(store: &dyn TenantStore) -> anyhow::Result<Vec<AuditLine>> {
    let (mut lines, mut before) = (Vec::new(), None);
    loop {
        let page = store.audit_lines(before, PAGE).await?;
        let Some(last) = page.last() else { break };
        before = Some(last.n);
        lines.extend(page);
    }
    lines.reverse();
    Ok(lines)
}
