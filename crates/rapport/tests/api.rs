//! Members' routes against the real binary: lists with pages and search, what is done to a conversation, customers, tickets, files.

#![expect(clippy::indexing_slicing, reason = "what is not as expected ends the test")]

mod support;

use serde_json::{Value, json};
use support::{
    Client, Server,
    http::{Caller, PNG, Sent},
};

const ADA: &str = "ada@cloudstep.example";

/// A server with an agent who has a token.
fn desk() -> (Server, Caller) {
    let server = Server::start();
    let agent = Caller::anonymous(&server).bearer(&server.token(ADA));
    (server, agent)
}

/// A visitor of this name who wrote this: their widget and the conversation.
async fn visitor(server: &Server, name: &str, text: &str) -> (Client, String) {
    let session = Caller::anonymous(server)
        .post("/widget/session", json!({"key": "demo-shop", "locale": "zh-CN", "page": "https://shop.example/shoes/7", "fields": {"name": name}}))
        .await
        .good()
        .json();
    let mut widget = Client::connect(server, "visitor", session["token"].as_str().expect("token"), None).await;
    let ack = widget.send_text("m1", None, text).await;
    (widget, ack["conversation"].as_str().expect("id").to_owned())
}

fn ids(list: &Value) -> Vec<&str> {
    list["items"].as_array().expect("items").iter().map(|it| it["id"].as_str().expect("id")).collect()
}

#[tokio::test]
async fn conversations_are_listed_paged_searched_and_counted() {
    let (server, agent) = desk();
    let mut made = Vec::new();
    for (name, text) in [("王芳", "我要退一双靴子"), ("Li Lei", "where is order 4711?"), ("陈晨", "可以开发票吗？"), ("100%_x", "a\"quote\\and more")] {
        made.push(visitor(&server, name, text).await.1);
    }
    let check = async |query: &str, expected: &[usize]| {
        let list = agent.get(&format!("/conversations?{query}")).await.good().json();
        let expected: Vec<&str> = expected.iter().map(|it| made[*it].as_str()).collect();
        assert_eq!(ids(&list), expected, "{query}: {list}");
        list
    };
    let all = check("view=all", &[3, 2, 1, 0]).await;
    let row = &all["items"][3];
    assert_eq!((&row["contact"]["name"], &row["status"]["type"], &row["page"]), (&json!("王芳"), &json!("bot"), &json!("https://shop.example/shoes/7")));
    assert!(row["last_seq"].as_u64() <= all["seq"].as_u64() && row.get("bot").is_none(), "{row}");

    // Page by page, until the end.
    let first = check("view=all&limit=3", &[3, 2, 1]).await;
    let last = check(&format!("view=all&limit=3&before={}", first["next"].as_str().expect("next")), &[0]).await;
    assert!(last.get("next").is_none(), "{last}");

    check("q=靴子", &[0]).await;
    check("q=LI LEI", &[1]).await;
    check("q=4711", &[1]).await;
    check(&format!("q=%23{}", all["items"][1]["number"]), &[2]).await;
    check("q=100%25_", &[3]).await;
    check("q=a%22quote%5Cand", &[3]).await;
    check("q=nobody%20said%20this", &[]).await;
    check(&format!("contact={}", row["contact"]["id"].as_str().expect("id")), &[0]).await;
    check(&format!("inbox={}&view=all", row["inbox"].as_str().expect("id")), &[3, 2, 1, 0]).await;

    check("view=mine", &[]).await;
    let act = async |at: usize, action: Value| agent.post(&format!("/conversations/{}/actions", made[at]), json!({"id": format!("a{at}{}", action["action"]).replace('"', ""), "action": action})).await;
    act(0, json!({"action": "take"})).await.good();
    act(2, json!({"action": "take"})).await.good();
    act(2, json!({"action": "resolve"})).await.good();
    check("view=mine", &[0]).await;
    check("view=done", &[2]).await;
    check("view=unassigned", &[]).await;
    let counts = agent.get("/conversations/counts").await.good().json();
    assert_eq!(counts, json!({"mine": 1, "unassigned": 0, "all": 3}));
    for wrong in ["view=theirs", "before=x", "limit=-1", "inbox=x", "contact=1"] {
        let refused = agent.get(&format!("/conversations?{wrong}")).await;
        assert_eq!((refused.status, refused.code().as_str()), (422, "input.bad_field"), "{wrong}");
    }
}

