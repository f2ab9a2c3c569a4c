//! A page of messages: what customers said, what colleagues answered elsewhere, what happened.

use super::DIALECT;
use crate::channel::{
    Fact, Inbound, Media, MediaKind, MediaSource, Part, Progress, Remote, Response, SendFault, WireFault,
    answer::unreadable,
    bounded_id,
    fields::{Fields as _, point},
};
use rapport_model::Timestamp;
use serde_json::Value;

/// Whose a message is.
const CUSTOMER: i64 = 3;
const SYSTEM: i64 = 4;
const COLLEAGUE: i64 = 5;

/// One page. `more` may be set though nothing is here: go on with `cursor` until it is not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// In the page's order; [`Remote::reply_to`] is the account. Messages of our own are left out.
    pub facts: Vec<Inbound>,
    pub welcomes: Vec<Welcome>,
    pub sessions: Vec<SessionChange>,
    /// To be kept together with the facts; empty where the page told none: the one before stays.
    pub cursor: String,
    pub more: bool,
    /// Items that could not be read. They are passed over, since a page that is refused would come again for ever.
    pub unread: usize,
}

/// Somebody entered who may be welcomed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Welcome {
    pub account: String,
    pub customer: String,
    pub code: String,
    pub at: Option<Timestamp>,
}

/// Who serves a customer has changed, in WeCom's own client or by us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionChange {
    pub account: String,
    pub customer: String,
    /// 1 taken from the pool, 2 handed over, 3 ended, 4 taken up again. Assumed.
    pub change: i64,
    pub servicer: Option<String>,
    /// For one last word ([`super::farewell`]).
    pub code: Option<String>,
    pub at: Option<Timestamp>,
}

/// Errors: by number; [`super::DOORBELL_OVER`] within `Refused` means to ask again without the doorbell's token.
pub fn page(response: &Response) -> Result<Page, SendFault> {
    let body = DIALECT.body(response, true)?;
    let mut page =
        Page { cursor: body.text("next_cursor"), more: body.integer("has_more") == Some(1) || body.at("has_more").as_bool() == Some(true), ..Page::default() };
    if !body.at("msg_list").is_array() && !body.at("msg_list").is_null() {
        return Err(unreadable());
    }
    for item in body.list("msg_list") {
        if read(item, &mut page).is_err() {
            page.unread += 1;
        }
    }
    Ok(page)
}

fn read(item: &Value, page: &mut Page) -> Result<(), WireFault> {
    let (id, at) = (bounded_id(&item.need("msgid")?), item.seconds("send_time"));
    let origin = item.integer("origin").ok_or_else(|| WireFault::malformed("origin is missing"))?;
    let kind = item.need("msgtype")?;
    let fact = match origin {
        CUSTOMER => customer_fact(&kind, item)?,
        COLLEAGUE => Fact::Answered { parts: parts(&kind, item)? },
        SYSTEM if kind == "event" => {
            let Some(fact) = event_fact(item, at, page)? else { return Ok(()) };
            fact
        }
        // Ours, or of a kind that is not known yet.
        _ => return Ok(()),
    };
    // Of events the addresses stand within.
    let of = |name: &str| item.maybe(name).map_or_else(|| item.need(&format!("event/{name}")), Ok);
    let from = Remote { id: bounded_id(&of("external_userid")?), reply_to: Some(bounded_id(&of("open_kfid")?)), ..Remote::default() };
    page.facts.push(Inbound { id, from, at, fact });
    Ok(())
}

fn customer_fact(kind: &str, item: &Value) -> Result<Fact, WireFault> {
    if let Some(payload) = item.maybe("text/menu_id").filter(|_| kind == "text") {
        return Ok(Fact::Pressed { payload, label: item.text("text/content") });
    }
    Ok(Fact::Message { parts: parts(kind, item)?, quoted: None })
}

