//! The baseline: plain BM25 over words of a Chinese segmenter.

use std::collections::HashMap;

use jieba_rs::Jieba;

/// As used for the published figure (k1 0.9, b 0.4).
const K1: f64 = 0.9;
const B: f64 = 0.4;

pub(crate) struct Baseline {
    jieba: Jieba,
    postings: HashMap<String, Vec<(usize, f64)>>,
    lengths: Vec<f64>,
    length_mean: f64,
}

#[expect(clippy::cast_precision_loss, reason = "counts of words")]
fn count(value: usize) -> f64 {
    value as f64
}

impl Baseline {
    pub(crate) fn build(texts: &[&str]) -> Self {
        let mut it = Self { jieba: Jieba::new(), postings: HashMap::new(), lengths: Vec::new(), length_mean: 0.0 };
        for (number, text) in texts.iter().enumerate() {
            let words = it.words(text);
            it.lengths.push(count(words.len()));
            let mut counts: HashMap<String, f64> = HashMap::new();
            for word in words {
                *counts.entry(word).or_default() += 1.0;
            }
            let mut counts: Vec<_> = counts.into_iter().collect();
            counts.sort_by(|a, b| a.0.cmp(&b.0));
            for (word, frequency) in counts {
                it.postings.entry(word).or_default().push((number, frequency));
            }
        }
        it.length_mean = it.lengths.iter().sum::<f64>() / count(texts.len()).max(1.0);
        it
    }

    fn words(&self, text: &str) -> Vec<String> {
        let text = text.to_lowercase();
        self.jieba.cut(&text, true).into_iter().filter(|it| it.chars().any(char::is_alphanumeric)).map(str::to_owned).collect()
    }

    /// Numbers of the best texts, best first.
    pub(crate) fn search(&self, query: &str, limit: usize) -> Vec<usize> {
        let mut scores = vec![0.0; self.lengths.len()];
        for word in self.words(query) {
            let Some(postings) = self.postings.get(&word) else { continue };
            let idf = (1.0 + (count(scores.len()) - count(postings.len()) + 0.5) / (count(postings.len()) + 0.5)).ln();
            for (text, frequency) in postings {
                let length = self.lengths.get(*text).copied().unwrap_or_default();
                let norm = K1 * (1.0 - B + B * length / self.length_mean);
                if let Some(score) = scores.get_mut(*text) {
                    *score += idf * frequency * (K1 + 1.0) / (frequency + norm);
                }
            }
        }
        let mut ranked: Vec<_> = scores.into_iter().enumerate().filter(|(_, score)| *score > 0.0).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked.into_iter().take(limit).map(|it| it.0).collect()
    }
}
