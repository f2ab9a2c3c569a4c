//! What people do in a story, as the simulator does it.

use rapport_model::{
    Attachment, BlobId, ChoiceId, ConsentChannel, ConsentPurpose, Content, CustomerAction, Input, MemberAction, Message, MessageId, Presence,
};

use super::{
    stage::SimStage,
    step::{AgentAct, CustomerAct},
};
use crate::{
    node::{Address, Command},
};

/// To the question as it is asked today.
pub fn consent(given: bool) -> CustomerAction {
    let purpose = ConsentPurpose::EmotionCare;
    CustomerAction::Consent { purpose, given, text_version: purpose.question().version, channel: ConsentChannel::Widget }
}

impl SimStage {
    pub(super) fn customer_acts(&mut self, name: &str, act: &CustomerAct) -> Result<(), String> {
        if let CustomerAct::Opens { locale } = act {
            self.come_in(name, *locale);
            let client = self.customer(name)?.client;
            self.settle(client);
            return Ok(());
        }
        let client = self.customer(name)?.client;
        match act {
            CustomerAct::Opens { .. } => {}
            CustomerAct::Says { text } => self.customer_sends(name, Content::Text { text: text.clone() }, false)?,
            CustomerAct::StartsAnew { text } => self.customer_sends(name, Content::Text { text: text.clone() }, true)?,
            CustomerAct::SendsPicture { name: file } => {
                let file = self.attachment(file, "image/png");
                self.customer_sends(name, Content::Image { file }, false)?;
            }
            CustomerAct::SendsFile { name: file } => {
                let file = self.attachment(file, "application/pdf");
                self.customer_sends(name, Content::File { file }, false)?;
            }
            CustomerAct::Types => self.typing.extend(self.agents.keys().map(|it| (name.to_owned(), it.clone()))),
            CustomerAct::GoesOffline => {
                self.world.sleep(client);
            }
            CustomerAct::ComesBack => self.world.wake_up(client),
            CustomerAct::AsksForPerson => self.customer_asks(name, CustomerAction::RequestPerson)?,
            CustomerAct::LeavesQueue => self.customer_asks(name, CustomerAction::LeaveQueue)?,
            CustomerAct::Presses { label } => {
                let choice = self.button(client, label)?;
                self.customer_asks(name, CustomerAction::Choose { choice })?;
            }
            CustomerAct::Rates { score, comment } => self.customer_asks(name, CustomerAction::Rate { score: *score, comment: comment.clone() })?,
            CustomerAct::Gives { field, value } => {
                let fields = [(field.clone(), value.clone())].into();
                self.customer_asks(name, CustomerAction::UpdateContact { fields })?;
            }
            CustomerAct::Reads => {
                let up_to = self.world.clients.get(client).map(|it| it.seen).unwrap_or_default();
                self.customer_asks(name, CustomerAction::MarkRead { up_to })?;
            }
            CustomerAct::Ends => self.customer_asks(name, CustomerAction::End)?,
            CustomerAct::Agrees => self.customer_asks(name, consent(true))?,
            CustomerAct::TakesConsentBack => self.customer_asks(name, consent(false))?,
            CustomerAct::AcceptsCompensation => {
                let offers = self.conversation(name)?.compensations;
                let spending = offers.iter().find(|it| it.state.is_open()).map(|it| it.spending).ok_or("no compensation is offered")?;
                self.customer_asks(name, CustomerAction::Choose { choice: ChoiceId::AcceptCompensation { spending } })?;
            }
        }
        self.settle(client);
        self.not_refused(client)
    }

    /// As the widget: into the conversation that it shows, else into the open one or a new one.
    fn customer_sends(&mut self, name: &str, content: Content, anew: bool) -> Result<(), String> {
        let (client, contact) = (self.customer(name)?.client, self.customer(name)?.contact);
        let mark = self.world.clients.get(client).map(|it| it.mark(it.next_n));
        let id: MessageId = self.world.ids().next();
        let message = Message { id, client_id: mark, content };
        let here = Address::Visitor { contact, inbox: self.inbox };
        let address = if anew { here } else { self.conversation(name).map_or(here, |it| Address::Conversation(it.id)) };
        self.typing.retain(|(from, _)| from != name);
        self.world.send(client, Command { address, input: Input::CustomerMessage { message }, external_id: None, on_behalf_of: Some(contact) });
        Ok(())
    }

    fn customer_asks(&mut self, name: &str, action: CustomerAction) -> Result<(), String> {
        let (client, contact) = (self.customer(name)?.client, self.customer(name)?.contact);
        let here = Address::Visitor { contact, inbox: self.inbox };
        let address = self.conversation(name).map_or(here, |it| Address::Conversation(it.id));
        self.world.send(client, Command { address, input: Input::Customer { action }, external_id: None, on_behalf_of: Some(contact) });
        Ok(())
    }

    fn attachment(&mut self, name: &str, media_type: &str) -> Attachment {
        let blob: BlobId = self.world.ids().next();
        Attachment { blob, name: name.to_owned(), media_type: media_type.to_owned(), bytes: 68, width: None, height: None }
    }

    /// The newest button with this label that the widget shows.
    fn button(&self, client: usize, label: &str) -> Result<ChoiceId, String> {
        let place = self.world.tenants.first().ok_or("no shop")?;
        let feed = self.world.clients.get(client).map(|it| it.feed.as_slice()).unwrap_or_default();
        let messages = feed.iter().rev().filter_map(|(_, seq)| place.store.entry(*seq)?.event.message());
        let mut options = messages.filter_map(|it| if let Content::Choices { options, .. } = &it.content { Some(options) } else { None }).flatten();
        options.find(|it| it.label.contains(label)).map(|it| it.id).ok_or_else(|| format!("no button “{label}” is shown"))
    }

