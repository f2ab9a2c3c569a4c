//! Bends real payloads in seeded ways, and counts what becomes of ten thousand of them.

/// A small generator of our own (splitmix64): the same seed bends the same way everywhere.
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound.max(1)).unwrap_or(1)).unwrap_or_default()
    }
}

const NASTY: &[&str] = &[
    "\u{0}",
    "\u{202e}",
    "{",
    "}",
    "[[[[[[",
    "\"",
    "\\u0000",
    "\\ud800",
    "1e999",
    "-1",
    "null",
    "18446744073709551616",
    "\u{feff}",
    "true",
    "<",
    ">",
    "</",
    "<![CDATA[",
    "]]>",
    "&x;",
    "&#0;",
    "<!DOCTYPE x>",
    "<a>",
    "%",
    "👨‍👩‍👧‍👦",
    "𠮷",
    "@_user_1",
    "|",
    "/",
    "..",
    "9223372036854775807",
    "NaN",
];

/// One of `seeds` after some bends: cut, bits flipped, bytes taken out, nasty words put in, doubled, made deep or long.
fn malform(draw: &mut Draw, seeds: &[Vec<u8>]) -> Vec<u8> {
    let empty = Vec::new();
    let mut bytes = seeds.get(draw.below(seeds.len())).unwrap_or(&empty).clone();
    for _ in 0..=draw.below(4) {
        let at = draw.below(bytes.len());
        match draw.below(8) {
            0 => bytes.truncate(at),
            1 => bytes.iter_mut().skip(at).take(1).for_each(|it| *it ^= 1 << draw.below(8)),
            2 => drop(bytes.drain(at..(at + draw.below(12)).min(bytes.len()))),
            3 | 4 => drop(bytes.splice(at..at, NASTY.get(draw.below(NASTY.len())).unwrap_or(&"").bytes())),
            5 => bytes.extend_from_slice(seeds.get(draw.below(seeds.len())).unwrap_or(&empty)),
            6 => drop(bytes.splice(at..at, if draw.below(2) == 0 { "[" } else { "<a>" }.repeat(draw.below(5_000)).into_bytes())),
            _ => drop(bytes.splice(at..at, "x".repeat(draw.below(20_000)).into_bytes())),
        }
    }
    bytes
}

/// Gives `read` ten thousand bent payloads; it says whether it refused. The line of the bar.
pub(crate) fn ten_thousand(name: &str, seeds: &[Vec<u8>], mut read: impl FnMut(&mut Draw, &[u8]) -> bool) -> String {
    const TARGET: usize = 10_000;
    let mut draw = Draw::new(2026);
    let (mut refused, mut made) = (0_usize, 0_usize);
    while made < TARGET {
        let bytes = malform(&mut draw, seeds);
        made += 1;
        refused += usize::from(read(&mut draw, &bytes));
    }
    assert!(refused * 2 > made, "only {refused} of {made} were refused: the bends are too tame");
    assert!(refused < made, "all were refused: the bends are too wild");
    let figure = format!("{made} refused or read, 0 panics");
    let bar = serde_json::json!({"name": format!("malformed-{name}"), "figure": figure, "target": "10,000", "holds": made >= TARGET});
    format!("BAR {bar}")
}
