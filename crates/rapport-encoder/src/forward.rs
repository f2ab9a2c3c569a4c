//! The network: embeddings, layers, pooling.

use crate::{
    attention::{Attention, HEAD},
    file::{LoadError, ModelFile, Shape},
    kernel::{Job, Tiles},
    matrix::{Activations, Matrix},
    numeric::{gelu, normalise, to_unit_length},
    q4,
};

use bytes::Bytes;

/// Gain and bias of a layer normalisation.
struct Norm {
    gain: Vec<f32>,
    bias: Vec<f32>,
}

struct Layer {
    /// Queries, keys and values in one; queries come out divided by the square root of a head's length.
    query_key_value: Matrix,
    attention_out: Matrix,
    attention_norm: Norm,
    inner: Matrix,
    outer: Matrix,
    outer_norm: Norm,
}

/// Weights of the network, ready to use.
pub(crate) struct Network {
    pub(crate) shape: Shape,
    /// Rows of four bits, one a token of the vocabulary.
    words: Bytes,
    /// Position and token type in one: positions × width.
    positions: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
}

impl Network {
    pub(crate) fn read(file: &ModelFile) -> Result<Self, LoadError> {
        let shape = file.shape;
        let words = file.blocks("emb.word", shape.vocabulary, shape.width)?;
        let mut positions = file.floats("emb.pos", shape.positions * shape.width)?;
        // Two rows of token types; a text is of the first.
        let types = file.floats("emb.type", 2 * shape.width)?;
        for row in positions.chunks_exact_mut(shape.width) {
            for (position, kind) in row.iter_mut().zip(&types) {
                *position += kind;
            }
        }
        let norm = read_norm(file, "emb.ln", shape.width)?;
        let layers = (0..shape.layers).map(|at| Layer::read(file, at)).collect::<Result<_, _>>()?;
        Ok(Self { shape, words, positions, norm, layers })
    }

    /// Bytes held beside the file.
    pub(crate) fn bytes(&self) -> usize {
        let matrices = self.layers.iter().flat_map(|it| [&it.query_key_value, &it.attention_out, &it.inner, &it.outer]);
        size_of_val(self.positions.as_slice()) + matrices.map(Matrix::bytes).sum::<usize>()
    }

    /// Word, position and type of each token, normalised: tokens × width.
    #[inline(always)]
    fn embed(&self, texts: &[Vec<u32>]) -> Vec<f32> {
        let (width, row_bytes) = (self.shape.width, q4::row_bytes(self.shape.width));
        let mut x = vec![0.0; texts.iter().map(Vec::len).sum::<usize>() * width];
        let tokens = texts.iter().flat_map(|it| it.iter().zip(self.positions.chunks_exact(width)));
        for (row, (token, position)) in x.chunks_exact_mut(width).zip(tokens) {
            let start = *token as usize * row_bytes;
            q4::read_row(self.words.get(start..start + row_bytes).unwrap_or_default(), row);
            for (value, position) in row.iter_mut().zip(position) {
                *value += position;
            }
            normalise(row, &self.norm.gain, &self.norm.bias, self.shape.epsilon);
        }
        x
    }
}

impl Layer {
    fn read(file: &ModelFile, at: usize) -> Result<Self, LoadError> {
        let (width, inner) = (file.shape.width, file.shape.inner);
        let name = |part: &str| format!("l{at}.{part}");
        let weights = |part: &str, rows, columns| file.blocks(&name(part), rows, columns);
        let parts = [weights("q.w", width, width)?, weights("k.w", width, width)?, weights("v.w", width, width)?].concat();
        let mut bias = file.floats(&name("q.b"), width)?;
        let share = 1.0 / (HEAD as f32).sqrt();
        bias.iter_mut().for_each(|it| *it *= share);
        bias.extend(file.floats(&name("k.b"), width)?);
        bias.extend(file.floats(&name("v.b"), width)?);
        let query_key_value = Matrix::pack(width, bias, |at, row| {
            row_of(&parts, at, row);
            if at < width {
                row.iter_mut().for_each(|it| *it *= share);
            }
        });
        let matrix = |part: &str, rows, columns| -> Result<Matrix, LoadError> {
            let blocks = weights(&format!("{part}.w"), rows, columns)?;
            Ok(Matrix::pack(columns, file.floats(&name(&format!("{part}.b")), rows)?, |at, row| row_of(&blocks, at, row)))
        };
        Ok(Self {
            query_key_value,
            attention_out: matrix("ao", width, width)?,
            attention_norm: read_norm(file, &name("aln"), width)?,
            inner: matrix("fi", inner, width)?,
            outer: matrix("fo", width, inner)?,
            outer_norm: read_norm(file, &name("oln"), width)?,
        })
    }
}

