//! Tables: a head that names its columns, rows whose first cell names the row.

use maud::{Markup, Render, html};

/// A cell.
#[derive(Debug, Clone)]
pub struct Cell {
    content: Markup,
    class: &'static str,
    known: bool,
}

impl Cell {
    /// A text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::markup(html! { (text) })
    }

    /// A number, written already: at the right, digits under one another.
    #[must_use]
    pub fn number(text: &str) -> Self {
        Self { class: "number", ..Self::text(text) }
    }

    /// Anything else.
    #[must_use]
    pub fn markup(content: Markup) -> Self {
        Self { content, class: "", known: true }
    }

    /// What is not known.
    #[must_use]
    pub fn unknown() -> Self {
        Self { known: false, ..Self::text("—") }
    }

    /// The same with a class of the style sheet.
    #[must_use]
    pub fn with_class(mut self, class: &'static str) -> Self {
        self.class = class;
        self
    }
}

/// A table.
#[derive(Debug, Clone, Default)]
pub struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<Cell>>,
    class: &'static str,
}

impl Table {
    /// A table with the names of its columns.
    #[must_use]
    pub fn new(columns: &[&str]) -> Self {
        Self { columns: columns.iter().map(|&name| name.to_owned()).collect(), ..Self::default() }
    }

    /// Names and values, without a head.
    #[must_use]
    pub fn of_facts() -> Self {
        Self { class: "facts", ..Self::default() }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Whether it has no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The same without the columns of which nothing is known.
    #[must_use]
    pub fn of_what_is_known(mut self) -> Self {
        let kept: Vec<bool> = (0..self.columns.len())
            .map(|at| at == 0 || self.rows.iter().any(|row| row.get(at).is_some_and(|cell| cell.known)))
            .collect();
        let mut flags = kept.iter();
        self.columns.retain(|_| *flags.next().unwrap_or(&true));
        for row in &mut self.rows {
            let mut flags = kept.iter();
            row.retain(|_| *flags.next().unwrap_or(&true));
        }
        self
    }
}

impl Render for Table {
    fn render(&self) -> Markup {
        let cell = |at: usize, cell: &Cell| {
            let class = (!cell.class.is_empty()).then_some(cell.class);
            html! {
                @if at == 0 {
                    th scope="row" class=[class] { (cell.content) }
                } @else {
                    td class=[class] { (cell.content) }
                }
            }
        };
        html! {
            table class=[(!self.class.is_empty()).then_some(self.class)] {
                @if !self.columns.is_empty() {
                    thead { tr { @for name in &self.columns { th scope="col" { (name) } } } }
                }
                tbody {
                    @for row in &self.rows {
                        tr { @for (at, one) in row.iter().enumerate() { (cell(at, one)) } }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_which_nothing_is_known_is_left_out_with_its_name() {
        let mut table = Table::new(&["a", "b", "c"]);
        table.row([Cell::text("1"), Cell::unknown(), Cell::number("2")]);
        table.row([Cell::text("3"), Cell::unknown(), Cell::unknown()]);
        let page = table.of_what_is_known().render().into_string();
        assert!(!page.contains(">b<") && page.matches("scope=\"col\"").count() == 2);
        assert!(page.contains("<tr><th scope=\"row\">3</th><td>—</td></tr>"));
    }
}
