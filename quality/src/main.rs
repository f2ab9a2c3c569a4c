//! Measures what knowledge can do on data: retrieval against a word-segmenter baseline, and answers at the shipped threshold.

mod answers;
mod baseline;
mod dialect;
mod emotion;
mod emotion_data;
mod escalation;
mod fit;
mod intent;
mod pool;
mod remembered;
mod report;
mod retrieval;
mod scores;
mod train_emotion;

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

#[derive(Parser)]
#[command(about = "Figures of search and answers, each with its data hash and a confidence interval; written to target/quality.json")]
struct Arguments {
    /// One of them alone.
    bench: Option<Bench>,
    /// Prints the result as JSON only.
    #[arg(long)]
    json: bool,
    /// Folder of public data sets that are not part of the repository.
    #[arg(long, env = "RAPPORT_SHARED_DATA")]
    data: Option<PathBuf>,
    /// Writes nothing.
    #[arg(long)]
    dry: bool,
    /// Prints each question that went wrong.
    #[arg(long)]
    errors: bool,
    /// How many of five folds are looked at.
    #[arg(long, default_value_t = 5)]
    folds: usize,
    /// Asks the demo tenant instead and prints the articles that were looked at, each with its features.
    #[arg(long)]
    ask: Option<String>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Bench {
    /// CMRC2018 paragraphs by question: our index against BM25 over segmented words.
    Retrieval,
    /// Questions to the demo tenant and to other firms: answered right, refused right.
    Answers,
    /// Intents of public sets.
    Intent,
    /// Emotions of texts (EWECT, GoEmotions) and satisfaction with dialogues (STC-3).
    Emotion,
    /// Scripted dialogues with planted escalations.
    Escalation,
    /// Intents of sentences in dialect and with misheard characters.
    Dialect,
    /// Trains the model of emotions that ships, from data that may ship; by its name only.
    TrainEmotion,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let data = arguments.data.clone().unwrap_or_else(|| root.join("../shared/data"));
    if let Some(question) = &arguments.ask {
        return answers::explain(&pool::demo(&root.join("packs/demo"))?, question);
    }
    if arguments.bench == Some(Bench::TrainEmotion) {
        return train_emotion::run(&root, &data);
    }
    let wants = |bench: Bench| arguments.bench.is_none_or(|it| it == bench);
    let mut results = Vec::new();
    if wants(Bench::Retrieval) {
        results.push(retrieval::measure(&data, arguments.errors)?);
    }
    if wants(Bench::Answers) {
        results.push(answers::measure(&root, arguments.errors)?);
    }
    if wants(Bench::Intent) {
        let encoder = intent::encoder(&root);
        results.extend(intent::measure(&data, encoder.as_ref().map(|it| it as _), arguments.folds)?);
    }
    if wants(Bench::Emotion) {
        let encoder = intent::encoder(&root);
        let remembered = encoder.as_ref().map(|it| remembered::Remembered::new(it));
        results.push(emotion::measure(&data, remembered.as_ref().map(|it| it as _), arguments.errors)?);
    }
    if wants(Bench::Escalation) {
        results.push(escalation::measure(&root, arguments.errors)?);
    }
    if wants(Bench::Dialect) {
        results.push(dialect::measure(&data, arguments.folds, arguments.errors)?);
    }
    for it in &results {
        it.print(arguments.json)?;
    }
    if !arguments.dry {
        report::write(&root.join("target/quality.json"), results)?;
    }
    Ok(())
}
