//! The replica's name before each line of its log, in a colour of its own, in one column.

use std::collections::BTreeMap;

use anstyle::{AnsiColor, Style};

const COLOURS: [AnsiColor; 6] = [
    AnsiColor::Cyan,
    AnsiColor::Yellow,
    AnsiColor::Green,
    AnsiColor::Magenta,
    AnsiColor::Blue,
    AnsiColor::BrightRed,
];

/// Remembers who had which colour and how wide the column is.
#[derive(Debug, Default)]
pub(crate) struct Prefix {
    colours: BTreeMap<String, Style>,
    width: usize,
}

impl Prefix {
    /// `api-1  │ ` in the replica's colour.
    pub(crate) fn of(&mut self, replica: &str) -> String {
        self.width = self.width.max(replica.chars().count());
        let next = COLOURS.iter().cycle().nth(self.colours.len()).map(|colour| colour.on_default());
        let style = *self.colours.entry(replica.to_owned()).or_insert_with(|| next.unwrap_or_default());
        format!("{style}{replica:<0$} │{style:#} ", self.width)
    }
}

#[cfg(test)]
mod tests {
    use super::Prefix;

    #[test]
    fn a_replica_keeps_its_colour() {
        let mut prefix = Prefix::default();
        let first = prefix.of("api-1");
        assert_ne!(prefix.of("api-2"), first.replace('1', "2"));
        assert_eq!(prefix.of("api-1"), first);
    }
}
