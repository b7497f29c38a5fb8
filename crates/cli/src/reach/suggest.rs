//! "Did you mean": the nearest of some names.

/// What a person should try instead: the nearest name, else the names there are.
pub(crate) fn did_you_mean<'a>(typed: &str, names: impl Iterator<Item = &'a str> + Clone) -> String {
    /// Names that are told when none is near.
    const SHOWN: usize = 8;
    let near = names
        .clone()
        .map(|name| (distance(typed, name), name))
        .filter(|(distance, name)| *distance <= name.chars().count().min(typed.chars().count()) / 3 + 1)
        .min();
    if let Some((_, name)) = near {
        return format!("did you mean `{name}`?");
    }
    let told: Vec<String> = names.clone().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = if names.count() > SHOWN { ", …" } else { "" };
    if told.is_empty() { "there are none".to_owned() } else { format!("there are {}{more}", told.join(", ")) }
}

/// A name of which the beginning or the end was typed is near as well.
fn distance(typed: &str, name: &str) -> usize {
    let part = typed.len() >= 3 && (name.starts_with(typed) || name.ends_with(typed));
    if part { 1 } else { strsim::damerau_levenshtein(&typed.to_lowercase(), &name.to_lowercase()) }
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn the_nearest_or_all() {
        let names = ["shop-orders", "shop-orders-dlq", "mail"];
        let told = |typed| did_you_mean(typed, names.into_iter());
        assert_eq!(told("shop-order"), "did you mean `shop-orders`?");
        assert_eq!(told("orders"), "did you mean `shop-orders`?");
        assert_eq!(told("Mial"), "did you mean `mail`?");
        assert_eq!(told("payments"), "there are `shop-orders`, `shop-orders-dlq`, `mail`");
        assert_eq!(did_you_mean("x", std::iter::empty()), "there are none");
    }
}
