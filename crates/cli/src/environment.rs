//! The one place that reads the process's environment.

use std::collections::BTreeMap;

/// Every variable whose name and value are text. Names or values that are not are left alone.
pub(crate) fn variables() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}
