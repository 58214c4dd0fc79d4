//! The program: everything it does is in the library, so that tests and the command line run the same code.

use std::process::ExitCode;

fn main() -> ExitCode {
    aigaq::cli::main()
}
