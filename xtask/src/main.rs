//! What `make` does: run, test, quick, check, bench, bars; and `cargo xtask models`, a part of the first two.

#![expect(clippy::print_stdout, reason = "what a build tool says is its output")]

mod bars;
mod models;
mod prepare;
mod serve;
mod step;
mod suite;
mod tally;
mod watch;

use std::process::ExitCode;

const USAGE: &str = "\
make run     builds the product and starts it with demo data; prints where it is and a one-time sign-in link
make test    everything that is checked, installing what it needs; ends with `N passed, N failed`
make quick   the fast part of it, for the inner loop
make check   compiles, lints, types, architecture, licences, documentation
make bench   the product against a bare path, in the same run on this machine
make bars    every bar: figure, target, holds or not, how to run it alone  (ARGS=--last reads the last results, ARGS=\"--only NAME\" runs one)";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = arguments.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
    let done = match command {
        "run" => serve::run(rest),
        "test" => suite::test(),
        "quick" => suite::quick(),
        "check" => suite::check(),
        "bench" => suite::bench(rest),
        "bars" => bars::run(rest),
        "models" => {
            models::fetch_missing();
            Ok(true)
        }
        _ => {
            println!("{USAGE}");
            Ok(command.is_empty() || command == "help")
        }
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
