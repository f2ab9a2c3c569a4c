//! Configuration documents, versions of articles, and small named settings.

use rapport_model::{Article, ArticleId, Fault, FeelingsSaid, MemberId, TenantId, codes};
use rapport_ports::{Expect, Record as _, StoredRecord};

use super::{
    care,
    text::{json, number, parse, read_id},
};
use crate::sql::{Row, Sql, SqlError};

/// A document about to be saved.
pub(crate) struct New {
    pub(crate) kind: &'static str,
    pub(crate) id: [u8; 16],
    pub(crate) key: Option<String>,
    pub(crate) global_key: Option<String>,
    pub(crate) body: String,
    pub(crate) expect: Expect,
}

/// Answers the version that was saved.
pub(crate) fn put(sql: &mut dyn Sql, tenant: TenantId, new: &New) -> Result<u64, SqlError> {
    if new.kind == FeelingsSaid::KIND && !care::agreed(sql, tenant, read_id(&new.id)?)? {
        return Err(SqlError::Refused(Fault::new(codes::FEELING_NO_CONSENT)));
    }
    let known = one(sql, tenant, new.kind, new.id)?.map(|it| it.version);
    let fits = match new.expect {
        Expect::New => known.is_none(),
        Expect::Version(version) => known == Some(version),
        Expect::Any => true,
    };
    if !fits {
        let kind = if known.is_none() { codes::NOT_FOUND } else { codes::CONFLICT };
        return Err(SqlError::Refused(Fault::new(kind)));
    }
    let version = known.unwrap_or(0).saturating_add(1);
    let text = "insert into record (tenant, kind, id, unique_key, global_key, version, body) values ($1, $2, $3, $4, $5, $6, $7) \
                on conflict (tenant, kind, id) do update set unique_key = excluded.unique_key, global_key = excluded.global_key, \
                version = excluded.version, body = excluded.body";
    let values = [
        tenant.as_bytes().into(),
        new.kind.into(),
        (&new.id).into(),
        new.key.as_deref().into(),
        new.global_key.as_deref().into(),
        number(version),
        new.body.as_str().into(),
    ];
    sql.run(text, &values)?;
    Ok(version)
}

fn stored(row: &Row) -> Result<StoredRecord, SqlError> {
    let bytes = row.bytes(0)?.try_into().map_err(|_wrong| SqlError::Other("stored id".to_owned()))?;
    Ok(StoredRecord { id: bytes, version: row.count(1)?, body: row.text(2)?.to_owned() })
}

pub(crate) fn one(sql: &mut dyn Sql, tenant: TenantId, kind: &'static str, key: [u8; 16]) -> Result<Option<StoredRecord>, SqlError> {
    let text = "select id, version, body from record where tenant = $1 and kind = $2 and id = $3";
    sql.row(text, &[tenant.as_bytes().into(), kind.into(), (&key).into()])?.as_ref().map(stored).transpose()
}

pub(crate) fn list(sql: &mut dyn Sql, tenant: TenantId, kind: &'static str) -> Result<Vec<StoredRecord>, SqlError> {
    let text = "select id, version, body from record where tenant = $1 and kind = $2 order by id";
    sql.rows(text, &[tenant.as_bytes().into(), kind.into()])?.iter().map(stored).collect()
}

pub(crate) fn delete(sql: &mut dyn Sql, tenant: TenantId, kind: &'static str, key: [u8; 16]) -> Result<bool, SqlError> {
    let text = "delete from record where tenant = $1 and kind = $2 and id = $3";
    Ok(sql.run(text, &[tenant.as_bytes().into(), kind.into(), (&key).into()])? > 0)
}

pub(crate) fn resolve_key(sql: &mut dyn Sql, kind: &'static str, key: &str) -> Result<Option<(TenantId, [u8; 16])>, SqlError> {
    let row = sql.row("select tenant, id from record where kind = $1 and global_key = $2", &[kind.into(), key.into()])?;
    let wrong = |_| SqlError::Other("stored id".to_owned());
    row.map(|it| Ok((read_id(it.bytes(0)?)?, it.bytes(1)?.try_into().map_err(wrong)?))).transpose()
}

/// Active members only: the address of one who left opens nothing.
pub(crate) fn resolve_email(sql: &mut dyn Sql, email: &str) -> Result<Vec<(TenantId, MemberId)>, SqlError> {
    let rows = sql.rows("select tenant, id, body from record where kind = 'member' and unique_key = $1", &[email.into()])?;
    let mut found = Vec::new();
    for row in rows {
        let member: rapport_model::Member = parse(row.text(2)?)?;
        if member.active {
            found.push((read_id(row.bytes(0)?)?, read_id(row.bytes(1)?)?));
        }
    }
    Ok(found)
}

pub(crate) fn put_article_version(sql: &mut dyn Sql, tenant: TenantId, article: &Article) -> Result<(), SqlError> {
    let text = "insert into article_version (tenant, id, version, body) values ($1, $2, $3, $4) on conflict (tenant, id, version) do nothing";
    sql.run(text, &[tenant.as_bytes().into(), article.id.as_bytes().into(), article.version.into(), json(article)?.into()]).map(drop)
}

pub(crate) fn article_versions(sql: &mut dyn Sql, tenant: TenantId, article: ArticleId) -> Result<Vec<Article>, SqlError> {
    let text = "select body from article_version where tenant = $1 and id = $2 order by version desc";
    sql.rows(text, &[tenant.as_bytes().into(), article.as_bytes().into()])?.iter().map(|it| parse(it.text(0)?)).collect()
}

pub(crate) fn setting(sql: &mut dyn Sql, tenant: TenantId, name: &str) -> Result<Option<String>, SqlError> {
    let row = sql.row("select value from setting where tenant = $1 and name = $2", &[tenant.as_bytes().into(), name.into()])?;
    row.map(|it| it.text(0).map(str::to_owned)).transpose()
}

pub(crate) fn put_setting(sql: &mut dyn Sql, tenant: TenantId, name: &str, value: &str) -> Result<(), SqlError> {
    let text = "insert into setting (tenant, name, value) values ($1, $2, $3) on conflict (tenant, name) do update set value = excluded.value";
    sql.run(text, &[tenant.as_bytes().into(), name.into(), value.into()]).map(drop)
}
