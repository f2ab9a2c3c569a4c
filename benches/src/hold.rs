//! The other process of the memory measurement: opens visitors' sockets, says so, and holds them until standard input ends.

use futures::{StreamExt as _, TryStreamExt as _, stream};

use crate::people::{Socket, greet, visitor_token};

/// Sockets opened side by side.
const AT_ONCE: usize = 32;

pub(crate) async fn hold(address: &str, sockets: usize) -> anyhow::Result<()> {
    let client = reqwest::Client::new();
    let opened = stream::iter(0..sockets).map(|_| one(&client, address)).buffer_unordered(AT_ONCE);
    let held: Vec<Socket> = opened.try_collect().await?;
    println!("holding {} sockets", held.len());
    // Ends when the measuring process closes its side.
    tokio::task::spawn_blocking(|| std::io::read_to_string(std::io::stdin())).await??;
    Ok(())
}

async fn one(client: &reqwest::Client, address: &str) -> anyhow::Result<Socket> {
    let token = visitor_token(client, address).await?;
    greet(address, "visitor", &token).await
}
