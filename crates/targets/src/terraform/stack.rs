//! One folder that is planned and applied by itself, and what all of them have: provider, state, variables, outputs.

use std::collections::{BTreeMap, BTreeSet};

use super::delivery::boundary;
use super::hcl::{Block, Body, Expression};
use super::names::Names;
/// Which of the three it is.
pub(super) use crate::stack::Stack as Kind;

/// A stack as it is put together.
#[derive(Debug)]
pub(super) struct Stack {
    kind: Kind,
    names: Names,
    files: BTreeMap<String, Body>,
    /// What is not Terraform's language.
    texts: BTreeMap<String, String>,
    variables: BTreeMap<String, Variable>,
    outputs: BTreeMap<String, Output>,
    modules: BTreeSet<&'static str>,
    providers: BTreeSet<Alias>,
}

/// A second provider, for what can stand in one region only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Alias {
    /// CloudFront's certificates and firewall (AWS WAF Developer Guide, "Resources that you can protect").
    UsEast1,
}

/// A variable of a stack.
#[derive(Debug, Clone)]
pub(super) struct Variable {
    /// A type expression: `string`, `list(string)`.
    pub(super) kind: Expression,
    pub(super) description: String,
    pub(super) default: Option<Expression>,
    pub(super) sensitive: bool,
    /// A condition, and what is said where it does not hold.
    pub(super) validation: Option<(String, String)>,
    /// The value in `terraform.tfvars.example`, where there is one.
    pub(super) example: Option<Expression>,
}

#[derive(Debug)]
struct Output {
    description: String,
    value: Expression,
}

impl Variable {
    pub(super) fn new(kind: &str, description: &str) -> Self {
        Self {
            kind: Expression::reference(kind),
            description: description.to_owned(),
            default: None,
            sensitive: false,
            validation: None,
            example: None,
        }
    }

    pub(super) fn default(mut self, value: impl Into<Expression>) -> Self {
        self.default = Some(value.into());
        self
    }

    pub(super) fn example(mut self, value: impl Into<Expression>) -> Self {
        self.example = Some(value.into());
        self
    }

    pub(super) fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    pub(super) fn valid(mut self, condition: &str, message: &str) -> Self {
        self.validation = Some((condition.to_owned(), message.to_owned()));
        self
    }

    fn block(&self, name: &str) -> Block {
        let mut body = Body::new();
        body.set("description", self.description.as_str()).set("type", self.kind.clone());
        body.set_some("default", self.default.clone());
        if self.sensitive {
            body.set("sensitive", true);
        }
        if self.default != Some(Expression::Null) {
            body.set("nullable", false);
        }
        if let Some((condition, message)) = &self.validation {
            let mut rule = Body::new();
            rule.set("condition", Expression::reference(condition)).set("error_message", message.as_str());
            body.block(Block::new("validation", &[], rule));
        }
        Block::new("variable", &[name], body)
    }
}

impl Stack {
    pub(super) fn new(kind: Kind, names: &Names, region: &str) -> Self {
        let mut stack = Self {
            kind,
            names: names.clone(),
            files: BTreeMap::new(),
            texts: BTreeMap::new(),
            variables: BTreeMap::new(),
            outputs: BTreeMap::new(),
            modules: BTreeSet::new(),
            providers: BTreeSet::new(),
        };
        stack.variable(
            "account_id",
            Variable::new("string", "The AWS account this is applied to, twelve digits. A variable, so that a plan needs no call to AWS.")
                .valid("can(regex(\"^[0-9]{12}$\", var.account_id))", "An account id has twelve digits.")
                .example("123456789012"),
        );
        stack.variable("region", Variable::new("string", "The AWS region.").default(region));
        stack
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// The file of this name, `queues.tf`, made where it is not there.
    pub(super) fn file(&mut self, name: &str) -> &mut Body {
        self.files.entry(name.to_owned()).or_default()
    }

    /// Adds a file that is not Terraform's.
    pub(super) fn text(&mut self, name: String, text: String) {
        self.texts.insert(name, text);
    }

    pub(super) fn variable(&mut self, name: &str, variable: Variable) {
        self.variables.insert(name.to_owned(), variable);
    }

    pub(super) fn output(&mut self, name: &str, description: &str, value: impl Into<Expression>) {
        let output = Output { description: description.to_owned(), value: value.into() };
        self.outputs.insert(name.to_owned(), output);
    }

    pub(super) fn needs(&mut self, alias: Alias) {
        self.providers.insert(alias);
    }

    /// Calls one of the modules as `name`, in `file`. The roles it makes take the boundary, so that none is forgotten.
    pub(super) fn module(&mut self, file: &str, name: &str, of: &'static str, settings: Body) {
        self.modules.insert(of);
        let mut body = Body::new();
        body.set("source", format!("../../modules/{of}")).gap();
        body.append(settings);
        if boundary::binds(of) {
            body.set("permissions_boundary", boundary::arn(&self.names));
        }
        self.file(file).block(Block::new("module", &[name], body));
    }

    /// The modules it calls.
    pub(super) fn modules(&self) -> &BTreeSet<&'static str> {
        &self.modules
    }

