//! The crate graph: one row a crate. An edge that is not here fails; adding one is a design decision (docs/adr).

use crate::{
    assert_none,
    tree::{self, Dependency, Package},
};

const MAY_DEPEND_ON: &[(&str, &[&str])] = &[
    ("rapport-model", &[]),
    ("rapport-wire", &["rapport-model"]),
    ("rapport-knowledge", &["rapport-model"]),
    ("rapport-ethics", &["rapport-model"]),
    // Sells, and so may not know what is sealed: docs/adr/0007-ethics-in-types-policies-and-audit.md.
    ("rapport-offers", &["rapport-model"]),
    ("rapport-perceive", &["rapport-model", "rapport-ethics", "rapport-encoder"]),
    ("rapport-encoder", &[]),
    ("rapport-engine", &["rapport-model", "rapport-knowledge", "rapport-ethics"]),
    ("rapport-ports", &["rapport-model"]),
    ("rapport-backends", &["rapport-model", "rapport-ports"]),
    ("rapport-channels", &["rapport-model", "rapport-wire", "rapport-ports"]),
    // `wire` and `channels` for the live socket alone: docs/adr/0005-live-socket-in-the-api.md.
    // `perceive` to hide personal data from members without the right, on the way out: whatever goes out goes out there.
    ("rapport-api", &["rapport-model", "rapport-ethics", "rapport-perceive", "rapport-ports", "rapport-engine", "rapport-wire", "rapport-channels"]),
    (
        "rapport",
        &[
            "rapport-model",
            "rapport-wire",
            "rapport-knowledge",
            "rapport-ethics",
            "rapport-offers",
            "rapport-perceive",
            "rapport-encoder",
            "rapport-engine",
            "rapport-ports",
            "rapport-backends",
            "rapport-channels",
            "rapport-api",
        ],
    ),
    ("rapport-sim", &["rapport-model", "rapport-wire", "rapport-knowledge", "rapport-ethics", "rapport-perceive", "rapport-engine", "rapport-ports"]),
    // These meet the product only where its users do: at the binary, or at the pure function they measure.
    ("rapport-benches", &[]),
    ("rapport-quality", &["rapport-model", "rapport-knowledge", "rapport-ethics", "rapport-offers", "rapport-perceive", "rapport-encoder"]),
    ("xtask", &[]),
];

/// Development dependencies are free: tests may look at anything.
fn violations(packages: &[Package], table: &[(&str, &[&str])]) -> Vec<String> {
    let is_ours = |name: &str| packages.iter().any(|it| it.name == name);
    let mut found = Vec::new();
    for package in packages {
        let Some((_, allowed)) = table.iter().find(|(name, _)| *name == package.name) else {
            found.push(format!("{} is not in the table of crates", package.name));
            continue;
        };
        let counted = package.dependencies.iter().filter(|it| it.kind.as_deref() != Some("dev") && is_ours(&it.name));
        found.extend(counted.filter(|it| !allowed.contains(&it.name.as_str())).map(|it| format!("{} may not depend on {}", package.name, it.name)));
    }
    let gone = table.iter().filter(|(name, _)| !is_ours(name)).map(|(name, _)| format!("{name} is in the table and nowhere else"));
    found.extend(gone);
    found
}

/// Manifests in one form: a dependency is one line `name.workspace = true`, its version and reason are in the root's table.
fn manifest_violations(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut section = "";
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line;
            if section.contains("dependencies.") {
                found.push(format!("{path}: {section}: write the dependency as one line"));
            }
        } else if section.ends_with("dependencies]") && line.contains('=') && !line.starts_with('#') && !inherits(line) {
            found.push(format!("{path}: `{line}`: take it from the workspace's table"));
        }
    }
    if !text.contains("[lints]\nworkspace = true") {
        found.push(format!("{path}: needs the workspace's lints"));
    }
    found
}

fn inherits(line: &str) -> bool {
    line.ends_with(".workspace = true") || line.contains("{ workspace = true")
}

