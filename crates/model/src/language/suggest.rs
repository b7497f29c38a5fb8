//! "Did you mean": the nearest of some names.

/// The candidate a person most likely meant, where one is near.
pub(crate) fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = typed.chars().count();
    if length == 0 || length > 64 {
        return None;
    }
    let folded = fold(typed);
    candidates
        .into_iter()
        .filter(|candidate| {
            *candidate != typed && candidate.len().abs_diff(typed.len()) <= length.max(6) / 2 + 4
        })
        .map(|candidate| (distance(&folded, &fold(candidate)), candidate))
        .filter(|(distance, candidate)| *distance <= allowed(length.min(candidate.chars().count())))
        .min()
        .map(|(_, candidate)| candidate)
}

/// Case and the sign between words are not what a person gets wrong on purpose.
fn fold(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}

fn distance(typed: &str, candidate: &str) -> usize {
    let beginning = typed.len() >= 4 && candidate.starts_with(typed)
        || candidate.len() >= 4 && typed.starts_with(candidate);
    if beginning { 1 } else { strsim::damerau_levenshtein(typed, candidate) }
}

fn allowed(length: usize) -> usize {
    match length {
        0..=2 => 1,
        3..=5 => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_that_is_near() {
        let fields = ["port", "path", "public", "healthcheck", "deregistration_delay", "stop_timeout"];
        for (typed, expected) in [
            ("prot", Some("port")),
            ("Port", Some("port")),
            ("health_check", Some("healthcheck")),
            ("healtcheck", Some("healthcheck")),
            ("stopTimeout", Some("stop_timeout")),
            ("flavour", None),
            ("", None),
            ("x", None),
        ] {
            assert_eq!(nearest(typed, fields), expected, "{typed}");
        }
    }
}
