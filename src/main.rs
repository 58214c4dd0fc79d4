//! The `aigaq` command.

fn main() {}
