//! The second wall: with the program's own filter taken away, PostgreSQL itself keeps tenants apart.

use std::sync::Arc;

use postgres::Client;
use rapport_backends::open_postgres;
use rapport_model::TenantId;
use rapport_ports::{
    Caution,
    contract::{Published, Subject, everything::everything, world::World},
};

use super::{
    client,
    cluster::{Database, ROLE},
};

/// Tables whose rows may be asked for before the tenant is known.
const OPEN_TO_THE_INSTALLATION: [&str; 4] = ["credential", "outbox", "record", "timer"];

/// Every table with a column that names the tenant; `tenant` itself is named by its id.
fn tables(client: &mut Client) -> Vec<(String, &'static str)> {
    let text = "select table_name from information_schema.columns where table_schema = 'public' and column_name = 'tenant' order by 1";
    let mut tables: Vec<(String, &str)> = client.query(text, &[]).expect("tables").iter().map(|it| (it.get(0), "tenant")).collect();
    assert!(tables.len() >= 16, "{tables:?}");
    tables.push(("tenant".to_owned(), "id"));
    tables
}

fn scope(client: &mut Client, tenant: Option<TenantId>, installation: bool) {
    let tenant = tenant.map(|it| it.0.simple().to_string()).unwrap_or_default();
    let installation = if installation { "on" } else { "off" };
    client.execute("select set_config('rapport.tenant', $1, false), set_config('rapport.installation', $2, false)", &[&tenant, &installation]).expect("scope");
}

fn count(client: &mut Client, table: &str, condition: &str) -> i64 {
    client.query_one(&format!("select count(*) from {table} where {condition}"), &[]).expect("count").get(0)
}

fn hex(tenant: TenantId) -> String {
    format!("'\\x{}'::bytea", tenant.0.simple())
}

/// Two tenants with a row in every table each.
fn filled(database: &Database) -> (TenantId, TenantId) {
    let store = open_postgres(&database.url(), Arc::new(|_, _, _| {})).expect("opens");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    runtime.block_on(async {
        let mut world = World::new(Subject { store, published: Published::default() }).await;
        let made = everything(&mut world, "one").await;
        rapport_ports::contract::care::all_about_care(&mut world, &made).await;
        world.tenant.allot(rapport_model::Counter::Conversation).await.expect("number");
        let one = world.id;
        world.move_to_another_tenant().await;
        let made = everything(&mut world, "two").await;
        rapport_ports::contract::care::all_about_care(&mut world, &made).await;
        (one, world.id)
    })
}

#[test]
fn without_the_programs_filter_no_foreign_row_is_seen() {
    let database = Database::new();
    let (one, two) = filled(&database);
    let mut client = client(&database);
    let tables = tables(&mut client);
    for (table, column) in &tables {
        let of = |tenant| format!("{column} = {}", hex(tenant));
        // Before any scope is set, nothing; for each tenant, its own rows only.
        assert_eq!(count(&mut client, table, "true"), 0, "{table}: unscoped");
        for (own, foreign) in [(one, two), (two, one)] {
            scope(&mut client, Some(own), false);
            assert!(count(&mut client, table, "true") > 0, "{table}: this test has no row of its own there");
            assert_eq!(count(&mut client, table, &of(foreign)), 0, "{table}: foreign rows");
            assert_eq!(count(&mut client, table, &format!("not ({})", of(own))), 0, "{table}: foreign rows");
            assert_eq!(client.execute(&format!("update {table} set {column} = {column} where {}", of(foreign)), &[]).unwrap_or(0), 0, "{table}: foreign update");
            assert_eq!(client.execute(&format!("delete from {table} where {}", of(foreign)), &[]).unwrap_or(0), 0, "{table}: foreign delete");
        }
        scope(&mut client, Some(TenantId(uuid::Uuid::from_u128(7))), false);
        assert_eq!(count(&mut client, table, "true"), 0, "{table}: a tenant that is not there");
        scope(&mut client, None, true);
        let seen = count(&mut client, table, "true") > 0;
        let open = OPEN_TO_THE_INSTALLATION.contains(&table.as_str()) || table == "tenant";
        assert_eq!(seen, open, "{table}: the installation's scope");
        scope(&mut client, None, false);
    }
    // Nor can a row be put under another tenant's name.
    scope(&mut client, Some(one), false);
    let smuggled = client.execute(&format!("insert into setting (tenant, name, value) values ({}, 'smuggled', '')", hex(two)), &[]);
    assert!(smuggled.expect_err("refused").to_string().contains("row-level security") || count(&mut client, "setting", "name = 'smuggled'") == 0);
    client.execute(&format!("update setting set tenant = {}", hex(two)), &[]).expect_err("nor given away");
    // All of it is still there, seen past the wall.
    let mut admin = database.admin();
    for (table, column) in &tables {
        for tenant in [one, two] {
            assert!(count(&mut admin, table, &format!("{column} = {}", hex(tenant))) > 0, "{table}");
        }
    }
    assert_eq!(count(&mut admin, "setting", "name = 'smuggled'"), 0);
}

#[test]
fn every_table_of_a_tenant_has_the_wall() {
    let database = Database::new();
    drop(open_postgres(&database.url(), Arc::new(|_, _, _| {})).expect("opens"));
    let mut admin = database.admin();
    for (table, _) in tables(&mut admin) {
        let text = "select relrowsecurity and relforcerowsecurity and exists (select from pg_policies where tablename = $1) from pg_class where oid = $1::regclass";
        let walled: bool = admin.query_one(&text.replace("$1", &format!("'{table}'")), &[]).expect("class").get(0);
        assert!(walled, "{table} has a tenant and no row-level security: add it in the migration that makes it");
    }
}

#[test]
fn the_audit_log_cannot_be_rewritten() {
    let database = Database::new();
    let (one, _) = filled(&database);
    let mut client = client(&database);
    scope(&mut client, Some(one), false);
    for statement in ["update audit set record = 'x'", "delete from audit", "truncate audit"] {
        let error = client.batch_execute(statement).expect_err(statement);
        assert!(error.as_db_error().is_some_and(|it| it.message().contains("append-only")), "{statement}: {error:?}");
    }
}

#[tokio::test]
async fn a_role_that_passes_the_wall_is_told_of() {
    let database = Database::new();
    let quiet = Arc::new(|_, _: &Arc<[_]>, _| {});
    let held = open_postgres(&database.url(), quiet.clone()).expect("opens").cautions().await.expect("cautions");
    assert!(!held.iter().any(|it| matches!(it, Caution::BypassesRowSecurity { .. })), "{ROLE} is held: {held:?}");
    let superuser = open_postgres(&database.url_as("postgres"), quiet).expect("opens").cautions().await.expect("cautions");
    assert!(superuser.contains(&Caution::BypassesRowSecurity { role: "postgres".into() }), "{superuser:?}");
    // The test server itself runs without syncs.
    assert!(superuser.contains(&Caution::NotDurable { setting: "fsync".into(), value: "off".into() }), "{superuser:?}");
}
