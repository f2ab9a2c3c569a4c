//! A PostgreSQL cluster of the test run's own, and an empty database in it for each test.
//!
//! It is started once a test binary, on a Unix socket in a folder of its own, and stops when the binary ends, however that happens:
//! a shell holds it and waits for the end of a pipe. `RAPPORT_TEST_POSTGRES` names another server to use (a URL of a role that may
//! create roles and databases).

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use postgres::{Client, Config, NoTls};

/// The role the store connects as: no superuser, so that row-level security holds it.
pub(crate) const ROLE: &str = "rapport_test";

/// Durability is tested elsewhere; here a sync would only take time (and `cautions` has to notice that it is off).
const SCRIPT: &str = r#"
set -eu
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
PATH="${bin:+$bin:}$PATH"
command -v initdb >/dev/null && command -v pg_ctl >/dev/null || { echo missing; exit 0; }
dir=$(mktemp -d "${TMPDIR:-/tmp}/rapport-pg.XXXXXX" 2>/dev/null || mktemp -d /tmp/rapport-pg.XXXXXX)
trap 'pg_ctl -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$dir"' EXIT
initdb -D "$dir/data" -A trust -U postgres -E UTF8 --locale=C.UTF-8 --no-sync >"$dir/log" 2>&1 || { cat "$dir/log"; exit 1; }
pg_ctl -D "$dir/data" -l "$dir/log" -w -t 60 -o "-c listen_addresses='' -c unix_socket_directories='$dir' -c fsync=off -c max_connections=300" start >>"$dir/log" 2>&1 \
  || { cat "$dir/log"; exit 1; }
echo "ready $dir"
read _ || true
"#;

struct Cluster {
    /// Its end of the pipe is what keeps the server running.
    _holder: Option<Child>,
    server: Config,
    next: AtomicU32,
}

static CLUSTER: OnceLock<Cluster> = OnceLock::new();

/// The driver runs its own small runtime, which must not be started inside another.
fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(work).join()).unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

fn cluster() -> &'static Cluster {
    CLUSTER.get_or_init(|| {
        let (holder, server) = match std::env::var("RAPPORT_TEST_POSTGRES") {
            Ok(url) => (None, url.parse().expect("RAPPORT_TEST_POSTGRES is a postgres:// URL")),
            Err(_) => {
                let (holder, folder) = start();
                let mut server = Config::new();
                server.host_path(folder).user("postgres").dbname("postgres");
                (Some(holder), server)
            }
        };
        let mut admin = server.connect(NoTls).expect("the test server answers");
        let made = admin.batch_execute(&format!("create role {ROLE} login nosuperuser nobypassrls"));
        let there = made.is_ok() || admin.query_opt("select 1 from pg_roles where rolname = $1", &[&ROLE]).expect("roles").is_some();
        assert!(there, "role {ROLE} cannot be made: {made:?}");
        Cluster { _holder: holder, server, next: AtomicU32::new(0) }
    })
}

fn start() -> (Child, String) {
    // The server refuses to run as root.
    let root = std::fs::metadata("/proc/self").is_ok_and(|it| std::os::unix::fs::MetadataExt::uid(&it) == 0);
    let mut command = if root { Command::new("runuser") } else { Command::new("sh") };
    if root {
        command.args(["-u", "postgres", "--", "sh"]);
    }
    let mut child = command.args(["-c", SCRIPT]).current_dir("/").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a shell");
    let mut said = String::new();
    for line in BufReader::new(child.stdout.take().expect("stdout")).lines().map_while(Result::ok) {
        if let Some(folder) = line.strip_prefix("ready ") {
            return (child, folder.to_owned());
        }
        said.push_str(&line);
        said.push('\n');
    }
    let _ended = child.wait();
    assert!(said.trim() != "missing" && !said.is_empty(), "PostgreSQL is not installed: `apt-get install -y postgresql` (or set RAPPORT_TEST_POSTGRES)");
    unreachable!("PostgreSQL did not start:\n{said}");
}

/// An empty database, owned by the role that the store connects as.
pub(crate) struct Database {
    name: String,
}

impl Database {
    pub(crate) fn new() -> Self {
        let cluster = apart(cluster);
        let name = format!("rapport_{}_{}", std::process::id(), cluster.next.fetch_add(1, Ordering::Relaxed));
        apart(|| {
            let mut admin = cluster.server.connect(NoTls).expect("admin");
            admin.batch_execute(&format!("create database {name} owner {ROLE} template template0")).expect("database");
        });
        Self { name }
    }

    /// As the store connects.
    pub(crate) fn url(&self) -> String {
        self.url_as(ROLE)
    }

    pub(crate) fn url_as(&self, role: &str) -> String {
        let host = match cluster().server.get_hosts().first().expect("a host") {
            postgres::config::Host::Unix(path) => path.to_string_lossy().replace('/', "%2F"),
            postgres::config::Host::Tcp(name) => name.clone(),
        };
        let port = cluster().server.get_ports().first().copied().unwrap_or(5432);
        format!("postgres://{role}@{host}:{port}/{}", self.name)
    }

    /// Ends every connection but the one that does it; how many there were.
    pub(crate) fn end_connections(&self) -> i64 {
        let text = "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
        self.admin().query_one(text, &[]).expect("terminate").get(0)
    }

    /// As the server's administrator, past row-level security.
    pub(crate) fn admin(&self) -> Client {
        let mut config = cluster().server.clone();
        config.dbname(&self.name).connect(NoTls).expect("admin")
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        apart(|| {
            if let Ok(mut admin) = cluster().server.connect(NoTls) {
                let _dropped = admin.batch_execute(&format!("drop database if exists {} with (force)", self.name));
            }
        });
    }
}
