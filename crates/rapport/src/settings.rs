//! Settings: flags, environment and a TOML file, declared once; `docs/settings.md` is printed from here.

use std::{net::SocketAddr, path::PathBuf};

use anyhow::Context as _;
use clap::{Args, CommandFactory};
use serde::Deserialize;

/// Where the data is; shared by all commands.
#[derive(Args, Clone, Debug)]
pub(crate) struct DataArgs {
    /// Folder of the embedded database, files and the server's secret.
    #[arg(long, env = "RAPPORT_DATA", default_value = "data")]
    pub(crate) data: PathBuf,
    /// PostgreSQL instead of the embedded database: `postgres://user:password@host/name`.
    #[arg(long, env = "RAPPORT_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<String>,
}

/// `rapport serve`.
#[derive(Args, Clone, Debug)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, env = "RAPPORT_LISTEN", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// The address people use, behind a proxy; `http://<listen>` where it is not given.
    #[arg(long, env = "RAPPORT_PUBLIC_URL")]
    pub(crate) public_url: Option<String>,
    /// Sets up a demo tenant with a shop, knowledge and two agents, if there is no tenant yet.
    #[arg(long, env = "RAPPORT_DEMO")]
    pub(crate) demo: bool,
    /// Addresses of proxies whose `X-Forwarded-For` is believed, comma separated.
    #[arg(long, env = "RAPPORT_TRUSTED_PROXIES", value_delimiter = ',')]
    pub(crate) trusted_proxies: Vec<std::net::IpAddr>,
    /// Largest upload. Units: bytes.
    #[arg(long, env = "RAPPORT_UPLOAD_BYTES_MAX", default_value_t = 20 * 1024 * 1024)]
    pub(crate) upload_bytes_max: usize,
    /// Frames a live socket may send a second, over ten seconds; 0 turns the limit off (load tests).
    #[arg(long, env = "RAPPORT_LIVE_FRAMES_PER_SECOND", default_value_t = 30)]
    pub(crate) live_frames_per_second: u32,
    /// HTTP requests one address may make a second, over ten seconds; 0 turns the limits on load off (load tests).
    #[arg(long, env = "RAPPORT_REQUESTS_PER_SECOND", default_value_t = 50)]
    pub(crate) requests_per_second: u32,
    /// Providers of channels may be on this machine, also without TLS: for tests, and for bridges that run beside the server.
    #[arg(long, env = "RAPPORT_CHANNELS_ON_LOOPBACK")]
    pub(crate) channels_on_loopback: bool,
    /// Folder of fetched models; where it is not given, `models` beside the program. Without them what they are for rests on simpler means.
    #[arg(long, env = "RAPPORT_MODELS")]
    pub(crate) models: Option<PathBuf>,
    /// Log lines as JSON or as text.
    #[arg(long, env = "RAPPORT_LOG_FORMAT", default_value = "text", value_parser = ["text", "json"])]
    pub(crate) log_format: String,
    /// What is logged, in `tracing` filter form.
    #[arg(long, env = "RAPPORT_LOG", default_value = "info")]
    pub(crate) log: String,
}

/// The same settings in a TOML file (`--config`): keys are the flags with underscores; flags and environment win.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettingsFile {
    data: Option<PathBuf>,
    database: Option<String>,
    listen: Option<SocketAddr>,
    public_url: Option<String>,
    demo: Option<bool>,
    trusted_proxies: Option<Vec<std::net::IpAddr>>,
    upload_bytes_max: Option<usize>,
    live_frames_per_second: Option<u32>,
    requests_per_second: Option<u32>,
    channels_on_loopback: Option<bool>,
    models: Option<PathBuf>,
    log_format: Option<String>,
    log: Option<String>,
}

impl SettingsFile {
    pub(crate) fn read(path: &std::path::Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("settings file {}", path.display()))?;
        toml::from_str(&text).with_context(|| format!("settings file {}", path.display()))
    }

    /// Fills what neither flag nor environment gave. `given` tells whether a setting was.
    pub(crate) fn fill(self, args: &mut ServeArgs, given: impl Fn(&str) -> bool) {
        fn set<T>(target: &mut T, value: Option<T>, given: bool) {
            if let (Some(value), false) = (value, given) {
                *target = value;
            }
        }
        set(&mut args.data.data, self.data, given("data"));
        set(&mut args.data.database, self.database.map(Some), given("database"));
        set(&mut args.listen, self.listen, given("listen"));
        set(&mut args.public_url, self.public_url.map(Some), given("public_url"));
        set(&mut args.demo, self.demo, given("demo"));
        set(&mut args.trusted_proxies, self.trusted_proxies, given("trusted_proxies"));
        set(&mut args.upload_bytes_max, self.upload_bytes_max, given("upload_bytes_max"));
        set(&mut args.live_frames_per_second, self.live_frames_per_second, given("live_frames_per_second"));
        set(&mut args.requests_per_second, self.requests_per_second, given("requests_per_second"));
        set(&mut args.channels_on_loopback, self.channels_on_loopback, given("channels_on_loopback"));
        set(&mut args.models, self.models.map(Some), given("models"));
        set(&mut args.log_format, self.log_format, given("log_format"));
        set(&mut args.log, self.log, given("log"));
    }
}

/// The table of all settings, as Markdown.
pub(crate) fn table() -> String {
    let mut out = String::from(
        "# Settings\n\nFlags of `rapport serve`; each also as an environment variable and, with underscores, as a key of the TOML file given by \
         `--config`. Flag before environment before file before default. Printed by `rapport settings`.\n\n\
         | flag | environment | TOML key | default | what it does |\n| --- | --- | --- | --- | --- |\n",
    );
    let command = crate::Cli::command();
    let Some(serve) = command.find_subcommand("serve") else { return out };
    for arg in serve.get_arguments().filter(|it| it.get_env().is_some()) {
        let flag = arg.get_long().unwrap_or_default();
        let env = arg.get_env().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
        let default = arg.get_default_values().iter().map(|it| it.to_string_lossy()).collect::<Vec<_>>().join(", ");
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        let key = if flag == "config" { String::new() } else { format!("`{}`", flag.replace('-', "_")) };
        out.push_str("| `--");
        out.push_str(flag);
        out.push_str("` | `");
        out.push_str(&env);
        out.push_str("` | ");
        out.push_str(&key);
        out.push_str(" | ");
        out.push_str(&default);
        out.push_str(" | ");
        out.push_str(&help);
        out.push_str(" |\n");
    }
    out
}

#[cfg(test)]
mod tests {
    /// `UPDATE=1 cargo test` writes it anew.
    #[test]
    fn the_documented_table_is_the_declared_one() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/settings.md");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, super::table()).expect("write");
        }
        assert_eq!(std::fs::read_to_string(path).expect("docs/settings.md"), super::table());
    }
}
