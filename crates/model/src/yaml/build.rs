//! Parser events to a tree, with bounds on size, depth and what aliases may repeat.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, StrInput, Tag};

use self::frame::{Frame, MapFrame, Pending, weight};
use super::interpolate::interpolate;
use super::syntax::saying;
use super::{Entry, Key, Node, Scalar, TroubleKind, Value};
use crate::problem::{Document, Findings, TextRange};

mod frame;

/// Longest manifest, bytes.
pub(crate) const LONGEST: usize = 1024 * 1024;
/// Deepest nesting.
const DEEPEST: usize = 32;
/// How much aliases may repeat, in bytes of text and 16 for every node.
const REPEATED: usize = 4 * LONGEST;

/// Looks up a variable.
type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Builds the tree of a text's only document. `None` where there is none; why is among the findings.
pub(crate) fn parse(text: &str, variables: Variables<'_>, findings: &mut Findings) -> Option<Node> {
    let skipped = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    if !readable(text, findings) {
        return None;
    }
    let body = text.get(skipped..).unwrap_or_default();
    let mut builder = Builder::new(text, skipped, variables, findings);
    let mut parser = Parser::new_from_str(body);
    let finished = builder.run(&mut parser);
    let root = builder.root;
    if finished == Outcome::Stopped {
        return None;
    }
    if root.is_none() {
        let document = findings.document;
        findings
            .error(TextRange::new(0, 0), format!("the {} is empty", document.noun()))
            .hint(document.beginning());
    }
    root
}

/// Whether the text is short enough and has no byte that text never has.
fn readable(text: &str, findings: &mut Findings) -> bool {
    let noun = findings.document.noun();
    if text.len() > LONGEST {
        let size = text.len().div_ceil(1024);
        findings
            .error(TextRange::new(0, 0), format!("the {noun} is {size} KiB long; the most is 1024 KiB"))
            .hint(format!("is this the right file? Keep data out of the {noun}"));
        return false;
    }
    if let Some(at) = text.bytes().position(|byte| byte == 0) {
        findings
            .error(TextRange::new(at, at + 1), format!("the {noun} contains a NUL byte"))
            .hint("this is not a text file, or it is not UTF-8; save it as UTF-8");
        return false;
    }
    true
}

/// Whether the whole text was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Complete,
    Stopped,
}

struct Builder<'a> {
    text: &'a str,
    skipped: usize,
    /// Byte offsets of characters; absent where all are ASCII and the offset is the index.
    offsets: Option<Vec<usize>>,
    variables: Variables<'a>,
    findings: &'a mut Findings,
    stack: Vec<Frame>,
    anchors: BTreeMap<usize, Node>,
    repeated: usize,
    documents: usize,
    /// The line that is being read.
    line: usize,
    root: Option<Node>,
}

impl<'a> Builder<'a> {
    fn new(text: &'a str, skipped: usize, variables: Variables<'a>, findings: &'a mut Findings) -> Self {
        let body = text.get(skipped..).unwrap_or_default();
        let offsets = (!body.is_ascii()).then(|| body.char_indices().map(|(at, _)| at).collect());
        Self {
            text,
            skipped,
            offsets,
            variables,
            findings,
            stack: Vec::new(),
            anchors: BTreeMap::new(),
            repeated: 0,
            documents: 0,
            line: 1,
            root: None,
        }
    }

