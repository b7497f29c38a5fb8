//! A start on a terminal: the board, redrawn as events come.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use local::Event;
use model::System;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};

use super::board::Board;
use super::plain;
use crate::report;

/// From one turn of the spinners to the next.
const TURN: Duration = Duration::from_millis(80);

/// How a start ended, as far as the display is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Everything is healthy.
    Ready,
    /// It failed, or the events ended.
    NotReady,
}

/// Shows a start until it is ready or has failed. The board stays on the screen as it was last.
pub(crate) async fn start(system: &System, events: &mut mpsc::Receiver<Event>) -> Shown {
    let mut board = Board::new(system);
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stdout());
    bar.set_style(ProgressStyle::with_template("{msg}").unwrap_or_else(|_| ProgressStyle::default_spinner()));
    let mut turns = interval(TURN);
    turns.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut tick = 0;
    let last = loop {
        tokio::select! {
            event = events.recv() => match event {
                Some(Event::Note { message }) => bar.suspend(|| report::line(format_args!("note: {message}"))),
                Some(event) if ends(&event) => break Some(event),
                Some(event) => board.on(&event),
                None => break None,
            },
            _ = turns.tick() => tick += 1,
        }
        bar.set_message(board.lines(tick, width()).join("\n"));
    };
    bar.finish_and_clear();
    report::line(board.lines(tick, width()).join("\n"));
    end(last.as_ref())
}

fn end(last: Option<&Event>) -> Shown {
    match last {
        Some(Event::Ready { url, elapsed_ms }) => {
            report::line("");
            report::done(plain::ready(url.as_deref(), *elapsed_ms));
            Shown::Ready
        }
        _ => Shown::NotReady,
    }
}

fn ends(event: &Event) -> bool {
    matches!(event, Event::Ready { .. } | Event::Failed { .. } | Event::Stopping | Event::Stopped { .. })
}

fn width() -> usize {
    /// Where the terminal does not say.
    const USUAL: u16 = 80;
    let (_, columns) = console::Term::stdout().size_checked().unwrap_or((0, USUAL));
    usize::from(columns)
}
