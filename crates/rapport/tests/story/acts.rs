//! What people do in a story, over HTTP and their sockets.

use rapport_model::{Attachment, ChoiceId, Content, CustomerAction, Locale, MemberAction, Seq};
use rapport_sim::story::{AgentAct, CustomerAct, consent};
use serde_json::{Value, json};

use crate::{
    peer::Peer,
    stage::RealStage,
    support::http::{Caller, PNG},
};

const PDF: &[u8] = b"%PDF-1.4\n%%EOF\n";

impl RealStage {
    pub(crate) fn customer_acts(&mut self, name: &str, act: &CustomerAct) -> Result<(), String> {
        let text = |text: &String| json!({"type": "text", "text": text});
        match act {
            CustomerAct::Opens { locale } => return self.come_in(name, if *locale == Locale::Zh { "zh-CN" } else { "en" }),
            CustomerAct::Says { text: said } => self.customer_sends(name, text(said), false)?,
            CustomerAct::StartsAnew { text: said } => self.customer_sends(name, text(said), true)?,
            CustomerAct::SendsPicture { name: file } => {
                let file = self.upload(&self.customer(name)?.caller.clone(), "/widget/uploads", file, PNG);
                self.customer_sends(name, json!({"type": "image", "file": file}), false)?;
            }
            CustomerAct::SendsFile { name: file } => {
                let file = self.upload(&self.customer(name)?.caller.clone(), "/widget/uploads", file, PDF);
                self.customer_sends(name, json!({"type": "file", "file": file}), false)?;
            }
            CustomerAct::Types => {
                let peer = &self.customer(name)?.peer;
                let conversation = peer.seen().conversation;
                peer.say(json!({"t": "typing", "conversation": conversation, "on": true}));
            }
            CustomerAct::GoesOffline => {
                self.customer(name)?.peer.sleep();
                self.set_away(name, true);
                return self.until(|| async { if self.customer(name)?.peer.seen().online { Err("still online".to_owned()) } else { Ok(()) } });
            }
            CustomerAct::ComesBack => {
                self.customer(name)?.peer.wake();
                self.set_away(name, false);
            }
            CustomerAct::AsksForPerson => self.customer_asks(name, &CustomerAction::RequestPerson)?,
            CustomerAct::LeavesQueue => self.customer_asks(name, &CustomerAction::LeaveQueue)?,
            CustomerAct::Presses { label } => self.press(name, label)?,
            CustomerAct::Rates { score, comment } => self.customer_asks(name, &CustomerAction::Rate { score: *score, comment: comment.clone() })?,
            CustomerAct::Gives { field, value } => {
                let fields = [(field.clone(), value.clone())].into();
                self.customer_asks(name, &CustomerAction::UpdateContact { fields })?;
            }
            CustomerAct::Reads => {
                let up_to = Seq(self.customer(name)?.peer.seen().last_seq);
                self.customer_asks(name, &CustomerAction::MarkRead { up_to })?;
            }
            CustomerAct::Ends => self.customer_asks(name, &CustomerAction::End)?,
            CustomerAct::Agrees => self.customer_asks(name, &consent(true))?,
            CustomerAct::TakesConsentBack => self.customer_asks(name, &consent(false))?,
            CustomerAct::AcceptsCompensation => {
                let spending = self.customer(name)?.peer.seen().feed.iter().rev().find_map(|it| match it.event.message().map(|it| &it.content) {
                    Some(Content::Compensation { spending, .. }) => Some(*spending),
                    _ => None,
                });
                let spending = spending.ok_or("no compensation is shown")?;
                self.customer_asks(name, &CustomerAction::Choose { choice: ChoiceId::AcceptCompensation { spending } })?;
            }
        }
        self.settle(|stage| Ok(&stage.customer(name)?.peer), matches!(act, CustomerAct::ComesBack))
    }

