//! The report of the differences.

use std::fmt::{self, Display, Formatter};

use super::compare::{Compared, Difference, Kind};
use super::decided::Decided;

/// The differences that have not been accepted, and totals.
pub struct Report {
    /// The number of operations of the table that were compared.
    operations: usize,
    /// The number of schemas that were compared with models.
    models: usize,
    /// Operations of the table with differences, in the order of the table.
    differing: Vec<Compared>,
    /// Operations that the table lacks: a path and its methods.
    lacking: Vec<(String, Vec<String>)>,
    problems: Vec<String>,
    /// Entries of `decided.toml` that match no difference.
    stale: Vec<Decided>,
    /// The number of accepted differences.
    decided: usize,
}

impl Report {
    /// Creates a report without the accepted differences.
    pub fn new(all: Vec<Compared>, problems: Vec<String>, mut decided: Vec<Decided>) -> Self {
        let of = |kind| all.iter().filter(|compared| compared.kind == kind).count();
        let (operations, models) = (of(Kind::Operation), of(Kind::Model));
        let mut report = Report {
            operations,
            models,
            differing: Vec::new(),
            lacking: Vec::new(),
            problems,
            stale: Vec::new(),
            decided: 0,
        };
        for mut compared in all {
            let operation = format!("{} {}", compared.method, compared.path);
            let before = compared.differences.len();
            compared.differences.retain(|difference| {
                let mut known = false;
                for decided in
                    decided.iter_mut().filter(|decided| decided.is(&operation, difference))
                {
                    decided.applies = true;
                    known = true;
                }
                !known
            });
            report.decided += before - compared.differences.len();
            if compared.differences.is_empty() {
                continue;
            }
            match (compared.kind, report.lacking.last_mut()) {
                (Kind::Operation | Kind::Model | Kind::Recorded, _) => {
                    report.differing.push(compared)
                }
                (Kind::Lacking, Some((path, methods))) if *path == compared.path => {
                    methods.push(compared.method)
                }
                (Kind::Lacking, _) => report.lacking.push((compared.path, vec![compared.method])),
            }
        }
        report.stale = decided.into_iter().filter(|decided| !decided.applies).collect();
        report
    }

    /// Returns whether there is nothing to report.
    pub fn is_empty(&self) -> bool {
        self.differing.is_empty()
            && self.lacking.is_empty()
            && self.problems.is_empty()
            && self.stale.is_empty()
    }
}

impl Display for Difference {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Difference { about, document, table, endpoints } = self;
        if endpoints.is_empty() {
            write!(f, "{about}: {document} in the document, {table} in the table")
        } else {
            write!(f, "{about}: {document} in the document, {table} in {}", endpoints.join(", "))
        }
    }
}

/// `1 difference`, `2 differences`.
fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for compared in &self.differing {
            writeln!(f, "{} {}", compared.method, compared.path)?;
            for difference in &compared.differences {
                writeln!(f, "    {difference}")?;
            }
        }
        if !self.lacking.is_empty() {
            writeln!(f, "Operations that the table lacks:")?;
            for (path, methods) in &self.lacking {
                writeln!(f, "    {path}  {}", methods.join(" "))?;
            }
        }
        if !self.problems.is_empty() {
            writeln!(f, "Problems of the document itself:")?;
            for problem in &self.problems {
                writeln!(f, "    {problem}")?;
            }
        }
        if !self.stale.is_empty() {
            writeln!(f, "Lines of decided.toml that no longer apply:")?;
            for decided in &self.stale {
                writeln!(f, "    line {}: {}", decided.line, decided.describe())?;
            }
        }
        if !self.is_empty() {
            writeln!(f)?;
        }
        let differences = self.differing.iter().map(|compared| compared.differences.len()).sum();
        let lacking = self.lacking.iter().map(|(_, methods)| methods.len()).sum();
        writeln!(
            f,
            "{} and {} compared: {} in {} of them, {} that the table lacks, {} of the document, {} left out, {} that no \
             longer {}.",
            count(self.operations, "operation"),
            count(self.models, "object"),
            count(differences, "difference"),
            self.differing.len(),
            count(lacking, "operation"),
            count(self.problems.len(), "problem"),
            count(self.decided, "decided difference"),
            count(self.stale.len(), "decision"),
            if self.stale.len() == 1 { "applies" } else { "apply" },
        )
    }
}
