//! Which pages of other origins may call: exactly those that are listed (Fetch Standard, "CORS protocol").

use axum::http::HeaderValue;
use tower_http::cors::{AllowHeaders, AllowMethods, AllowOrigin, CorsLayer};

use crate::Environment;

/// Reads `CORS_ORIGINS`, a list of origins with commas between them.
#[must_use]
pub fn origins(environment: &mut Environment, default: &str) -> Vec<HeaderValue> {
    let written = environment.text("CORS_ORIGINS", default);
    let names = written.split(',').map(str::trim).filter(|name| !name.is_empty());
    let all: Vec<Option<HeaderValue>> = names.map(origin).collect();
    if all.contains(&None) {
        environment.reject(
            "CORS_ORIGINS",
            &written,
            "origins like https://app.example.com, with commas between them",
        );
    }
    all.into_iter().flatten().collect()
}

/// A scheme, a host and perhaps a port: RFC 6454, section 6.2. No path, as a browser sends none.
fn origin(name: &str) -> Option<HeaderValue> {
    let (scheme, host) = name.split_once("://")?;
    let is_origin =
        matches!(scheme, "http" | "https") && !host.is_empty() && !host.contains(['/', '*', '@', ' ']);
    is_origin.then(|| HeaderValue::from_str(name).ok()).flatten()
}

/// Lets pages of these origins call with any method and header, and with credentials.
pub fn exactly(origins: Vec<HeaderValue>) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods(AllowMethods::mirror_request())
        .allow_headers(AllowHeaders::mirror_request())
        .allow_credentials(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_origins_are_taken() {
        let mut env = Environment::of_pairs(&[("CORS_ORIGINS", "http://localhost:3000, https://a.example")]);
        assert_eq!(origins(&mut env, ""), ["http://localhost:3000", "https://a.example"]);
        assert_eq!(env.finish(), Ok(()));
        for bad in ["*", "localhost:3000", "https://*.example", "https://a.example/", "https://"] {
            let mut env = Environment::of_pairs(&[("CORS_ORIGINS", bad)]);
            let _ = origins(&mut env, "");
            assert!(env.finish().is_err(), "{bad}");
        }
    }
}
