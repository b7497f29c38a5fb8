//! Reads nodes by their descriptions and says what does not fit, in words that name the place.

use std::ops::Deref;

use super::{Field, Kind, Need, Shape, Word, nearest};
use crate::problem::{Document, Finding, Findings, TextRange};
use crate::yaml::{Entry, Node, Scalar, Value, shorten};

/// How much is asked of what is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Fields are known and have the right form; nothing is missed, since an environment may add it.
    Form,
    /// As an environment in full.
    Whole,
}

/// A value and where it was written, or where it would have been.
#[derive(Debug, Clone)]
pub(crate) struct At<T> {
    pub(crate) value: T,
    pub(crate) range: TextRange,
    /// False for a default.
    pub(crate) written: bool,
}

/// Something that can be read from a node.
pub(crate) trait Read: Sized {
    /// Its description.
    const KIND: &'static Kind;
    /// What one of it is called among others of its sort.
    const NOUN: Option<&'static str> = None;

    /// Reads it; says why where it can't.
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self>;
}

/// A field's value as its struct holds it.
pub(crate) trait Slot: Sized {
    /// Description of the value.
    const KIND: &'static Kind;
    /// Whether the struct cannot be without it.
    const REQUIRED: bool;

    /// What to hold for what was read: outside `None` loses the whole struct.
    fn hold(found: Option<&Node>, field: &'static Field, reader: &mut Reader<'_>) -> Option<Self>;

    /// Whether it holds what somebody wrote.
    fn written(&self) -> bool;
}

/// A mapping with fixed fields that was read.
pub(crate) trait Shaped {
    /// Whether a field was written and could not be read: that was said, and nothing follows from its absence.
    fn lost(&self, field: &str) -> bool;
}

/// A field and what was written for it.
pub(crate) struct Found<'a> {
    field: &'static Field,
    node: Option<&'a Node>,
}

/// Where reading stands, and what it found.
pub(crate) struct Reader<'a> {
    pub(crate) findings: &'a mut Findings,
    pub(crate) mode: Mode,
    place: Vec<Step>,
    /// The key of the mapping that is being read.
    here: TextRange,
    /// A key of the next shape that was read already: the one that chose the shape.
    tag: Option<&'static str>,
}

