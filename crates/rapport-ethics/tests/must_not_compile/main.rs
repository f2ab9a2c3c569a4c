//! What the types forbid: each file beside this one is a way around the gate, and the compiler refuses it for the reason that stands in its second line.
//!
//! They are compiled against the very library that this test is linked with, so that nothing is built a second time, and held to the code of the error, not to its words.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

/// The one that must compile: without it, "does not compile" would say nothing.
const CONTROL: &str = "control.rs";
const EXTERNS: [&str; 3] = ["rapport_ethics", "rapport_model", "serde"];

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/must_not_compile/cases")
}

/// Where cargo put what this test is linked with.
fn libraries() -> PathBuf {
    std::env::current_exe().expect("this test").parent().expect("its folder").to_owned()
}

/// Every build of a crate there, newest first: a workspace may hold several, by the features they were built with.
fn builds(name: &str) -> Vec<PathBuf> {
    let files = fs::read_dir(libraries()).expect("the folder").filter_map(Result::ok).map(|it| it.path());
    let is_build = |path: &PathBuf| path.extension().is_some_and(|it| it == "rlib") && path.file_name().is_some_and(|it| it.to_string_lossy().starts_with(&format!("lib{name}-")));
    let mut found: Vec<_> = files.filter(is_build).collect();
    let built = |path: &PathBuf| path.metadata().and_then(|it| it.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    found.sort_by_key(|it| std::cmp::Reverse(built(it)));
    found
}

/// Codes of the compiler's errors, none when it compiles.
fn errors(file: &str, externs: &[PathBuf]) -> Vec<String> {
    let mut rustc = Command::new("rustc");
    rustc.args(["--edition=2024", "--crate-type=lib", "--crate-name=way_around", "--emit=metadata", "--error-format=json", "--cap-lints=allow", "-L"]);
    rustc.arg(format!("dependency={}", libraries().display())).arg(cases().join(file));
    for (name, path) in EXTERNS.iter().zip(externs) {
        rustc.arg("--extern").arg(format!("{name}={}", path.display()));
    }
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(file).with_extension("rmeta");
    let told = rustc.arg("-o").arg(out).output().expect("rustc runs");
    let lines = String::from_utf8_lossy(&told.stderr).into_owned();
    let messages = lines.lines().filter_map(|it| serde_json::from_str::<serde_json::Value>(it).ok());
    let coded = messages.filter(|it| it.get("level").is_some_and(|it| it == "error")).filter(|it| !text(it, "/message").starts_with("aborting"));
    let codes: Vec<_> = coded.map(|it| text(&it, "/code/code")).collect();
    assert_eq!(codes.is_empty(), told.status.success(), "{file}: {lines}");
    codes
}

/// Empty where there is none.
fn text(message: &serde_json::Value, at: &str) -> String {
    message.pointer(at).and_then(|it| it.as_str()).unwrap_or_default().to_owned()
}

/// The builds that belong together: those with which the control compiles.
fn externs() -> Vec<PathBuf> {
    let [ethics, model, serde] = EXTERNS.map(builds);
    let pairs = model.iter().flat_map(|model| serde.iter().map(move |serde| (model, serde)));
    let newest = ethics.first().expect("the library of this crate");
    let mut tried = pairs.map(|(model, serde)| vec![newest.clone(), model.clone(), serde.clone()]);
    tried.find(|it| errors(CONTROL, it).is_empty()).expect("the control compiles")
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test reads its cases; the crate itself touches no file")]
fn no_way_around_the_gate_compiles() {
    let externs = externs();
    let mut tried = 0;
    for path in fs::read_dir(cases()).expect("cases").filter_map(Result::ok).map(|it| it.path()) {
        let file = path.file_name().expect("a file").to_string_lossy().into_owned();
        if file == CONTROL {
            continue;
        }
        let text = fs::read_to_string(&path).expect("it is read");
        let expected = text.lines().nth(1).and_then(|it| it.strip_prefix("//! Refused: ")).unwrap_or_else(|| panic!("{file}: the second line says the code"));
        assert_eq!(errors(&file, &externs), [expected], "{file}");
        tried += 1;
    }
    assert!(tried >= 12, "{tried}");
}
