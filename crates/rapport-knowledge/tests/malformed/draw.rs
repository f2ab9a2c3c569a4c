//! Seeded choices for made-up files.

use rand::{Rng as _, SeedableRng as _, rngs::SmallRng};

pub(crate) struct Draw(SmallRng);

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self(SmallRng::seed_from_u64(seed))
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0.random_range(0..bound.max(1))
    }

    pub(crate) fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    /// Small numbers mostly, now and then large ones.
    pub(crate) fn count(&mut self) -> usize {
        let most = [3, 10, 100, 2_000][self.below(4)];
        self.below(most) + 1
    }

    /// A few cuts, doublings, flips and strange bytes.
    pub(crate) fn mutate(&mut self, content: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            let at = self.below(content.len());
            match self.below(7) {
                0 => content.truncate(at),
                1 => {
                    let end = (at + self.below(40)).min(content.len());
                    content.drain(at..end);
                }
                2 => {
                    let end = (at + self.below(200)).min(content.len());
                    let part = content[at..end].to_vec();
                    content.splice(at..at, part);
                }
                3 => {
                    let byte = [0x00, 0xFF, 0x80, 0x0D, b'"', b'<', b'`', b','][self.below(8)];
                    content.splice(at..at, std::iter::repeat_n(byte, self.below(50) + 1));
                }
                4 => {
                    if let Some(it) = content.get_mut(at) {
                        *it ^= 1 << self.below(8);
                    }
                }
                5 => {
                    let part = STRANGE[self.below(STRANGE.len())];
                    content.splice(at..at, part.bytes());
                }
                _ => {
                    let other = self.below(content.len());
                    if at < content.len() && other < content.len() {
                        content.swap(at, other);
                    }
                }
            }
        }
    }
}

/// Text that readers stumble over: directions, joiners, no characters at all, halves of references.
const STRANGE: &[&str] = &[
    "\u{0}", "\u{202e}", "\u{feff}", "\u{200d}", "\u{fffe}", "\u{10ffff}", "&#xD800;", "&#0;", "&#99999999999;", "&amp;lt;", "\r", "\u{85}", "\u{2028}", "é\u{301}\u{301}\u{301}", "𠮷", "👩‍👩‍👧",
    "%00", "\\", "]]>", "-->", "```", "\"\"\"", "'", "=1+1", "\t",
];
