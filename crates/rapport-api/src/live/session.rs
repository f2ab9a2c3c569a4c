//! One socket from `hello` to its end: catches up from the journal, then follows the bus, and hands what comes in to `act`.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use bytes::Bytes;
use futures::{SinkExt as _, future::poll_immediate};
use rapport_model::{Fault, Locale, Seq, codes};
use rapport_ports::{Heard, JournalScope, Listener, Listening, Signal, TenantStore};
use rapport_wire::live::{self, ClientFrame, ServerFrame, Side, VisitorFrame};
use tokio::time::{Instant, MissedTickBehavior, error::Elapsed, interval, timeout};

use super::{act, budget::Budget};
use crate::{ApiState, auth, auth::Principal, masking};

const HELLO_WITHIN: Duration = Duration::from_secs(10);
const HEARTBEAT_S: u32 = 25;
/// A peer that has sent nothing for this long is gone.
const SILENCE_MAX: Duration = Duration::from_secs(75);
/// A peer that takes no byte for this long is cut.
const WRITE_MAX: Duration = Duration::from_secs(30);
/// A listener further behind than this reloads by HTTP. Units: entries.
const RESUME_MAX: u32 = 2_000;
const BAD_FRAMES_MAX: u32 = 10;
/// Most frames of one write to a socket.
const FRAMES_AT_ONCE: usize = 64;

/// Close codes of docs/live-protocol.md.
mod close {
    pub(super) const GOING_DOWN: u16 = 1001;
    pub(super) const BAD_FRAMES: u16 = 4400;
    pub(super) const NOT_SIGNED_IN: u16 = 4401;
    pub(super) const NO_HELLO: u16 = 4408;
    pub(super) const TOO_SLOW_OR_TOO_MUCH: u16 = 4429;
}