#[tokio::test]
async fn what_is_done_twice_with_one_id_is_done_once() {
    let (server, agent) = desk();
    let (mut widget, conversation) = visitor(&server, "王芳", "有人吗").await;
    let one = agent.get(&format!("/conversations/{conversation}")).await.good().json();
    assert_eq!((&one["visitor_online"], &one["id"]), (&json!(true), &json!(conversation)));

    let message = json!({"id": "r1", "content": {"type": "text", "text": "您好，我来帮您"}});
    let sends = format!("/conversations/{conversation}/messages");
    let (first, again) = (agent.post(&sends, message.clone()).await.good().json(), agent.post(&sends, message).await.good().json());
    assert_eq!((&first["duplicate"], &again["duplicate"]), (&json!(false), &json!(true)));
    assert_eq!((&first["seq"], &first["conversation"]), (&again["seq"], &json!(conversation)));
    widget.until(|it| it["event"]["message"]["content"]["text"] == "您好，我来帮您").await;

    let page = agent.get(&format!("/conversations/{conversation}/entries?limit=200")).await.good().json();
    let said = page["items"].as_array().expect("items").iter().filter(|it| it["event"]["message"]["client_id"] == "r1").count();
    assert_eq!(said, 1);
    // Backwards in small pages it is the same.
    let (mut backwards, mut before) = (Vec::new(), u64::MAX >> 1);
    loop {
        let part = agent.get(&format!("/conversations/{conversation}/entries?limit=2&before={before}")).await.good().json();
        let items = part["items"].as_array().expect("items").clone();
        before = items[0]["seq"].as_u64().expect("seq");
        backwards.splice(0..0, items);
        if part["more"] == json!(false) {
            break;
        }
    }
    assert_eq!(json!(backwards), page["items"]);

    for (body, code) in [
        (json!({"id": "x y", "action": {"action": "take"}}), "input.bad_field"),
        (json!({"id": "x", "action": {"action": "fly"}}), "live.bad_frame"),
        (json!({"id": "x", "action": {"action": "create_ticket"}}), "live.bad_frame"),
        (json!({"id": "x", "action": {"action": "send", "content": {"type": "text", "text": " "}}}), "message.empty"),
        (json!({"id": "x", "action": {"action": "snooze", "until": 1}}), "input.bad_field"),
    ] {
        let refused = agent.post(&format!("/conversations/{conversation}/actions"), body.clone()).await;
        assert_eq!(refused.code(), code, "{body}: {}", refused.text());
    }
    for (language, part) in [("zh-CN", "坐席"), ("en", "member")] {
        let decisions = agent.with("accept-language", language).get(&format!("/conversations/{conversation}/decisions")).await.good().json();
        let texts = decisions["items"].as_array().expect("items").iter().flat_map(|it| it["reasons"].as_array().cloned().unwrap_or_default());
        let texts: Vec<String> = texts.map(|it| it["text"].as_str().expect("text").to_owned()).collect();
        assert!(texts.iter().any(|it| it.contains(part)), "{language}: {texts:?}");
        assert_eq!(decisions["items"][0]["kind"], "conversation_opened");
    }
}

