//! What a manifest says and what it means: text to Manifest to System, and every problem on the way.
//!
//! ```
//! let text = "name: shop\nservices: { api: { type: web, run: ./api } }";
//! let manifest = model::read("taxiway.yaml", text, &|_| None).expect("no problem in it");
//! let system = model::resolve(&manifest, None).expect("complete without an environment");
//! assert_eq!(system.services["api"].port, Some(8000));
//! ```

pub mod init;
pub mod system;

mod explain;
mod language;
mod manifest;
mod meaning;
mod problem;
mod reference;
mod schema;
mod written;
mod yaml;

pub use explain::{Child, Explanation, UnknownField, explain};
pub use init::read_init;
pub use manifest::{Manifest, WrittenField, check, check_environment, read, resolve};
pub use problem::{Problem, Problems, Severity, TextRange};
pub use reference::reference;
pub use schema::schema;
pub use system::System;