    fn run(&mut self, parser: &mut Parser<'_, StrInput<'_>>) -> Outcome {
        while let Some(next) = parser.next_event() {
            let (event, span) = match next {
                Ok(next) => next,
                Err(error) => {
                    let at = self.offset(*error.marker());
                    let (message, hint) = saying(error.info());
                    self.findings.error(self.visible(at), message).hint = hint;
                    return Outcome::Stopped;
                }
            };
            if self.event(event, span) == Outcome::Stopped {
                return Outcome::Stopped;
            }
        }
        Outcome::Complete
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Outcome {
        let range = self.range(span);
        self.line = span.start.line();
        match event {
            Event::DocumentStart(_) => return self.document(range),
            Event::Scalar(text, style, anchor, tag) => {
                let text = text.into_owned();
                let core = self.tag(tag.as_deref(), range);
                let plain = style == ScalarStyle::Plain && core != Some("str");
                return self.scalar(text, plain, anchor, range);
            }
            Event::Alias(anchor) => return self.alias(anchor, range),
            Event::SequenceStart(anchor, tag) => {
                self.tag(tag.as_deref(), range);
                let range = self.opening(range);
                return self.open(Frame::List { range, items: Vec::new(), anchor });
            }
            Event::MappingStart(anchor, tag) => {
                self.tag(tag.as_deref(), range);
                let range = self.opening(range);
                return self.open(Frame::Map(MapFrame::new(range, anchor)));
            }
            Event::SequenceEnd | Event::MappingEnd => return self.close(),
            Event::StreamStart | Event::StreamEnd | Event::DocumentEnd | Event::Nothing => {}
        }
        Outcome::Complete
    }

    fn document(&mut self, range: TextRange) -> Outcome {
        self.documents += 1;
        if self.documents == 1 {
            return Outcome::Complete;
        }
        let hint = match self.findings.document {
            Document::Manifest => "remove the `---` line; one file describes one system",
            Document::Init => "remove the `---` line",
        };
        let one = match self.findings.document {
            Document::Manifest => "a manifest",
            Document::Init => "an init file",
        };
        self.findings
            .error(range, format!("a second document begins here; {one} is one document"))
            .hint(hint);
        Outcome::Stopped
    }

    /// The core schema's name of a tag; any other tag is a problem.
    fn tag<'t>(&mut self, tag: Option<&'t Tag>, range: TextRange) -> Option<&'t str> {
        let tag = tag?;
        if tag.is_yaml_core_schema() || tag.handle.is_empty() && tag.suffix == "!" {
            return Some(&tag.suffix);
        }
        let written = self.text.get(range.start..range.end).unwrap_or_default();
        let length = written.find(char::is_whitespace).unwrap_or(written.len());
        let range = TextRange::new(range.start, range.start + length);
        self.findings
            .error(range, format!("the tag `{tag}` means nothing here"))
            .hint("remove it; things are referred to by their names alone");
        None
    }

    fn scalar(&mut self, text: String, plain: bool, anchor: usize, range: TextRange) -> Outcome {
        if self.wants_key() {
            return self.key(text, plain, anchor, range);
        }
        let null = plain && matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL");
        let (range, value) = if null {
            (if range.start == range.end { self.opening(range) } else { range }, Value::Null)
        } else {
            let scalar = self.interpolated(text, plain);
            (range, Value::Scalar(scalar))
        };
        self.place(Node { range, value }, anchor)
    }

    fn interpolated(&self, text: String, plain: bool) -> Scalar {
        if !text.contains('$') {
            return Scalar::new(text, plain);
        }
        match interpolate(&text, self.variables, 0) {
            Ok(filled) if filled == text => Scalar::new(text, plain),
            Ok(filled) => Scalar { text: filled, plain, template: Some(text), trouble: None },
            Err(trouble) => {
                Scalar { text: String::new(), plain, template: Some(text), trouble: Some(Box::new(trouble)) }
            }
        }
    }

    fn wants_key(&self) -> bool {
        matches!(self.stack.last(), Some(Frame::Map(MapFrame { pending: None, .. })))
    }

    fn key(&mut self, name: String, plain: bool, anchor: usize, range: TextRange) -> Outcome {
        if anchor > 0 {
            let value = Value::Scalar(Scalar::new(name.clone(), plain));
            self.anchors.insert(anchor, Node { range, value });
        }
        if let Some(Frame::Map(map)) = self.stack.last_mut() {
            map.pending = Some(match name.as_str() {
                "<<" if plain => Pending::Merge(range),
                _ => Pending::Key(Key { name, range }, self.line),
            });
        }
        Outcome::Complete
    }

    fn alias(&mut self, anchor: usize, range: TextRange) -> Outcome {
        let Some(node) = self.anchors.get(&anchor) else {
            self.findings.error(range, "this alias stands inside the value it repeats").hint("remove it");
            return Outcome::Stopped;
        };
        let node = node.clone();
        if self.repeat(&node, range) == Outcome::Stopped {
            return Outcome::Stopped;
        }
        match (self.wants_key(), node.value) {
            (true, Value::Scalar(scalar)) => self.key(scalar.text, scalar.plain, 0, range),
            (_, value) => self.place(Node { range, value }, 0),
        }
    }

    /// Counts what an anchor keeps and an alias repeats.
    fn repeat(&mut self, node: &Node, range: TextRange) -> Outcome {
        self.repeated = self.repeated.saturating_add(weight(node));
        if self.repeated <= REPEATED {
            return Outcome::Complete;
        }
        self.findings
            .error(range, "anchors and aliases repeat more than 4 MiB in all")
            .hint("write what you mean without aliases of aliases");
        Outcome::Stopped
    }

    fn open(&mut self, frame: Frame) -> Outcome {
        if self.wants_key() {
            let range = frame.range();
            self.findings
                .error(range, "a key must be a word, not a list or a mapping")
                .hint("quote a text that begins with `{` or `[`");
            return Outcome::Stopped;
        }
        if self.stack.len() >= DEEPEST {
            self.findings
                .error(frame.range(), format!("nested more than {DEEPEST} levels deep"))
                .hint("no field lies that deep; is an indentation wrong?");
            return Outcome::Stopped;
        }
        self.stack.push(frame);
        Outcome::Complete
    }

    fn close(&mut self) -> Outcome {
        match self.stack.pop() {
            Some(Frame::List { range, items, anchor }) => {
                self.place(Node { range, value: Value::List(items) }, anchor)
            }
            Some(Frame::Map(map)) => {
                let (range, anchor) = (map.range, map.anchor);
                let value = Value::Map(map.merged());
                self.place(Node { range, value }, anchor)
            }
            None => Outcome::Complete,
        }
    }

    /// Puts a finished node where it belongs.
    fn place(&mut self, node: Node, anchor: usize) -> Outcome {
        if anchor > 0 {
            if self.repeat(&node, node.range) == Outcome::Stopped {
                return Outcome::Stopped;
            }
            self.anchors.insert(anchor, node.clone());
        }
        match self.stack.last_mut() {
            None => self.root = Some(node),
            Some(Frame::List { items, .. }) => items.push(node),
            Some(Frame::Map(map)) => match map.pending.take() {
                Some(Pending::Key(key, line)) => return self.entry(key, line, node),
                Some(Pending::Merge(range)) => return self.merge(node, range),
                None => {
                    let range = node.range;
                    self.findings.error(range, "a key must be a word, not a list or a mapping");
                    return Outcome::Stopped;
                }
            },
        }
        Outcome::Complete
    }

    fn entry(&mut self, key: Key, line: usize, value: Node) -> Outcome {
        let Some(Frame::Map(map)) = self.stack.last_mut() else { return Outcome::Complete };
        if let Some(first) = map.seen.get(&key.name).copied() {
            self.findings
                .error(key.range, format!("the key `{}` is written twice", shorten(&key.name)))
                .hint(format!("line {first} has it already; keep one of the two"));
            return Outcome::Complete;
        }
        map.seen.insert(key.name.clone(), line);
        map.entries.push(Entry { key, value });
        Outcome::Complete
    }

    fn merge(&mut self, node: Node, range: TextRange) -> Outcome {
        let sources = match node.value {
            Value::List(items) => items,
            value => vec![Node { range: node.range, value }],
        };
        if !sources.iter().all(|source| matches!(source.value, Value::Map(_))) {
            self.findings
                .error(range, "`<<` takes the alias of a mapping, or a list of such aliases")
                .hint("write `<<: *name` where `&name` stands on a mapping");
            return Outcome::Stopped;
        }
        if let Some(Frame::Map(map)) = self.stack.last_mut() {
            map.merges.extend(sources);
        }
        Outcome::Complete
    }

    /// A collection's place: the key that owns it, else the character it begins with.
    fn opening(&self, range: TextRange) -> TextRange {
        match self.stack.last() {
            Some(Frame::Map(MapFrame { pending: Some(Pending::Key(key, _)), .. })) => key.range,
            _ => TextRange::new(range.start, range.start + 1),
        }
    }

    fn range(&self, span: Span) -> TextRange {
        let (start, end) = (self.offset(span.start), self.offset(span.end));
        let trimmed = self.text.get(start..end).map_or(end, |text| start + text.trim_end().len());
        TextRange::new(start, trimmed)
    }

    /// Where a person sees something: the end of the text is shown at its last word.
    fn visible(&self, at: usize) -> TextRange {
        if !self.text.get(at..).unwrap_or_default().trim().is_empty() {
            return TextRange::new(at, at);
        }
        let before = self.text.get(..at).unwrap_or_default().trim_end();
        let last = before.chars().next_back().map_or(0, char::len_utf8);
        TextRange::new(before.len() - last, before.len())
    }

    fn offset(&self, marker: Marker) -> usize {
        let at = match &self.offsets {
            None => marker.index(),
            Some(offsets) => offsets.get(marker.index()).copied().unwrap_or(self.text.len()),
        };
        (at + self.skipped).min(self.text.len())
    }
}

/// A word short enough for a sentence.
pub(crate) fn shorten(text: &str) -> String {
    let mut shown: String = text.chars().take(40).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

impl TroubleKind {
    /// Whether another machine or another moment could make it go away.
    pub(crate) fn depends_on_surroundings(self) -> bool {
        self == Self::Unset
    }
}
