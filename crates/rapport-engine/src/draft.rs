//! A decision in the making: what was decided so far, and the conversation as it is after that.

use rapport_model::{
    Actor, Bilingual, Choice, ChoiceId, Content, Conversation, CustomerAction, Decision, Effect, Event, Fault, Ids, Input, Locale, Message, Reason, Status,
    TimerChange, TimerKind, Timestamp, codes,
};

use crate::{
    Context,
    context::{Reads, reads},
    phrases::{self, Phrase, say},
    reasons::{self, because},
    timers,
};

pub(crate) struct Draft<'a, 'c> {
    pub(crate) ctx: &'a Context<'c>,
    pub(crate) ids: &'a mut Ids,
    /// As it is after everything pushed so far.
    pub(crate) state: Conversation,
    /// What the shell was told to load; the rest of the context is empty.
    pub(crate) loaded: Reads,
    before: Option<Status>,
    decision: Decision,
    /// Words of understanding that the next word of the house begins with.
    pub(crate) opening: Option<Bilingual>,
}

impl<'a, 'c> Draft<'a, 'c> {
    /// Starts from the conversation, or opens one where a customer's input may.
    pub(crate) fn begin(ctx: &'a Context<'c>, input: &Input, ids: &'a mut Ids) -> Result<Self, Fault> {
        let loaded = reads(input, ctx.conversation);
        if let Some(state) = ctx.conversation {
            let before = Some(state.status);
            return Ok(Self { ctx, ids, state: state.clone(), loaded, before, decision: Decision::default(), opening: None });
        }
        if !opens(input) {
            return Err(Fault::new(codes::NOT_FOUND));
        }
        let opened = Event::ConversationOpened {
            conversation: ids.next(),
            number: ctx.next_number,
            inbox: ctx.inbox.id,
            contact: ctx.contact.id,
            locale: locale_of(input, ctx.contact.locale),
            bot: ctx.inbox.bot,
            // Where the widget was opened.
            page: ctx.contact.fields.get("page").cloned(),
        };
        let state = Conversation::open(&opened, ctx.now).ok_or_else(|| Fault::new(codes::INTERNAL))?;
        let mut draft = Self { ctx, ids, state, loaded, before: None, decision: Decision::default(), opening: None };
        draft.decision.events.push((Actor::Customer(ctx.contact.id), opened));
        draft.because(because(reasons::OPENED));
        Ok(draft)
    }

    pub(crate) fn push(&mut self, actor: Actor, event: Event) {
        self.state.apply(actor, self.ctx.now, &event);
        self.decision.events.push((actor, event));
    }

    pub(crate) fn because(&mut self, reason: Reason) {
        self.decision.reasons.push(reason);
    }

    /// What is kept beside the journal.
    pub(crate) fn decision(&mut self) -> &mut Decision {
        &mut self.decision
    }

    pub(crate) fn effect(&mut self, effect: Effect) {
        if !self.decision.effects.contains(&effect) {
            self.decision.effects.push(effect);
        }
    }

    pub(crate) fn set_timer(&mut self, kind: TimerKind, at: Timestamp) {
        self.decision.timers.push(TimerChange::Set { kind, at });
    }

    pub(crate) fn cancel_timer(&mut self, slot: &'static str) {
        self.decision.timers.push(TimerChange::cancel(slot));
    }

    pub(crate) fn customer(&self) -> Actor {
        Actor::Customer(self.ctx.contact.id)
    }

    /// Whoever speaks for the house when no person does.
    pub(crate) fn house(&self) -> Actor {
        if self.ctx.inbox.bot { Actor::Bot } else { Actor::System }
    }

    pub(crate) fn send(&mut self, actor: Actor, mut content: Content) {
        if let Content::Text { text } | Content::Answer { text, .. } | Content::Choices { text, .. } = &mut content
            && actor == self.house()
            && let Some(opening) = self.opening.take()
        {
            let between = if self.state.locale == Locale::En { " " } else { "" };
            *text = format!("{}{between}{text}", opening.get(self.state.locale));
        }
        let message = Message { id: self.ids.next(), client_id: None, content };
        self.push(actor, Event::MessageSent { message });
    }

