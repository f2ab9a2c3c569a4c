//! Malformed uploads, made from good ones.

use rand::{Rng as _, SeedableRng as _, rngs::SmallRng, seq::IndexedRandom as _};

use super::Bad;
use crate::{
    support::http::{Caller, PNG, Sent, file},
    world::World,
};

/// What the test server takes at most. Units: bytes.
const BYTES_MAX: usize = 1_000_000;
const KNOWLEDGE_BYTES_MAX: usize = 5 * 1024 * 1024;
const IMPORT: &str = "/knowledge/import";

pub(crate) struct Uploads {
    draw: SmallRng,
    routes: Vec<(&'static str, Caller)>,
}

impl Uploads {
    pub(crate) fn new(world: &World) -> Self {
        let routes = vec![("/uploads", world.owner().clone()), ("/widget/uploads", world.visitor.clone()), (IMPORT, world.owner().clone())];
        Self { draw: SmallRng::seed_from_u64(2027), routes }
    }

    pub(crate) fn next(&mut self) -> Bad {
        let draw = &mut self.draw;
        let (path, caller) = self.routes.choose(draw).expect("routes");
        let (how, sent, hopeless) = malform(draw, *path == IMPORT);
        Bad { method: "POST", path: (*path).to_owned(), caller: caller.clone(), sent, hopeless, how }
    }
}

/// What people do not send each other, whatever its name says.
const REFUSED: &[&[u8]] = &[
    b"<!doctype html><script>alert(1)</script>",
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    b"\xef\xbb\xbf  <?xml version='1.0'?><svg/>",
    b"#!/bin/sh\nrm -rf /\n",
    b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0",
    b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0",
    b"\0\x01\x02\x03\xff\xfe\xfd",
];

fn malform(draw: &mut SmallRng, import: bool) -> (&'static str, Sent, bool) {
    let name = ["a.png", "../../etc/passwd", "a\u{202e}gnp.exe", "", "faq.xlsx", "faq.csv", "x.html"].choose(draw).expect("one");
    let Sent::Raw { media_type, bytes } = file(name, b"one line\n") else { unreachable!("a file") };
    let text = String::from_utf8(bytes.clone()).expect("text");
    let raw = |media_type: &str, bytes: Vec<u8>| Sent::Raw { media_type: media_type.to_owned(), bytes };
    match draw.random_range(0..14) {
        0 => ("no boundary", raw("multipart/form-data", bytes), true),
        1 => ("another boundary", raw("multipart/form-data; boundary=another", bytes), true),
        2 => ("another format", raw(["application/json", "text/plain", "image/png", "multipart/mixed"].choose(draw).expect("one"), bytes), true),
        3 => ("cut short", raw(&media_type, bytes[..draw.random_range(0..bytes.len() - 6)].to_vec()), true),
        4 => ("no file in it", raw(&media_type, text.replace("name=\"file\"", "name=\"other\"").into_bytes()), true),
        5 => ("an empty file", file(name, b""), true),
        // An import reads what it can of any text.
        6 | 7 => ("refused content", file(name, REFUSED.choose(draw).expect("one")), !import),
        8 => ("a huge picture", file("a.png", &claiming(draw)), !import),
        9 => ("endless headers", raw(&media_type, text.replace("content-disposition", &format!("x: {}\r\ncontent-disposition", "y".repeat(draw.random_range(20_000..90_000)))).into_bytes()), false),
        10 => {
            let part = "--rapport-test-boundary\r\ncontent-disposition: form-data; name=\"n\"\r\n\r\nx\r\n";
            ("many parts", raw(&media_type, format!("{}{text}", part.repeat(draw.random_range(17..300))).into_bytes()), true)
        }
        11 if draw.random_range(0..20) == 0 => {
            let bytes_max = if import { KNOWLEDGE_BYTES_MAX } else { BYTES_MAX };
            ("too large", file(name, &vec![b'a'; bytes_max + draw.random_range(1..200_000)]), true)
        }
        11 => ("noise", raw(&media_type, (0..draw.random_range(1..2_000)).map(|_| draw.random()).collect()), true),
        12 => ("odd headers", raw(&media_type, text.replace("form-data;", ["", "form-data", "attachment;", "form-data; \0;", "\u{7f};"].choose(draw).expect("one")).into_bytes()), false),
        _ => {
            let mut bytes = bytes;
            for _ in 0..draw.random_range(1..8) {
                let at = draw.random_range(0..bytes.len());
                bytes[at] = draw.random();
            }
            ("flipped bytes", raw(&media_type, bytes), false)
        }
    }
}

/// A picture whose header claims more than anybody could open.
fn claiming(draw: &mut SmallRng) -> Vec<u8> {
    let mut bytes = PNG.to_vec();
    bytes[16..20].copy_from_slice(&draw.random_range(20_000_u32..u32::MAX).to_be_bytes());
    bytes[20..24].copy_from_slice(&draw.random_range(20_000_u32..u32::MAX).to_be_bytes());
    bytes
}
