//! What is printed for people, the `BAR` lines for `make bars`, and the same as JSON in `target/bench.json`.

use std::{
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::{Map, Value, json};

pub(crate) struct Report {
    smoke: bool,
    figures: Map<String, Value>,
    bars: Vec<Value>,
}

impl Report {
    pub(crate) fn new(smoke: bool) -> Self {
        Self { smoke, figures: Map::new(), bars: Vec::new() }
    }

    pub(crate) fn heading(&self, text: &str) {
        println!("\n{text}");
    }

    pub(crate) fn line(&self, text: &str) {
        println!("  {text}");
    }

    pub(crate) fn keep(&mut self, name: &str, figure: &Value) {
        self.figures.insert(name.to_owned(), figure.clone());
    }

    pub(crate) fn bar(&mut self, name: &str, figure: f64, target: &str, holds: bool) {
        self.push(json!({"name": name, "figure": (figure * 1_000.0).round() / 1_000.0, "target": target, "holds": holds}));
    }

    pub(crate) fn bar_text(&mut self, name: &str, figure: &str, target: &str, holds: bool) {
        self.push(json!({"name": name, "figure": figure, "target": target, "holds": holds}));
    }

    fn push(&mut self, bar: Value) {
        self.bars.push(bar);
    }

    /// A smoke run prints no bars: its figures are not measured long enough to be kept.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        println!();
        if self.smoke {
            println!("smoke run: everything runs; no bar is measured by it");
            return Ok(());
        }
        for bar in &self.bars {
            println!("BAR {bar}");
        }
        let at_ms = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
        let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
        let all = json!({"at_ms": u64::try_from(at_ms)?, "cores": cores, "figures": self.figures, "bars": self.bars});
        let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target");
        std::fs::create_dir_all(&target)?;
        std::fs::write(target.join("bench.json"), serde_json::to_string_pretty(&all)?)?;
        let failed = self.bars.iter().filter(|it| it.get("holds") == Some(&Value::Bool(false))).count();
        if failed == 0 { Ok(()) } else { anyhow::bail!("{failed} bar(s) do not hold") }
    }
}
