//! What a fresh machine needs: Node and npm, the browser's packages, Chromium, PostgreSQL. Says what it installs.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, bail};

use crate::{models, step::root};

/// Everything that tests and bars lean on.
pub(crate) fn everything() -> anyhow::Result<()> {
    web()?;
    models::fetch_missing();
    let mut missing = Vec::new();
    if chromium().is_none() {
        missing.push("chromium");
    }
    if !has_chinese_font() {
        missing.push("fonts-noto-cjk");
    }
    if !has_postgres() {
        missing.push("postgresql");
    }
    if !missing.is_empty() {
        install(&missing)?;
    }
    if chromium().is_none() {
        // Ubuntu has no Chromium of its own: its package only asks for a snap.
        println!("\n== the system has no Chromium that runs: downloading one with its libraries (playwright-core)");
        succeed(Command::new("npx").args(["playwright-core", "install", "--with-deps", "chromium"]).current_dir(root().join("web")).stdin(Stdio::null()))?;
    }
    if chromium().is_none() {
        bail!("no Chromium could be installed; install one and set RAPPORT_CHROMIUM to its path");
    }
    Ok(())
}

/// Node, and the packages of `web/` as the lock file names them.
pub(crate) fn web() -> anyhow::Result<()> {
    let version = read(Command::new("node").arg("--version")).context("Node is missing: install Node 20.19 or newer with npm (https://nodejs.org)")?;
    if !is_new_enough(&version) {
        bail!("Node {} is too old: 20.19 or newer is needed", version.trim());
    }
    let (lock, stamp) = (root().join("web/package-lock.json"), root().join("web/node_modules/.installed-lock"));
    let wanted = fs::read(&lock).context("web/package-lock.json")?;
    if fs::read(&stamp).is_ok_and(|it| it == wanted) {
        return Ok(());
    }
    println!("\n== packages of the browser's side: npm ci in web/");
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(root().join("web"));
    succeed(&mut npm)?;
    fs::write(stamp, wanted)?;
    Ok(())
}

/// `v20.19.0` and newer.
fn is_new_enough(version: &str) -> bool {
    let mut parts = version.trim().trim_start_matches('v').split('.').map(|it| it.parse::<u32>().unwrap_or(0));
    let (major, minor) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    major > 20 || (major == 20 && minor >= 19)
}

/// A Chromium that runs without a window.
pub(crate) fn chromium() -> Option<PathBuf> {
    let given = std::env::var_os("RAPPORT_CHROMIUM").map(PathBuf::from);
    let known = ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser"];
    let mut candidates: Vec<PathBuf> = given.into_iter().collect();
    candidates.extend(known.iter().flat_map(|name| on_path(name)));
    candidates.extend(downloaded());
    // Only one that answers counts: a stub that asks for a snap does not.
    candidates.into_iter().find(|it| read(Command::new(it).args(["--version", "--no-sandbox"])).is_ok_and(|said| said.contains("Chrom")))
}

/// Where playwright-core puts its browsers.
fn downloaded() -> Vec<PathBuf> {
    let Some(home) = std::env::var_os("HOME") else { return Vec::new() };
    let versions = fs::read_dir(Path::new(&home).join(".cache/ms-playwright")).into_iter().flatten().flatten();
    versions.flat_map(|it| ["chrome-linux", "chrome-linux64"].map(|folder| it.path().join(folder).join("chrome"))).filter(|it| it.is_file()).collect()
}

fn on_path(name: &str) -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|it| it.join(name)).filter(|it| it.is_file()).collect()
}

fn has_postgres() -> bool {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    debian.map(|it| it.path().join("bin/initdb")).any(|it| it.is_file()) || !on_path("initdb").is_empty()
}

fn has_chinese_font() -> bool {
    read(Command::new("fc-list").arg(":lang=zh")).is_ok_and(|it| !it.trim().is_empty())
}

fn install(packages: &[&str]) -> anyhow::Result<()> {
    if on_path("apt-get").is_empty() {
        bail!("missing on this machine: {}; install them and run again (only Debian and Ubuntu are installed to by itself)", packages.join(", "));
    }
    let is_root = read(Command::new("id").arg("-u")).is_ok_and(|it| it.trim() == "0");
    println!("\n== installing with apt-get{}: {}", if is_root { "" } else { " (by sudo)" }, packages.join(", "));
    for arguments in [&["update", "-qq"][..], &["install", "-y", "-qq", "--no-install-recommends"]] {
        let mut command = if is_root { Command::new("apt-get") } else { Command::new("sudo") };
        if !is_root {
            command.args(["--preserve-env=DEBIAN_FRONTEND", "apt-get"]);
        }
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
        if arguments.first() == Some(&"install") {
            command.args(packages);
        }
        succeed(&mut command)?;
    }
    Ok(())
}

fn read(command: &mut Command) -> anyhow::Result<String> {
    let out = command.stdin(Stdio::null()).stderr(Stdio::null()).output()?;
    if !out.status.success() {
        bail!("{command:?} failed");
    }
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}

pub(crate) fn succeed(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", Path::new(command.get_program()).display()))?;
    if status.success() { Ok(()) } else { bail!("{command:?} failed: {status}") }
}

#[cfg(test)]
mod tests {
    #[test]
    fn node_versions_are_compared_as_numbers() {
        for (version, fits) in [("v20.19.0\n", true), ("v20.9.1", false), ("v22.1.0", true), ("v18.20.0", false), ("odd", false)] {
            assert_eq!(super::is_new_enough(version), fits, "{version}");
        }
    }
}
