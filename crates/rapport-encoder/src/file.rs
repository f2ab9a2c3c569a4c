//! The model file: header, vocabulary, character map and tensors, every offset checked.

use std::collections::BTreeMap;

use bytes::{Buf as _, Bytes};

use crate::q4;

/// Why bytes are not a model of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    #[error("not a model file of this form (it begins with other bytes than E5S1, version 1)")]
    NotAModel,
    #[error("the model file ends early: {0}")]
    Truncated(&'static str),
    #[error("the model file has a value that cannot be: {0}")]
    Invalid(&'static str),
    #[error("the model file lacks the tensor {0}, or it has another size or type")]
    Tensor(String),
}

/// Sizes of the network.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    /// Length of a token's vector.
    pub(crate) width: usize,
    pub(crate) layers: usize,
    pub(crate) heads: usize,
    /// Length of the vector between the two matrices of the feed-forward part.
    pub(crate) inner: usize,
    pub(crate) vocabulary: usize,
    pub(crate) positions: usize,
    /// Added to the variance in layer normalisation.
    pub(crate) epsilon: f32,
}

/// What the tokenizer is built from, as it stands in the file.
pub(crate) struct Vocabulary {
    pub(crate) begin: u32,
    pub(crate) end: u32,
    pub(crate) unknown: u32,
    /// `pieces + 1` little-endian u32: where each piece begins in `blob`.
    pub(crate) offsets: Bytes,
    /// Logarithm of each piece's probability; those of special pieces are 0.
    pub(crate) scores: Vec<f32>,
    /// The pieces' UTF-8, one after the other.
    pub(crate) blob: Bytes,
    /// What a character becomes before it is looked up (NFKC and SentencePiece's own rules), sorted by character.
    pub(crate) map: Vec<(char, Vec<char>)>,
}

/// The file, taken apart; tensors are read from it by name.
pub(crate) struct ModelFile {
    pub(crate) shape: Shape,
    pub(crate) vocabulary: Vocabulary,
    bytes: Bytes,
    tensors: BTreeMap<String, Tensor>,
}

#[derive(Clone, Copy)]
struct Tensor {
    kind: u8,
    count: usize,
    at: usize,
}

const KIND_F32: u8 = 0;
const KIND_Q4: u8 = 1;

impl ModelFile {
    /// Reads the directory; nothing of a tensor is touched yet.
    pub(crate) fn read(bytes: Bytes) -> Result<Self, LoadError> {
        let mut cursor = Cursor(bytes.clone());
        if cursor.take(4, "header").ok().ok_or(LoadError::NotAModel)? != b"E5S1"[..] || cursor.u32("version")? != 1 {
            return Err(LoadError::NotAModel);
        }
        let shape = read_shape(&mut cursor)?;
        let vocabulary = read_vocabulary(&mut cursor, shape.vocabulary)?;
        let count = cursor.size("number of tensors", 10_000)?;
        let mut tensors = BTreeMap::new();
        for _ in 0..count {
            let length = usize::from(cursor.take(2, "tensor name")?.get_u16_le());
            let name = String::from_utf8(cursor.take(length, "tensor name")?.to_vec()).ok().ok_or(LoadError::Invalid("tensor name"))?;
            let kind = cursor.take(1, "tensor type")?.get_u8();
            let count = cursor.size("tensor size", usize::MAX)?;
            let at = usize::try_from(cursor.take(8, "tensor offset")?.get_u64_le()).ok().ok_or(LoadError::Invalid("tensor offset"))?;
            cursor.take(8, "tensor length")?;
            tensors.insert(name, Tensor { kind, count, at });
        }
        Ok(Self { shape, vocabulary, bytes, tensors })
    }

    /// Numbers of four bytes; all of them finite.
    pub(crate) fn floats(&self, name: &str, count: usize) -> Result<Vec<f32>, LoadError> {
        let bytes = self.tensor(name, KIND_F32, count, count.checked_mul(4))?;
        let floats = floats_of(&bytes);
        if floats.iter().all(|it| it.is_finite()) { Ok(floats) } else { Err(LoadError::Tensor(name.to_owned())) }
    }

    /// Rows of `columns` numbers in blocks of four bits.
    pub(crate) fn blocks(&self, name: &str, rows: usize, columns: usize) -> Result<Bytes, LoadError> {
        let length = q4::row_bytes(columns).checked_mul(rows);
        self.tensor(name, KIND_Q4, rows.saturating_mul(columns), length)
    }

