//! How many messages a queue has, and how many of them are hidden: kept in memory so that asking costs nothing
//! however many there are, and exact to the millisecond because what is hidden is counted by when it ends.

use std::collections::BTreeMap;

/// Why a message is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Received and not yet deleted.
    InFlight,
    /// Sent with a delay.
    Delayed,
}

/// Where a message stands: hidden until then, for that reason. A moment that has passed is "visible".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// ms since 1970.
    pub(crate) until: i64,
    pub(crate) reason: Reason,
}

/// The numbers at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Numbers {
    pub(crate) visible: i64,
    pub(crate) in_flight: i64,
    pub(crate) delayed: i64,
    /// When the next hidden message becomes visible, ms since 1970.
    pub(crate) next: Option<i64>,
}

/// One queue's count.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    total: i64,
    in_flight: Hidden,
    delayed: Hidden,
    /// Up to here moments have been taken out, ms since 1970.
    settled: i64,
}

/// Messages hidden for one reason, by the moment it ends.
#[derive(Debug, Default)]
struct Hidden {
    until: BTreeMap<i64, i64>,
    count: i64,
}

impl Standing {
    pub(crate) fn new(until: i64, receives: i64) -> Self {
        let reason = if receives > 0 { Reason::InFlight } else { Reason::Delayed };
        Self { until, reason }
    }
}

impl Tally {
    /// A message came (`from` is none), went (`to` is none) or changed its standing.
    pub(crate) fn change(&mut self, from: Option<Standing>, to: Option<Standing>) {
        if let Some(standing) = from {
            self.count(standing, -1);
        }
        if let Some(standing) = to {
            self.count(standing, 1);
        }
    }

    /// Adds messages that are visible, or hidden, all at once: what was found at the start.
    pub(crate) fn load(&mut self, total: i64, hidden: impl IntoIterator<Item = (Standing, i64)>) {
        self.total += total;
        for (standing, messages) in hidden {
            self.count(standing, messages);
            self.total -= messages;
        }
    }

    /// Everything is gone.
    pub(crate) fn clear(&mut self) {
        *self = Self { settled: self.settled, ..Self::default() };
    }

    pub(crate) fn numbers(&mut self, now: i64) -> Numbers {
        self.settled = self.settled.max(now);
        self.in_flight.settle(self.settled);
        self.delayed.settle(self.settled);
        let hidden = self.in_flight.count + self.delayed.count;
        Numbers {
            visible: (self.total - hidden).max(0),
            in_flight: self.in_flight.count,
            delayed: self.delayed.count,
            next: self.in_flight.next().into_iter().chain(self.delayed.next()).min(),
        }
    }

    /// A moment that has been taken out counts neither way.
    fn count(&mut self, standing: Standing, messages: i64) {
        self.total += messages;
        if standing.until > self.settled {
            match standing.reason {
                Reason::InFlight => self.in_flight.add(standing.until, messages),
                Reason::Delayed => self.delayed.add(standing.until, messages),
            }
        }
    }
}

impl Hidden {
    fn add(&mut self, until: i64, messages: i64) {
        let at = self.until.entry(until).or_default();
        *at += messages;
        if *at == 0 {
            self.until.remove(&until);
        }
        self.count += messages;
    }

    fn settle(&mut self, now: i64) {
        while let Some(first) = self.until.first_entry()
            && *first.key() <= now
        {
            self.count -= first.remove();
        }
    }

    fn next(&self) -> Option<i64> {
        self.until.keys().next().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(until: i64, receives: i64) -> Option<Standing> {
        Some(Standing::new(until, receives))
    }

    #[test]
    fn a_message_is_delayed_then_visible_then_in_flight_then_gone() {
        let mut tally = Tally::default();
        tally.change(None, hidden(100, 0));
        let delayed = Numbers { delayed: 1, next: Some(100), ..Numbers::default() };
        assert_eq!(tally.numbers(50), delayed);
        assert_eq!(tally.numbers(100), Numbers { visible: 1, ..Numbers::default() });
        tally.change(hidden(100, 0), hidden(200, 1));
        assert_eq!(tally.numbers(150), Numbers { in_flight: 1, next: Some(200), ..Numbers::default() });
        tally.change(hidden(200, 1), None);
        assert_eq!(tally.numbers(150), Numbers::default());
    }

    #[test]
    fn a_message_that_was_never_hidden_is_visible() {
        let mut tally = Tally::default();
        tally.numbers(100);
        tally.change(None, hidden(90, 0));
        assert_eq!(tally.numbers(100).visible, 1);
        tally.change(hidden(90, 0), None);
        assert_eq!(tally.numbers(100).visible, 0);
    }

    #[test]
    fn what_was_found_at_the_start_counts_once() {
        let mut tally = Tally::default();
        tally.load(10, [(Standing::new(500, 1), 3), (Standing::new(600, 0), 2)]);
        let numbers = tally.numbers(100);
        assert_eq!((numbers.visible, numbers.in_flight, numbers.delayed), (5, 3, 2));
        tally.clear();
        assert_eq!(tally.numbers(100), Numbers::default());
    }
}
