//! What a manifest says and what it means: text to Manifest to System, and every problem on the way.

pub mod system;

pub use system::System;