#[tokio::test]
async fn a_ticket_is_made_once_moves_on_and_is_followed_by_its_customer() {
    let (server, agent) = desk();
    let anonymous = Caller::anonymous(&server);
    let (mut widget, conversation) = visitor(&server, "王芳", "鞋底开胶了").await;
    let new = json!({"id": "t1", "title": "鞋底开胶", "description": "左脚，42 码"});
    let makes = format!("/conversations/{conversation}/tickets");
    let (ticket, again) = (agent.post(&makes, new.clone()).await.good().json(), agent.post(&makes, new).await.good().json());
    assert_eq!(ticket, again);
    let other = visitor(&server, "陈晨", "另一件事").await.1;
    let elsewhere = agent.post(&format!("/conversations/{other}/tickets"), json!({"id": "t1", "title": "x"})).await;
    assert_eq!(elsewhere.code(), "store.duplicate");
    let path = ticket["path"].as_str().expect("path").to_owned();
    let told = widget.until(|it| it["event"]["message"]["content"]["type"] == "ticket").await;
    assert_eq!(told["event"]["message"]["content"]["path"], json!(path));

    let id = ticket["id"].as_str().expect("id").to_owned();
    let public = async || anonymous.get(&format!("/public/tickets/{}", path.trim_start_matches("/ticket/"))).await;
    let shown = public().await.good();
    assert_eq!(shown.header("cache-control"), "no-store");
    assert_eq!((&shown.json()["stage"], &shown.json()["company"]), (&json!("received"), &json!("云履 Cloudstep")));

    let change = async |body: Value| agent.patch(&format!("/tickets/{id}"), body).await;
    change(json!({"note": "客户态度急躁", "public": false})).await.good();
    change(json!({"stage": "in_progress", "note": "胶水已订", "public": true})).await.good();
    let heard = widget.event("ticket_changed").await;
    assert_eq!(heard["event"]["stage"], "in_progress");
    // Sent again because the answer was lost: nobody is told twice.
    change(json!({"stage": "in_progress", "note": "胶水已订", "public": true})).await.good();
    let me = agent.get("/me").await.good().json()["member"]["id"].clone();
    let moved = change(json!({"title": "鞋底开胶（左）", "assignee": me})).await.good().json();
    assert_eq!((moved["log"].as_array().map(Vec::len), &moved["assignee"]), (Some(3), &me));
    assert_eq!(change(json!({"assignee": null})).await.good().json()["assignee"], Value::Null);
    assert_eq!(change(json!({"stage": "received"})).await.code(), "input.bad_field");
    assert_eq!(change(json!({"assignee": "0190b8a0-7c1e-7000-8000-000000000001"})).await.code(), "input.bad_field");
    let entries = agent.get(&format!("/conversations/{conversation}/entries?limit=200")).await.good().json();
    let changes = entries["items"].as_array().expect("items").iter().filter(|it| it["event"]["kind"] == "ticket_changed").count();
    assert_eq!(changes, 1, "{entries}");
    let page = public().await.good();
    assert_eq!((page.json()["log"].as_array().map(Vec::len), &page.json()["title"]), (Some(2), &json!("鞋底开胶（左）")));
    assert!(!page.text().contains("急躁") && !page.text().contains("42 码"), "{}", page.text());

    let second = agent.post(&format!("/conversations/{other}/tickets"), json!({"id": "t2", "title": "发票"})).await.good().json();
    let list = async |query: &str| agent.get(&format!("/tickets?{query}")).await.good().json();
    assert_eq!(ids(&list("").await), [second["id"].as_str().expect("id"), &id]);
    let first = list("limit=1").await;
    assert_eq!(ids(&list(&format!("limit=1&before={}", first["next"].as_str().expect("next"))).await), [&id]);
    change(json!({"stage": "done"})).await.good();
    assert_eq!(ids(&list("open=true").await), [second["id"].as_str().expect("id")]);

    let renewed = agent.post(&format!("/tickets/{id}/new-link"), Value::Null).await.good().json();
    assert_ne!(renewed["path"], json!(path));
    assert_eq!(public().await.status, 404);
}

