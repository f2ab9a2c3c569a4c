//! The one binary: its command line.

mod audit;
mod channels;
mod data;
mod demo;
mod doctor;
mod eval;
mod feelings;
mod intents;
mod knowledge;
mod logs;
mod models;
mod pipeline;
mod preload;
mod replay;
mod serve;
mod settings;
mod snapshot;
mod tokens;
mod worker;

use std::path::PathBuf;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand, parser::ValueSource};

use crate::settings::{DataArgs, ServeArgs, SettingsFile};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Debug, Parser)]
#[command(name = "rapport", version, about = "Omnichannel customer service / 全渠道客户服务")]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Starts the server.
    Serve {
        #[command(flatten)]
        args: ServeArgs,
        /// TOML file with the same settings.
        #[arg(long, env = "RAPPORT_CONFIG")]
        config: Option<PathBuf>,
    },
    /// Makes and lists API tokens.
    #[command(subcommand)]
    Token(tokens::TokenCommand),
    /// Prints a one-time sign-in link for a member.
    SignInLink {
        #[command(flatten)]
        data: DataArgs,
        /// Tenant's short name.
        #[arg(long, default_value = "demo")]
        tenant: String,
        /// Member's e-mail address; the first owner where it is not given.
        #[arg(long)]
        email: Option<String>,
        #[arg(long, default_value = "http://127.0.0.1:8080")]
        public_url: String,
    },
    /// Makes a tenant with its first owner, and prints the owner's sign-in link.
    TenantCreate {
        #[command(flatten)]
        data: DataArgs,
        /// Short name in addresses: a-z, 0-9 and hyphens.
        #[arg(long)]
        slug: String,
        #[arg(long)]
        name: String,
        #[arg(long)]
        owner_email: String,
        #[arg(long, default_value = "http://127.0.0.1:8080")]
        public_url: String,
    },
    /// Prints a conversation's decisions with their reasons, from the journal, and checks that the stored state follows from it.
    Replay {
        #[command(flatten)]
        data: DataArgs,
        #[arg(long, default_value = "demo")]
        tenant: String,
        /// Public number or id.
        conversation: String,
        /// zh-CN or en.
        #[arg(long, default_value = "zh-CN")]
        locale: String,
    },
    /// Checks the audit log.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Writes a consistent copy of database, files and secret into one archive, while the server runs.
    Backup {
        #[command(flatten)]
        data: DataArgs,
        /// The archive to write (`.tar.gz`).
        to: PathBuf,
    },
    /// Unpacks a backup into an empty data folder and checks it.
    Restore {
        #[command(flatten)]
        data: DataArgs,
        from: PathBuf,
    },
    /// Checks the installation and says what to do about what it finds.
    Doctor {
        #[command(flatten)]
        data: DataArgs,
        /// A running server to ask as well.
        #[arg(long)]
        url: Option<String>,
    },
    /// Measures understanding on files of labelled texts, by the product's own training and prediction.
    #[command(subcommand)]
    Eval(eval::EvalCommand),
    /// Prints the table of settings.
    Settings,
    /// Fills a tenant's journal with messages, for measuring how cost grows.
    #[command(hide = true)]
    Preload {
        #[command(flatten)]
        data: DataArgs,
        #[arg(long, default_value = "demo")]
        tenant: String,
        #[arg(long)]
        messages: u64,
    },
}

/// Threads for sockets and decisions. One core is the store's writer's: on two cores a second worker would take it away from every commit that the first
/// waits for.
fn workers() -> usize {
    std::thread::available_parallelism().map_or(1, |it| it.get().saturating_sub(1).max(1))
}

fn main() -> anyhow::Result<()> {
    let matches = Cli::command().get_matches();
    let cli = Cli::from_arg_matches(&matches)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(workers()).enable_all().thread_stack_size(1024 * 1024).build()?;
    runtime.block_on(async {
        match cli.command {
            Command::Serve { mut args, config } => {
                if let Some(path) = config {
                    let given = |name: &str| {
                        let source = matches.subcommand_matches("serve").and_then(|it| it.value_source(name));
                        !matches!(source, None | Some(ValueSource::DefaultValue))
                    };
                    SettingsFile::read(&path)?.fill(&mut args, given);
                }
                logs::start(&args.log, &args.log_format);
                serve::run(args).await
            }
            Command::Token(command) => tokens::run(command).await,
            Command::SignInLink { data, tenant, email, public_url } => tokens::sign_in_link(&data, &tenant, email.as_deref(), &public_url).await,
            Command::TenantCreate { data, slug, name, owner_email, public_url } => {
                tokens::create_tenant(&data, &slug, &name, &owner_email, &public_url).await
            }
            Command::Replay { data, tenant, conversation, locale } => replay::run(&data, &tenant, &conversation, &locale).await,
            Command::Audit(command) => audit::run(command).await,
            Command::Backup { data, to } => data::backup(&data, &to).await,
            Command::Restore { data, from } => data::restore(&data, &from).await,
            Command::Doctor { data, url } => doctor::run(&data, url.as_deref()).await,
            Command::Eval(command) => eval::run(&command),
            Command::Settings => {
                say(&settings::table());
                Ok(())
            }
            Command::Preload { data, tenant, messages } => preload::run(&data, &tenant, messages).await,
        }
    })
}

/// Prints to standard output: the answer of a command, as opposed to a log line.
pub(crate) fn say(text: &str) {
    use std::io::Write as _;
    // A closed pipe (`rapport … | head`) is no error of ours.
    let _closed = writeln!(std::io::stdout(), "{}", text.trim_end());
}
