//! `rapport serve`: wires the parts together, starts the workers, listens, and goes down gracefully.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context as _;
use axum::serve::ListenerExt as _;
use rapport_api::{ApiSettings, ApiState, Limits};
use rapport_backends::{FolderBlobs, InProcessBus, OsEntropy, SystemClock};
use rapport_ports::{Bus, Clock, Entropy, Store};
use tokio::net::TcpListener;

use crate::{
    channels::Channels,
    data, demo,
    feelings::Feelings,
    intents::Intents,
    knowledge::Knowledge,
    models::Sentences,
    pipeline::{Parts, Perception, Pipeline},
    say,
    settings::ServeArgs,
    tokens, worker,
};

/// How long sockets have to close after the signal to stop.
const DRAIN: Duration = Duration::from_secs(5);

pub(crate) async fn run(args: ServeArgs) -> anyhow::Result<()> {
    let started = std::time::Instant::now();
    let metrics = metrics_exporter_prometheus::PrometheusBuilder::new().install_recorder().context("metrics")?;
    let bus: Arc<InProcessBus> = Arc::new(InProcessBus::new(frames));
    let publish = Arc::clone(&bus);
    let store = data::open(&args.data, Arc::new(move |tenant, entries, at| publish.publish(tenant, entries, at)))?;
    let secret = data::secret(&args.data)?;
    let (clock, entropy): (Arc<dyn Clock>, Arc<dyn Entropy>) = (Arc::new(SystemClock), Arc::new(OsEntropy));

    if args.demo {
        demo::set_up(&store, &*clock, &*entropy).await?;
    }
    tokens::first_tenant(&store, &*clock, &*entropy).await?;
    let (gate, perception) = care()?;
    let blobs = Arc::new(FolderBlobs::open(&data::files_folder(&args.data))?);
    let sentences = Sentences::find(args.models.as_deref());
    let pipeline = Pipeline::new(Parts {
        store: Arc::clone(&store),
        bus: bus.clone(),
        blobs: blobs.clone(),
        encoder: sentences.clone().map(|it| it as _),
        clock: Arc::clone(&clock),
        entropy: Arc::clone(&entropy),
        perception,
    });
    let listener = TcpListener::bind(args.listen).await.with_context(|| format!("cannot listen on {}", args.listen))?;
    let address = listener.local_addr()?;
    // An acknowledgement behind an event must not wait for the peer's delayed one.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let public_url = args.public_url.clone().unwrap_or_else(|| format!("http://{address}")).trim_end_matches('/').to_owned();
    let channels = Arc::new(Channels {
        pipeline: Arc::clone(&pipeline),
        http: rapport_channels::Http::new(args.channels_on_loopback)?,
        sealer: rapport_channels::Sealer::new(&secret),
        tokens: rapport_channels::Tokens::default(),
        public_url: public_url.clone(),
        file_bytes_max: args.upload_bytes_max,
    });
    start_workers(&pipeline, &channels, &store, sentences).await?;
    let (stop, stopping) = tokio::sync::watch::channel(false);
    let state = ApiState {
        store: Arc::clone(&store),
        intake: pipeline.clone(),
        bus,
        blobs,
        channels,
        feelings: Arc::new(Feelings { pipeline: Arc::clone(&pipeline) }),
        intents: Arc::new(Intents { pipeline: Arc::clone(&pipeline) }),
        knowledge: Arc::new(Knowledge { pipeline: Arc::clone(&pipeline) }),
        gate,
        clock: Arc::clone(&clock),
        entropy: Arc::clone(&entropy),
        settings: api_settings(&args, &public_url, secret),
        limits: Limits::new(args.requests_per_second),
        metrics: Arc::new(move || metrics.render()),
        stopping,
    };
    let links = if args.demo { tokens::demo_links(&*store, &*clock, &*entropy, &public_url).await? } else { tokens::first_links(&*store, &*clock, &*entropy, &public_url).await? };
    say(&format!("listening on http://{address} (ready after {} ms)", started.elapsed().as_millis()));
    say(&welcome(&public_url, &links));
    // A training that was cut off, or a tenant that came with examples.
    for tenant in store.tenants().await? {
        pipeline.learn(&pipeline.tenant(tenant.id), false);
        pipeline.learn_feelings(&pipeline.tenant(tenant.id), false);
    }

    let router = rapport_api::router(Arc::new(state));
    let serving = axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>());
    serving.with_graceful_shutdown(going_down(stop)).await.context("server")
}