fn row_of(blocks: &[u8], at: usize, row: &mut [f32]) {
    let length = q4::row_bytes(row.len());
    q4::read_row(blocks.get(at * length..(at + 1) * length).unwrap_or_default(), row);
}

fn read_norm(file: &ModelFile, name: &str, width: usize) -> Result<Norm, LoadError> {
    Ok(Norm { gain: file.floats(&format!("{name}.w"), width)?, bias: file.floats(&format!("{name}.b"), width)? })
}

/// Token ids of some texts to one vector of unit length each, by the first `layers` layers.
pub(crate) struct Forward<'a> {
    pub(crate) network: &'a Network,
    pub(crate) texts: &'a [Vec<u32>],
    pub(crate) layers: usize,
}

impl Job for Forward<'_> {
    type Output = Vec<Vec<f32>>;

    #[inline(always)]
    fn run<T: Tiles>(self, tiles: T) -> Vec<Vec<f32>> {
        let shape = self.network.shape;
        let width = shape.width;
        let lengths: Vec<usize> = self.texts.iter().map(Vec::len).collect();
        let mut x = self.network.embed(self.texts);
        let tokens = x.len() / width;
        let mut wide = vec![0.0; tokens * shape.inner.max(3 * width)];
        let mut narrow = vec![0.0; tokens * width];
        let mut attention = Attention::default();
        let mut quantised = Activations::default();
        for layer in self.network.layers.iter().take(self.layers) {
            let qkv = wide.get_mut(..tokens * 3 * width).unwrap_or_default();
            quantised.quantise(tiles, &x, width);
            layer.query_key_value.multiply(tiles, &quantised, qkv);
            attention.attend(qkv, &lengths, &mut narrow, width);
            quantised.quantise(tiles, &narrow, width);
            layer.attention_out.multiply(tiles, &quantised, &mut narrow);
            add_and_normalise(&mut x, &narrow, &layer.attention_norm, shape);
            let inner = wide.get_mut(..tokens * shape.inner).unwrap_or_default();
            quantised.quantise(tiles, &x, width);
            layer.inner.multiply(tiles, &quantised, inner);
            inner.iter_mut().for_each(|it| *it = gelu(*it));
            quantised.quantise(tiles, inner, shape.inner);
            layer.outer.multiply(tiles, &quantised, &mut narrow);
            add_and_normalise(&mut x, &narrow, &layer.outer_norm, shape);
        }
        pool(&x, &lengths, width)
    }
}

#[inline(always)]
fn add_and_normalise(x: &mut [f32], y: &[f32], norm: &Norm, shape: Shape) {
    for (x, y) in x.chunks_exact_mut(shape.width).zip(y.chunks_exact(shape.width)) {
        for (x, y) in x.iter_mut().zip(y) {
            *x += y;
        }
        normalise(x, &norm.gain, &norm.bias, shape.epsilon);
    }
}

/// Mean over each text's tokens, of unit length.
#[inline(always)]
fn pool(x: &[f32], lengths: &[usize], width: usize) -> Vec<Vec<f32>> {
    let mut rows = x.chunks_exact(width);
    let texts = lengths.iter().map(|length| {
        let mut sum = vec![0.0; width];
        for row in rows.by_ref().take(*length) {
            for (sum, value) in sum.iter_mut().zip(row) {
                *sum += value;
            }
        }
        to_unit_length(&mut sum);
        sum
    });
    texts.collect()
}
