//! Personal data against the real binary: a member without the right reads it by no route and no socket, and spoils nothing that they do not see.

#![expect(clippy::indexing_slicing, reason = "what is not as expected ends the test")]

mod support;

use serde_json::{Value, json};
use support::{
    Client, Server,
    http::{Answer, Caller, Sent},
};

const OWNER: &str = "owner@cloudstep.example";
const ADA: &str = "ada@cloudstep.example";
const BOB: &str = "bob@cloudstep.example";
const PHONE: &str = "13812345678";
const ID_CARD: &str = "11010519491231002X";
const BANK_CARD: &str = "6222021234567890128";
const EMAIL: &str = "zhang.wei@mail.example";
const ADDRESS: &str = "北京市朝阳区建国路88号3号楼1204室";
/// Of the address the district is shown.
const RAW: &[&str] = &[PHONE, ID_CARD, BANK_CARD, EMAIL, "138123", "zhang.wei", "建国路88号"];

struct Shop {
    server: Server,
    anonymous: Caller,
    owner: Caller,
    ada: Caller,
    bob: Caller,
    widget: Client,
    visitor: Caller,
    contact: String,
}

impl Shop {
    async fn new() -> Self {
        let server = Server::start();
        let anonymous = Caller::anonymous(&server);
        let owner = anonymous.bearer(&server.token_of("demo", "owner", OWNER));
        owner.post("/members", json!({"email": BOB, "name": "Bob", "role": "agent", "capacity": 3, "locale": "en"})).await.good();
        let fields = json!({"name": "王先生", "email": EMAIL, "phone": PHONE, "id_card": ID_CARD, "address": ADDRESS, "size": "42"});
        let page = format!("https://shop.example/cart?tel={PHONE}");
        let session = anonymous.post("/widget/session", json!({"key": "demo-shop", "locale": "zh-CN", "page": page, "fields": fields})).await.good().json();
        let token = session["token"].as_str().expect("token");
        let widget = Client::connect(&server, "visitor", token, None).await;
        Self {
            ada: anonymous.bearer(&server.token(ADA)),
            bob: anonymous.bearer(&server.token(BOB)),
            visitor: anonymous.bearer(token),
            contact: session["contact"]["id"].as_str().expect("id").to_owned(),
            server,
            anonymous,
            owner,
            widget,
        }
    }

    /// Gives the right to Ada, or takes it.
    async fn ada_sees(&self, sees: bool) {
        let members = self.owner.get("/members").await.good().json();
        let ada = members["items"].as_array().and_then(|all| all.iter().find(|it| it["email"] == ADA)).expect("Ada").clone();
        let mut body = ada.clone();
        body["sees_personal_data"] = json!(sees);
        let owner = self.owner.with("if-match", ada["version"].to_string());
        let saved = owner.ask("PUT", &format!("/members/{}", ada["id"].as_str().expect("id")), Sent::Json(body)).await.good().json();
        assert_eq!(saved["sees_personal_data"], sees);
    }

    /// What a customer tells, a colleague notes, and a work order holds. Answers conversation, ticket and file.
    async fn talk(&mut self) -> (String, String, String) {
        let said = format!("我的电话{PHONE}，身份证{ID_CARD}，卡号{BANK_CARD}，邮箱{EMAIL}，地址：{ADDRESS}");
        let conversation = self.widget.send_text("m1", None, &said).await["conversation"].as_str().expect("id").to_owned();
        let file = self.visitor.upload("/widget/uploads", &format!("身份证_{ID_CARD}.txt"), b"a scan").await.good().json();
        self.widget.say(&json!({"t": "send", "id": "m2", "conversation": conversation, "content": {"type": "file", "file": file}})).await;
        assert_eq!(self.widget.answer("m2").await["t"], "ack");
        // So long that what lists show of it ends within the number.
        let long = format!("{}{PHONE}和其他", "长".repeat(110));
        self.widget.send_text("m3", Some(&conversation), &long).await;
        self.widget.act("m4", Some(&conversation), json!({"action": "request_person"})).await;
        let at = format!("/conversations/{conversation}");
        self.owner.post(&format!("{at}/actions"), json!({"id": "n1", "action": {"action": "note", "text": format!("回电 {PHONE}"), "mentions": []}})).await.good();
        let ticket = json!({"id": "t1", "title": format!("回电{PHONE}"), "description": format!("寄到{ADDRESS}")});
        let ticket = self.owner.post(&format!("{at}/tickets"), ticket).await.good().json()["id"].as_str().expect("id").to_owned();
        self.owner.patch(&format!("/tickets/{ticket}"), json!({"note": format!("写信到 {EMAIL}"), "public": true})).await.good();
        self.owner.patch(&format!("/contacts/{}", self.contact), json!({"notes": format!("也可打 {PHONE}，喜欢红色")})).await.good();
        (conversation, ticket, file["blob"].as_str().expect("id").to_owned())
    }
}

