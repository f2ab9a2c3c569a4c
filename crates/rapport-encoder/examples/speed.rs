//! Milliseconds a sentence, single and in batches, by kernel: `cargo run --release -p rapport-encoder --example speed -- target/models/e5-small-q4.bin`.

use std::{error::Error, time::Instant};

use rapport_encoder::{Encoder, Kernel, TOKENS_MAX};

const TEXT: &str = "could you move some money to my savings please";
const ROUNDS: usize = 400;
const BATCH: usize = 40;

#[expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a measurement reads a file and the clock and says what it saw")]
fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("give the path of e5-small-q4.bin")?;
    let file = std::fs::read(path)?;
    let started = Instant::now();
    let mut encoder = Encoder::load(file)?;
    println!("{}: loaded in {} ms, {} MB beside the file; {} tokens", encoder.id(), started.elapsed().as_millis(), encoder.bytes() / 1_000_000, encoder.tokens(TEXT));
    for kernel in Kernel::available() {
        encoder = encoder.with_kernel(kernel);
        for layers in [0, 4, encoder.layers()] {
            let (least, half, tail) = spread(ROUNDS, || encoder.encode_at(TEXT, layers, TOKENS_MAX));
            let (batch_least, batch, _) = spread(ROUNDS / BATCH, || encoder.encode_batch(&[TEXT; BATCH], layers, TOKENS_MAX));
            let share = 1.0 / BATCH as f64;
            println!(
                "{kernel:?}, {layers} layers: single least {least:.3} p50 {half:.3} p99 {tail:.3} ms, of {BATCH} least {:.3} p50 {:.3} ms each",
                batch_least * share,
                batch * share
            );
        }
    }
    Ok(())
}

/// Least, median and 99th percentile in milliseconds.
#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn spread<T>(rounds: usize, work: impl Fn() -> T) -> (f64, f64, f64) {
    let mut times: Vec<f64> = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        let started = Instant::now();
        std::hint::black_box(work());
        times.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times.get(rounds * share / 100).copied().unwrap_or_default();
    (at(0), at(50), at(99))
}