/// Why a socket ends. `Gone` needs no farewell.
enum End {
    Gone,
    Close { code: u16, reason: &'static str },
}

impl End {
    fn close(code: u16, reason: &'static str) -> Self {
        Self::Close { code, reason }
    }
}

pub(super) async fn run(state: Arc<ApiState>, by_cookie: Option<Principal>, locale: Locale, mut socket: WebSocket) {
    metrics::gauge!("rapport_live_sockets").increment(1.0);
    // The conversation with one peer is a large future; on the heap it is only as large while it is needed.
    let end = match Box::pin(greet(&state, by_cookie, locale, &mut socket)).await {
        Ok(session) => session.follow(&mut socket).await,
        Err(end) => end,
    };
    if let End::Close { code, reason } = end {
        let frame = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
        // The peer may be gone already; then there is nobody to tell.
        let _told = timeout(Duration::from_secs(1), socket.send(Message::Close(Some(frame)))).await;
    }
    metrics::gauge!("rapport_live_sockets").decrement(1.0);
}

/// Reads `hello`, finds out who it is, subscribes, and sends what was missed.
async fn greet(state: &Arc<ApiState>, by_cookie: Option<Principal>, locale: Locale, socket: &mut WebSocket) -> Result<Session, End> {
    let no_hello = || End::close(close::NO_HELLO, "no hello in time");
    let first = timeout(HELLO_WITHIN, next_text(socket)).await.map_err(|_elapsed| no_hello())?.ok_or(End::Gone)?;
    let hello = match live::decode(&first) {
        Ok(ClientFrame::Hello { v: live::VERSION, side, token, resume }) => Ok((side, token, resume)),
        Ok(_) => Err(Fault::new(codes::HELLO_FIRST)),
        Err(fault) => Err(fault),
    };
    let (principal, resume) = match hello {
        Ok((side, token, resume)) => (who(state, by_cookie, side, token).await, resume),
        Err(fault) => (Err(fault), None),
    };
    let principal = match principal {
        Ok(principal) => principal,
        Err(fault) => {
            send_frame(socket, &error_frame(None, &fault, locale)).await?;
            return Err(End::close(close::NOT_SIGNED_IN, "not signed in"));
        }
    };
    let session = Session::open(state, principal, locale);
    session.catch_up(socket, resume).await
}

async fn who(state: &ApiState, by_cookie: Option<Principal>, side: Side, token: Option<String>) -> Result<Principal, Fault> {
    let principal = match token {
        Some(token) => auth::authenticate_token(state, &token).await?,
        None => by_cookie.ok_or_else(|| Fault::new(codes::AUTH_REQUIRED))?,
    };
    let fits = matches!((side, &principal), (Side::Visitor, Principal::Visitor { .. }) | (Side::Member, Principal::Member { .. } | Principal::Token { .. }));
    if fits { Ok(principal) } else { Err(Fault::new(codes::AUTH_REQUIRED)) }
}

/// The next text frame; `None` when the peer is gone. Binary messages come out as an empty text, which is a bad frame.
async fn next_text(socket: &mut WebSocket) -> Option<Utf8Bytes> {
    loop {
        match socket.recv().await?.ok()? {
            Message::Text(text) => return Some(text),
            Message::Binary(_) => return Some(Utf8Bytes::from_static("")),
            Message::Ping(_) | Message::Pong(_) => {}
            Message::Close(_) => return None,
        }
    }
}

/// Puts a frame behind those that wait for `flush`: what comes together is one write.
async fn put(socket: &mut WebSocket, frame: Bytes) -> Result<(), End> {
    // Frames are JSON made by us, so they are UTF-8; should one not be, the peer is cut rather than sent nonsense.
    let text = Utf8Bytes::try_from(frame).map_err(|_not_utf8| End::Gone)?;
    written(in_time(socket.feed(Message::Text(text))).await)
}

/// A timer is made only where there is no room at once, which is seldom.
async fn in_time<T>(mut work: impl Future<Output = T> + Unpin) -> Result<T, Elapsed> {
    match poll_immediate(&mut work).await {
        Some(done) => Ok(done),
        None => timeout(WRITE_MAX, work).await,
    }
}

async fn put_frame(socket: &mut WebSocket, frame: &ServerFrame) -> Result<(), End> {
    put(socket, Bytes::from(live::encode(frame))).await
}

async fn flush(socket: &mut WebSocket) -> Result<(), End> {
    written(in_time(socket.flush()).await)
}

fn written(outcome: Result<Result<(), axum::Error>, Elapsed>) -> Result<(), End> {
    match outcome {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(End::Gone),
        Err(_elapsed) => Err(End::close(close::TOO_SLOW_OR_TOO_MUCH, "slow reader")),
    }
}

async fn send_frame(socket: &mut WebSocket, frame: &ServerFrame) -> Result<(), End> {
    put_frame(socket, frame).await?;
    flush(socket).await
}

fn error_frame(id: Option<String>, fault: &Fault, locale: Locale) -> ServerFrame {
    ServerFrame::Error { id, fault: fault.body(locale, None) }
}

/// A greeted peer.
pub(super) struct Session {
    pub(super) state: Arc<ApiState>,
    pub(super) principal: Principal,
    pub(super) tenant: Arc<dyn TenantStore>,
    locale: Locale,
    listening: Listening,
    /// The highest number sent, or below which the peer asked for nothing.
    sent: Seq,
    budget: Budget,
    bad_frames: u32,
    pub(super) known: act::Known,
}

impl Session {
    fn open(state: &Arc<ApiState>, principal: Principal, locale: Locale) -> Self {
        let listener = match &principal {
            Principal::Visitor { tenant, contact, inbox } => Listener::Visitor { tenant: *tenant, contact: *contact, inbox: *inbox },
            Principal::Member { tenant, member, .. } => Listener::Member { tenant: *tenant, member: *member },
            // A token without a member listens as nobody: it hears all and is never "at the desk".
            Principal::Token { tenant, .. } => Listener::Member { tenant: *tenant, member: rapport_model::MemberId(uuid::Uuid::nil()) },
        };
        let tenant = state.store.tenant(principal.tenant());
        let budget = Budget::new(state.settings.live_frames_per_second, state.clock.now());
        let listening = state.bus.listen(listener);
        let session =
            Self { state: Arc::clone(state), principal, tenant, locale, listening, sent: Seq(0), budget, bad_frames: 0, known: act::Known::default() };
        session.came_or_went(true);
        session
    }

