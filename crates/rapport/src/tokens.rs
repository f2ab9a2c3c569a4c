//! Tenants, tokens and sign-in links from the command line.

use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::Subcommand;
use rapport_api::auth::secret::{Secret, SecretKind};
use rapport_backends::{OsEntropy, SystemClock};
use rapport_model::{Actor, AuditRecord, DAY_MS, Locale, Member, MemberId, Role, Tenant, TenantId, Timestamp};
use rapport_ports::{Clock, Credential, CredentialKind, Entropy, Expect, Records as _, Store};

use crate::{data, say, settings::DataArgs};

#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Prints a new API token; it is shown once.
    Create {
        #[command(flatten)]
        data: DataArgs,
        /// Tenant's short name.
        #[arg(long)]
        tenant: String,
        /// agent, supervisor, administrator or owner.
        #[arg(long)]
        role: String,
        /// The member it acts for; without it, it acts for no person and cannot take conversations.
        #[arg(long)]
        member: Option<String>,
        #[arg(long, default_value = "command line")]
        label: String,
    },
    /// Lists tokens (never the secrets).
    List {
        #[command(flatten)]
        data: DataArgs,
        #[arg(long)]
        tenant: String,
    },
}

pub(crate) async fn run(command: TokenCommand) -> anyhow::Result<()> {
    match command {
        TokenCommand::Create { data, tenant, role, member, label } => create(&data, &tenant, &role, member.as_deref(), label).await,
        TokenCommand::List { data, tenant } => list(&data, &tenant).await,
    }
}

async fn create(args: &DataArgs, tenant: &str, role: &str, member: Option<&str>, label: String) -> anyhow::Result<()> {
    let role = Role::parse(role).with_context(|| format!("`{role}` is no role: agent, supervisor, administrator or owner"))?;
    let store = data::open_quietly(args)?;
    let tenant = find_tenant(&*store, tenant).await?;
    let member = match member {
        Some(email) => Some(find_member(&store, tenant.id, Some(email)).await?.id),
        None => None,
    };
    let now = SystemClock.now();
    let secret = Secret::new(SecretKind::ApiToken, &OsEntropy);
    let credential = Credential {
        id: OsEntropy.ids(now).next(),
        tenant: tenant.id,
        kind: CredentialKind::ApiToken,
        hash: secret.hash(),
        member,
        role: Some(role),
        label,
        detail: String::new(),
        created_at: now,
        expires_at: None,
        last_used_at: None,
    };
    let store = store.tenant(tenant.id);
    store.put_credential(&credential).await?;
    store.audit(vec![audited(now, "token.created", credential.id.to_string())]).await?;
    say(secret.reveal());
    Ok(())
}

async fn list(args: &DataArgs, tenant: &str) -> anyhow::Result<()> {
    let store = data::open_quietly(args)?;
    let tenant = find_tenant(&*store, tenant).await?;
    for it in store.tenant(tenant.id).credentials(CredentialKind::ApiToken).await? {
        say(&format!("{}  {:<14} {}", it.id, it.role.map_or("", Role::name), it.label));
    }
    Ok(())
}

pub(crate) async fn find_tenant(store: &dyn Store, slug: &str) -> anyhow::Result<Tenant> {
    let tenants = store.tenants().await?;
    let known: Vec<_> = tenants.iter().map(|it| it.slug.clone()).collect();
    let found = tenants.into_iter().find(|it| it.slug == slug || it.id.to_string() == slug);
    found.with_context(|| format!("no tenant `{slug}`; there are: {}", known.join(", ")))
}

/// The member with this address, or the first owner.
async fn find_member(store: &Arc<dyn Store>, tenant: TenantId, email: Option<&str>) -> anyhow::Result<Member> {
    let members = store.tenant(tenant).list::<Member>().await?;
    let mut active = members.into_iter().filter(|it| it.active);
    let found = match email {
        Some(email) => active.find(|it| it.email.eq_ignore_ascii_case(email)),
        None => active.find(|it| it.role == Role::Owner),
    };
    found.with_context(|| format!("no active member {}", email.unwrap_or("with the role owner")))
}

/// `rapport sign-in-link`.
pub(crate) async fn sign_in_link(args: &DataArgs, tenant: &str, email: Option<&str>, public_url: &str) -> anyhow::Result<()> {
    let store = data::open_quietly(args)?;
    let tenant = find_tenant(&*store, tenant).await?;
    let member = find_member(&store, tenant.id, email).await?;
    let link = make_link(&*store, tenant.id, member.id, &SystemClock, &OsEntropy, public_url).await?;
    say(&link);
    Ok(())
}

