//! Malformed JSON bodies, made from good ones.

use rand::{Rng as _, SeedableRng as _, rngs::SmallRng, seq::IndexedRandom as _};
use serde_json::{Value, json};

use super::Bad;
use crate::{
    support::http::{Caller, Sent},
    table::{Good, Least, ROWS, Row},
    world::{World, tag},
};

/// A route that takes JSON, with somebody who may ask.
struct Route {
    row: &'static Row,
    path: String,
    caller: Caller,
    good: fn(&str) -> Value,
}

pub(crate) struct Bodies {
    draw: SmallRng,
    routes: Vec<Route>,
}

impl Bodies {
    pub(crate) async fn new(world: &World) -> Self {
        let mut routes = Vec::new();
        for row in ROWS {
            let Good::Json(good) = row.good else { continue };
            let caller = match row.least {
                Least::Public => world.anonymous.clone(),
                Least::Visitor => world.visitor.clone(),
                Least::SignedIn => world.browser.clone(),
                Least::Role(_) => world.owner().clone(),
            };
            routes.push(Route { row, path: world.make(row.thing).await.path(row.path), caller, good });
        }
        assert!(routes.len() > 20, "{} routes take JSON", routes.len());
        Self { draw: SmallRng::seed_from_u64(2026), routes }
    }

    pub(crate) fn next(&mut self) -> Bad {
        let draw = &mut self.draw;
        let route = self.routes.choose(draw).expect("routes");
        let mut body = (route.good)(&tag());
        // The owner's session is to last: the password is never the right one.
        if route.row.least == Least::SignedIn || route.row.path == "/auth/sign-in" {
            body["current"] = json!("not the password");
            body["password"] = json!("not the password");
        }
        let (how, media_type, bytes, hopeless) = malform(draw, &body);
        let sent = Sent::Raw { media_type: media_type.to_owned(), bytes };
        Bad { method: route.row.method, path: route.path.clone(), caller: route.caller.clone(), sent, hopeless, how }
    }
}

const JSON: &str = "application/json";

/// How it was malformed, its type, its bytes, and whether nobody could read it.
fn malform(draw: &mut SmallRng, good: &Value) -> (&'static str, &'static str, Vec<u8>, bool) {
    let text = good.to_string();
    match draw.random_range(0..14) {
        0 => ("cut short", JSON, text.as_bytes()[..draw.random_range(0..text.len())].to_vec(), true),
        1 => ("another type", JSON, another_type(draw, good).to_string().into_bytes(), true),
        2 => ("a field less", JSON, without_a_field(draw, good).to_string().into_bytes(), false),
        3 => ("deep and open", JSON, ["[", "{\"a\":"].choose(draw).expect("one").repeat(draw.random_range(200..20_000)).into_bytes(), true),
        4 => {
            let depth = draw.random_range(200..20_000);
            let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
            ("deep in a value", JSON, in_a_value(draw, good, &deep), true)
        }
        5 => {
            let number = ["1e999", "-1", "99999999999999999999", "1e-400", "0x10", "NaN"].choose(draw).expect("one");
            ("odd numbers", JSON, in_a_value(draw, good, number), true)
        }
        6 => ("a control character", JSON, in_a_value(draw, good, "\"a\u{0}b\""), true),
        7 => ("half a surrogate", JSON, in_a_value(draw, good, r#""\ud800""#), true),
        8 => {
            let mut bytes = in_a_value(draw, good, "\"@\"");
            let at = bytes.iter().position(|it| *it == b'@').unwrap_or(0);
            bytes[at] = [0xff, 0xc0, 0xed].choose(draw).copied().expect("one");
            ("not UTF-8", JSON, bytes, true)
        }
        9 => {
            let kinds = ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data", "application/octet-stream"];
            let bodies = ["", "a=1&b=2", "<xml/>", "--x\r\n\r\n--x--", "null", "NaN", "\u{feff}{}"];
            ("another format", kinds.choose(draw).expect("one"), bodies.choose(draw).expect("one").as_bytes().to_vec(), true)
        }
        10 if draw.random_range(0..20) == 0 => ("too large", JSON, format!("{text}{}", " ".repeat(1024 * 1024)).into_bytes(), true),
        10 | 11 => ("noise", JSON, (0..draw.random_range(1..400)).map(|_| draw.random()).collect(), false),
        12 => {
            let text = "字".repeat(draw.random_range(9_000..60_000));
            ("endless text", JSON, in_a_value(draw, good, &format!("\"{text}\"")), false)
        }
        _ => {
            let mut bytes = text.into_bytes();
            for _ in 0..draw.random_range(1..6) {
                let at = draw.random_range(0..bytes.len());
                bytes[at] = draw.random();
            }
            ("flipped bytes", JSON, bytes, false)
        }
    }
}

/// The places of all values below the top.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, it)| (name.clone(), it)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(n, it)| (n.to_string(), it)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (name, child) in children {
        let place = format!("{at}/{name}");
        places(child, &place, found);
        found.push(place);
    }
}

fn a_place(draw: &mut SmallRng, good: &Value) -> String {
    let mut found = Vec::new();
    places(good, "", &mut found);
    found.choose(draw).cloned().unwrap_or_default()
}

/// A value is replaced by one of another type. No arrays: a structure may be written as one.
fn another_type(draw: &mut SmallRng, good: &Value) -> Value {
    let mut body = good.clone();
    let place = a_place(draw, good);
    let value = body.pointer_mut(&place).expect("a place");
    let others = [json!(true), json!(1.5), json!("another"), json!({"another": 1})];
    let kind = std::mem::discriminant(value);
    // A text where another text was is no other type.
    let fits: Vec<&Value> = others.iter().filter(|it| std::mem::discriminant(*it) != kind).collect();
    *value = (**fits.choose(draw).expect("others")).clone();
    body
}

fn without_a_field(draw: &mut SmallRng, good: &Value) -> Value {
    let mut body = good.clone();
    if let Value::Object(fields) = &mut body {
        let names: Vec<String> = fields.keys().cloned().collect();
        if let Some(name) = names.choose(draw) {
            fields.remove(name);
        }
    }
    body
}

/// A value is replaced by a text that need not be JSON.
fn in_a_value(draw: &mut SmallRng, good: &Value, text: &str) -> Vec<u8> {
    let mut body = good.clone();
    let place = a_place(draw, good);
    *body.pointer_mut(&place).expect("a place") = json!("\u{1}here");
    body.to_string().replace(&json!("\u{1}here").to_string(), text).into_bytes()
}