#[tokio::test]
async fn customers_are_found_and_corrected() {
    let (server, agent) = desk();
    for name in ["王芳", "Li Lei"] {
        visitor(&server, name, "hello").await;
    }
    let found = agent.get("/contacts?q=li%20LEI").await.good().json();
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1), "{found}");
    let id = ids(&found)[0].to_owned();
    let first = agent.get("/contacts?limit=1").await.good().json();
    let second = agent.get(&format!("/contacts?limit=1&before={}", first["next"].as_str().expect("next"))).await.good().json();
    assert_ne!(ids(&first), ids(&second));

    let change = async |body: Value| agent.patch(&format!("/contacts/{id}"), body).await;
    let body = json!({"email": " lei@example.org ", "phone": "+86 138-0013-8000", "notes": "老客户", "fields": {"size": "42", "page": "https://shop.example"}});
    let changed = change(body).await.good().json();
    assert_eq!((&changed["email"], &changed["notes"], &changed["name"]), (&json!("lei@example.org"), &json!("老客户"), &json!("Li Lei")));
    assert_eq!(changed, agent.get(&format!("/contacts/{id}")).await.good().json());
    let cleared = change(json!({"email": null, "phone": ""})).await.good().json();
    assert_eq!((&cleared["email"], &cleared["phone"], &cleared["fields"]["size"]), (&Value::Null, &Value::Null, &json!("42")));
    for (body, field) in [
        (json!({"email": "nobody"}), "email"),
        (json!({"phone": "call me"}), "phone"),
        (json!({"name": "字".repeat(101)}), "name"),
        (json!({"notes": "字".repeat(8_001)}), "notes"),
        (json!({"fields": {"a\nb": "x"}}), "fields"),
    ] {
        let refused = change(body).await;
        assert_eq!(refused.code(), "input.bad_field");
        assert!(refused.json()["detail"].as_str().expect("detail").starts_with(field), "{}", refused.text());
    }
    let owner = agent.bearer(&server.token_of("demo", "owner", "owner@cloudstep.example"));
    let lines = owner.get("/audit").await.good();
    let told = |it: &Value| it["record"]["action"] == "contact.changed" && it["record"]["target"] == id.as_str() && it["record"]["actor"]["type"] == "member";
    assert!(lines.json()["items"].as_array().expect("items").iter().any(told), "{}", lines.text());
    assert!(!lines.text().contains("lei@example.org") && !lines.text().contains("老客户"), "{}", lines.text());
}

#[tokio::test]
async fn files_come_back_as_attachments_that_run_nothing() {
    let (_server, agent) = desk();
    let sent = agent.upload("/uploads", "照片 \u{202e}1.png", PNG).await.good().json();
    assert_eq!((&sent["media_type"], &sent["name"], &sent["width"], &sent["bytes"]), (&json!("image/png"), &json!("照片 1.png"), &json!(1), &json!(PNG.len())));
    let blob = sent["blob"].as_str().expect("blob");
    let file = agent.get(&format!("/files/{blob}")).await.good();
    assert_eq!(file.bytes, PNG);
    for (name, value) in [
        ("content-type", "image/png"),
        ("content-disposition", "attachment; filename*=UTF-8''%E7%85%A7%E7%89%87%201.png"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(file.header(name), value, "{name}");
    }
    for (name, content, code) in [
        ("a.png", b"<script>alert(1)</script>".as_slice(), "upload.type_refused"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "upload.type_refused"),
        ("a.txt", b"", "upload.empty"),
    ] {
        assert_eq!(agent.upload("/uploads", name, content).await.code(), code, "{name}");
    }
    let plain = agent.ask("POST", "/uploads", Sent::Json(json!({"file": "x"}))).await;
    assert_eq!((plain.status, plain.code().as_str()), (422, "input.bad_field"));
}

#[tokio::test]
async fn a_published_article_is_read_by_everybody() {
    let (server, agent) = desk();
    let articles = agent.get("/articles?locale=en").await.good().json();
    let article = &articles["items"][0];
    let read = Caller::anonymous(&server).get(&format!("/public/articles/{}", article["id"].as_str().expect("id"))).await.good().json();
    assert_eq!((&read["title"], &read["locale"]), (&article["title"], &json!("en")));
    assert!(read["html"].as_str().expect("html").contains("<p>"), "{read}");
}
