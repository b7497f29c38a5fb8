//! The cloud alone on a data folder, for tests that kill it and programs that measure it.
//!
//! `serve FOLDER [ADDRESS [DURABILITY]]`: prints its address on a line of its own when it is ready; ends when its standard
//! input does.
use std::io::Write;
use std::path::PathBuf;

use cloud::{Cloud, Data, Durability, Settings};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("the first argument is the data folder")?;
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:0".to_owned());
    let durability = match arguments.next().as_deref() {
        Some("power-loss") => Durability::PowerLoss,
        _ => Durability::ProcessCrash,
    };
    let settings =
        Settings { data: Data::Directory(PathBuf::from(folder)), durability, ..Settings::default() };
    let cloud = Cloud::open(&settings)?;
    let listener = TcpListener::bind(address).await?;
    let mut out = std::io::stdout();
    writeln!(out, "{}", listener.local_addr()?)?;
    out.flush()?;
    let shutdown = CancellationToken::new();
    let ended = shutdown.clone();
    std::thread::spawn(move || {
        std::io::copy(&mut std::io::stdin(), &mut std::io::sink()).ok();
        ended.cancel();
    });
    cloud.serve(listener, shutdown).await;
    cloud.close().await;
    Ok(())
}
