//! The program that the tests of `local` supervise and kill.

fn main() {}
