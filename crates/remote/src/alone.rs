//! An environment that leads to no account.

use crate::Variables;

/// The environment without anything that would lead terraform to an account, or to other settings than the files'.
#[must_use]
pub fn alone(variables: &Variables) -> Variables {
    let leads_away = |name: &str| {
        name.starts_with("AWS_")
            || (name.starts_with("TF_") && name != "TF_CLI_CONFIG_FILE" && name != "TF_PLUGIN_CACHE_DIR")
    };
    let mut alone: Variables = variables
        .iter()
        .filter(|(name, _)| !leads_away(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    alone.insert("AWS_EC2_METADATA_DISABLED".to_owned(), "true".to_owned());
    // A profile of the person's would be read beside the keys of the rehearsal.
    for name in ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"] {
        alone.insert(name.to_owned(), "/dev/null".to_owned());
    }
    alone
}

#[cfg(test)]
mod tests {
    use super::alone;
    use crate::Variables;

    #[test]
    fn takes_no_way_to_an_account_along() {
        let names = ["AWS_PROFILE", "AWS_ENDPOINT_URL", "TF_VAR_region", "TF_CLI_CONFIG_FILE", "PATH"];
        let variables: Variables = names.map(|name| (name.to_owned(), "x".to_owned())).into();
        let alone = alone(&variables);
        let kept: Vec<&str> =
            alone.iter().filter(|(_, value)| *value == "x").map(|(name, _)| name.as_str()).collect();
        assert_eq!(kept, ["PATH", "TF_CLI_CONFIG_FILE"]);
    }
}
