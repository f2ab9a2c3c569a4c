//! An encoder that remembers: folds and draws of one set look at the same texts again and again.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use rapport_perceive::intent::Encode;

pub(crate) struct Remembered<'a> {
    encoder: &'a dyn Encode,
    known: Mutex<HashMap<String, Vec<f32>>>,
}

impl<'a> Remembered<'a> {
    pub(crate) fn new(encoder: &'a dyn Encode) -> Self {
        Self { encoder, known: Mutex::default() }
    }
}

impl Encode for Remembered<'_> {
    fn id(&self) -> &str {
        self.encoder.id()
    }
    fn dimensions(&self) -> usize {
        self.encoder.dimensions()
    }
    fn encode(&self, text: &str) -> Vec<f32> {
        self.encode_all(&[text]).pop().unwrap_or_default()
    }
    fn encode_all(&self, texts: &[&str]) -> Vec<Vec<f32>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let new: Vec<&str> = texts.iter().filter(|it| !known.contains_key(**it)).copied().collect();
        for (text, vector) in new.iter().zip(self.encoder.encode_all(&new)) {
            known.insert((*text).to_owned(), vector);
        }
        texts.iter().map(|it| known.get(*it).cloned().unwrap_or_default()).collect()
    }
}