/// A step down from the root.
enum Step {
    Field(&'static str),
    Entry { noun: Option<&'static str>, name: String },
}

impl<T> Deref for At<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Read> Slot for At<T> {
    const KIND: &'static Kind = T::KIND;
    const REQUIRED: bool = true;

    fn hold(found: Option<&Node>, field: &'static Field, reader: &mut Reader<'_>) -> Option<Self> {
        if let Some(node) = found
            && let Some(value) = T::read(node, reader)
        {
            return Some(Self { value, range: node.range, written: true });
        }
        let range = reader.here;
        if let Need::Default(text) = field.need {
            let value = T::read(&Node::unwritten(text, range), reader)?;
            return Some(Self { value, range, written: false });
        }
        if found.is_none() {
            reader.missing(field);
        }
        None
    }

    fn written(&self) -> bool {
        self.written
    }
}

impl<T: Read> Slot for Option<At<T>> {
    const KIND: &'static Kind = T::KIND;
    const REQUIRED: bool = false;

    fn hold(found: Option<&Node>, _: &'static Field, reader: &mut Reader<'_>) -> Option<Self> {
        let read =
            |node: &Node| T::read(node, reader).map(|value| At { value, range: node.range, written: true });
        Some(found.and_then(read))
    }

    fn written(&self) -> bool {
        self.is_some()
    }
}

impl<'a> Reader<'a> {
    pub(crate) fn new(findings: &'a mut Findings, mode: Mode) -> Self {
        Self { findings, mode, place: Vec::new(), here: TextRange::default(), tag: None }
    }

    /// What was written for each field of a shape, in the shape's order.
    pub(crate) fn fields<'n>(&mut self, node: &'n Node, shape: &'static Shape) -> Option<Vec<Found<'n>>> {
        let tag = self.tag.take();
        let Value::Map(entries) = &node.value else {
            self.mismatch(node, &format!("a mapping ({})", listing(shape.fields.iter().map(Field::name))));
            return None;
        };
        let mut found: Vec<Found<'n>> =
            shape.fields.iter().map(|field| Found { field, node: None }).collect();
        for entry in entries.iter().filter(|entry| Some(entry.key.name.as_str()) != tag) {
            match found.iter_mut().find(|found| found.field.name() == entry.key.name) {
                Some(slot) => slot.node = Some(&entry.value),
                None => self.unknown(entry, shape),
            }
        }
        self.here = node.range;
        Some(found)
    }

    /// Reads one field into its slot.
    pub(crate) fn slot<S: Slot>(&mut self, found: Found<'_>, lost: &mut Vec<&'static str>) -> Option<S> {
        let here = self.here;
        self.place.push(Step::Field(found.field.name()));
        let node = found.node.filter(|node| self.has_value(node));
        let absent_by_mistake = found.node.is_some() && node.is_none();
        let slot = if absent_by_mistake && S::REQUIRED && !matches!(found.field.need, Need::Default(_)) {
            None
        } else {
            S::hold(node, found.field, self)
        };
        if found.node.is_some() && !slot.as_ref().is_some_and(S::written) {
            lost.push(found.field.name());
        }
        self.place.pop();
        self.here = here;
        slot
    }

    /// Reads one entry of a mapping of names.
    pub(crate) fn entry<T: Read>(&mut self, entry: &Entry) -> Option<T> {
        let here = self.here;
        self.place.push(Step::Entry { noun: T::NOUN, name: shorten(&entry.key.name) });
        self.here = entry.key.range;
        let value = if self.has_value(&entry.value) { T::read(&entry.value, self) } else { None };
        self.place.pop();
        self.here = here;
        value
    }

    /// The text of a scalar, with its variables filled in.
    pub(crate) fn scalar<'n>(&mut self, node: &'n Node, wanted: &str) -> Option<&'n Scalar> {
        let Value::Scalar(scalar) = &node.value else {
            self.mismatch(node, wanted);
            return None;
        };
        let Some(trouble) = &scalar.trouble else { return Some(scalar) };
        if self.mode == Mode::Whole || !trouble.kind.depends_on_surroundings() {
            let message = format!("{} {}", self.subject(), trouble.message);
            self.findings.error(node.range, message).hint(trouble.hint.clone());
        }
        None
    }

    /// Which of the words was written.
    pub(crate) fn word(&mut self, node: &Node, noun: &str, kind: &'static Kind) -> Option<&'static str> {
        let Kind::Words(words) = kind else { return None };
        let wanted = choices(words);
        let scalar = self.scalar(node, &wanted)?;
        if let Some(word) = words.iter().find(|word| word.text == scalar.text) {
            return Some(word.text);
        }
        let near = nearest(&scalar.text, words.iter().map(|word| word.text));
        let message = format!("unknown {noun} {} in {}", shown(scalar), self.owner());
        let hint = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it takes {wanted}"),
        };
        self.findings.error(node.range, message).hint(hint);
        None
    }

