//! `rapport doctor`: looks at an installation and says what to do about what it finds.

use std::path::Path;

use rapport_model::{AuditLine, Inbox, Member, Role};
use rapport_ports::{Caution, CredentialKind, Records as _, Store, TenantStore, broken_audit_line};

use crate::{data, say, settings::DataArgs};

/// Below this the disk is called full. Units: bytes.
const FREE_BYTES_MIN: u64 = 1024 * 1024 * 1024;

pub(crate) async fn run(args: &DataArgs, url: Option<&str>) -> anyhow::Result<()> {
    let mut report = Report::default();
    let store = match data::open_quietly(args) {
        Ok(store) => store,
        Err(error) => {
            report.bad("database", &format!("{error:#}"), "check the path or address, and that this user may write there");
            return report.finish();
        }
    };
    report.good("database", &store.describe().await?);
    match store.check().await {
        Ok(()) => report.good("durable write", "works"),
        Err(fault) => report.bad("durable write", &fault.to_string(), "check free space and permissions of the data folder"),
    }
    cautions(&store.cautions().await?, &mut report);
    disk(args, &mut report);
    tenants(&*store, &mut report).await?;
    if let Some(url) = url {
        server(url, &mut report).await;
    }
    report.finish()
}

#[derive(Default)]
struct Report {
    problems: u32,
}

impl Report {
    fn good(&mut self, what: &str, found: &str) {
        say(&format!("ok       {what}: {found}"));
    }
    fn bad(&mut self, what: &str, found: &str, hint: &str) {
        self.problems = self.problems.saturating_add(1);
        say(&format!("PROBLEM  {what}: {found}\n         -> {hint}"));
    }
    fn finish(self) -> anyhow::Result<()> {
        if self.problems == 0 {
            return Ok(());
        }
        anyhow::bail!("{} problem(s)", self.problems)
    }
}

/// What weakens a promise although everything works.
fn cautions(found: &[Caution], report: &mut Report) {
    for caution in found {
        match caution {
            Caution::BypassesRowSecurity { role } => {
                let hint = "connect as a role of its own: create role rapport login nosuperuser nobypassrls; alter database … owner to rapport";
                report.bad("tenants kept apart", &format!("the role {role} passes row-level security"), hint);
            }
            Caution::NotDurable { setting, value } => {
                report.bad("durable", &format!("{setting} is {value}: a power cut may take acknowledged messages"), "turn it on in postgresql.conf");
            }
            Caution::Damaged { found } => report.bad("database", found, "stop the server, keep a copy of the folder, restore the newest backup"),
        }
    }
}

/// The audit log recomputed from its first line.
async fn audit(handle: &dyn TenantStore) -> anyhow::Result<Option<u64>> {
    let mut lines = Vec::new();
    loop {
        let page = handle.audit_lines(lines.last().map(|it: &AuditLine| it.n), 1_000).await?;
        if page.is_empty() {
            lines.reverse();
            return Ok(broken_audit_line(&lines));
        }
        lines.extend(page);
    }
}

fn disk(args: &DataArgs, report: &mut Report) {
    match free_bytes(&args.data) {
        Some(free) if free < FREE_BYTES_MIN => {
            report.bad("disk", &format!("{} MiB free", free / 1024 / 1024), "make room or move --data: below this, messages will be refused");
        }
        Some(free) => report.good("disk", &format!("{} GiB free", free / 1024 / 1024 / 1024)),
        None => report.bad("disk", "free space unknown", "check that the data folder exists"),
    }
    #[cfg(unix)]
    if let Ok(found) = std::fs::metadata(args.data.join("secret")) {
        use std::os::unix::fs::PermissionsExt as _;
        if found.permissions().mode().trailing_zeros() < 6 {
            report.bad("secret", "others on this machine may read it", "chmod 600 on the file `secret` in the data folder");
        } else {
            report.good("secret", "readable by its owner only");
        }
    }
}

fn free_bytes(path: &Path) -> Option<u64> {
    fs4::available_space(path).ok()
}

async fn tenants(store: &dyn Store, report: &mut Report) -> anyhow::Result<()> {
    let tenants = store.tenants().await?;
    if tenants.is_empty() {
        report.bad("tenants", "none", "rapport tenant-create --slug … --name … --owner-email …");
    }
    for tenant in tenants {
        let handle = store.tenant(tenant.id);
        let members = handle.list::<Member>().await?;
        let what = format!("tenant {}", tenant.slug);
        if let Some(n) = audit(&*handle).await? {
            report.bad(&what, &format!("line {n} of the audit log does not follow from the one before it"), "it was changed from outside: compare with a backup");
        }
        if members.iter().any(|it| it.active && it.role == Role::Owner) {
            let tokens = handle.credentials(CredentialKind::ApiToken).await?.len();
            let inboxes = handle.list::<Inbox>().await?.len();
            report.good(&what, &format!("{} member(s), {inboxes} inbox(es), {tokens} API token(s)", members.len()));
        } else {
            report.bad(&what, "no active owner", "rapport sign-in-link for another member, or restore a backup");
        }
    }
    Ok(())
}

async fn server(url: &str, report: &mut Report) {
    for path in ["/healthz", "/readyz"] {
        let address = format!("{}{path}", url.trim_end_matches('/'));
        match reqwest::get(&address).await {
            Ok(answer) if answer.status().is_success() => report.good("server", &format!("{address} answers {}", answer.status())),
            Ok(answer) => report.bad("server", &format!("{address} answers {}", answer.status()), "see the server's log"),
            Err(error) => report.bad("server", &format!("{address}: {error}"), "is it running, and is a proxy or firewall between?"),
        }
    }
}