/// Nothing of it is in there, in no header either.
fn hides(what: &str, answer: &Answer) {
    let percent: String = ID_CARD.bytes().map(|it| format!("%{it:02X}")).collect();
    let headers = format!("{:?}", answer.headers);
    for raw in RAW {
        assert!(!answer.text().contains(raw) && !headers.contains(raw) && !headers.contains(&percent), "{what} tells {raw}: {headers} {}", answer.text());
    }
}

fn hidden(frame: &Value) {
    for raw in RAW {
        assert!(!frame.to_string().contains(raw), "{frame}");
    }
}

/// Every GET of the API with an id that there is.
async fn routes(caller: &Caller, conversation: &str, contact: &str, ticket: &str, file: &str) -> Vec<String> {
    let document = caller.ask_whole("GET", "/api/openapi.json", Sent::Nothing).await.good().json();
    let mut paths = Vec::new();
    for (path, verbs) in document["paths"].as_object().expect("paths") {
        let Some(path) = path.strip_prefix(support::http::API).filter(|_| verbs.get("get").is_some()) else { continue };
        let id = match path.split('/').nth(1) {
            Some("conversations") => conversation,
            Some("contacts") => contact,
            Some("tickets") => ticket,
            Some("files") => file,
            _ => "",
        };
        if !path.contains('{') || !id.is_empty() {
            paths.push(path.replace("{id}", id));
        }
    }
    for text in [PHONE, "1381234", EMAIL, BANK_CARD, "王先生", "4444", "长"] {
        paths.push(format!("/conversations?q={text}"));
        paths.push(format!("/contacts?q={text}"));
    }
    paths.push(format!("/conversations?contact={contact}"));
    paths
}

#[tokio::test]
async fn members_without_the_right_read_no_personal_data() {
    let mut shop = Shop::new().await;
    let (mut desk, mut other) = (Client::connect(&shop.server, "member", &shop.server.token(ADA), None).await, Client::connect(&shop.server, "member", &shop.server.token(BOB), None).await);
    assert!(shop.ada.get("/me").await.good().json()["permissions"].as_array().is_some_and(|it| it.contains(&json!("personal_data"))));
    shop.ada_sees(false).await;
    desk.until(|it| it["t"] == "rights_changed").await;
    assert!(!shop.ada.get("/me").await.good().json()["permissions"].as_array().is_some_and(|it| it.contains(&json!("personal_data"))));
    let (conversation, ticket, file) = shop.talk().await;
    let contact = shop.contact.clone();

    // The live socket, and one that catches up.
    let is_last = |frame: &Value| frame["event"]["kind"] == "ticket_changed";
    let mut heard = Vec::new();
    for _ in 0..200 {
        heard.push(desk.next().await);
        if heard.last().is_some_and(is_last) {
            break;
        }
    }
    let mut behind = Client::connect(&shop.server, "member", &shop.server.token(ADA), Some(0)).await;
    while heard.last().is_some_and(|it| it["t"] != "caught_up") {
        heard.push(behind.next().await);
    }
    heard.iter().for_each(hidden);
    assert!(heard.iter().any(|it| it.to_string().contains("138****5678")), "hidden, not left out");
    let seen = other.event("message_received").await.to_string();
    assert!(RAW.iter().all(|it| seen.contains(it)), "{seen}");

    // Every route that there is.
    let token = shop.owner.post("/tokens", json!({"label": "robot", "role": "agent"})).await.good().json();
    let robot = shop.anonymous.bearer(token["token"].as_str().expect("token"));
    let paths = routes(&shop.anonymous, &conversation, &contact, &ticket, &file).await;
    assert!(paths.len() > 40, "{paths:?}");
    let mut told = String::new();
    for path in &paths {
        for who in [&shop.ada, &robot] {
            let answer = who.get(path).await;
            assert!(answer.status < 500, "{path}: {}", answer.text());
            hides(path, &answer);
        }
        told.push_str(&shop.bob.get(path).await.text());
    }
    assert!(RAW.iter().all(|it| told.contains(it)), "whoever has the right sees it");
    assert_eq!(shop.ada.get(&format!("/files/{file}")).await.good().bytes, b"a scan", "what is in a file is not looked at");
    assert!(shop.ada.get(&format!("/contacts/{contact}")).await.good().json()["name"] == "王先生", "a person can be greeted");

    // The right is back, and everything with it.
    shop.ada_sees(true).await;
    desk.until(|it| it["t"] == "rights_changed").await;
    shop.widget.send_text("m9", Some(&conversation), &format!("再说一次 {PHONE}")).await;
    let again = desk.event("message_received").await.to_string();
    assert!(again.contains(PHONE), "{again}");
    let entries = shop.ada.get(&format!("/conversations/{conversation}/entries")).await.good().text();
    assert!(RAW.iter().all(|it| entries.contains(it)), "{entries}");
    let audit = shop.owner.get("/audit").await.good().text();
    assert!(audit.contains("member.personal_data_hidden") && audit.contains("member.personal_data_shown"), "{audit}");
}

