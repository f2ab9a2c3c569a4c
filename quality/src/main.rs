//! Measures what knowledge can do on data: retrieval against a word-segmenter baseline, and answers at the shipped threshold.

mod answers;
mod baseline;
mod fit;
mod report;
mod retrieval;

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

#[derive(Parser)]
#[command(about = "Quality bars, each with its data hash and a confidence interval")]
struct Arguments {
    bench: Bench,
    /// Prints the result as JSON only.
    #[arg(long)]
    json: bool,
    /// Day of the run, written into the result (2026-01-31).
    #[arg(long)]
    date: Option<String>,
    /// Folder of public data sets that are not part of the repository.
    #[arg(long, env = "RAPPORT_DATA")]
    data: Option<PathBuf>,
    /// Does not write `quality/results/<bench>.json`.
    #[arg(long)]
    dry: bool,
    /// Prints each question that went wrong.
    #[arg(long)]
    errors: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Bench {
    /// CMRC2018 paragraphs by question: our index against BM25 over segmented words.
    Retrieval,
    /// Demo questions: answered right, refused right.
    Answers,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let data = arguments.data.clone().unwrap_or_else(|| root.join("../shared/data"));
    let mut result = match arguments.bench {
        Bench::Retrieval => retrieval::measure(&data, arguments.errors)?,
        Bench::Answers => answers::measure(&root.join("packs/demo"), arguments.errors)?,
    };
    result.date = arguments.date;
    if !arguments.dry && !result.skipped {
        result.write(&root.join("quality/results"))?;
    }
    result.print(arguments.json)
}
