//! Load: each sender has one message on its way, the agent's socket hears all; a message counts from the one socket to the other.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use futures::{SinkExt as _, StreamExt as _};
use serde::Serialize;
use tokio_tungstenite::tungstenite::Message;

use crate::{
    Scale,
    people::{Socket, next_text},
};

/// Stands in each message before the time it was sent; nothing else that the server says holds it.
const MARK: &str = "sent-at=";
/// Counts the calls of `drive`: the clock begins anew with each, ids must not.
static RUNS: AtomicU32 = AtomicU32::new(0);

/// What one window showed.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Sample {
    pub(crate) per_second: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
}

impl Sample {
    /// The middle value of each figure.
    pub(crate) fn median(samples: &[Self]) -> Self {
        let middle = |figure: fn(&Self) -> f64| {
            let mut values: Vec<f64> = samples.iter().map(figure).collect();
            values.sort_by(f64::total_cmp);
            values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
        };
        Self { per_second: middle(|it| it.per_second), p50_ms: middle(|it| it.p50_ms), p99_ms: middle(|it| it.p99_ms) }
    }
}

/// Lets the first `count` senders talk for the warm-up and the window, as fast as they are answered. The sockets can be used again afterwards.
pub(crate) async fn drive(scale: &Scale, agent: &mut Socket, senders: &mut Vec<Socket>, count: usize) -> anyhow::Result<Sample> {
    drive_with(scale, agent, senders, count, Duration::ZERO).await
}

/// The same with so much time between a sender's messages.
pub(crate) async fn drive_with(scale: &Scale, agent: &mut Socket, senders: &mut Vec<Socket>, count: usize, between: Duration) -> anyhow::Result<Sample> {
    let (clock, run) = (Instant::now(), RUNS.fetch_add(1, Ordering::Relaxed));
    let stop = Arc::new(AtomicBool::new(false));
    let rest = senders.split_off(count.min(senders.len()));
    let tasks: Vec<_> = senders.drain(..).map(|socket| tokio::spawn(talk(socket, Talk { run, clock, between }, Arc::clone(&stop)))).collect();
    let heard = listen(agent, clock, scale).await;
    stop.store(true, Ordering::Relaxed);
    let mut sent = 0;
    for task in tasks {
        let (socket, messages) = task.await??;
        sent += messages;
        senders.push(socket);
    }
    senders.extend(rest);
    let (latencies, received) = heard?;
    // Every acknowledged message has to come; a path that drops some is no path to compare with.
    drain(agent, sent, received).await?;
    summarise(latencies, scale.window)
}

#[derive(Clone, Copy)]
struct Talk {
    run: u32,
    clock: Instant,
    between: Duration,
}

/// Sends, waits for the acknowledgement, sends the next. Its own messages come back as events and are passed over.
async fn talk(mut socket: Socket, it: Talk, stop: Arc<AtomicBool>) -> anyhow::Result<(Socket, u64)> {
    let (mut sent, run) = (0, it.run);
    while !stop.load(Ordering::Relaxed) {
        if !it.between.is_zero() {
            tokio::time::sleep(it.between).await;
        }
        let at = it.clock.elapsed().as_nanos();
        let frame = format!(r#"{{"t":"send","id":"{run}-{at}","content":{{"type":"text","text":"我的订单什么时候能到？ when will it arrive? {MARK}{at};"}}}}"#);
        socket.send(Message::text(frame)).await?;
        sent += 1;
        loop {
            let frame = next_text(&mut socket).await?;
            if frame.starts_with(r#"{"t":"ack""#) {
                break;
            }
            if frame.starts_with(r#"{"t":"error""#) {
                bail!("a message was refused: {frame}");
            }
        }
    }
    Ok((socket, sent))
}

/// Latencies of the messages that came within the window, and how many came in all.
async fn listen(agent: &mut Socket, clock: Instant, scale: &Scale) -> anyhow::Result<(Vec<Duration>, u64)> {
    let (from, until) = (scale.warm_up, scale.warm_up + scale.window);
    let (mut latencies, mut received) = (Vec::new(), 0);
    let end = tokio::time::sleep_until(tokio::time::Instant::from_std(clock + until));
    tokio::pin!(end);
    loop {
        let frame = tokio::select! {
            frame = agent.next() => frame.context("the server closed the agent's socket")??,
            () = &mut end => return Ok((latencies, received)),
        };
        let now = clock.elapsed();
        if let Some(at) = sent_at(&frame) {
            received += 1;
            if now >= from && now < until {
                latencies.push(now.saturating_sub(at));
            }
        }
    }
}

fn sent_at(frame: &Message) -> Option<Duration> {
    let Message::Text(text) = frame else { return None };
    let (_, after) = text.split_once(MARK)?;
    let (digits, _) = after.split_once(';')?;
    digits.parse().ok().map(Duration::from_nanos)
}

async fn drain(agent: &mut Socket, sent: u64, mut received: u64) -> anyhow::Result<()> {
    while received < sent {
        let frame = tokio::time::timeout(Duration::from_secs(10), agent.next()).await;
        let frame = frame.with_context(|| format!("{} of {sent} messages never came", sent - received))?.context("closed")??;
        received += u64::from(sent_at(&frame).is_some());
    }
    if received == sent { Ok(()) } else { bail!("{received} messages came, {sent} were sent") }
}

#[expect(clippy::cast_precision_loss, reason = "counts of messages")]
fn summarise(mut latencies: Vec<Duration>, window: Duration) -> anyhow::Result<Sample> {
    if latencies.is_empty() {
        bail!("no message came within the window");
    }
    latencies.sort_unstable();
    let at = |share: usize| latencies.get(latencies.len() * share / 100).copied().unwrap_or_default().as_secs_f64() * 1_000.0;
    Ok(Sample { per_second: latencies.len() as f64 / window.as_secs_f64(), p50_ms: at(50), p99_ms: at(99) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_summed_up_and_the_middle_of_three_is_taken() {
        let latencies = (1..=100).map(Duration::from_millis).collect();
        let sample = summarise(latencies, Duration::from_secs(2)).expect("a sample");
        assert_eq!((sample.per_second, sample.p50_ms.round(), sample.p99_ms.round()), (50.0, 51.0, 100.0));
        let of = |per_second| Sample { per_second, ..sample };
        assert!((Sample::median(&[of(3.0), of(1.0), of(2.0)]).per_second - 2.0).abs() < f64::EPSILON);
        assert!(summarise(Vec::new(), Duration::from_secs(1)).is_err());
    }

    #[test]
    fn the_time_of_sending_is_found_in_a_message_only() {
        assert_eq!(sent_at(&Message::text(r#"{"text":"when? sent-at=1500;"}"#)), Some(Duration::from_nanos(1_500)));
        assert_eq!(sent_at(&Message::text(r#"{"t":"ack"}"#)), None);
    }
}
