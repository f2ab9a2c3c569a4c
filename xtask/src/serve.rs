//! `make run`: builds the browser's side and the binary, and starts the server with demo data.

use std::{path::Path, process::Command, time::Instant};

use crate::{
    models,
    prepare::{self, succeed},
    step::root,
};

/// Further arguments go to `rapport serve`, behind these.
const SERVE: &[&str] = &["serve", "--data", "data", "--demo", "--listen", "127.0.0.1:8080"];

pub(crate) fn run(arguments: &[String]) -> anyhow::Result<bool> {
    let started = Instant::now();
    prepare::web()?;
    models::fetch_missing();
    if is_web_stale() {
        println!("\n== building the browser's side");
        succeed(Command::new("npm").args(["run", "--silent", "build"]).current_dir(root().join("web")))?;
        // The binary carries these files; the compiler does not see that there are new ones.
        let embedding = std::fs::File::options().append(true).open(root().join("crates/rapport-api/src/pages.rs"))?;
        embedding.set_modified(std::time::SystemTime::now())?;
    }
    println!("\n== building the server (the first time takes some minutes)");
    succeed(Command::new("cargo").args(["build", "--locked", "--profile", "demo", "--package", "rapport"]).current_dir(root()))?;
    println!("\n== built in {} s; starting (Ctrl-C stops it)\n", started.elapsed().as_secs());
    // Later flags win, so that `make run ARGS="--listen 0.0.0.0:9000"` works.
    let given = |flag: &str| arguments.iter().any(|it| it == flag);
    let mut defaults: Vec<&str> = Vec::new();
    let mut words = SERVE.iter().peekable();
    while let Some(word) = words.next() {
        let takes_value = words.peek().is_some_and(|it| !it.starts_with("--")) && word.starts_with("--");
        if given(word) {
            if takes_value {
                words.next();
            }
            continue;
        }
        defaults.push(word);
    }
    let status = Command::new(root().join("target/demo/rapport")).args(defaults).args(arguments).current_dir(root()).status()?;
    Ok(status.success())
}

/// Whether a source of `web/` is newer than what was built from it.
fn is_web_stale() -> bool {
    let web = root().join("web");
    let Some(built) = modified(&web.join("dist/widget/frame.html")) else { return true };
    newest(&web).is_none_or(|it| it > built)
}

fn modified(path: &Path) -> Option<std::time::SystemTime> {
    path.metadata().and_then(|it| it.modified()).ok()
}

fn newest(folder: &Path) -> Option<std::time::SystemTime> {
    let entries = std::fs::read_dir(folder).ok()?.flatten();
    let times = entries.filter_map(|entry| {
        let (path, name) = (entry.path(), entry.file_name());
        match path.is_dir() {
            true if name == "node_modules" || name == "dist" => None,
            true => newest(&path),
            false => modified(&path),
        }
    });
    times.max()
}