/// In the root's table, what is not ours has its line of reason right above it.
fn unreasoned(root_manifest: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut section = "";
    let mut above = "";
    for line in root_manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line;
        } else if section == "[workspace.dependencies]" && line.contains('=') && !line.starts_with('#') && !line.starts_with("rapport") && !above.starts_with('#') {
            found.push(format!("Cargo.toml: `{line}` has no line of reason above it"));
        }
        above = line;
    }
    found
}

/// In the root's table and in no crate.
fn unused(root_manifest: &str, packages: &[Package]) -> Vec<String> {
    let table = root_manifest.split("[workspace.dependencies]").nth(1).and_then(|it| it.split("\n[").next()).unwrap_or_default();
    let names = table.lines().filter(|it| !it.starts_with('#')).filter_map(|it| it.split_once(" = ")).map(|(name, _)| name);
    let is_used = |name: &str| packages.iter().flat_map(|it| &it.dependencies).any(|it| it.name == name);
    names.filter(|it| !it.starts_with("rapport") && !is_used(it)).map(|it| format!("Cargo.toml: nothing uses `{it}`")).collect()
}

#[test]
fn crates_depend_only_on_what_the_table_allows() {
    assert_none(violations(&tree::metadata(&["--no-deps"]).packages, MAY_DEPEND_ON));
}

#[test]
fn manifests_take_lints_and_dependencies_from_the_workspace() {
    let manifests = tree::texts("", &["toml"]).into_iter().filter(|(path, _)| path.contains('/') && path.ends_with("Cargo.toml") && !path.starts_with("fuzz/"));
    assert_none(manifests.flat_map(|(path, text)| manifest_violations(&path, &text)).collect());
}

#[test]
fn every_dependency_has_its_reason_and_its_use() {
    let manifest = std::fs::read_to_string(tree::root().join("Cargo.toml")).unwrap();
    assert_none([unreasoned(&manifest), unused(&manifest, &tree::metadata(&["--no-deps"]).packages)].concat());
}

#[test]
fn a_reversed_edge_an_unknown_crate_and_a_stale_row_are_found() {
    let package = |name: &str, on: &[(&str, Option<&str>)]| Package {
        name: name.to_owned(),
        version: String::new(),
        license: None,
        source: None,
        dependencies: on.iter().map(|(name, kind)| Dependency { name: (*name).to_owned(), kind: kind.map(str::to_owned) }).collect(),
    };
    let table: &[(&str, &[&str])] = &[("pure", &[]), ("shell", &["pure"])];
    let good = [package("pure", &[("shell", Some("dev")), ("serde", None)]), package("shell", &[("pure", None)])];
    assert_eq!(violations(&good, table), Vec::<String>::new());
    let reversed = [package("pure", &[("shell", None)]), package("shell", &[("pure", Some("build"))])];
    assert_eq!(violations(&reversed, table), ["pure may not depend on shell"]);
    let unknown = [package("pure", &[]), package("third", &[])];
    assert_eq!(violations(&unknown, table), ["third is not in the table of crates", "shell is in the table and nowhere else"]);
}

#[test]
fn a_table_a_version_and_missing_lints_are_found() {
    assert_eq!(manifest_violations("a", "[dependencies]\nx.workspace = true\n# y\n[lints]\nworkspace = true\n"), Vec::<String>::new());
    assert_eq!(manifest_violations("a", "[dependencies.rapport-x]\nworkspace = true\n[lints]\nworkspace = true\n").len(), 1);
    assert_eq!(manifest_violations("a", "[dev-dependencies]\nx = \"1\"\n[lints]\nworkspace = true\n").len(), 1);
    assert_eq!(manifest_violations("a", "[dependencies]\n").len(), 1);
    let table = "[workspace.dependencies]\nrapport-x = { path = \"x\" }\n# Why.\na = \"1\"\nb = \"2\"\n";
    assert_eq!(unreasoned(table), ["Cargo.toml: `b = \"2\"` has no line of reason above it"]);
    assert_eq!(unused(table, &[]), ["Cargo.toml: nothing uses `a`", "Cargo.toml: nothing uses `b`"]);
}
