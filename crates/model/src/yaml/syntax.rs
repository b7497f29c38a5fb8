//! Says in a person's words why a text is not YAML.

/// Part of the parser's words, our sentence, and what to do.
const SAYINGS: &[(&str, &str, &str)] = &[
    (
        "indentation in quoted scalar",
        "a quote is never closed, or its text is indented less than its key",
        "close it with the same quote it began with",
    ),
    ("tab", "a tab stands where YAML wants spaces", "indent with spaces; most editors can replace tabs"),
    (
        "found duplicated anchor",
        "this anchor's name is already taken",
        "give each `&anchor` a name of its own",
    ),
    (
        "unknown anchor",
        "this alias names an anchor that nothing above it defines",
        "put `&name` on the value first, then `*name` repeats it",
    ),
    (
        "byte order mark",
        "a byte order mark stands inside the file",
        "save the file as UTF-8 without a byte order mark",
    ),
    (
        "mapping values are not allowed",
        "a second `:` in one line, or a key indented deeper than its neighbours",
        "quote a text that contains `: `, and give keys of one mapping the same indentation",
    ),
    (
        "did not find expected key",
        "this line fits neither the mapping above it nor the one around that",
        "give keys of one mapping the same indentation",
    ),
    (
        "simple key expect",
        "a key without `:`, or indented less than its neighbours",
        "write `key: value`, and give keys of one mapping the same indentation",
    ),
    (
        "simple key expected",
        "a key without `:`, or indented less than its neighbours",
        "write `key: value`, and give keys of one mapping the same indentation",
    ),
    ("flow mapping", "a `{` is never closed, or a comma is missing", "close it with `}`"),
    ("flow sequence", "a `[` is never closed, or a comma is missing", "close it with `]`"),
    ("unexpected end of stream", "a quote is never closed", "close it with the same quote it began with"),
    (
        "unknown escape",
        "a double-quoted text has an escape that YAML does not know",
        "double the backslash, or use single quotes",
    ),
    (
        "hexadecimal number",
        "a double-quoted text has an escape that YAML does not know",
        "double the backslash, or use single quotes",
    ),
    (
        "invalid trailing content",
        "text follows a closing quote",
        "quote the whole value, or use the other kind of quote inside",
    ),
    ("misplaced bracket", "a bracket closes what nothing opened", "remove it, or quote the text"),
    (
        "block sequence entries",
        "a list item cannot begin here",
        "put `- item` on a line of its own, below its key",
    ),
    (
        "expected '-' indicator",
        "this line is indented like a list item and is none",
        "begin it with `- `, or indent it like the key above the list",
    ),
    (
        "invalid indentation",
        "this line is indented less than what it belongs to",
        "indent it deeper than its key",
    ),
    (
        "wrongly indented",
        "a line of a block text is indented less than its first line",
        "give all lines of the block the same indentation",
    ),
    ("unexpected character", "a value cannot begin with this character", "quote the value"),
    (
        "unprintable",
        "a character that cannot be shown",
        "remove it, or write it as an escape in double quotes",
    ),
    ("TAG", "a `%TAG` directive has no meaning here", "remove the line"),
    (
        "directive",
        "a `%` directive has no meaning here",
        "remove the line, or quote a value that begins with `%`",
    ),
    (
        "handle wasn't declared",
        "this tag's handle is not declared",
        "remove the tag, or quote a value that begins with `!`",
    ),
    ("tag", "this is not a tag", "quote a value that begins with `!`"),
    ("anchor", "an anchor or alias has no name", "quote a value that begins with `&` or `*`"),
    ("node content", "a value is missing here", "write one, or remove the line"),
    (
        "document start",
        "text that belongs to nothing",
        "give every line a key, and indent what belongs to it",
    ),
    (
        "document-start",
        "text that belongs to nothing",
        "give every line a key, and indent what belongs to it",
    ),
    ("recursion", "brackets are nested too deeply", "no field needs more than a few levels"),
];

/// Sentence and hint for the parser's own words.
pub(super) fn saying(info: &str) -> (String, Option<String>) {
    match SAYINGS.iter().find(|(part, _, _)| info.contains(part)) {
        Some((_, message, hint)) => ((*message).to_owned(), Some((*hint).to_owned())),
        None => (format!("this is not YAML: {info}"), None),
    }
}