    /// Says a phrase in a language; `{tenant}` is filled by itself.
    pub(crate) fn says(&mut self, actor: Actor, phrase: &Phrase, locale: Locale, places: &[(&str, &str)]) {
        let text = self.phrased(phrase, locale, places);
        self.send(actor, Content::Text { text });
    }

    /// Says a phrase with a button that calls a person.
    pub(crate) fn offers_person(&mut self, phrase: &Phrase, locale: Locale) {
        let text = self.phrased(phrase, locale, &[]);
        let label = say(&phrases::CHOICE_PERSON, locale, &[]);
        self.send(Actor::Bot, Content::Choices { text, options: vec![Choice { id: ChoiceId::RequestPerson, label }] });
    }

    fn phrased(&self, phrase: &Phrase, locale: Locale, places: &[(&str, &str)]) -> String {
        say(phrase, locale, places).replace("{tenant}", self.ctx.tenant_name)
    }

    /// Completes it with the timers and effects that follow from the change of status.
    pub(crate) fn finish(mut self, input: &Input) -> (Decision, Conversation) {
        timers::settle(&mut self, input);
        self.deliver();
        (self.decision, self.state)
    }

    /// What is said on a remote channel has to be sent there.
    fn deliver(&mut self) {
        let inbox = self.ctx.inbox;
        if !inbox.channel.is_remote() {
            return;
        }
        let contact = self.ctx.contact.id;
        for (actor, event) in &self.decision.events {
            if let Event::MessageSent { message } = event {
                let by_person = matches!(actor, Actor::Member(_));
                self.decision.effects.push(Effect::Deliver { inbox: inbox.id, contact, message: message.clone(), by_person });
            }
        }
    }

    pub(crate) fn status_before(&self) -> Option<Status> {
        self.before
    }

    pub(crate) fn events(&self) -> &[(Actor, Event)] {
        &self.decision.events
    }
}

/// Only what a customer does can begin a conversation.
fn opens(input: &Input) -> bool {
    match input {
        Input::Start | Input::CustomerMessage { .. } => true,
        Input::Customer { action } => match action {
            CustomerAction::RequestPerson
            | CustomerAction::Choose { choice: ChoiceId::RequestPerson }
            | CustomerAction::UpdateContact { .. }
            | CustomerAction::Consent { .. } => true,
            CustomerAction::LeaveQueue
            | CustomerAction::Choose { choice: ChoiceId::Helped | ChoiceId::NotHelped | ChoiceId::LeaveQueue | ChoiceId::Intent(_) | ChoiceId::AcceptCompensation { .. } }
            | CustomerAction::Object { .. }
            | CustomerAction::Rate { .. }
            | CustomerAction::MarkRead { .. }
            | CustomerAction::End => false,
        },
        Input::Member { .. } | Input::TimerFired { .. } | Input::Route | Input::MemberLeft { .. } | Input::TicketMoved { .. } | Input::SpendingJudged { .. } | Input::Delivery { .. } => false,
    }
}

/// The language of a conversation: that of its first words where they are plain, else the contact's.
fn locale_of(input: &Input, contact: Locale) -> Locale {
    match input {
        Input::CustomerMessage { message } => match &message.content {
            Content::Text { text } => reply_locale(text, contact),
            Content::Image { .. }
            | Content::File { .. }
            | Content::Answer { .. }
            | Content::Choices { .. }
            | Content::Ticket { .. }
            | Content::RatingRequest { .. }
            | Content::Compensation { .. }
            | Content::Erased => contact,
        },
        Input::Start
        | Input::Customer { .. }
        | Input::Member { .. }
        | Input::TimerFired { .. }
        | Input::Route
        | Input::MemberLeft { .. }
        | Input::TicketMoved { .. }
        | Input::SpendingJudged { .. } | Input::Delivery { .. } => contact,
    }
}

/// The language to answer a text in. A lone Latin word ("ok", an order number) does not change the language of a talk.
pub(crate) fn reply_locale(text: &str, otherwise: Locale) -> Locale {
    let words = text.split_whitespace().filter(|it| it.chars().filter(char::is_ascii_alphabetic).count() >= 2).count();
    match Locale::of_text(text) {
        Some(Locale::Zh) => Locale::Zh,
        Some(Locale::En) if words >= 3 => Locale::En,
        Some(Locale::En) | None => otherwise,
    }
}
