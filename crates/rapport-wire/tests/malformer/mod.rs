//! Malformed inputs made of good ones: bits, bytes and whole values changed, by a seeded generator (splitmix64).

use serde_json::Value;

struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % (bound.max(1) as u64)).expect("small")
    }

    fn of<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        items.get(self.below(items.len())).expect("not empty")
    }
}

const NASTY: &[&str] = &[
    "\u{0}", "\u{202e}", "{", "}", "[[[[[[", "]", "\"", "\\", "\\u0000", "\\ud800", "\\udc00\\ud800", "1e999", "-1", "null", "18446744073709551616", "\u{feff}", "true", "%", "%ff",
    "%zz", "&&", "=", "+", "\r\n\r\n", "<!DOCTYPE x [", "..", "/", "~1", "👨‍👩‍👧‍👦", "𠮷", "9223372036854775807", "-9223372036854775808",
];

/// Makes 10,000 malformed inputs of `seeds` and has them read. `read`: whether an input was taken. Returns how many were refused and how many taken.
pub(crate) fn ten_thousand(seeds: &[&str], mut read: impl FnMut(&[u8]) -> bool) -> (u32, u32) {
    let mut draw = Draw(2026);
    let (mut refused, mut taken) = (0, 0);
    for _ in 0..10_000 {
        let seed = draw.of(seeds);
        let input = match serde_json::from_str::<Value>(seed) {
            Ok(value) if draw.below(2) == 0 => another_value(&mut draw, value),
            _ => other_bytes(&mut draw, seed, seeds),
        };
        if read(&input) {
            taken += 1;
        } else {
            refused += 1;
        }
    }
    (refused, taken)
}

/// The line of the bar.
pub(crate) fn bar(name: &str, (refused, taken): (u32, u32)) -> String {
    let figure = format!("{} refused or read, 0 panics", refused + taken);
    format!("BAR {}", serde_json::json!({"name": format!("malformed-{name}"), "figure": figure, "target": "10,000", "holds": refused + taken >= 10_000}))
}

/// Up to `most`, mostly a hundredth of it.
fn often_short(draw: &mut Draw, most: usize) -> usize {
    let most = if draw.below(8) == 0 { most } else { most / 100 };
    draw.below(most)
}

fn other_bytes(draw: &mut Draw, seed: &str, seeds: &[&str]) -> Vec<u8> {
    let mut bytes = seed.as_bytes().to_vec();
    for _ in 0..=draw.below(4) {
        let at = draw.below(bytes.len());
        match draw.below(8) {
            0 => bytes.truncate(at),
            1 => bytes.drain(at..(at + draw.below(8)).min(bytes.len())).for_each(drop),
            2 => bytes.splice(at..at, draw.of(NASTY).bytes()).for_each(drop),
            3 => bytes.extend(draw.of(seeds).bytes()),
            4 => bytes.splice(at..at, "[{\"a\":".repeat(often_short(draw, 3_000)).bytes()).for_each(drop),
            5 => bytes.splice(at..at, "x".repeat(often_short(draw, 70_000)).bytes()).for_each(drop),
            6 => bytes.rotate_left(at),
            _ => {
                let bit = 1_u8 << draw.below(8);
                bytes.iter_mut().skip(at).take(1).for_each(|it| *it ^= bit);
            }
        }
    }
    bytes
}

/// Well-formed JSON of another shape: up to three of its values are replaced, removed or doubled.
fn another_value(draw: &mut Draw, mut value: Value) -> Vec<u8> {
    for _ in 0..=draw.below(3) {
        let mut at = draw.below(count(&value));
        change(draw, &mut value, &mut at);
    }
    value.to_string().into_bytes()
}

fn count(value: &Value) -> usize {
    let below = value.as_array().into_iter().flatten().map(count).sum::<usize>();
    1 + below + value.as_object().into_iter().flat_map(|it| it.values()).map(count).sum::<usize>()
}

/// Changes the value that is `left` further on in order.
fn change(draw: &mut Draw, value: &mut Value, left: &mut usize) {
    if *left == 0 {
        *left = usize::MAX;
        *value = replacement(draw, value);
        return;
    }
    *left -= 1;
    let items: Vec<&mut Value> = match value {
        Value::Array(items) => items.iter_mut().collect(),
        Value::Object(fields) => fields.values_mut().collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for item in items {
        if *left == usize::MAX {
            return;
        }
        change(draw, item, left);
    }
}

fn replacement(draw: &mut Draw, value: &Value) -> Value {
    match draw.below(13) {
        0 => Value::Null,
        1 => serde_json::json!([]),
        2 => serde_json::json!({}),
        3 => "".into(),
        4 => (-1).into(),
        5 => u64::MAX.into(),
        6 => 1.5e300.into(),
        7 => true.into(),
        8 => "字".repeat(often_short(draw, 30_000)).into(),
        9 => Value::Array(vec![value.clone(); often_short(draw, 2_100)]),
        10 => serde_json::json!({"id": value}),
        11 => value.as_str().map_or_else(|| value.to_string(), |it| format!("\u{0}{it}\u{202e}\n")).into(),
        _ => draw.of(NASTY).into(),
    }
}