    fn tensor(&self, name: &str, kind: u8, count: usize, length: Option<usize>) -> Result<Bytes, LoadError> {
        let absent = || LoadError::Tensor(name.to_owned());
        let found = self.tensors.get(name).filter(|it| it.kind == kind && it.count == count).ok_or_else(absent)?;
        let end = length.and_then(|it| found.at.checked_add(it)).filter(|it| *it <= self.bytes.len()).ok_or_else(absent)?;
        Ok(self.bytes.slice(found.at..end))
    }
}

fn read_shape(cursor: &mut Cursor) -> Result<Shape, LoadError> {
    let shape = Shape {
        width: cursor.size("width", 4096)?,
        layers: cursor.size("layers", 64)?,
        heads: cursor.size("heads", 128)?,
        inner: cursor.size("inner width", 16_384)?,
        vocabulary: cursor.size("vocabulary", 1 << 20)?,
        positions: cursor.size("positions", 1 << 16)?,
        epsilon: {
            cursor.size("token types", 16)?;
            cursor.take(4, "epsilon")?.get_f32_le()
        },
    };
    if cursor.size("block", 1024)? != q4::BLOCK {
        return Err(LoadError::Invalid("block"));
    }
    let is_possible = shape.width > 0 && shape.width.is_multiple_of(q4::BLOCK) && shape.inner > 0 && shape.inner.is_multiple_of(q4::BLOCK);
    if !is_possible || shape.heads.checked_mul(crate::attention::HEAD) != Some(shape.width) || shape.positions < 3 {
        return Err(LoadError::Invalid("sizes of the network"));
    }
    if !(0.0..1.0).contains(&shape.epsilon) {
        return Err(LoadError::Invalid("epsilon"));
    }
    Ok(shape)
}

fn read_vocabulary(cursor: &mut Cursor, rows: usize) -> Result<Vocabulary, LoadError> {
    let pieces = cursor.size("pieces", rows)?;
    let mut special = |what| cursor.size(what, pieces.saturating_sub(1)).and_then(|it| u32::try_from(it).ok().ok_or(LoadError::Invalid(what)));
    let (begin, end, _padding, unknown) = (special("begin")?, special("end")?, special("padding")?, special("unknown")?);
    let length = usize::try_from(cursor.take(8, "pieces")?.get_u64_le()).ok().ok_or(LoadError::Invalid("pieces"))?;
    let offsets = cursor.take((pieces + 1) * 4, "offsets of pieces")?;
    let scores = floats_of(&cursor.take(pieces * 4, "scores of pieces")?);
    let blob = cursor.take(length, "pieces")?;
    if !scores.iter().all(|it| it.is_finite()) {
        return Err(LoadError::Invalid("scores of pieces"));
    }
    let entries = cursor.size("character map", 1 << 20)?;
    let length = cursor.size("character map", usize::MAX)?;
    let mut rest = Cursor(cursor.take(length, "character map")?);
    let mut map = Vec::new();
    for _ in 0..entries {
        let from = rest.char()?;
        let count = rest.take(1, "character map")?.get_u8();
        map.push((from, (0..count).map(|_| rest.char()).collect::<Result<_, _>>()?));
    }
    if !map.is_sorted_by(|a, b| a.0 < b.0) {
        return Err(LoadError::Invalid("character map"));
    }
    Ok(Vocabulary { begin, end, unknown, offsets, scores, blob, map })
}

fn floats_of(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks::<4>().0.iter().map(|it| f32::from_le_bytes(*it)).collect()
}

/// What is left of the file.
struct Cursor(Bytes);

impl Cursor {
    fn take(&mut self, count: usize, what: &'static str) -> Result<Bytes, LoadError> {
        if count > self.0.len() { Err(LoadError::Truncated(what)) } else { Ok(self.0.split_to(count)) }
    }

    fn u32(&mut self, what: &'static str) -> Result<u32, LoadError> {
        Ok(self.take(4, what)?.get_u32_le())
    }

    fn size(&mut self, what: &'static str, max: usize) -> Result<usize, LoadError> {
        usize::try_from(self.u32(what)?).ok().filter(|it| *it <= max).ok_or(LoadError::Invalid(what))
    }

    fn char(&mut self) -> Result<char, LoadError> {
        char::from_u32(self.u32("character map")?).ok_or(LoadError::Invalid("character map"))
    }
}
