//! Milliseconds a sentence, single and in batches, by kernel: `cargo run --release -p rapport-encoder --example speed -- target/models/e5-small-q4.bin`.

use std::{error::Error, time::Instant};

use rapport_encoder::{Encoder, Kernel, TOKENS_MAX};

const TEXT: &str = "could you move some money to my savings please";
const ROUNDS: u32 = 300;

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
            let mut times: Vec<f64> = (0..ROUNDS).map(|_| milliseconds(|| encoder.encode_at(TEXT, layers, TOKENS_MAX))).collect();
            times.sort_by(f64::total_cmp);
            let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
            let batch = milliseconds(|| encoder.encode_batch(&[TEXT; 300], layers, TOKENS_MAX)) / 300.0;
            println!("{kernel:?}, {layers} layers: single p50 {:.3} p99 {:.3} ms, in a batch {batch:.3} ms", at(50), at(99));
        }
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn milliseconds<T>(work: impl FnOnce() -> T) -> f64 {
    let started = Instant::now();
    std::hint::black_box(work());
    started.elapsed().as_secs_f64() * 1000.0
}