/// Until somebody says to stop; sockets are told then.
async fn going_down(stop: tokio::sync::watch::Sender<bool>) {
    signal().await;
    tracing::info!("going down: no new connections, sockets are told to come back");
    let _told = stop.send(true);
    // Whoever does not close in time is cut; they resume by their last number.
    tokio::spawn(async {
        tokio::time::sleep(DRAIN).await;
        std::process::exit(0);
    });
}

/// Looks now and then whether the encoder is still needed.
async fn let_go(sentences: Arc<Sentences>) {
    let mut now_and_then = tokio::time::interval(Duration::from_secs(15));
    loop {
        now_and_then.tick().await;
        sentences.rest();
    }
}

/// What decides about personal data, and what reads feelings by its leave.
fn care() -> anyhow::Result<(Arc<rapport_ethics::Gate>, Perception)> {
    let gate = Arc::new(rapport_ethics::Gate::new().context("policies about personal data")?);
    Ok((Arc::clone(&gate), Perception::shipped(gate)?))
}

fn frames(entry: &rapport_model::Entry) -> (bytes::Bytes, Option<bytes::Bytes>) {
    use rapport_wire::live::VisitorFrame;
    let made = rapport_wire::live::encode_entry(entry);
    let member = bytes::Bytes::from(made.member);
    let visitor = match made.visitor {
        VisitorFrame::None => None,
        VisitorFrame::SameAsMember => Some(member.clone()),
        VisitorFrame::Own(own) => Some(bytes::Bytes::from(own)),
    };
    (member, visitor)
}

fn api_settings(args: &ServeArgs, public_url: &str, server_secret: [u8; 32]) -> ApiSettings {
    ApiSettings {
        public_url: public_url.to_owned(),
        server_secret,
        trusted_proxies: args.trusted_proxies.clone(),
        demo: args.demo,
        upload_bytes_max: args.upload_bytes_max,
        live_frames_per_second: args.live_frames_per_second,
    }
}

/// Outbox and timers; and for each tenant the standings of whoever waited when the server went down.
async fn start_workers(pipeline: &Arc<Pipeline>, channels: &Arc<Channels>, store: &Arc<dyn Store>, sentences: Option<Arc<Sentences>>) -> anyhow::Result<()> {
    for tenant in store.tenants().await? {
        pipeline.tenant(tenant.id).queue_changed.notify_one();
    }
    if let Some(sentences) = sentences {
        tokio::spawn(let_go(sentences));
    }
    tokio::spawn(worker::run(Arc::clone(pipeline), Arc::clone(channels)));
    tokio::spawn(worker::expire(Arc::clone(pipeline)));
    Ok(())
}

fn welcome(public_url: &str, links: &[(String, String)]) -> String {
    let mut out = format!("\n  Rapport · {public_url}\n");
    for (who, link) in links {
        out.push_str("\n  one-time sign-in link, ");
        out.push_str(who);
        out.push_str("\n  一次性登录链接\n    ");
        out.push_str(link);
        out.push('\n');
    }
    if links.is_empty() {
        out.push_str("\n  new sign-in link: rapport sign-in-link --data DIR\n  获取新的登录链接：rapport sign-in-link --data DIR\n");
    }
    out
}

async fn signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = interrupt => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => {
                let _interrupted = interrupt.await;
            }
        }
    }
    #[cfg(not(unix))]
    let _interrupted = interrupt.await;
}