fn parts(kind: &str, item: &Value) -> Result<Vec<Part>, WireFault> {
    let media = |media_kind: MediaKind, media_type: Option<&str>| -> Result<Part, WireFault> {
        let source = MediaSource::Id(item.need(&format!("{kind}/media_id"))?);
        let media_type = media_type.map(str::to_owned);
        Ok(Part::Media(Media { kind: media_kind, source, name: String::new(), media_type, bytes: None, caption: String::new(), transcript: None }))
    };
    let link = |title: &str, description: &str, url: &str| Part::Link { title: item.title(title), description: item.title(description), url: item.text(url) };
    let part = match kind {
        "text" if item.at("text").is_object() => Part::Text(item.text("text/content")),
        "text" => return Err(WireFault::malformed("text is missing")),
        "image" => media(MediaKind::Image, None)?,
        "voice" => media(MediaKind::Voice, Some("audio/amr"))?,
        "video" => media(MediaKind::Video, Some("video/mp4"))?,
        "file" => media(MediaKind::File, None)?,
        "location" => {
            let found = point(item.number("location/latitude"), item.number("location/longitude"));
            let (latitude, longitude) = found.ok_or_else(|| WireFault::malformed("location is none"))?;
            Part::Location { latitude, longitude, label: [item.title("location/name"), item.title("location/address")].join(" ").trim().to_owned() }
        }
        "link" => link("link/title", "link/desc", "link/url"),
        "miniprogram" => link("miniprogram/title", "miniprogram/appid", "miniprogram/pagepath"),
        "channels_shop_product" => link("channels_shop_product/title", "channels_shop_product/shop_nickname", "channels_shop_product/product_id"),
        "msgmenu" => Part::Text(menu_text(item)),
        other => Part::Unknown(bounded_id(other)),
    };
    Ok(vec![part])
}

/// A menu that a colleague sent, as lines.
fn menu_text(item: &Value) -> String {
    let options = item.list("msgmenu/list").iter().take(50);
    let options = options.filter_map(|it| {
        it.maybe("click/content").or_else(|| it.maybe("view/content")).or_else(|| it.maybe("miniprogram/content")).or_else(|| it.maybe("text/content"))
    });
    let lines = item.maybe("msgmenu/head_content").into_iter().chain(options).chain(item.maybe("msgmenu/tail_content"));
    lines.collect::<Vec<_>>().join("\n")
}

/// What happened; what is no fact of the conversation goes to the page itself.
fn event_fact(item: &Value, at: Option<Timestamp>, page: &mut Page) -> Result<Option<Fact>, WireFault> {
    let (account, customer) = (bounded_id(&item.text("event/open_kfid")), bounded_id(&item.text("event/external_userid")));
    Ok(match item.need("event/event_type")?.as_str() {
        "enter_session" => {
            if let Some(code) = item.maybe("event/welcome_code") {
                page.welcomes.push(Welcome { account, customer, code, at });
            }
            let scene = [item.maybe("event/scene"), item.maybe("event/scene_param")].into_iter().flatten().collect::<Vec<_>>().join("?");
            Some(Fact::Began { scene: Some(bounded_id(&scene)).filter(|it| !it.is_empty()) })
        }
        "msg_send_fail" => {
            let state = Progress::Failed(item.integer("event/fail_type").map_or_else(|| "unknown".to_owned(), |it| it.to_string()));
            Some(Fact::Receipt { message: bounded_id(&item.need("event/fail_msgid")?), state })
        }
        "user_recall_msg" | "servicer_recall_msg" => Some(Fact::Deleted { message: bounded_id(&item.need("event/recall_msgid")?) }),
        "session_status_change" => {
            let change = item.integer("event/change_type").ok_or_else(|| WireFault::malformed("change_type is missing"))?;
            let (servicer, code) = (item.maybe("event/new_servicer_userid").map(|it| bounded_id(&it)), item.maybe("event/msg_code"));
            page.sessions.push(SessionChange { account, customer, change, servicer, code, at });
            None
        }
        _ => None,
    })
}
