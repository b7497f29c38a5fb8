//! The delivery pipeline, and where changes to generated files lie.

use super::{form, text::RepositoryName};
use crate::language::{At, Fault, List, Map, Name, nearest, shape, words};
use crate::system::CiProvider;

shape! {
    /// The delivery pipeline.
    Ci, "ci";
    /// Whose pipeline.
    provider: At<CiProvider> = "github" => "github";
    /// The repository that may deliver.
    repository: Option<At<RepositoryName>> => "example/shop";
    /// Branches, and the environment a push to each is delivered to.
    branches: At<Map<Pattern, Name>> = "{}" => "{ develop: dev, main: prod }";
    /// Tag patterns, and the environment a tag is delivered to.
    tags: At<Map<Pattern, Name>> = "{}" => "{ \"v*\": prod }";
    /// Environments that a person may deliver any branch to, by hand.
    manual: At<List<Name>> = "[]" => "[test]";
    /// The tag `latest` moves to each new image, beside the one of its commit. What runs is named by its commit.
    latest: At<bool> = "false" => "true";
    /// A pull request gets the plan as a comment.
    plan_comment: At<bool> = "true" => "false";
}

words! { CiProvider, "provider";
    "github" => Self::Github, "GitHub Actions.";
}

form! {
    /// A branch, or a pattern of tags.
    Pattern, "branch or tag pattern", "a branch or tag pattern without blanks", Some("^\\S+$"), number true,
    |text| super::when(!text.is_empty() && !text.contains(char::is_whitespace))
}

/// Targets that files are generated for.
const TARGETS: &[&str] = &["aws", "kubernetes", "compose", "docker", "github"];

form! {
    /// A target that files are generated for.
    TargetName, "target", "`aws`, `kubernetes`, `compose`, `docker` or `github`",
    Some("^(aws|kubernetes|compose|docker|github)$"), number false,
    |text| if TARGETS.contains(&text) {
        Ok(())
    } else {
        Err(Fault { says: None, hint: nearest(text, TARGETS.iter().copied()).map(|near| format!("did you mean `{near}`?")) })
    }
}
