//! Columns as wide as their widest cell.

use std::fmt;

/// Rows of text under headings.
#[derive(Debug)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// An empty table with these headings.
    pub(crate) fn new<const N: usize>(headings: [&str; N]) -> Self {
        Self { rows: vec![headings.map(str::to_owned).to_vec()] }
    }

    /// An empty table with as many headings.
    pub(crate) fn of(headings: Vec<String>) -> Self {
        Self { rows: vec![headings] }
    }

    /// Adds a row of as many cells as there are headings.
    pub(crate) fn add(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// Adds a row.
    pub(crate) fn row<const N: usize>(&mut self, cells: [impl AsRef<str>; N]) {
        self.rows.push(cells.iter().map(|cell| cell.as_ref().to_owned()).collect());
    }

    fn width(&self, column: usize) -> usize {
        self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, row) in self.rows.iter().enumerate() {
            let cells =
                row.iter().enumerate().map(|(column, cell)| format!("{cell:<0$}", self.width(column)));
            let text = cells.collect::<Vec<_>>().join("  ");
            let end = if number == 0 { "" } else { "\n" };
            write!(f, "{end}{}", text.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn columns_stand_under_each_other() {
        let mut table = Table::new(["A", "LONG", ""]);
        table.row(["wide cell", "x", ""]);
        table.row(["y", "z", "why"]);
        assert_eq!(table.to_string(), "A          LONG\nwide cell  x\ny          z     why");
    }
}
