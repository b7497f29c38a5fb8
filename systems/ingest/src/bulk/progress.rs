//! How far it is: a bar on a terminal, a plain line per tenth elsewhere.

use std::io::{IsTerminal, Write, stderr};

use indicatif::{ProgressBar, ProgressStyle};

use super::statistics::Statistics;

/// Shows progress on standard error.
pub(crate) enum Progress {
    /// For a person who watches.
    Bar(ProgressBar),
    /// For a log.
    Lines {
        /// All requests.
        total: usize,
        /// Tenths already told.
        told: usize,
    },
}

impl Progress {
    /// Nothing is done yet of `total` requests.
    pub(crate) fn start(total: usize) -> Self {
        if !stderr().is_terminal() {
            return Self::Lines { total, told: 0 };
        }
        let bar = ProgressBar::new(total as u64);
        let style = ProgressStyle::with_template("{wide_bar} {pos}/{len}  {per_sec}  {msg}  {eta} left");
        Self::Bar(bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())))
    }

    /// One more request has ended.
    pub(crate) fn show(&mut self, statistics: &Statistics) {
        let (done, unexpected) = (statistics.done(), statistics.unexpected());
        match self {
            Self::Bar(bar) => {
                bar.set_message(format!("{unexpected} unexpected"));
                bar.set_position(done);
            }
            Self::Lines { total, told } => {
                let tenths = usize::try_from(done).unwrap_or(*total) * 10 / (*total).max(1);
                if tenths > *told {
                    *told = tenths;
                    // A log that can't be written to must not stop the sending.
                    let _ = writeln!(stderr(), "{done} of {total} done, {unexpected} unexpected");
                }
            }
        }
    }

    /// Everything is done.
    pub(crate) fn end(self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}