    fn came_or_went(&self, online: bool) {
        match &self.principal {
            Principal::Member { tenant, member, .. } => self.state.intake.desk_changed(*tenant, *member),
            Principal::Visitor { tenant, contact, inbox } => {
                let online = online || self.state.bus.visitor_online(*tenant, *contact);
                self.state.bus.signal(*tenant, Signal::Visitor { contact: *contact, inbox: *inbox, online });
            }
            Principal::Token { .. } => {}
        }
    }

    /// Subscribed before this reads: what is committed from here on is heard, what was committed before is read.
    async fn catch_up(mut self, socket: &mut WebSocket, resume: Option<Seq>) -> Result<Self, End> {
        // What changed about the peer before it was subscribed, nobody told it.
        self.recognise().await?;
        let newest = self.tenant.last_seq().await.map_err(|_fault| End::close(close::GOING_DOWN, "store unavailable"))?;
        let welcome = ServerFrame::Welcome { v: live::VERSION, seq: newest, heartbeat_s: HEARTBEAT_S, session: self.principal.session_label() };
        send_frame(socket, &welcome).await?;
        self.sent = newest;
        let Some(resume) = resume else { return Ok(self) };
        if resume > newest {
            // Numbers that never were: another installation, or a restored older backup.
            send_frame(socket, &ServerFrame::Reset { seq: newest }).await?;
            return Ok(self);
        }
        let missed = self.tenant.entries_after(self.scope(), resume, RESUME_MAX.saturating_add(1)).await;
        let missed = missed.map_err(|_fault| End::close(close::GOING_DOWN, "store unavailable"))?;
        if missed.len() > usize::try_from(RESUME_MAX).unwrap_or(usize::MAX) {
            send_frame(socket, &ServerFrame::Reset { seq: newest }).await?;
            return Ok(self);
        }
        for entry in &missed {
            let frames = live::encode_entry(entry);
            let frame = match (&self.principal, frames.visitor) {
                (Principal::Member { .. } | Principal::Token { .. }, _) | (_, VisitorFrame::SameAsMember) => frames.member,
                (Principal::Visitor { .. }, VisitorFrame::Own(own)) => own,
                (Principal::Visitor { .. }, VisitorFrame::None) => continue,
            };
            put(socket, self.as_seen(frame)).await?;
        }
        self.sent = missed.last().map_or(newest, |it| it.seq.max(newest));
        send_frame(socket, &ServerFrame::CaughtUp { seq: self.sent }).await?;
        Ok(self)
    }

    fn scope(&self) -> JournalScope {
        match &self.principal {
            Principal::Visitor { contact, inbox, .. } => JournalScope::Visitor { contact: *contact, inbox: *inbox },
            Principal::Member { .. } | Principal::Token { .. } => JournalScope::Tenant,
        }
    }

    async fn follow(mut self, socket: &mut WebSocket) -> End {
        let mut stopping = self.state.stopping.clone();
        let mut beat = interval(Duration::from_secs(u64::from(HEARTBEAT_S)));
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        beat.reset();
        let mut heard_from = Instant::now();
        loop {
            let step = tokio::select! {
                message = socket.recv() => {
                    heard_from = Instant::now();
                    match message {
                        Some(Ok(Message::Text(text))) => Box::pin(self.answer(socket, text)).await,
                        Some(Ok(Message::Binary(_))) => Box::pin(self.answer(socket, Utf8Bytes::from_static(""))).await,
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
                        Some(Ok(Message::Close(_)) | Err(_)) | None => Err(End::Gone),
                    }
                }
                heard = self.listening.heard.recv() => match heard {
                    Some(heard) => self.tell(socket, heard).await,
                    None => Err(End::close(close::TOO_SLOW_OR_TOO_MUCH, "slow reader")),
                },
                _ = beat.tick() => {
                    if heard_from.elapsed() > SILENCE_MAX { Err(End::Gone) } else { Box::pin(self.beat(socket)).await }
                }
                _ = stopping.changed() => Err(End::close(close::GOING_DOWN, "going down")),
            };
            let step = match step {
                Ok(()) => self.tell_waiting(socket).await,
                Err(end) => Err(end),
            };
            if let Err(end) = step {
                self.leave();
                return end;
            }
        }
    }

