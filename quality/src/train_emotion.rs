//! Makes the model of emotions that ships, and its card: English emotions by GoEmotions, states and Chinese emotions by hand-written seeds.

use std::{fs, io::Write as _, path::Path};

use anyhow::Context as _;
use rapport_perceive::emotion::{
    Reader,
    model::Model,
    text::EMOTIONS,
    train::{self, Held},
};
use serde_json::json;

use crate::{
    emotion_data::{self, Labelled},
    report::{interval, sha256, today},
};

const FOLDER: &str = "crates/rapport-perceive/data";

pub(crate) fn run(root: &Path, data: &Path) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let folder = data.join("goemotions");
    let examples = numbered(&emotion_data::grouped(emotion_data::goemotions(&folder, "train.tsv")?));
    let english = train::emotion_head(&examples);
    let reader = Reader::untrained().with_heads(vec![english.clone()]);
    let (seeded, held) = train::seed_heads(&reader);
    let mut heads = vec![english];
    heads.extend(seeded);
    let bytes = Model::write(&heads)?;
    let model = Model::read(&bytes)?;
    for (name, held) in &held {
        writeln!(out, "{name}: held-out accuracy {:.3}, log loss {:.3}, n={}", held.accuracy(), held.log_loss(), held.said.len())?;
    }
    let hash = |path: &Path| -> anyhow::Result<String> { Ok(sha256(&[&fs::read(path).with_context(|| path.display().to_string())?])) };
    let own = root.join(FOLDER);
    let card = json!({
        "model": model.id,
        "sha256": sha256(&[&bytes]),
        "bytes": bytes.len(),
        "date": today(),
        "command": "cargo run --release --package rapport-quality --bin rapport-quality -- train-emotion",
        "use": "Feeling of a customer's message, for better service only and with consent; not for prices, marketing or recommendations; not for staff or pupils.",
        "heads": heads.iter().map(|it| json!({"name": it.name, "labels": it.labels, "bits": it.bits})).collect::<Vec<_>>(),
        "data": [
            {"name": "GoEmotions, train", "sha256": hash(&folder.join("train.tsv"))?, "licence": "CC BY 4.0",
             "attribution": "Demszky, Movshovitz-Attias, Ko, Cowen, Nemade, Ravi: GoEmotions: A Dataset of Fine-Grained Emotions (ACL 2020), Google Research; changed: grouped by Ekman and reduced to weights of hashed n-grams."},
            {"name": "seeds.zh.txt", "sha256": hash(&own.join("seeds.zh.txt"))?, "licence": "Apache-2.0, own"},
            {"name": "seeds.en.txt", "sha256": hash(&own.join("seeds.en.txt"))?, "licence": "Apache-2.0, own"},
            {"name": "emotion.zh.txt", "sha256": hash(&own.join("emotion.zh.txt"))?, "licence": "Apache-2.0, own"},
            {"name": "emotion.en.txt", "sha256": hash(&own.join("emotion.en.txt"))?, "licence": "Apache-2.0, own"},
        ],
        "metrics": held.iter().map(|(name, it)| metric(name, it)).collect::<Vec<_>>(),
        "limits": "The states are taught by several hundred hand-written sentences a language; figures on customers' real texts are in the results of rapport-quality emotion. Irony without its usual words, dialect and other languages are read poorly.",
    });
    fs::write(own.join("emotion.bin"), &bytes)?;
    fs::write(own.join("emotion.card.json"), serde_json::to_string_pretty(&card)? + "\n")?;
    writeln!(out, "{} bytes, model {}", bytes.len(), model.id)?;
    Ok(())
}

fn metric(name: &str, held: &Held) -> serde_json::Value {
    let right: Vec<f64> = held.said.iter().map(|it| f64::from(u8::from(it.0 == it.1))).collect();
    json!({"head": name, "what": "accuracy on held-out seeds, 5 folds", "value": held.accuracy(), "interval95": interval(&right), "log_loss": held.log_loss(), "count": right.len()})
}

/// Labels by their number in `EMOTIONS`.
pub(crate) fn numbered(examples: &[Labelled]) -> Vec<(String, Vec<usize>)> {
    let number = |label: &String| EMOTIONS.iter().position(|it| it == label);
    examples.iter().map(|(text, labels)| (text.clone(), labels.iter().filter_map(number).collect())).collect()
}
