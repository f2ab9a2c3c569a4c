//! Malformed files of examples and terms, made from good ones: each is refused with its line, or taken whole.

use rand::{Rng as _, SeedableRng as _, rngs::SmallRng, seq::IndexedRandom as _};

use super::Bad;
use crate::{
    support::http::{Caller, Sent},
    world::{World, tag},
};

const EXAMPLES: &str = "/intents/import";
const TERMS: &str = "/lexicon/import";

pub(crate) struct Imports {
    draw: SmallRng,
    caller: Caller,
}

impl Imports {
    pub(crate) fn new(world: &World) -> Self {
        Self { draw: SmallRng::seed_from_u64(2028), caller: world.owner().clone() }
    }

    pub(crate) fn next(&mut self) -> Bad {
        let path = [EXAMPLES, TERMS].choose(&mut self.draw).expect("one");
        let (how, bytes, hopeless) = malform(&mut self.draw, *path == EXAMPLES);
        let media_type = ["application/octet-stream", "text/csv", "application/json", "text/plain"].choose(&mut self.draw).expect("one");
        let sent = Sent::Raw { media_type: (*media_type).to_owned(), bytes };
        Bad { method: "POST", path: (*path).to_owned(), caller: self.caller.clone(), sent, hopeless, how }
    }
}

/// How it was malformed, its bytes, and whether nobody could read it.
fn malform(draw: &mut SmallRng, examples: bool) -> (&'static str, Vec<u8>, bool) {
    let good = if examples { format!("text,label\n怎么退货 {},退货\n\"where, then?\",delivery\n", tag()) } else { "canonical,variants,group,note\n退货,退貨|返货,cantonese,\n".to_owned() };
    // A table of terms needs no head, and takes what looks like JSON for words.
    let with = |line: &str| format!("{good}{line}\n").into_bytes();
    match draw.random_range(0..12) {
        0 => ("nothing", [&b""[..], b"\n\n", b"\xef\xbb\xbf", b"   "].choose(draw).expect("one").to_vec(), true),
        1 => ("no head", good.lines().skip(1).collect::<Vec<_>>().join("\n").into_bytes(), examples),
        2 => ("a field more", with("a,b,c,d,e,f"), true),
        3 => ("an open quotation mark", with("\"never closed,退货"), true),
        4 => ("a mark within a field", with("a\"b,退货,,"), examples),
        5 => ("not UTF-8", [good.as_bytes(), b"\xff\xfe,\xc0\n"].concat(), true),
        6 => {
            let lines = ["{\"text\":1,\"label\":\"a\"}", "{\"text\":\"a\"}", "{\"text\":\"a\",\"label\":[]}", "{\"text\":\"a\",\"label\":\"b\"}\n{oops", "[{\"text\":\"a\"}]", "[1,2", "{}"];
            ("not of the form", lines.choose(draw).expect("one").as_bytes().to_vec(), examples)
        }
        7 => ("deep and open", ["[", "{\"text\":"].choose(draw).expect("one").repeat(draw.random_range(200..20_000)).into_bytes(), true),
        8 => ("an endless text", with(&format!("{},退货{}", "字".repeat(draw.random_range(9_000..60_000)), if examples { "" } else { ",," })), true),
        9 => ("noise", (0..draw.random_range(1..2_000)).map(|_| draw.random()).collect(), false),
        10 => ("cut short", good.as_bytes()[..draw.random_range(0..good.len())].to_vec(), false),
        _ => {
            let mut bytes = good.into_bytes();
            for _ in 0..draw.random_range(1..6) {
                let at = draw.random_range(0..bytes.len());
                bytes[at] = draw.random();
            }
            ("flipped bytes", bytes, false)
        }
    }
}