#[tokio::test]
async fn a_search_tells_only_of_what_is_seen() {
    let mut shop = Shop::new().await;
    shop.ada_sees(false).await;
    shop.talk().await;
    let found = async |who: &Caller, path: &str| who.get(path).await.good().json()["items"].as_array().map_or(0, Vec::len);
    for (text, in_conversations, in_contacts) in [(PHONE, false, false), ("3812345", false, false), (EMAIL, false, false), (BANK_CARD, false, false), ("王先生", true, true), ("5678", true, true), ("邮箱", true, false)] {
        for (path, is_found) in [("/conversations", in_conversations), ("/contacts", in_contacts)] {
            assert_eq!(found(&shop.ada, &format!("{path}?q={text}")).await > 0, is_found, "{path} {text}");
        }
        assert_eq!(found(&shop.bob, &format!("/conversations?q={text}")).await, 1, "{text}");
    }
    // No number of a next page tells of it either.
    let page = shop.ada.get(&format!("/contacts?q={PHONE}&limit=1")).await.good().json();
    assert_eq!((&page["items"], page.get("next").filter(|it| !it.is_null())), (&json!([]), None));
}

#[tokio::test]
async fn what_is_hidden_is_not_overwritten() {
    let mut shop = Shop::new().await;
    shop.ada_sees(false).await;
    let (_, ticket, _) = shop.talk().await;
    let contact = format!("/contacts/{}", shop.contact);
    let shown = shop.ada.get(&contact).await.good().json();
    let mut fields = shown["fields"].clone();
    fields["size"] = json!("43");
    let notes = shown["notes"].as_str().expect("notes").replace('红', "蓝");
    let saved = shop.ada.patch(&contact, json!({"name": "王明", "email": shown["email"], "phone": shown["phone"], "fields": fields, "notes": notes})).await.good();
    hides("a change", &saved);
    let kept = shop.bob.get(&contact).await.good().json();
    assert_eq!((&kept["name"], &kept["email"], &kept["phone"]), (&json!("王明"), &json!(EMAIL), &json!(PHONE)), "{kept}");
    assert_eq!((&kept["fields"]["id_card"], &kept["fields"]["address"], &kept["fields"]["size"]), (&json!(ID_CARD), &json!(ADDRESS), &json!("43")), "{kept}");
    assert_eq!(kept["notes"], json!(format!("也可打 {PHONE}，喜欢蓝色")));
    // Stars are no number; a new number is one.
    assert_eq!(shop.ada.patch(&contact, json!({"phone": "138****9999"})).await.code(), "personal_data.hidden");
    shop.ada.patch(&contact, json!({"phone": "13911112222"})).await.good();
    assert_eq!(shop.bob.get(&contact).await.good().json()["phone"], "13911112222");

    let shown = shop.ada.get(&format!("/tickets/{ticket}")).await.good().json();
    let title = format!("{}！", shown["title"].as_str().expect("title"));
    let saved = shop.ada.patch(&format!("/tickets/{ticket}"), json!({"title": title})).await.good();
    hides("a ticket", &saved);
    assert_eq!(saved.json()["path"], "", "the customer's page shows everything");
    assert_eq!(shop.bob.get(&format!("/tickets/{ticket}")).await.good().json()["title"], json!(format!("回电{PHONE}！")));
}
