//! Vectors of the real model against those of the C code it comes with, and what holds for any text. Skipped, visibly, where the file is not there.

use std::path::Path;

use rapport_encoder::{Encoder, Kernel, TOKENS_MAX};

const REFERENCE: &str = include_str!("reference.tsv");
/// Texts of people who do not know what a text should be.
const ODD: &[&str] = &["", " ", "\u{0}", "🙂", "🙂🙂🙂👍🏽👨‍👩‍👧‍👦", "\u{200b}\u{200d}\u{feff}", "مرحبا، أين طلبي؟", "我要退款refund！！1️⃣", "\u{fffd}\u{10ffff}", "</s><s><pad>", "  a   b\n\t c "];

/// The model's file, from `RAPPORT_MODELS` or where `make` puts it.
#[expect(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used, reason = "a test reads its fixture, and says that it is not there")]
fn encoder() -> Option<Encoder> {
    let folder = std::env::var("RAPPORT_MODELS").unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/models").to_owned());
    let path = Path::new(&folder).join("e5-small-q4.bin");
    let Ok(file) = std::fs::read(&path) else {
        println!("SKIPPED: there is no {} (make run and make test fetch it)", path.display());
        return None;
    };
    Some(Encoder::load(file).unwrap())
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

/// Of two hexadecimal digits.
fn signed_byte(digits: [u8; 2]) -> f32 {
    let digit = |it: u8| char::from(it).to_digit(16).and_then(|it| u8::try_from(it).ok()).unwrap_or_default();
    let [high, low] = digits.map(digit);
    f32::from((high << 4 | low).cast_signed())
}

#[test]
fn vectors_are_those_of_the_reference() {
    let Some(encoder) = encoder() else { return };
    assert_eq!((encoder.dimensions(), encoder.layers(), encoder.id()), (384, 12, "1571fc9827503943"));
    let mut vectors: Vec<Vec<f32>> = Vec::new();
    for line in REFERENCE.lines().filter(|it| !it.starts_with('#')) {
        let [text, hex, cosines] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let vector = encoder.encode(text);
        let expected: Vec<f32> = hex.as_bytes().as_chunks::<2>().0.iter().map(|it| signed_byte(*it)).collect();
        let got: Vec<f32> = vector.iter().step_by(8).copied().collect();
        assert_eq!((got.len(), expected.len()), (48, 48));
        assert!(cosine(&got, &expected) >= 0.985, "{text}: {}", cosine(&got, &expected));
        for (other, thousandths) in vectors.iter().zip(cosines.split_whitespace()) {
            let expected: f32 = thousandths.parse::<f32>().unwrap() / 1000.0;
            assert!((cosine(&vector, other) - expected).abs() < 0.012, "{text}: {} {expected}", cosine(&vector, other));
        }
        vectors.push(vector);
    }
    assert_eq!(vectors.len(), 12);
}

#[test]
fn a_question_is_nearest_to_its_translation() {
    let Some(encoder) = encoder() else { return };
    let pairs = [("How do I reset my password?", "怎么重置密码？"), ("What are your opening hours?", "你们几点开门？"), ("I want a refund.", "我要退款。")];
    for (english, chinese) in pairs {
        let vector = encoder.encode(english);
        let nearest = pairs.iter().max_by(|a, b| cosine(&vector, &encoder.encode(a.1)).total_cmp(&cosine(&vector, &encoder.encode(b.1)))).unwrap();
        assert_eq!(nearest.1, chinese, "{english}");
    }
}

#[test]
fn kernels_and_batches_give_the_same_bits() {
    let Some(mut encoder) = encoder() else { return };
    let long = "这个订单什么时候才能发货呢？ ".repeat(30);
    let texts: Vec<&str> = ODD.iter().copied().chain(["where is my order", &long, "why"]).collect();
    let bits = |vectors: &[Vec<f32>]| -> Vec<Vec<u32>> { vectors.iter().map(|it| it.iter().map(|it| it.to_bits()).collect()).collect() };
    let single = bits(&texts.iter().map(|it| encoder.encode_at(it, 3, TOKENS_MAX)).collect::<Vec<_>>());
    for kernel in Kernel::available() {
        encoder = encoder.with_kernel(kernel);
        assert_eq!(encoder.kernel(), kernel);
        assert!(bits(&encoder.encode_batch(&texts, 3, TOKENS_MAX)) == single, "{kernel:?}");
    }
    assert!(encoder.encode_batch(&[], 12, TOKENS_MAX).is_empty());
}

#[test]
fn any_text_has_a_vector_of_unit_length() {
    let Some(encoder) = encoder() else { return };
    let (words, spaces, rare) = ("where is it? ".repeat(80_000), " ".repeat(1 << 20), "\u{12000}".repeat(300_000));
    for text in ODD.iter().copied().chain([words.as_str(), &spaces, &rare]) {
        for vector in [encoder.encode(text), encoder.bag(text), encoder.encode_at(text, usize::MAX, 0)] {
            let length = vector.iter().map(|it| it * it).sum::<f32>();
            assert!(vector.len() == 384 && (length - 1.0).abs() < 1e-4, "{:.20}: {length}", text);
        }
    }
    assert_eq!(encoder.tokens(&words), 512);
}

#[test]
fn text_behind_the_last_token_changes_nothing_and_spaces_do_not_count() {
    let Some(encoder) = encoder() else { return };
    let start = "please tell me where my parcel is ".repeat(12);
    assert!(encoder.tokens(&start) > TOKENS_MAX);
    assert_eq!(encoder.encode_at(&(start.clone() + "and thank you"), 1, 16), encoder.encode_at(&start, 1, 16));
    assert_eq!(encoder.encode_at("  where   is it \n", 1, 16), encoder.encode_at("where is it", 1, 16));
    assert_eq!((encoder.tokens(""), encoder.tokens("where")), (2, 3));
    // Full-width and half-width forms are one.
    assert_eq!(encoder.bag("ＲＥＦＵＮＤ１２３"), encoder.bag("REFUND123"));
    // What looks like a special piece is text.
    assert!(encoder.tokens("</s>") > 3);
}
