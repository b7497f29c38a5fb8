//! A bare proxy for the bench: `proxy LISTEN TARGET... [--workers N]`, one group, round robin, no health check.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::time::Duration;

use edge::Edge;
use edge::config::{
    Action, Algorithm, Config, Limits, Listener, Target, TargetGroup, Timeouts, WeightedGroup,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(std::env::args().skip(1).collect()).await {
        Ok(never) => match never {},
        Err(reason) => {
            tell(&reason);
            ExitCode::from(2)
        }
    }
}

async fn run(mut words: Vec<String>) -> Result<std::convert::Infallible, String> {
    let workers = match words.iter().position(|word| word == "--workers") {
        Some(at) => Some(words.drain(at..).nth(1).ok_or("--workers needs a number")?),
        None => None,
    };
    let mut addresses =
        words.iter().map(|word| word.parse::<SocketAddr>().map_err(|error| format!("{word}: {error}")));
    let listen = addresses.next().ok_or("usage: proxy LISTEN TARGET... [--workers N]")??;
    let config = config(listen, &addresses.collect::<Result<Vec<_>, _>>()?);
    let edge = match workers {
        Some(count) => {
            let count =
                count.parse::<NonZeroUsize>().map_err(|error| format!("--workers {count}: {error}"))?;
            Edge::start_with(config, count).await
        }
        None => Edge::start(config).await,
    };
    let edge = edge.map_err(|error| error.to_string())?;
    tell(&format!("listening on {listen}"));
    std::future::pending::<()>().await;
    drop(edge);
    Err("ended".to_owned())
}

fn config(listen: SocketAddr, targets: &[SocketAddr]) -> Config {
    let target =
        |(index, address): (usize, &SocketAddr)| (format!("target-{index}"), Target { address: *address });
    let group = TargetGroup {
        algorithm: Algorithm::RoundRobin,
        health_check: None,
        slow_start: Duration::ZERO,
        stickiness: None,
        targets: targets.iter().enumerate().map(target).collect(),
    };
    let forward = Action::Forward(vec![WeightedGroup { group: "targets".to_owned(), weight: 1 }]);
    let listener = Listener { address: listen, rules: Vec::new(), default: forward };
    Config {
        listeners: [("bench".to_owned(), listener)].into(),
        target_groups: [("targets".to_owned(), group)].into(),
        limits: Limits::default(),
        timeouts: Timeouts::default(),
    }
}

#[expect(clippy::print_stderr, reason = "an example has no reporter to speak through")]
fn tell(text: &str) {
    eprintln!("{text}");
}