    /// Its files by their names.
    pub(super) fn files(&self) -> BTreeMap<String, String> {
        let mut files: BTreeMap<String, String> =
            self.files.iter().map(|(name, body)| (name.clone(), body.to_string())).collect();
        files.extend(self.texts.clone());
        files.insert("providers.tf".to_owned(), self.providers().to_string());
        files.insert(
            "variables.tf".to_owned(),
            blocks(self.variables.iter().map(|(name, of)| of.block(name))),
        );
        files.insert("outputs.tf".to_owned(), blocks(self.outputs.iter().map(|(name, of)| of.block(name))));
        files.insert("terraform.tfvars.example".to_owned(), self.example().to_string());
        files.insert("backend.hcl.example".to_owned(), self.backend().to_string());
        if self.kind == Kind::Bootstrap {
            files.insert("backend.tf.example".to_owned(), moved().to_string());
        }
        files
    }

    fn providers(&self) -> Body {
        let mut aws = Body::new();
        aws.set("aws", Expression::object([("source", "hashicorp/aws"), ("version", "~> 5.0")]));
        let mut terraform = Body::new();
        terraform.set("required_version", ">= 1.6").block(Block::new("required_providers", &[], aws));
        if self.kind == Kind::Bootstrap {
            terraform.comment(
                "This stack makes the bucket that keeps the state of all three, so its first state is a local file. Once it is \
                 applied, copy backend.tf.example to backend.tf and backend.hcl.example to backend.hcl, and `terraform init \
                 -backend-config=backend.hcl -migrate-state` moves it.",
            );
        } else {
            terraform.comment(
                "Bucket, key and lock come from backend.hcl: `terraform init -backend-config=backend.hcl`.",
            );
            terraform.block(Block::new("backend", &["s3"], Body::new()));
        }
        let mut body = Body::new();
        body.block(Block::new("terraform", &[], terraform));
        body.block(self.provider(None, Expression::reference("var.region")));
        for Alias::UsEast1 in &self.providers {
            body.block(self.provider(Some("us_east_1"), "us-east-1".into()));
        }
        body
    }

    fn provider(&self, alias: Option<&str>, region: Expression) -> Block {
        let mut tags = Body::new();
        tags.set(
            "tags",
            Expression::object([
                ("System", self.names.system()),
                ("Environment", self.names.environment()),
                ("Stack", self.kind.name()),
                ("ManagedBy", "terraform"),
            ]),
        );
        let mut body = Body::new();
        body.set_some("alias", alias).set("region", region);
        body.block(Block::new("default_tags", &[], tags));
        Block::new("provider", &["aws"], body)
    }

    fn example(&self) -> Body {
        let mut body = Body::new();
        body.comment("Copy to terraform.tfvars and put your own values in.");
        for (name, variable) in &self.variables {
            if let Some(example) = &variable.example {
                body.gap().comment(&variable.description).set(name, example.clone());
            }
        }
        body
    }

    fn backend(&self) -> Body {
        let mut body = Body::new();
        body.comment("Copy to backend.hcl. Bucket and table are outputs of the bootstrap stack.");
        body.set("bucket", state_bucket(&self.names, "123456789012"))
            .set("key", format!("{}/{}.tfstate", self.names.path(""), self.kind.name()).replace("//", "/"))
            .set("region", self.default_region())
            .set("encrypt", true)
            .set("dynamodb_table", lock_table(&self.names));
        body.gap()
            .comment("A lock beside the state, from Terraform 1.10 on: take the line out for an older one.");
        body.set("use_lockfile", true);
        body
    }

    fn default_region(&self) -> Expression {
        self.variables.get("region").and_then(|region| region.default.clone()).unwrap_or(Expression::Null)
    }
}

impl Output {
    fn block(&self, name: &str) -> Block {
        let mut body = Body::new();
        body.set("description", self.description.as_str()).set("value", self.value.clone());
        Block::new("output", &[name], body)
    }
}

/// What `bootstrap` says once its own state is in the bucket it made.
fn moved() -> Body {
    let mut terraform = Body::new();
    terraform.block(Block::new("backend", &["s3"], Body::new()));
    let mut body = Body::new();
    body.block(Block::new("terraform", &[], terraform));
    body
}

/// The bucket that keeps the state, in one account.
pub(super) fn state_bucket(names: &Names, account: &str) -> String {
    format!("{}-{account}", names.of("tfstate"))
}

/// The table that locks it.
pub(super) fn lock_table(names: &Names) -> String {
    names.of("tflock")
}

fn blocks(blocks: impl Iterator<Item = Block>) -> String {
    let mut body = Body::new();
    for block in blocks {
        body.block(block);
    }
    body.to_string()
}
