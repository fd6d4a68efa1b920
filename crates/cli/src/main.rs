//! The command `kehou`.

fn main() {}
