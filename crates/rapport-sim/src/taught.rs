//! What the demo shop's customers want, learned from its pack as the server learns it.

use std::{
    path::Path,
    sync::{Arc, OnceLock},
};

use rapport_model::{Bilingual, ExampleSource, Ids, Intent, Timestamp, Understanding};
use rapport_perceive::{
    intent::{Settings, Speaker, Trained, Understander, examples, train},
    lexicon::Lexicon,
};
use serde::Deserialize;

pub struct Taught {
    pub understander: Understander,
    trained: Trained,
}

impl Taught {
    pub fn understand(&self, text: &str) -> Understanding {
        self.understander.understand(text, Some(Speaker::of(&self.trained)), false)
    }
}

#[derive(Deserialize)]
struct Pack {
    intent: Vec<PackIntent>,
}

#[derive(Deserialize)]
struct PackIntent {
    name: String,
    description: String,
    reply: Option<Bilingual>,
    examples: Vec<String>,
}

/// Learned once.
pub fn demo() -> Option<Arc<Taught>> {
    static TAUGHT: OnceLock<Option<Arc<Taught>>> = OnceLock::new();
    TAUGHT.get_or_init(learned).clone()
}

fn learned() -> Option<Arc<Taught>> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/demo/intents.toml")).ok()?;
    let pack: Pack = toml::from_str(&text).ok()?;
    let mut ids = Ids::new(Timestamp(0), 11);
    let taught = |found: PackIntent| {
        let mut intent = Intent { description: found.description, reply: found.reply, ..Intent::new(ids.next(), found.name) };
        for text in &found.examples {
            intent.teach(text, ExampleSource::Taught, Timestamp(0));
        }
        intent
    };
    let intents: Vec<Intent> = pack.intent.into_iter().map(taught).collect();
    let lexicon = Lexicon::with_starter(Vec::new());
    let trained = train(&examples(&intents, &lexicon), &Settings::default()).ok()?;
    Some(Arc::new(Taught { understander: Understander::new(intents, lexicon, Some(Timestamp(1)), None), trained }))
}