    pub(super) fn agent_acts(&mut self, name: &str, act: &AgentAct) -> Result<(), String> {
        let member = self.member(name)?;
        let client = member.client;
        match act {
            AgentAct::ComesOnline => {
                self.world.wake_up(client);
                self.world.set_presence(0, 0, member.id, Presence::Online);
            }
            AgentAct::GoesAway => self.world.set_presence(0, 0, member.id, Presence::Away),
            AgentAct::GoesOffline => self.world.sleep(client),
            AgentAct::TypesTo { customer } => {
                self.typing.insert((name.to_owned(), customer.clone()));
            }
            AgentAct::MovesTicket { customer, stage, note } => {
                let ticket = self.conversation(customer)?.tickets.last().copied().ok_or("there is no ticket")?;
                self.world.move_ticket(0, 0, ticket, *stage, note).map_err(|fault| fault.to_string())?;
            }
            AgentAct::Accepts { .. }
            | AgentAct::Declines { .. }
            | AgentAct::Takes { .. }
            | AgentAct::Says { .. }
            | AgentAct::SendsPicture { .. }
            | AgentAct::SendsFile { .. }
            | AgentAct::Notes { .. }
            | AgentAct::Reads { .. }
            | AgentAct::SnoozesFor { .. }
            | AgentAct::SnoozesUntil { .. }
            | AgentAct::Wakes { .. }
            | AgentAct::Resolves { .. }
            | AgentAct::Reopens { .. }
            | AgentAct::Gives { .. }
            | AgentAct::PutsBack { .. }
            | AgentAct::ReturnsToBot { .. }
            | AgentAct::SetsPriority { .. }
            | AgentAct::MakesTicket { .. } => {
                let (customer, action) = self.member_action(name, act)?;
                let conversation = self.conversation(&customer)?;
                let command = Command { address: Address::Conversation(conversation.id), input: Input::Member { by: member.id, action }, external_id: None, on_behalf_of: None };
                self.world.send(client, command);
            }
        }
        self.settle(client);
        self.not_refused(client)
    }

    /// The action, and whose conversation it is done with.
    fn member_action(&mut self, agent: &str, act: &AgentAct) -> Result<(String, MemberAction), String> {
        let text = |text: &String| Content::Text { text: text.clone() };
        Ok(match act {
            AgentAct::Accepts { customer } => (customer.clone(), MemberAction::AcceptOffer),
            AgentAct::Declines { customer } => (customer.clone(), MemberAction::DeclineOffer),
            AgentAct::Takes { customer } => (customer.clone(), MemberAction::Take),
            AgentAct::Says { customer, text: said } => {
                self.typing.remove(&(agent.to_owned(), customer.clone()));
                (customer.clone(), MemberAction::Send { content: text(said) })
            }
            AgentAct::SendsPicture { customer, name } => {
                let file = self.attachment(name, "image/png");
                (customer.clone(), MemberAction::Send { content: Content::Image { file } })
            }
            AgentAct::SendsFile { customer, name } => {
                let file = self.attachment(name, "application/pdf");
                (customer.clone(), MemberAction::Send { content: Content::File { file } })
            }
            AgentAct::Notes { customer, text } => (customer.clone(), MemberAction::Note { text: text.clone(), mentions: Vec::new() }),
            AgentAct::Reads { customer } => (customer.clone(), MemberAction::MarkRead { up_to: rapport_model::Seq(u64::MAX) }),
            AgentAct::SnoozesFor { customer, ms } => (customer.clone(), MemberAction::Snooze { until: self.world.clock().plus_ms(*ms) }),
            AgentAct::SnoozesUntil { customer, until } => (customer.clone(), MemberAction::Snooze { until: *until }),
            AgentAct::Wakes { customer } => (customer.clone(), MemberAction::Wake),
            AgentAct::Resolves { customer } => (customer.clone(), MemberAction::Resolve),
            AgentAct::Reopens { customer } => (customer.clone(), MemberAction::Reopen),
            AgentAct::Gives { customer, to } => (customer.clone(), MemberAction::Assign { to: Some(self.member(to)?.id) }),
            AgentAct::PutsBack { customer } => (customer.clone(), MemberAction::Assign { to: None }),
            AgentAct::ReturnsToBot { customer } => (customer.clone(), MemberAction::ReturnToBot),
            AgentAct::SetsPriority { customer, priority } => (customer.clone(), MemberAction::SetPriority { priority: *priority }),
            AgentAct::MakesTicket { customer, title } => {
                let ticket = self.world.ids().next();
                let number = self.world.tenants.first_mut().map_or(1, |it| it.store.allot_number());
                let (title, path) = (title.clone(), format!("/ticket/{ticket}/secret"));
                (customer.clone(), MemberAction::CreateTicket { ticket, number, title, description: String::new(), path })
            }
            AgentAct::ComesOnline | AgentAct::GoesAway | AgentAct::GoesOffline | AgentAct::TypesTo { .. } | AgentAct::MovesTicket { .. } => {
                return Err("not done with a conversation".to_owned());
            }
        })
    }

    /// In a story nobody does what is not allowed.
    fn not_refused(&self, client: usize) -> Result<(), String> {
        let refused = self.world.clients.get(client).and_then(|it| it.refused.last_key_value());
        refused.map_or(Ok(()), |(_, code)| Err(format!("refused: {code}")))
    }
}
