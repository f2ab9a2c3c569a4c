//! Who serves a customer by WeCom's book, and who the customer is.

use super::DIALECT;
use crate::channel::{Remote, Request, Response, SendFault, Vouched, answer::unreadable, bounded_id, fields::Fields as _, request::percent};
use serde_json::{Value, json};

/// Most customers of one request for their names.
pub const CUSTOMERS_MAX: usize = 100;

/// The server enforces which may follow which; once a session has ended only the customer opens it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceState {
    /// Nobody yet: we may answer.
    New,
    /// A machine, which is us.
    Machine,
    /// Waits for a colleague in WeCom's client.
    Waiting,
    /// A colleague in WeCom's client serves.
    Person,
    Ended,
}

impl ServiceState {
    const ALL: [Self; 5] = [Self::New, Self::Machine, Self::Waiting, Self::Person, Self::Ended];

    fn of(number: i64) -> Option<Self> {
        usize::try_from(number).ok().and_then(|it| Self::ALL.get(it).copied())
    }

    fn number(self) -> u8 {
        match self {
            Self::New => 0,
            Self::Machine => 1,
            Self::Waiting => 2,
            Self::Person => 3,
            Self::Ended => 4,
        }
    }

    /// Whether messages by this interface go out in that state: others are refused by number.
    pub fn lets_us_answer(self) -> bool {
        matches!(self, Self::New | Self::Machine)
    }
}

pub fn state(token: &str, account: &str, customer: &str) -> Request {
    Request::json(format!("/cgi-bin/kf/service_state/get?access_token={}", percent(token)), &json!({"open_kfid": account, "external_userid": customer}))
}

/// The state, and the colleague's id in [`ServiceState::Person`].
pub fn state_answer(response: &Response) -> Result<(ServiceState, Option<String>), SendFault> {
    let body = DIALECT.body(response, true)?;
    let state = body.integer("service_state").and_then(ServiceState::of).ok_or_else(unreadable)?;
    Ok((state, body.maybe("servicer_userid").map(|it| bounded_id(&it))))
}

/// `servicer` for [`ServiceState::Person`] alone.
pub fn transfer(token: &str, account: &str, customer: &str, to: ServiceState, servicer: Option<&str>) -> Request {
    let mut body = json!({"open_kfid": account, "external_userid": customer, "service_state": to.number()});
    if let (Some(servicer), Some(fields)) = (servicer, body.as_object_mut()) {
        fields.insert("servicer_userid".to_owned(), Value::String(servicer.to_owned()));
    }
    Request::json(format!("/cgi-bin/kf/service_state/trans?access_token={}", percent(token)), &body)
}

/// A code for one last word, where the session has ended or waits ([`super::farewell`]).
pub fn transfer_answer(response: &Response) -> Result<Option<String>, SendFault> {
    DIALECT.body(response, true).map(|it| it.maybe("msg_code"))
}

/// Names and union ids of at most 100 customers.
pub fn customers(token: &str, customers: &[&str]) -> Request {
    let asked = customers.get(..customers.len().min(CUSTOMERS_MAX)).unwrap_or_default();
    Request::json(
        format!("/cgi-bin/kf/customer/batchget?access_token={}", percent(token)),
        &json!({"external_userid_list": asked, "need_enter_session_context": 0}),
    )
}

pub fn customers_answer(response: &Response) -> Result<Vec<Remote>, SendFault> {
    let body = DIALECT.body(response, true)?;
    let of = |it: &Value| {
        let vouched = it.maybe("unionid").into_iter().map(|it| (Vouched::UnionId, bounded_id(&it))).collect();
        let name = Some(it.title("nickname")).filter(|it| !it.is_empty());
        it.maybe("external_userid").map(|id| Remote { id: bounded_id(&id), reply_to: None, name, vouched, language: None })
    };
    Ok(body.list("customer_list").iter().take(CUSTOMERS_MAX).filter_map(of).collect())
}

/// An account of customer service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desk {
    pub account: String,
    pub name: String,
    /// Whether this secret's application may read and answer there. Assumed where it is not told.
    pub is_ours: bool,
}

/// The first 100 accounts.
pub fn desks(token: &str) -> Request {
    Request::json(format!("/cgi-bin/kf/account/list?access_token={}", percent(token)), &json!({"offset": 0, "limit": CUSTOMERS_MAX}))
}

pub fn desks_answer(response: &Response) -> Result<Vec<Desk>, SendFault> {
    let body = DIALECT.body(response, true)?;
    let of = |it: &Value| {
        let is_ours = it.at("manage_privilege").as_bool().unwrap_or(true);
        it.maybe("open_kfid").map(|account| Desk { account: bounded_id(&account), name: it.title("name"), is_ours })
    };
    Ok(body.list("account_list").iter().take(CUSTOMERS_MAX).filter_map(of).collect())
}
