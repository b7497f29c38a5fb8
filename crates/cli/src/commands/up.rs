//! `taxiway up`: runs the system in the foreground, or starts it in the background with `-d`.

use std::path::Path;

use local::client::{LogLine, LogQuery};
use local::{Event, Options, Shim};
use model::System;
use tokio::sync::mpsc;

use crate::arguments::Up;
use crate::display::live::{self, Shown};
use crate::display::plain;
use crate::display::prefix::Prefix;
use crate::manifest::Source;
use crate::report::{self, Failure};
use crate::{environment, runtime, signals};

/// Events and log lines that may wait to be shown.
const WAITING: usize = 1024;

pub(crate) fn run(arguments: &Up) -> Result<(), Failure> {
    if arguments.background {
        local::daemon::detach();
    }
    let variables = environment::variables();
    let source = Source::open(&arguments.project.dir)?;
    let manifest = source.manifest(&variables)?;
    let system = source.system(&manifest, arguments.env.as_deref())?;
    if arguments.detach {
        return runtime::block_on(background(arguments, &system))?;
    }
    let options = Options {
        directory: source.dir,
        system: system.clone(),
        port: arguments.port,
        cloud_port: None,
        reset: if arguments.allow_reset { cloud::Reset::Allowed } else { cloud::Reset::Refused },
        timeout: arguments.timeout,
        profiles: arguments.profile.clone(),
        environment: variables,
        shim: Shim::default(),
    };
    runtime::block_on(foreground(arguments, &system, options))?
}

/// Runs it here until it is stopped.
async fn foreground(arguments: &Up, system: &System, options: Options) -> Result<(), Failure> {
    let (sender, mut events) = mpsc::channel(WAITING);
    let (interrupts, received) = mpsc::channel(2);
    let directory = options.directory.clone();
    let signals = tokio::spawn(signals::forward(interrupts));
    let (outcome, ()) = tokio::join!(local::up(options, sender, received), async {
        if start(arguments, system, &mut events).await == Shown::Ready {
            follow(arguments, &directory, &mut events).await;
        }
        while let Some(event) = events.recv().await {
            print(arguments, &event);
        }
    });
    signals.abort();
    outcome.map(drop).map_err(Failure::from_error)
}

/// Starts it in the background and shows the start.
async fn background(arguments: &Up, system: &System) -> Result<(), Failure> {
    let (sender, mut events) = mpsc::channel(WAITING);
    let program = std::env::current_exe().map_err(Failure::from_error)?;
    let words = arguments.in_background();
    let launch = local::daemon::launch(&program, &words, sender);
    let show = async {
        start(arguments, system, &mut events).await;
        // What is left when the start ended is not for this display.
        while events.recv().await.is_some() {}
    };
    tokio::select! {
        (launched, ()) = async { tokio::join!(launch, show) } => launched.map(drop).map_err(Failure::from_error),
        () = signals::asked_to_end() => {
            local::down(&arguments.project.dir).await.map_err(Failure::from_error)?;
            Err(Failure::Sentence("interrupted; nothing of it runs any more".to_owned()))
        }
    }
}

/// Shows a start: as a board, as lines, or as JSON.
async fn start(arguments: &Up, system: &System, events: &mut mpsc::Receiver<Event>) -> Shown {
    if report::is_terminal() && !arguments.json {
        return live::start(system, events).await;
    }
    while let Some(event) = events.recv().await {
        print(arguments, &event);
        match event {
            Event::Ready { .. } => return Shown::Ready,
            Event::Failed { .. } | Event::Stopping => return Shown::NotReady,
            _ => {}
        }
    }
    Shown::NotReady
}

/// Shows what happens and what the services print, until it stops.
async fn follow(arguments: &Up, directory: &Path, events: &mut mpsc::Receiver<Event>) {
    let (sender, mut lines) = mpsc::channel(WAITING);
    let query = LogQuery { services: Vec::new(), tail: 0, follow: !arguments.json };
    let logs = local::client::logs(directory, &query, sender);
    let mut prefix = Prefix::default();
    let show = async {
        loop {
            tokio::select! {
                event = events.recv() => match event {
                    Some(event) => print(arguments, &event),
                    None => return,
                },
                Some(line) = lines.recv() => print_line(&mut prefix, &line),
            }
        }
    };
    tokio::pin!(logs, show);
    tokio::select! {
        () = &mut show => {}
        // No logs to read is no reason to stop showing events.
        _unreadable = &mut logs => show.await,
    }
}

fn print(arguments: &Up, event: &Event) {
    if arguments.json {
        let _unprintable = report::json_line(event);
    } else {
        plain::print(event);
    }
}

fn print_line(prefix: &mut Prefix, line: &LogLine) {
    report::line(format_args!("{}{}", prefix.of(&line.replica), line.text));
}
