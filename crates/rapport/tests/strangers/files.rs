//! Files: who sent it × where it was sent × who asks for it.

use serde_json::{Value, json};

use super::{
    Findings,
    support::{
        Client,
        http::{Caller, PNG},
    },
    world::{World, tag, visit},
};

/// Who may have a file.
struct Expected {
    what: &'static str,
    file: Value,
    /// The visitor of the conversation.
    visitor: u16,
}

pub(crate) async fn check(world: &World, found: &mut Findings) {
    let token = visit(&world.anonymous, "demo-shop").await;
    let visitor = world.anonymous.bearer(&token);
    let mut widget = Client::connect(&world.server, "visitor", &token, None).await;
    let conversation = widget.send_text(&tag(), None, "here are pictures").await["conversation"].as_str().expect("id").to_owned();
    let agent = world.role(rapport_model::Role::Agent);

    let (theirs, theirs_sent) = (upload(&visitor, "/widget/uploads").await, upload(&visitor, "/widget/uploads").await);
    let ack = send(&mut widget, &theirs_sent).await;
    found.check(ack["t"] == "ack", || format!("a visitor sends their file: {ack}"));
    let (ours, ours_sent) = (upload(agent, "/uploads").await, upload(agent, "/uploads").await);
    let say = async |caller: &Caller, conversation: &str, file: &Value| {
        caller.post(&format!("/conversations/{conversation}/messages"), json!({"id": tag(), "content": {"type": "image", "file": file}})).await
    };
    say(agent, &conversation, &ours_sent).await.good();

    let files = [
        Expected { what: "a visitor's, not sent", file: theirs.clone(), visitor: 200 },
        Expected { what: "a visitor's, sent", file: theirs_sent.clone(), visitor: 200 },
        Expected { what: "an agent's, not sent", file: ours.clone(), visitor: 404 },
        Expected { what: "an agent's, sent", file: ours_sent.clone(), visitor: 200 },
    ];
    for it in &files {
        let blob = it.file["blob"].as_str().expect("blob");
        let widgets = [("the visitor", &visitor, it.visitor), ("another visitor", &world.neighbour, 404), ("another tenant's visitor", &world.passer_by, 404)];
        let members = [("an agent", agent, 200), ("the owner", world.owner(), 200), ("another tenant's owner", &world.stranger, 404)];
        let nobody = [("nobody", &world.anonymous, 401)];
        let at_widget = widgets.iter().chain(&nobody).map(|it| (format!("/widget/files/{blob}"), it));
        let at_desk = members.iter().chain(&nobody).map(|it| (format!("/files/{blob}"), it));
        for (path, (who, caller, status)) in at_widget.chain(at_desk) {
            let answer = caller.get(&path).await;
            found.check(answer.status == *status, || format!("{}: {who} gets {}: {}", it.what, answer.status, answer.text()));
        }
    }

    // Nobody sends what somebody else uploaded, nor shows a file in a second conversation.
    let other = world.conversation_of(&visit(&world.anonymous, "demo-shop").await).await;
    for (what, caller, file) in [("a colleague's file", world.owner(), &ours), ("a visitor's file", agent, &theirs), ("a file of another conversation", agent, &ours_sent)] {
        let answer = say(caller, &other, file).await;
        found.check(answer.status == 404, || format!("{what} is sent: {} {}", answer.status, answer.text()));
    }
    let mut neighbour = Client::connect(&world.server, "visitor", &world.neighbour_token, None).await;
    for (what, file) in [("another visitor's file", &theirs), ("another visitor's sent file", &theirs_sent), ("an agent's file", &ours)] {
        let answer = send(&mut neighbour, file).await;
        found.check(answer["code"] == "not_found", || format!("a visitor sends {what}: {answer}"));
    }
}

async fn upload(caller: &Caller, path: &str) -> Value {
    caller.upload(path, "shoe.png", PNG).await.good().json()
}

async fn send(widget: &mut Client, file: &Value) -> Value {
    let id = tag();
    widget.say(&json!({"t": "send", "id": id, "content": {"type": "image", "file": file}})).await;
    widget.answer(&id).await
}
