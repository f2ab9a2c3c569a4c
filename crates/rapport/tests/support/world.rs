//! Two tenants on one server, with somebody in every role, and things of the first tenant that strangers reach for.

use std::sync::atomic::{AtomicU32, Ordering};

use rapport_model::Role;
use serde_json::{Value, json};

use crate::{
    support::{
        Client, Server,
        http::{Caller, Sent},
    },
    table::{self, Thing},
};

pub(crate) const OWNER: &str = "owner@cloudstep.example";
pub(crate) const AGENT: &str = "ada@cloudstep.example";
pub(crate) const PASSWORD: &str = "correct horse battery";
const STRANGE_OWNER: &str = "eve@other.example";
/// Where requests come from, as far as limits on guessing are concerned: each a neighbour of its own.
static NEIGHBOURS: AtomicU32 = AtomicU32::new(1);
static TAGS: AtomicU32 = AtomicU32::new(1);

/// A name that no other has.
pub(crate) fn tag() -> String {
    format!("t{}", TAGS.fetch_add(1, Ordering::Relaxed))
}

pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) anonymous: Caller,
    /// Tokens of members, by role.
    pub(crate) roles: Vec<(Role, Caller)>,
    /// The owner in a browser.
    pub(crate) browser: Caller,
    pub(crate) visitor: Caller,
    pub(crate) visitor_token: String,
    /// Another visitor of the same tenant.
    pub(crate) neighbour: Caller,
    pub(crate) neighbour_token: String,
    /// Owner of the other tenant.
    pub(crate) stranger: Caller,
    pub(crate) stranger_token: String,
    /// Visitor of the other tenant.
    pub(crate) passer_by: Caller,
    pub(crate) passer_by_token: String,
    /// Public key of the other tenant's widget.
    pub(crate) strange_key: String,
}

/// Something made for a test: what its path needs.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) id: String,
    pub(crate) secret: String,
}

impl Made {
    fn id(id: &Value) -> Self {
        Self { id: id.as_str().expect("an id").to_owned(), secret: String::new() }
    }

    /// Nothing has this id.
    pub(crate) fn missing() -> Self {
        Self { id: uuid::Uuid::from_u128(0x0190_b8a0_7c1e_7000_8000_0000_0000_0001).to_string(), secret: "none".to_owned() }
    }

    /// Nothing has this id either, though it could have been made next to this one.
    pub(crate) fn next_door(&self) -> Self {
        let id = uuid::Uuid::parse_str(&self.id).expect("uuid");
        Self { id: uuid::Uuid::from_u128(id.as_u128() ^ 1).to_string(), secret: self.secret.clone() }
    }

    pub(crate) fn path(&self, template: &str) -> String {
        template.replace("{id}", &self.id).replace("{secret}", &self.secret).replace("{n}", &self.secret).replace("{seq}", &self.secret)
    }
}

impl World {
    pub(crate) async fn new(extra: &[&str]) -> Self {
        // Addresses are told by a proxy, so that no limit on guessing falls on a test.
        let server = Server::start_with(&[&["--trusted-proxies", "127.0.0.1"], extra].concat());
        let anonymous = Caller::anonymous(&server);
        let owner = anonymous.bearer(&server.token_of("demo", "owner", OWNER));
        let mut roles = vec![(Role::Agent, anonymous.bearer(&server.token_of("demo", "agent", AGENT)))];
        for role in [Role::Supervisor, Role::Administrator] {
            let mut body = table::member(role.name());
            body["role"] = json!(role.name());
            let made = owner.post("/members", body).await.good().json();
            roles.push((role, anonymous.bearer(&server.token_of("demo", role.name(), made["email"].as_str().expect("email")))));
        }
        roles.push((Role::Owner, owner));

        let link = server.command(&["tenant-create", "--slug", "other", "--name", "Other", "--owner-email", STRANGE_OWNER]);
        assert!(link.contains("/sign-in?link="), "{link}");
        let stranger_token = server.token_of("other", "owner", STRANGE_OWNER);
        let stranger = anonymous.bearer(&stranger_token);
        let strange_key = stranger.post("/inboxes", table::inbox("strange")).await.good().json()["key"].as_str().expect("key").to_owned();

        let browser = browser_of_owner(&server, &anonymous).await;
        let visitor_token = visit(&anonymous, "demo-shop").await;
        let neighbour_token = visit(&anonymous, "demo-shop").await;
        let passer_by_token = visit(&anonymous, &strange_key).await;
        Self {
            visitor: anonymous.bearer(&visitor_token),
            neighbour: anonymous.bearer(&neighbour_token),
            passer_by: anonymous.bearer(&passer_by_token),
            visitor_token,
            neighbour_token,
            passer_by_token,
            server,
            anonymous,
            roles,
            browser,
            stranger,
            stranger_token,
            strange_key,
        }
    }

    pub(crate) fn role(&self, role: Role) -> &Caller {
        &self.roles.iter().find(|it| it.0 == role).expect("every role").1
    }

    pub(crate) fn owner(&self) -> &Caller {
        self.role(Role::Owner)
    }