    fn customer_sends(&mut self, name: &str, content: Value, anew: bool) -> Result<(), String> {
        let id = self.frame_id();
        let peer = &self.customer(name)?.peer;
        let conversation = if anew { None } else { peer.seen().conversation };
        peer.send(json!({"t": "send", "id": id, "conversation": conversation, "content": content}));
        Ok(())
    }

    fn customer_asks(&mut self, name: &str, action: &CustomerAction) -> Result<(), String> {
        let id = self.frame_id();
        let peer = &self.customer(name)?.peer;
        let conversation = peer.seen().conversation;
        peer.send(json!({"t": "act", "id": id, "conversation": conversation, "action": action}));
        Ok(())
    }

    /// The newest button with this label that the widget shows.
    fn press(&mut self, name: &str, label: &str) -> Result<(), String> {
        let choice = self.customer(name)?.peer.seen().feed.iter().rev().find_map(|it| match it.event.message().map(|it| &it.content) {
            Some(Content::Choices { options, .. }) => options.iter().find(|it| it.label.contains(label)).map(|it| it.id),
            _ => None,
        });
        let choice = choice.ok_or_else(|| format!("no button “{label}” is shown"))?;
        self.customer_asks(name, &CustomerAction::Choose { choice })
    }

    fn upload(&self, caller: &Caller, path: &str, name: &str, content: &[u8]) -> Attachment {
        let answer = self.runtime.block_on(caller.upload(path, name, content)).good();
        serde_json::from_value(answer.json()).expect("attachment")
    }

    /// Until everything sent is answered; who is offline keeps it.
    fn settle(&self, peer: impl Fn(&Self) -> Result<&Peer, String>, must_be_online: bool) -> Result<(), String> {
        self.until(|| async {
            let seen = peer(self)?.seen();
            if !seen.refused.is_empty() {
                return Ok(());
            }
            let waits = (seen.online && !seen.outbox.is_empty()) || (must_be_online && !seen.online);
            if waits { Err(format!("no answer to {:?}", seen.outbox.front())) } else { Ok(()) }
        })?;
        peer(self)?.seen().refused.last().map_or(Ok(()), |code| Err(format!("refused: {code}")))
    }

    pub(crate) fn agent_acts(&mut self, name: &str, act: &AgentAct) -> Result<(), String> {
        match act {
            AgentAct::ComesOnline => {
                let peer = &self.agent(name)?.peer;
                peer.wake();
                peer.set_presence("online");
                self.set_away(name, false);
            }
            AgentAct::GoesAway => self.agent(name)?.peer.set_presence("away"),
            AgentAct::GoesOffline => {
                self.agent(name)?.peer.sleep();
                self.set_away(name, true);
                return self.until(|| async { if self.agent(name)?.peer.seen().online { Err("still online".to_owned()) } else { Ok(()) } });
            }
            AgentAct::TypesTo { customer } => {
                let conversation = self.customer(customer)?.peer.seen().conversation;
                self.agent(name)?.peer.say(json!({"t": "typing", "conversation": conversation, "on": true}));
            }
            AgentAct::MakesTicket { customer, title } => {
                let conversation = self.conversation_of(customer)?;
                let body = json!({"id": self.frame_id(), "title": title, "description": ""});
                self.runtime.block_on(self.agent(name)?.caller.post(&format!("/conversations/{conversation}/tickets"), body)).good();
            }
            AgentAct::MovesTicket { customer, stage, note } => {
                let conversation = self.runtime.block_on(self.conversation(customer))?.ok_or("no conversation")?;
                let ticket = conversation.tickets.last().ok_or("there is no ticket")?;
                let body = json!({"stage": stage, "note": note, "public": true});
                self.runtime.block_on(self.agent(name)?.caller.patch(&format!("/tickets/{ticket}"), body)).good();
            }
            AgentAct::Accepts { customer }
            | AgentAct::Declines { customer }
            | AgentAct::Takes { customer }
            | AgentAct::Says { customer, .. }
            | AgentAct::SendsPicture { customer, .. }
            | AgentAct::SendsFile { customer, .. }
            | AgentAct::Notes { customer, .. }
            | AgentAct::Reads { customer }
            | AgentAct::SnoozesFor { customer, .. }
            | AgentAct::SnoozesUntil { customer, .. }
            | AgentAct::Wakes { customer }
            | AgentAct::Resolves { customer }
            | AgentAct::Reopens { customer }
            | AgentAct::Gives { customer, .. }
            | AgentAct::PutsBack { customer }
            | AgentAct::ReturnsToBot { customer }
            | AgentAct::SetsPriority { customer, .. } => {
                let action = self.member_action(name, act)?;
                if matches!(act, AgentAct::Accepts { .. } | AgentAct::Declines { .. }) {
                    self.offered(name, customer)?;
                }
                let conversation = self.conversation_of(customer)?;
                let id = self.frame_id();
                self.agent(name)?.peer.send(json!({"t": "act", "id": id, "conversation": conversation, "action": action}));
            }
        }
        self.settle(|stage| Ok(&stage.agent(name)?.peer), matches!(act, AgentAct::ComesOnline))
    }

