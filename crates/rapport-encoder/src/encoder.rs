//! The sentence encoder: load once, share, ask from any thread.

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use crate::{
    Kernel, LoadError,
    file::ModelFile,
    forward::{Forward, Network},
    tokenizer::Tokenizer,
};

/// Tokens a text is cut at where the caller says nothing else; begin and end count.
pub const TOKENS_MAX: usize = 48;
/// Tokens that go through the layers together: enough to read each weight once for many, few enough for the processor's cache.
const BATCH_TOKENS: usize = 96;

/// A loaded model. Shape of every vector: [`Encoder::dimensions`] numbers of Euclidean length 1, so that a dot product is the cosine.
pub struct Encoder {
    id: String,
    tokenizer: Tokenizer,
    network: Network,
    kernel: Kernel,
}

impl Encoder {
    /// Reads `e5-small-q4.bin`. Holds on to `file` (word embeddings are read from it by row) and some 25 MB beside it.
    ///
    /// Errors: whatever is cut off, out of bounds or of another form. That the bytes are the right ones is for the caller to check, by [`Encoder::id`].
    pub fn load(file: impl Into<Bytes>) -> Result<Self, LoadError> {
        let bytes = file.into();
        let file = ModelFile::read(bytes.clone())?;
        let network = Network::read(&file)?;
        let tokenizer = Tokenizer::new(file.vocabulary)?;
        let id = Sha256::digest(&bytes).iter().take(8).map(|it| format!("{it:02x}")).collect();
        Ok(Self { id, tokenizer, network, kernel: Kernel::best() })
    }

    /// Vector of `text` by all layers, cut at [`TOKENS_MAX`] tokens.
    pub fn encode(&self, text: &str) -> Vec<f32> {
        self.encode_at(text, self.layers(), TOKENS_MAX)
    }

    /// Vector of `text` by the first `layers` layers, cut at `tokens_max` tokens (at least 3).
    pub fn encode_at(&self, text: &str, layers: usize, tokens_max: usize) -> Vec<f32> {
        self.forward(&[self.pieces(text, tokens_max)], layers).pop().unwrap_or_default()
    }

    /// As [`Encoder::encode_at`] for each text, in the order given, and the same to the last bit; faster, because weights are read once for many.
    pub fn encode_batch(&self, texts: &[&str], layers: usize, tokens_max: usize) -> Vec<Vec<f32>> {
        let mut vectors = Vec::with_capacity(texts.len());
        let (mut batch, mut tokens) = (Vec::new(), 0);
        for text in texts {
            let pieces = self.pieces(text, tokens_max);
            if tokens + pieces.len() > BATCH_TOKENS && !batch.is_empty() {
                vectors.append(&mut self.forward(&batch, layers));
                batch.clear();
                tokens = 0;
            }
            tokens += pieces.len();
            batch.push(pieces);
        }
        vectors.append(&mut self.forward(&batch, layers));
        vectors
    }

    /// Mean of the input embeddings, without any layer: a fraction of the time, and a strong view of what a short text is about.
    pub fn bag(&self, text: &str) -> Vec<f32> {
        self.encode_at(text, 0, TOKENS_MAX)
    }

    /// Tokens of `text`, begin and end included, at most the network's positions.
    pub fn tokens(&self, text: &str) -> usize {
        self.pieces(text, usize::MAX).len()
    }

    /// First 16 hexadecimal digits of the file's SHA-256; vectors of two encoders are comparable where it is the same.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Numbers a vector.
    pub fn dimensions(&self) -> usize {
        self.network.shape.width
    }

    pub fn layers(&self) -> usize {
        self.network.shape.layers
    }

    /// Bytes held beside the file.
    pub fn bytes(&self) -> usize {
        self.network.bytes() + self.tokenizer.bytes()
    }

    pub fn kernel(&self) -> Kernel {
        self.kernel
    }

    /// The same with other instructions, where this processor has them: for measuring and for tests.
    #[must_use]
    pub fn with_kernel(self, kernel: Kernel) -> Self {
        Self { kernel, ..self }
    }

    fn pieces(&self, text: &str, tokens_max: usize) -> Vec<u32> {
        self.tokenizer.encode(text, tokens_max.clamp(3, self.network.shape.positions))
    }

    fn forward(&self, texts: &[Vec<u32>], layers: usize) -> Vec<Vec<f32>> {
        self.kernel.run(Forward { network: &self.network, texts, layers })
    }
}