/// `rapport tenant-create`.
pub(crate) async fn create_tenant(args: &DataArgs, slug: &str, name: &str, owner_email: &str, public_url: &str) -> anyhow::Result<()> {
    let fits = (1..=40).contains(&slug.len()) && slug.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-');
    if !fits {
        bail!("the short name may hold a-z, 0-9 and hyphens, at most 40");
    }
    let store = data::open_quietly(args)?;
    let (tenant, owner) = new_tenant(&store, slug, name, owner_email, &SystemClock, &OsEntropy).await?;
    say(&make_link(&*store, tenant, owner, &SystemClock, &OsEntropy, public_url).await?);
    Ok(())
}

/// A tenant with its owner and nothing else.
async fn new_tenant(
    store: &Arc<dyn Store>,
    slug: &str,
    name: &str,
    owner_email: &str,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> anyhow::Result<(TenantId, MemberId)> {
    let now = clock.now();
    let mut ids = entropy.ids(now);
    let tenant = Tenant { id: ids.next(), slug: slug.to_owned(), name: name.to_owned(), locale: Locale::Zh, created_at: now };
    store.create_tenant(&tenant).await?;
    let owner = Member {
        id: ids.next(),
        email: owner_email.to_owned(),
        name: owner_email.split('@').next().unwrap_or_default().to_owned(),
        role: Role::Owner,
        teams: Vec::new(),
        skills: Vec::new(),
        capacity: 5,
        locale: Locale::Zh,
        active: true,
        sees_personal_data: true,
        created_at: now,
    };
    store.tenant(tenant.id).put(&owner, Expect::New).await?;
    Ok((tenant.id, owner.id))
}

/// An installation that was just made gets a tenant whose owner can sign in by the printed link and set everything up.
pub(crate) async fn first_tenant(store: &Arc<dyn Store>, clock: &dyn Clock, entropy: &dyn Entropy) -> anyhow::Result<()> {
    if store.tenants().await?.is_empty() {
        new_tenant(store, "main", "我的企业 My company", "owner@localhost", clock, entropy).await?;
    }
    Ok(())
}

/// A link that signs the member in once, within a day.
async fn make_link(
    store: &dyn Store,
    tenant: TenantId,
    member: MemberId,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
    public_url: &str,
) -> anyhow::Result<String> {
    let now = clock.now();
    let secret = Secret::new(SecretKind::SignInLink, entropy);
    let credential = Credential {
        id: entropy.ids(now).next(),
        tenant,
        kind: CredentialKind::SignInLink,
        hash: secret.hash(),
        member: Some(member),
        role: None,
        label: String::new(),
        detail: String::new(),
        created_at: now,
        expires_at: Some(now.plus_ms(DAY_MS)),
        last_used_at: None,
    };
    store.tenant(tenant).put_credential(&credential).await?;
    Ok(format!("{public_url}/sign-in?link={}", secret.reveal()))
}

/// Links for the demo's owner and agent.
pub(crate) async fn demo_links(
    store: &dyn Store,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
    public_url: &str,
) -> anyhow::Result<Vec<(String, String)>> {
    let mut links = Vec::new();
    for tenant in store.tenants().await?.iter().filter(|it| it.slug == crate::demo::SLUG) {
        for member in store.tenant(tenant.id).list::<Member>().await?.iter().filter(|it| it.active && it.email.ends_with(crate::demo::MAIL_HOST)) {
            let link = make_link(store, tenant.id, member.id, clock, entropy, public_url).await?;
            links.push((format!("{} ({})", member.name, member.role.name()), link));
        }
    }
    Ok(links)
}

/// Without the demo: links for owners who never set a password, so that a new installation can be entered.
pub(crate) async fn first_links(
    store: &dyn Store,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
    public_url: &str,
) -> anyhow::Result<Vec<(String, String)>> {
    let mut links = Vec::new();
    for tenant in store.tenants().await? {
        let handle = store.tenant(tenant.id);
        let with_password = handle.credentials(CredentialKind::Password).await?;
        for member in handle.list::<Member>().await?.iter().filter(|it| it.active && it.role == Role::Owner) {
            if !with_password.iter().any(|it| it.member == Some(member.id)) {
                let link = make_link(store, tenant.id, member.id, clock, entropy, public_url).await?;
                links.push((format!("{} · {}", tenant.slug, member.name), link));
            }
        }
    }
    Ok(links)
}

fn audited(at: Timestamp, action: &str, target: String) -> AuditRecord {
    AuditRecord { at, actor: Actor::System, action: action.to_owned(), target, detail: "command line".to_owned() }
}
