//! Model files: where they are looked for, and what is loaded of them.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use rapport_encoder::Encoder;

/// The sentence encoder's file (models/manifest.toml).
const ENCODER: &str = "e5-small-q4.bin";

/// Folders that may hold model files, first choice first: the one named, then `models` beside the program or above it, then beside where it was started.
fn folders(named: Option<&Path>) -> Vec<PathBuf> {
    if let Some(named) = named {
        return vec![named.to_owned()];
    }
    let program = std::env::current_exe().unwrap_or_default();
    let beside = program.ancestors().skip(1).take(2).map(|it| it.join("models"));
    beside.chain(["models".into(), "target/models".into()]).collect()
}

/// The sentence encoder, loaded once; `None` where its file is not at hand or damaged: intents then rest on n-grams alone.
pub(crate) fn encoder(named: Option<&Path>) -> Option<Arc<Encoder>> {
    static LOADED: OnceLock<Option<Arc<Encoder>>> = OnceLock::new();
    LOADED.get_or_init(|| load(&folders(named))).clone()
}

fn load(folders: &[PathBuf]) -> Option<Arc<Encoder>> {
    let path = folders.iter().map(|it| it.join(ENCODER)).find(|it| it.is_file())?;
    let loaded = fs::read(&path).map_err(|error| error.to_string()).and_then(|bytes| Encoder::load(bytes).map_err(|error| error.to_string()));
    match loaded {
        Ok(encoder) => Some(Arc::new(encoder)),
        Err(why) => {
            tracing::warn!(path = %path.display(), why, "the sentence encoder cannot be loaded; intents rest on n-grams alone");
            None
        }
    }
}