    /// Nobody answers an offer that they do not see yet.
    fn offered(&self, agent: &str, customer: &str) -> Result<(), String> {
        let id = self.agent(agent)?.id;
        self.until(|| async {
            let found = self.conversation(customer).await?.map(|it| it.status);
            if matches!(found, Some(rapport_model::Status::Offered { to, .. }) if to == id) { Ok(()) } else { Err(format!("it is {found:?}")) }
        })
    }

    fn conversation_of(&self, customer: &str) -> Result<rapport_model::ConversationId, String> {
        self.customer(customer)?.peer.seen().conversation.ok_or_else(|| format!("{customer} has no conversation"))
    }

    fn member_action(&self, agent: &str, act: &AgentAct) -> Result<MemberAction, String> {
        let file = |name: &str, content: &[u8]| -> Result<Attachment, String> { Ok(self.upload(&self.agent(agent)?.caller, "/uploads", name, content)) };
        let now = || rapport_ports::Clock::now(&rapport_backends::SystemClock);
        Ok(match act {
            AgentAct::Accepts { .. } => MemberAction::AcceptOffer,
            AgentAct::Declines { .. } => MemberAction::DeclineOffer,
            AgentAct::Takes { .. } => MemberAction::Take,
            AgentAct::Says { text, .. } => MemberAction::Send { content: Content::Text { text: text.clone() } },
            AgentAct::SendsPicture { name, .. } => MemberAction::Send { content: Content::Image { file: file(name, PNG)? } },
            AgentAct::SendsFile { name, .. } => MemberAction::Send { content: Content::File { file: file(name, PDF)? } },
            AgentAct::Notes { text, .. } => MemberAction::Note { text: text.clone(), mentions: Vec::new() },
            AgentAct::Reads { .. } => MemberAction::MarkRead { up_to: Seq(self.agent(agent)?.peer.seen().last_seq) },
            AgentAct::SnoozesFor { ms, .. } => MemberAction::Snooze { until: now().plus_ms(*ms) },
            AgentAct::SnoozesUntil { until, .. } => MemberAction::Snooze { until: *until },
            AgentAct::Wakes { .. } => MemberAction::Wake,
            AgentAct::Resolves { .. } => MemberAction::Resolve,
            AgentAct::Reopens { .. } => MemberAction::Reopen,
            AgentAct::Gives { to, .. } => MemberAction::Assign { to: Some(self.agent(to)?.id) },
            AgentAct::PutsBack { .. } => MemberAction::Assign { to: None },
            AgentAct::ReturnsToBot { .. } => MemberAction::ReturnToBot,
            AgentAct::SetsPriority { priority, .. } => MemberAction::SetPriority { priority: *priority },
            AgentAct::ComesOnline | AgentAct::GoesAway | AgentAct::GoesOffline | AgentAct::TypesTo { .. } | AgentAct::MakesTicket { .. } | AgentAct::MovesTicket { .. } => {
                return Err("not done with a conversation".to_owned());
            }
        })
    }
}
