//! Whatever a customer writes is understood as something; whatever is imported is taken or its line named. The first byte tells which.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use rapport_perceive::{
    dataset,
    emotion::Reader,
    intent::{Example, Model, Settings, train},
    lexicon::import,
    personal::{self, Style},
};

static READER: LazyLock<Reader> = LazyLock::new(|| Reader::shipped().expect("shipped"));
static MODEL: LazyLock<Model> = LazyLock::new(|| {
    let of = |text: &str, label: &str| Example { text: text.to_owned(), label: label.to_owned() };
    let taught = [of("我要退货", "return"), of("how do I send it back", "return"), of("帮我开发票", "invoice"), of("send me the invoice", "invoice")];
    train(&taught, &Settings::default()).expect("taught").model
});

fuzz_target!(|content: &[u8]| {
    let Some((kind, rest)) = content.split_first() else { return };
    match kind % 3 {
        0 => match dataset::read(rest) {
            Ok(found) => assert!(!found.is_empty() && found.iter().all(|it| !it.labels.is_empty())),
            Err(bad) => assert!(bad.line >= 1, "{bad}"),
        },
        1 => {
            if let Ok(table) = std::str::from_utf8(rest) {
                let _ = import::entries(table);
            }
        }
        _ => {
            if let Ok(text) = std::str::from_utf8(rest) {
                understood(text);
            }
        }
    }
});

fn understood(text: &str) {
    for found in personal::find(text) {
        assert!(text.get(found.range.clone()).is_some_and(|it| !it.is_empty()), "{:?}", found.range);
    }
    let _ = personal::mask(text, Style::Placeholder);
    let reading = READER.read(text);
    assert!(reading.states.iter().all(|it| it.is_finite() && (0.0..=1.0).contains(it)), "{:?}", reading.states);
    let assessed = MODEL.assess(text, None);
    assert!(assessed.best().is_none_or(|it| it.p.is_finite() && (0.0..=1.0).contains(&it.p)));
}