    /// Nobody, from an address of their own.
    pub(crate) fn elsewhere(&self) -> Caller {
        elsewhere(&self.anonymous)
    }

    /// A member with a browser and a token.
    pub(crate) async fn newcomer(&self) -> (String, Caller, Caller) {
        let made = self.owner().post("/members", table::member(&tag())).await.good().json();
        let browser = self.anonymous.signed_in(made["sign_in_link"].as_str().expect("link")).await;
        let token = self.server.token_of("demo", "agent", made["email"].as_str().expect("email"));
        (made["id"].as_str().expect("id").to_owned(), browser, self.anonymous.bearer(&token))
    }

    /// Makes a fresh one in the first tenant.
    pub(crate) async fn make(&self, thing: Thing) -> Made {
        let owner = self.owner();
        let made = async |path: &str, body: Value| Made::id(&owner.post(path, body).await.good().json()["id"]);
        match thing {
            Thing::Nothing => Made::missing(),
            Thing::Member => made("/members", table::member(&tag())).await,
            Thing::Team => made("/teams", table::team(&tag())).await,
            Thing::Inbox => made("/inboxes", table::inbox(&tag())).await,
            Thing::ChannelInbox => made("/inboxes", table::channel_inbox(&tag())).await,
            Thing::Stuck => self.stuck(),
            Thing::Calendar => made("/calendars", table::calendar(&tag())).await,
            Thing::CannedReply => made("/canned-replies", table::canned_reply(&tag())).await,
            Thing::CareRule => made("/care/rules", table::care_rule(&tag())).await,
            Thing::Spending => {
                self.care_for(&visit(&self.anonymous, "demo-shop").await).await;
                Made::id(&owner.get("/care/spending?state=pending").await.good().json()["items"][0]["id"])
            }
            Thing::OwnDecision => {
                self.care_for(&self.visitor_token).await;
                let decided = self.visitor.get("/widget/decisions").await.good().json();
                Made { secret: decided["items"][0]["seq"].to_string(), ..Made::missing() }
            }
            Thing::Article => made("/articles", table::article(&tag())).await,
            Thing::Intent => made("/intents", table::intent(&tag())).await,
            Thing::Example => {
                let intent = Box::pin(self.make(Thing::Intent)).await;
                let taught = owner.post(&intent.path("/intents/{id}/examples"), json!({"texts": [tag()]})).await.good().json();
                Made { secret: taught["examples"][0]["id"].to_string(), ..intent }
            }
            Thing::FeelingExample => self.feeling_example().await,
            Thing::Term => made("/lexicon", table::term(&tag())).await,
            Thing::Model => {
                for _ in 0..2 {
                    owner.post("/intents/train?wait=true", Value::Null).await.good();
                }
                let models = owner.get("/models").await.good().json();
                let idle = models.as_array().and_then(|all| all.iter().find(|it| it["state"] != "live"));
                Made::id(&idle.expect("one that is not live")["id"])
            }
            Thing::Said => {
                let conversation = Box::pin(self.make(Thing::Conversation)).await;
                let entries = owner.get(&conversation.path("/conversations/{id}/entries")).await.good().json();
                let said = entries["items"].as_array().and_then(|all| all.iter().find(|it| it["event"]["kind"] == "message_received"));
                Made { secret: said.expect("a text")["seq"].to_string(), ..conversation }
            }
            Thing::SaidWithConsent => self.said_with_consent().await,
            Thing::Token => made("/tokens", json!({"label": tag(), "role": "agent"})).await,
            Thing::Conversation => Made::id(&json!(self.conversation_of(&visit(&self.anonymous, "demo-shop").await).await)),
            Thing::OwnConversation => Made::id(&json!(self.conversation_of(&self.visitor_token).await)),
            Thing::Contact => {
                let conversation = Box::pin(self.make(Thing::Conversation)).await;
                Made::id(&owner.get(&conversation.path("/conversations/{id}")).await.good().json()["contact"]["id"])
            }
            Thing::Ticket | Thing::SharedTicket => {
                let conversation = Box::pin(self.make(Thing::Conversation)).await;
                let body = json!({"id": tag(), "title": "鞋底开胶", "description": "left shoe"});
                let ticket = owner.post(&conversation.path("/conversations/{id}/tickets"), body).await.good().json();
                let secret = ticket["path"].as_str().and_then(|it| it.rsplit('/').next()).expect("a secret").to_owned();
                Made { secret, ..Made::id(&ticket["id"]) }
            }
            Thing::File => Made::id(&owner.upload("/uploads", "order.txt", b"order 4711").await.good().json()["blob"]),
            Thing::OwnFile => Made::id(&self.visitor.upload("/widget/uploads", "shoe.txt", b"my shoe").await.good().json()["blob"]),
        }
    }

