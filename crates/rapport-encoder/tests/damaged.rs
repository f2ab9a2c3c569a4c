//! A small model made here, whole and damaged in every byte: an error or a model, never a panic.

use rapport_encoder::{Encoder, LoadError};

const PIECES: &[(&str, f32)] = &[("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁a", -1.0), ("b", -2.0), ("ab", -3.0), ("▁", -4.0)];

fn put(out: &mut Vec<u8>, values: &[u32]) {
    out.extend(values.iter().flat_map(|it| it.to_le_bytes()));
}

fn int(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

/// Width 32, one layer, one head, eight pieces; weights from a fixed pattern.
fn model() -> Vec<u8> {
    let mut out = b"E5S1".to_vec();
    put(&mut out, &[1, 32, 1, 1, 32, 8, 6, 2, 1e-12_f32.to_bits(), 32]);
    put(&mut out, &[8, 0, 2, 1, 3]);
    let blob: String = PIECES.iter().map(|it| it.0).collect();
    out.extend((blob.len() as u64).to_le_bytes());
    let mut offset = 0;
    put(&mut out, &[0]);
    for (piece, _) in PIECES {
        offset += int(piece.len());
        put(&mut out, &[offset]);
    }
    put(&mut out, &PIECES.iter().map(|it| it.1.to_bits()).collect::<Vec<_>>());
    out.extend(blob.bytes());
    // One entry: B becomes b.
    put(&mut out, &[1, 9, u32::from('B')]);
    out.push(1);
    put(&mut out, &[u32::from('b')]);
    let matrices = [("emb.word", 8), ("l0.q.w", 32), ("l0.k.w", 32), ("l0.v.w", 32), ("l0.ao.w", 32), ("l0.fi.w", 32), ("l0.fo.w", 32)];
    let vectors = ["emb.ln.w", "emb.ln.b", "l0.q.b", "l0.k.b", "l0.v.b", "l0.ao.b", "l0.aln.w", "l0.aln.b", "l0.fi.b", "l0.fo.b", "l0.oln.w", "l0.oln.b"];
    let vectors = [("emb.pos", 6), ("emb.type", 2)].into_iter().chain(vectors.map(|it| (it, 1)));
    let tensors: Vec<(&str, u8, usize)> = matrices.into_iter().map(|(name, rows)| (name, 1, rows)).chain(vectors.map(|(name, rows)| (name, 0, rows))).collect();
    put(&mut out, &[int(tensors.len())]);
    let directory: usize = tensors.iter().map(|it| 2 + it.0.len() + 1 + 4 + 16).sum();
    let mut at = out.len() + directory;
    let mut data = Vec::new();
    for (name, kind, rows) in tensors {
        let bytes = rows * if kind == 1 { 18 } else { 128 };
        out.extend(&int(name.len()).to_le_bytes()[..2]);
        out.extend(name.bytes());
        out.push(kind);
        put(&mut out, &[int(rows * 32)]);
        out.extend([at as u64, bytes as u64].iter().flat_map(|it| it.to_le_bytes()));
        at += bytes;
        for row in 0..rows {
            if kind == 1 {
                data.extend([0x00, 0x30]);
                data.extend((0..16).map(|it| int(it * 37 + row * 101 + name.len() * 11).to_le_bytes()[0]));
            } else {
                data.extend((0..32_u8).flat_map(|it| (0.5 + f32::from(it) / 64.0).to_le_bytes()));
            }
        }
    }
    out.extend(data);
    out
}

#[test]
fn the_small_model_works() {
    let encoder = Encoder::load(model()).unwrap();
    assert_eq!((encoder.dimensions(), encoder.layers()), (32, 1));
    // Begin and end; then ▁a b (▁ ab is less likely), with B mapped; ▁ and one unknown for a run of characters; ▁a ▁ b; at most six.
    for (text, tokens) in [("", 2), ("ab", 4), ("aB", 4), ("zzz", 4), ("a b", 5), ("a  zq", 5), ("zb", 5), ("a b a b", 6)] {
        assert_eq!(encoder.tokens(text), tokens, "{text:?}");
    }
    assert_eq!(encoder.encode("ab"), encoder.encode("aB"));
    assert_ne!(encoder.encode("ab"), encoder.encode("ba"));
    assert_ne!(encoder.encode("ab"), encoder.bag("ab"));
}

#[test]
fn a_file_that_ends_early_is_refused() {
    let whole = model();
    for length in 0..whole.len() {
        assert!(Encoder::load(whole[..length].to_vec()).is_err(), "{length} of {} bytes", whole.len());
    }
    assert_eq!(Encoder::load(&b"PK\x03\x04"[..]).err(), Some(LoadError::NotAModel));
}

#[test]
fn a_damaged_byte_is_an_error_or_another_model() {
    let whole = model();
    let mut refused = 0;
    for at in 0..whole.len() {
        for damage in [0x01, 0x80, 0xFF] {
            let mut file = whole.clone();
            file[at] ^= damage;
            match Encoder::load(file) {
                Ok(encoder) => {
                    let vector = encoder.encode("ab zz 我");
                    assert!(vector.iter().all(|it| it.is_finite()), "byte {at} ^ {damage:#x}");
                }
                Err(_) => refused += 1,
            }
        }
    }
    assert!(refused > 500, "{refused}");
}
