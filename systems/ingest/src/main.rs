//! The `ingest` command: `ingest api`, `ingest worker`, `ingest bulk`.
fn main() {}
