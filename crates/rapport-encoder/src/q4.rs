//! Weights of four bits: blocks of 32 numbers with one half-precision scale (the `Q4_0` of ggml).

/// Numbers a block.
pub(crate) const BLOCK: usize = 32;
/// A scale of two bytes and 32 half bytes.
const BLOCK_BYTES: usize = 2 + BLOCK / 2;

/// Bytes of a row of `columns` numbers, a multiple of [`BLOCK`].
pub(crate) const fn row_bytes(columns: usize) -> usize {
    columns / BLOCK * BLOCK_BYTES
}

/// Numbers of a row: `(half byte - 8) * scale`, low halves of the 16 bytes first, then the high ones. Only whole blocks that both have are written.
pub(crate) fn read_row(row: &[u8], out: &mut [f32]) {
    for (block, out) in row.as_chunks::<BLOCK_BYTES>().0.iter().zip(out.as_chunks_mut::<BLOCK>().0) {
        let [low, high, halves @ ..] = block;
        let scale = from_half(u16::from_le_bytes([*low, *high]));
        let (first, second) = out.split_at_mut(BLOCK / 2);
        for ((a, b), byte) in first.iter_mut().zip(second).zip(halves) {
            *a = f32::from(i16::from(byte & 15) - 8) * scale;
            *b = f32::from(i16::from(byte >> 4) - 8) * scale;
        }
    }
}

/// IEEE 754 half precision to single.
fn from_half(bits: u16) -> f32 {
    let sign = u32::from(bits & 0x8000) << 16;
    let (exponent, fraction) = (u32::from(bits >> 10) & 31, u32::from(bits & 0x3FF));
    match exponent {
        // Below the smallest normal number: fraction * 2^-24, exact in single precision.
        0 => f32::from_bits(sign | (f32::from(bits & 0x3FF) * (1.0 / 16_777_216.0)).to_bits()),
        31 => f32::from_bits(sign | 0x7F80_0000 | (fraction << 13)),
        _ => f32::from_bits(sign | ((exponent + 112) << 23) | (fraction << 13)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_precision_is_read_exactly() {
        let cases: &[(u16, f32)] = &[(0x3C00, 1.0), (0xC000, -2.0), (0x7BFF, 65_504.0), (0x0001, 5.960_464_5e-8), (0x0400, 6.103_515_6e-5), (0x8000, -0.0), (0x3555, 0.333_251_95)];
        for (bits, expected) in cases {
            assert_eq!(from_half(*bits).to_bits(), expected.to_bits(), "{bits:#06x}");
        }
        assert!(from_half(0x7C00).is_infinite() && from_half(0x7E00).is_nan());
    }

    #[test]
    fn low_halves_come_before_high_halves() {
        // Scale 1/2; byte j holds j in its low half and 15 - j in its high half.
        let mut row = vec![0x00, 0x38];
        row.extend((0_u8..16).map(|it| it | ((15 - it) << 4)));
        let mut out = [0.0; BLOCK];
        read_row(&row, &mut out);
        let expected: Vec<f32> = (0_i16..16).chain((0..16).rev()).map(|it| f32::from(it - 8) / 2.0).collect();
        assert_eq!(out.to_vec(), expected);
        assert_eq!(row_bytes(BLOCK), row.len());
    }
}
