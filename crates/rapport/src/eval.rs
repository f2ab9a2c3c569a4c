//! `rapport eval`: the product's own training and prediction on files of labelled texts, with its figures.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use rapport_perceive::{
    dataset::{self, Labelled},
    emotion,
    intent::{self, Encode, Figures},
};

use crate::{models, say};

#[derive(Debug, Subcommand)]
pub(crate) enum EvalCommand {
    /// What texts want. The label `oos` is out of scope.
    Intent {
        #[command(flatten)]
        files: Files,
        /// Without sentence vectors, also where their model is at hand.
        #[arg(long)]
        plain: bool,
    },
    /// What texts feel like. Several labels are separated by `|`.
    Emotion {
        #[command(flatten)]
        files: Files,
        /// Nothing is learned from the first file but the names of its labels.
        #[arg(long)]
        labels_only_shipped: bool,
        /// Without sentence vectors, also where their model is at hand.
        #[arg(long)]
        plain: bool,
    },
}

/// CSV or TSV with a first line of names, JSON lines, or a JSON array; with `text` and `label`.
#[derive(Debug, Args)]
pub(crate) struct Files {
    #[arg(long)]
    train: PathBuf,
    #[arg(long)]
    test: PathBuf,
    /// One line of JSON and nothing else.
    #[arg(long)]
    json: bool,
    /// Folder of model files (`rapport models`).
    #[arg(long, env = "RAPPORT_MODELS")]
    models: Option<PathBuf>,
}

pub(crate) fn run(command: &EvalCommand) -> anyhow::Result<()> {
    let (EvalCommand::Intent { files, .. } | EvalCommand::Emotion { files, .. }) = command;
    let (learn, test) = (read(&files.train)?, read(&files.test)?);
    let clock = Instant::now();
    let mut seconds = || clock.elapsed().as_secs_f64();
    let (EvalCommand::Intent { plain, .. } | EvalCommand::Emotion { plain, .. }) = command;
    let only_shipped = matches!(command, EvalCommand::Emotion { labels_only_shipped: true, .. });
    let encoder = if *plain || only_shipped { None } else { models::Sentences::find(files.models.as_deref()) };
    if let Some(encoder) = &encoder {
        encoder.check().map_err(anyhow::Error::msg).context("the sentence encoder cannot be loaded")?;
    }
    if !files.json && !only_shipped {
        say(if encoder.is_some() { "sentence vectors: on" } else { "sentence vectors: off (`rapport models` says how to get their model)" });
    }
    let encode = encoder.as_deref().map(|it| it as &dyn Encode);
    let figures = match command {
        EvalCommand::Intent { .. } => intent::evaluate(&learn, &test, &intent::Settings { encoder: encode, ..intent::Settings::default() }, &mut seconds)?,
        EvalCommand::Emotion { .. } => emotion::evaluate(&learn, &test, only_shipped, encode, &mut seconds)?,
    };
    if !files.json {
        say(&format!("{} texts to learn from, {} to test with", learn.len(), test.len()));
        table(&figures);
    }
    say(&line(&figures));
    Ok(())
}

fn read(path: &Path) -> anyhow::Result<Vec<Labelled>> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    dataset::read(&bytes).with_context(|| path.display().to_string())
}

fn table(it: &Figures) {
    let share = |value: f32| format!("{:6.2} %", value * 100.0);
    let rows = [
        ("accuracy", share(it.accuracy)),
        ("accuracy in scope", share(it.in_scope_accuracy)),
        ("macro-F1", share(it.macro_f1)),
        ("micro-F1", share(it.micro_f1)),
        ("out of scope, AUROC", it.oos_auroc.map_or("-".to_owned(), |it| format!("{it:.4}"))),
        ("out of scope found where 95 % in scope are kept", it.oos_recall_at_95.map_or("-".to_owned(), share)),
        ("calibration error", format!("{:.4}", it.ece)),
        ("training", format!("{:.2} s", it.train_s)),
        ("prediction, median and p99", format!("{:.0} us, {:.0} us", it.predict_p50_us, it.predict_p99_us)),
        ("model", format!("{:.1} MB", f64::from(u32::try_from(it.model_bytes).unwrap_or(u32::MAX)) / 1e6)),
    ];
    for (name, value) in rows {
        say(&format!("{name:<48} {value}"));
    }
}

/// The figures as they are read by other programs.
fn line(it: &Figures) -> String {
    serde_json::json!({
        "accuracy": it.accuracy, "in_scope_accuracy": it.in_scope_accuracy, "macro_f1": it.macro_f1, "micro_f1": it.micro_f1,
        "oos_auroc": it.oos_auroc, "oos_recall_at_95": it.oos_recall_at_95, "ece": it.ece,
        "train_s": it.train_s, "predict_p50_us": it.predict_p50_us, "predict_p99_us": it.predict_p99_us, "model_bytes": it.model_bytes,
    })
    .to_string()
}