    /// Which variant a union's tag names.
    pub(crate) fn variant(&mut self, node: &Node, kind: &'static Kind) -> Option<&'static str> {
        let Kind::Union { tag, .. } = kind else { return None };
        if !matches!(node.value, Value::Map(_)) {
            self.mismatch(node, &format!("a mapping with a `{}`", tag.name()));
            return None;
        }
        let here = std::mem::replace(&mut self.here, node.range);
        self.place.push(Step::Field(tag.name()));
        let found = node.get(tag.name()).filter(|tag| self.has_value(tag));
        let text = match found {
            Some(found) => self.word(found, tag.name(), tag.kind),
            None => {
                if node.get(tag.name()).is_none() {
                    self.missing(tag);
                }
                None
            }
        };
        self.place.pop();
        self.here = here;
        self.tag = text.map(|_| tag.name());
        text
    }

    /// Says that a value has the wrong form.
    pub(crate) fn mismatch(&mut self, node: &Node, wanted: &str) -> &mut Finding {
        let found = match &node.value {
            Value::Null => "nothing".to_owned(),
            Value::List(_) => "a list".to_owned(),
            Value::Map(_) => "a mapping".to_owned(),
            Value::Scalar(scalar) => shown(scalar),
        };
        let message = format!("{} must be {wanted}, not {found}", self.subject());
        self.findings.error(node.range, message)
    }

    /// Says that a scalar has the wrong form, and what would be right.
    pub(crate) fn misfit(&mut self, range: TextRange, message: String, hint: Option<String>) {
        self.findings.error(range, message).hint = hint;
    }

    /// What is being read, for a sentence: `` `port` of service `api` ``.
    pub(crate) fn subject(&self) -> String {
        subject(&self.place, self.findings.document)
    }

    /// What the field that is being read belongs to.
    fn owner(&self) -> String {
        match self.place.split_last() {
            Some((Step::Field(_), above)) => subject(above, self.findings.document),
            _ => self.subject(),
        }
    }

    /// Where `explain` finds the fields of what is being read.
    fn explained(&self) -> String {
        let fields = self.place.iter().filter_map(|step| match step {
            Step::Field(name) => Some(*name),
            Step::Entry { .. } => None,
        });
        fields.collect::<Vec<_>>().join(".")
    }

    /// Whether a value is there at all; says so where it is not.
    fn has_value(&mut self, node: &Node) -> bool {
        if !matches!(node.value, Value::Null) {
            return true;
        }
        let message = format!("{} has no value", self.subject());
        self.findings.error(node.range, message).hint("give it one, or remove the line");
        false
    }

    fn missing(&mut self, field: &'static Field) {
        if self.mode == Mode::Form {
            return;
        }
        let message = format!("{} has no `{}`", self.owner(), field.name());
        let hint = match field.kind {
            Kind::Words(words) => {
                format!("add `{}: {}`; it takes {}", field.name(), field.example, choices(words))
            }
            _ => format!("add `{}: {}`", field.name(), field.example),
        };
        self.findings.error(self.here, message).hint(hint);
    }

    fn unknown(&mut self, entry: &Entry, shape: &'static Shape) {
        let name = &entry.key.name;
        if name.starts_with("x-") {
            return;
        }
        let message = format!("unknown key `{}` in {}", shorten(name), self.subject());
        let near =
            if self.findings.crowded() { None } else { nearest(name, shape.fields.iter().map(Field::name)) };
        let hint = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None if shape.fields.len() > 12 => {
                format!("`taxiway explain {}` lists what it takes", self.explained())
            }
            None => format!("it takes {}", listing(shape.fields.iter().map(Field::name))),
        };
        self.findings.error(entry.key.range, message).hint(hint);
    }
}

/// A value for a sentence. One that came from a variable is not shown: it may be a secret.
pub(crate) fn shown(scalar: &Scalar) -> String {
    match &scalar.template {
        Some(template) => format!("the value of `{}`", shorten(template)),
        None if scalar.text.is_empty() => "an empty text".to_owned(),
        None => format!("`{}`", shorten(scalar.text.trim_end())),
    }
}

fn subject(place: &[Step], document: Document) -> String {
    let mut fields = Vec::new();
    for step in place.iter().rev() {
        match step {
            Step::Field(name) => fields.push(*name),
            Step::Entry { noun: None, name } => fields.push(name),
            Step::Entry { noun: Some(noun), name } if fields.is_empty() => return format!("{noun} `{name}`"),
            Step::Entry { noun: Some(noun), name } => {
                return format!("`{}` of {noun} `{name}`", path(&fields));
            }
        }
    }
    if fields.is_empty() { format!("the {}", document.noun()) } else { format!("`{}`", path(&fields)) }
}

fn path(fields: &[&str]) -> String {
    fields.iter().rev().copied().collect::<Vec<_>>().join(".")
}

fn choices(words: &[Word]) -> String {
    match words {
        [rest @ .., last] if !rest.is_empty() => {
            let rest: Vec<String> = rest.iter().map(|word| format!("`{}`", word.text)).collect();
            format!("{} or `{}`", rest.join(", "), last.text)
        }
        _ => words.iter().map(|word| format!("`{}`", word.text)).collect(),
    }
}

fn listing<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
