//! How the organisation stands to its customers' feelings: what is switched on, and how long what was noticed is kept.

use axum::Json;
use rapport_model::{EthicsSettings, TenantSwitches};
use rapport_ports::{Expect, Record as _, Records as _, SINGLE, parse_record};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::Router;
use crate::{
    caller::{Administrator, Caller},
    configuration::Versioned,
    extract::{Body, IfMatch},
    failure::{Failure, Outcome},
};

const RETENTION_DAYS_MAX: u32 = 365;

pub(super) fn router() -> Router {
    Router::new().routes(routes!(get, save))
}

/// A record of which there is exactly one: its defaults, at version 0, until it is saved first.
pub(super) async fn single<T: rapport_ports::Record + ToSchema + Default>(caller: &Caller) -> Outcome<Versioned<T>> {
    match caller.store.record(T::KIND, SINGLE).await? {
        Some(stored) => Ok(Versioned { version: stored.version, record: parse_record(&stored)? }),
        None => Ok(Versioned { version: 0, record: T::default() }),
    }
}

/// Saves it, tells the audit what it is now, and puts it into force. Version 0 means: never saved.
pub(super) async fn save_single<T: rapport_ports::Record + ToSchema>(caller: &Caller, record: T, expect: Expect, detail: String) -> Outcome<Versioned<T>> {
    let expect = if expect == Expect::Version(0) { Expect::New } else { expect };
    let version = caller.store.put(&record, expect).await?;
    caller.audit(&format!("{}.changed", T::KIND), caller.tenant, detail).await?;
    caller.state.intake.configuration_changed(caller.tenant).await?;
    Ok(Versioned { version, record })
}

#[utoipa::path(get, path = "/ethics", tag = "ethics", responses((status = 200, body = Versioned<EthicsSettings>)))]
pub(crate) async fn get(Administrator(caller): Administrator) -> Outcome<Json<Versioned<EthicsSettings>>> {
    Ok(Json(single(&caller).await?))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct EthicsBody {
    switches: TenantSwitches,
    retention_days: u32,
}

#[utoipa::path(put, path = "/ethics", tag = "ethics", request_body = EthicsBody, responses((status = 200, body = Versioned<EthicsSettings>)))]
pub(crate) async fn save(Administrator(caller): Administrator, IfMatch(expect): IfMatch, Body(body): Body<EthicsBody>) -> Outcome<Json<Versioned<EthicsSettings>>> {
    if !(1..=RETENTION_DAYS_MAX).contains(&body.retention_days) {
        return Err(Failure::field(format!("retention_days: 1 to {RETENTION_DAYS_MAX}")));
    }
    let EthicsBody { switches, retention_days } = body;
    let record = EthicsSettings { switches, retention_days, updated_at: Some(caller.state.clock.now()), updated_by: caller.maybe_member() };
    let detail = format!("feelings={} proactive_contact={} retention_days={retention_days}", switches.feelings, switches.proactive_contact);
    Ok(Json(save_single(&caller, record, expect, detail).await?))
}

/// The settings as they are in force.
pub(crate) async fn in_force(store: &std::sync::Arc<dyn rapport_ports::TenantStore>) -> Outcome<EthicsSettings> {
    let stored = store.record(EthicsSettings::KIND, SINGLE).await?;
    Ok(stored.as_ref().map(parse_record).transpose()?.unwrap_or_default())
}
