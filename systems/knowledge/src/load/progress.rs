//! How far it is: a bar on a terminal, a line now and then elsewhere.

use std::io::{IsTerminal, Write, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// How often a log hears of it.
const EVERY: Duration = Duration::from_secs(5);

/// Shows progress on standard error.
pub(super) enum Progress {
    /// For a person who watches.
    Bar(ProgressBar),
    /// For a log.
    Lines {
        /// All bytes, where that is known.
        size: Option<u64>,
        /// When it was last told.
        told: Instant,
    },
}

impl Progress {
    /// Nothing is done yet of a file of `size` bytes, but for `from` lines that were done before.
    pub(super) fn start(size: Option<u64>, from: u64) -> Self {
        let mut progress = if stderr().is_terminal() {
            let bar = size.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
            let style = "{wide_bar} {bytes}/{total_bytes}  {msg}  {eta} left";
            let style = ProgressStyle::with_template(if size.is_some() { style } else { "{spinner} {msg}" });
            Self::Bar(bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())))
        } else {
            Self::Lines { size, told: Instant::now() }
        };
        if from > 0 {
            progress.say(&format!("{from} lines were done before and are passed over"));
        }
        progress
    }

    /// The file is read up to here.
    pub(super) fn show(&mut self, bytes: u64, documents: u64) {
        match self {
            Self::Bar(bar) => {
                bar.set_message(format!("{documents} documents"));
                bar.set_position(bytes);
            }
            Self::Lines { size, told } => {
                if told.elapsed() < EVERY {
                    return;
                }
                *told = Instant::now();
                let share = size.map_or(String::new(), |size| format!(", {} %", bytes * 100 / size.max(1)));
                self.say(&format!("{documents} documents loaded{share}"));
            }
        }
    }

    /// A line that stays. One that can't be written must not stop the loading.
    pub(super) fn say(&mut self, sentence: &str) {
        match self {
            Self::Bar(bar) => bar.println(sentence),
            Self::Lines { .. } => drop(writeln!(stderr(), "{sentence}")),
        }
    }

    /// Everything is done.
    pub(super) fn end(self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}