    /// A fact that cannot be read: put where the outbox keeps what it gave up.
    fn stuck(&self) -> Made {
        let id = uuid::Uuid::from_u128(tag().bytes().fold(0x9E37_79B9, |sum, it| sum.wrapping_mul(257).wrapping_add(it.into())));
        let inbox = uuid::Uuid::from_u128(7);
        let connection = rusqlite::Connection::open(self.server.data.join("rapport.db")).expect("the database");
        connection.busy_timeout(std::time::Duration::from_secs(10)).expect("patience");
        let effect = json!({"effect": "take", "inbox": inbox, "fact": "none"}).to_string();
        let outcome = json!({"outcome": "rejected", "code": "channel.malformed"}).to_string();
        let sql = "insert into outbox (id, tenant, conversation, effect, attempt, state, next_at, created_at, outcome) \
                   select ?1, id, null, ?2, 8, 'rejected', 0, 0, ?3 from tenant where slug = 'demo'";
        let rows = connection.execute(sql, rusqlite::params![id.as_bytes(), effect, outcome]).expect("inserted");
        assert_eq!(rows, 1, "the demo's tenant");
        Made { id: id.to_string(), secret: String::new() }
    }

    async fn feeling_example(&self) -> Made {
        let (owner, text) = (self.owner(), tag());
        owner.post("/feelings/examples", json!({"texts": [text], "state": "upset"})).await.good();
        let found = owner.get(&format!("/feelings/examples?q={text}")).await.good().json();
        Made::id(&found["items"][0]["id"])
    }

    async fn said_with_consent(&self) -> Made {
        let switches = json!({"switches": {"feelings": true, "proactive_contact": false}, "retention_days": 30});
        self.owner().ask("PUT", "/ethics", Sent::Json(switches)).await.good();
        let mut widget = Client::connect(&self.server, "visitor", &visit(&self.anonymous, "demo-shop").await, None).await;
        widget.act(&tag(), None, json!({"action": "consent", "purpose": "emotion:care", "given": true, "text_version": 1})).await;
        let ack = widget.send_text(&tag(), None, "words of the first tenant").await;
        Made { secret: ack["seq"].to_string(), ..Made::id(&ack["conversation"]) }
    }

    /// Something automatic is decided about a visitor who agrees to it: a compensation that waits for approval.
    async fn care_for(&self, token: &str) {
        let owner = self.owner();
        let put = async |path: &str, body: Value| owner.ask("PUT", path, Sent::Json(body)).await.good();
        put("/ethics", json!({"switches": {"feelings": true, "proactive_contact": false}, "retention_days": 30})).await;
        put("/care/budget", json!({"currency": "CNY", "per_customer_minor": 5000, "per_day_minor": 50000, "approval_above_minor": 0})).await;
        let rule = owner.post("/care/rules", table::care_rule(&tag())).await.good().json();
        let mut widget = Client::connect(&self.server, "visitor", token, None).await;
        let agrees = json!({"action": "consent", "purpose": "emotion:care", "given": true, "text_version": 1});
        let ack = widget.act(&tag(), None, agrees).await;
        widget.send_text(&tag(), ack["conversation"].as_str(), "this will not do").await;
        owner.ask("DELETE", &format!("/care/rules/{}", rule["id"].as_str().expect("an id")), Sent::Nothing).await.good();
    }

    /// The conversation of a visitor who just said something.
    pub(crate) async fn conversation_of(&self, token: &str) -> String {
        self.conversation_about(token, "words of the first tenant").await
    }

    pub(crate) async fn conversation_about(&self, token: &str, text: &str) -> String {
        let mut widget = Client::connect(&self.server, "visitor", token, None).await;
        let ack = widget.send_text(&tag(), None, text).await;
        ack["conversation"].as_str().expect("an id").to_owned()
    }
}

pub(crate) fn elsewhere(caller: &Caller) -> Caller {
    let n = NEIGHBOURS.fetch_add(1, Ordering::Relaxed);
    caller.with("x-forwarded-for", format!("198.18.{}.{}", (n / 250) % 250, n % 250 + 1))
}

/// A visitor's token.
pub(crate) async fn visit(anonymous: &Caller, key: &str) -> String {
    let session = anonymous.post("/widget/session", json!({"key": key, "locale": "en"})).await.good().json();
    session["token"].as_str().expect("a token").to_owned()
}

/// The owner's browser, with a password set.
async fn browser_of_owner(server: &Server, anonymous: &Caller) -> Caller {
    let link = server.command(&["sign-in-link", "--tenant", "demo"]);
    let browser = anonymous.signed_in(&link).await;
    let answer = browser.post("/auth/password", json!({"new": PASSWORD})).await.good();
    let browser = browser.with("cookie", answer.cookie());
    let csrf = browser.get("/me").await.good().json()["csrf"].as_str().expect("csrf").to_owned();
    browser.with("x-rapport-csrf", csrf)
}

/// Each test uses its own part of this; none of it is left over.
const _: fn(&World) = |it| {
    let _used = (World::newcomer, World::elsewhere, World::conversation_of, Made::missing, Made::next_door);
    let _used = (&it.browser, &it.visitor, &it.neighbour, &it.neighbour_token, &it.stranger, &it.stranger_token, &it.passer_by, &it.passer_by_token, &it.strange_key);
};