    fn leave(self) {
        let Self { state, principal, listening, .. } = self;
        drop(listening);
        match principal {
            Principal::Member { tenant, member, .. } => state.intake.desk_changed(tenant, member),
            Principal::Visitor { tenant, contact, inbox } => {
                let online = state.bus.visitor_online(tenant, contact);
                state.bus.signal(tenant, Signal::Visitor { contact, inbox, online });
            }
            Principal::Token { .. } => {}
        }
    }

    /// A frame with what the peer does not see hidden.
    fn as_seen(&self, frame: Vec<u8>) -> Bytes {
        if self.principal.sees_personal_data() { Bytes::from(frame) } else { masking::frame(&frame) }
    }

    /// Looks who the peer is now, and whether it may still be here.
    async fn recognise(&mut self) -> Result<(), End> {
        self.principal = auth::again(&self.state, &self.principal).await.map_err(|_fault| End::close(close::NOT_SIGNED_IN, "session ended"))?;
        Ok(())
    }

    /// A ping, and whether the peer may still be here: a revoked session ends within one heartbeat.
    async fn beat(&mut self, socket: &mut WebSocket) -> Result<(), End> {
        self.recognise().await?;
        written(timeout(WRITE_MAX, socket.feed(Message::Ping(Bytes::new()))).await)
    }

    /// Whatever waits goes out with what was put before, in one write.
    async fn tell_waiting(&mut self, socket: &mut WebSocket) -> Result<(), End> {
        for _ in 0..FRAMES_AT_ONCE {
            let Ok(heard) = self.listening.heard.try_recv() else { break };
            self.tell(socket, heard).await?;
        }
        flush(socket).await
    }

    async fn tell(&mut self, socket: &mut WebSocket, heard: Heard) -> Result<(), End> {
        self.listening.waiting_bytes.fetch_sub(heard.weight(), Ordering::Relaxed);
        let frame = match heard {
            Heard::Entry(live) if live.entry().seq <= self.sent => None,
            Heard::Entry(live) => {
                self.sent = live.entry().seq;
                match &self.principal {
                    Principal::Visitor { .. } => live.visitor_frame().cloned(),
                    it if it.sees_personal_data() => Some(live.member_frame().clone()),
                    Principal::Member { .. } | Principal::Token { .. } => Some(live.masked_frame(masking::frame).clone()),
                }
            }
            Heard::Signal(signal) => self.signalled(&signal).await?,
        };
        match frame {
            Some(frame) => put(socket, frame).await,
            None => Ok(()),
        }
    }

    /// The frame of a signal. A change of rights holds from here on, and is told where another sight follows from it.
    async fn signalled(&mut self, signal: &Signal) -> Result<Option<Bytes>, End> {
        if let Signal::RightsChanged { .. } = signal {
            let saw = self.principal.sees_personal_data();
            self.recognise().await?;
            if self.principal.sees_personal_data() == saw {
                return Ok(None);
            }
        }
        Ok(Some(self.as_seen(live::encode(signal))))
    }

    async fn answer(&mut self, socket: &mut WebSocket, text: Utf8Bytes) -> Result<(), End> {
        if !self.budget.take(self.state.clock.now()) {
            return Err(End::close(close::TOO_SLOW_OR_TOO_MUCH, "too many frames"));
        }
        let outcome = match live::decode(&text) {
            Ok(frame) => act::act(self, frame).await,
            Err(fault) => {
                self.bad_frames = self.bad_frames.saturating_add(1);
                Err((live::frame_id(&text), fault))
            }
        };
        match outcome {
            Ok(Some(frame)) => put_frame(socket, &frame).await?,
            Ok(None) => {}
            Err((id, fault)) => put_frame(socket, &error_frame(id, &fault, self.locale)).await?,
        }
        if self.bad_frames >= BAD_FRAMES_MAX { Err(End::close(close::BAD_FRAMES, "too many bad frames")) } else { Ok(()) }
    }
}
