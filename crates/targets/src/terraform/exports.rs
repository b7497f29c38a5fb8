//! What the data stack tells the compute stack: one tree, seen as values on one side and as a typed variable on the other.

use std::collections::BTreeMap;

use super::hcl::Expression;
use super::names::identifier;
use super::stack::{Stack, Variable};

/// What is told, by its place: `["queues", "emails", "url"]`.
#[derive(Debug, Default)]
pub(super) struct Exports {
    root: Branch,
}

#[derive(Debug, Default)]
struct Branch {
    leaves: BTreeMap<String, Leaf>,
    branches: BTreeMap<String, Branch>,
}

#[derive(Debug)]
struct Leaf {
    value: Expression,
    kind: &'static str,
    example: Expression,
}

/// One of the three ways to look at a leaf.
type View = fn(&Leaf) -> Expression;

impl Exports {
    /// Tells `value` at a place, with an example of what it will be.
    pub(super) fn text(&mut self, place: &[&str], value: impl Into<String>, example: impl Into<Expression>) {
        self.add(place, "string", Expression::reference(value), example.into());
    }

    /// As [`Exports::text`], for a list of texts.
    pub(super) fn list<V: Into<Expression>>(
        &mut self,
        place: &[&str],
        value: &str,
        example: impl IntoIterator<Item = V>,
    ) {
        self.add(place, "list(string)", Expression::reference(value), Expression::list(example));
    }

    /// Writes it down on the side that tells.
    pub(super) fn tell(&self, data: &mut Stack) {
        let value = Expression::object([("data", self.root.seen(|leaf| leaf.value.clone()))]);
        data.output("compute", "What the compute stack needs to know, as `terraform output -json compute > ../compute/data.auto.tfvars.json` hands it over.", value);
    }

    /// Writes it down on the side that is told.
    pub(super) fn hear(&self, compute: &mut Stack) {
        let kind = Expression::call("object", [self.root.typed()]);
        let description = "What the data stack made: `terraform -chdir=../data output -json compute > data.auto.tfvars.json`.";
        let mut variable =
            Variable::new("any", description).example(self.root.seen(|leaf| leaf.example.clone()));
        variable.kind = kind;
        compute.variable("data", variable);
    }

    fn add(&mut self, place: &[&str], kind: &'static str, value: Expression, example: Expression) {
        let Some((name, path)) = place.split_last() else { return };
        let branch = path
            .iter()
            .fold(&mut self.root, |branch, step| branch.branches.entry(identifier(step)).or_default());
        branch.leaves.insert(identifier(name), Leaf { value, kind, example });
    }
}

impl Branch {
    fn seen(&self, view: View) -> Expression {
        let leaves = self.leaves.iter().map(|(name, leaf)| (name.clone(), view(leaf)));
        let branches = self.branches.iter().map(|(name, branch)| (name.clone(), branch.seen(view)));
        Expression::Object(leaves.chain(branches).collect())
    }

    fn typed(&self) -> Expression {
        let leaves = self.leaves.iter().map(|(name, leaf)| (name.clone(), Expression::reference(leaf.kind)));
        let branches = self
            .branches
            .iter()
            .map(|(name, branch)| (name.clone(), Expression::call("object", [branch.typed()])));
        Expression::Object(leaves.chain(branches).collect())
    }
}

/// How the compute stack reads what was told: `var.data.queues.emails.url`.
pub(super) fn heard(place: &[&str]) -> String {
    place.iter().fold("var.data".to_owned(), |path, step| format!("{path}.{}", identifier(step)))
}
