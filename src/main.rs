//! The `rattache` program: parse arguments, run, print the error chain once, exit code.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

/// Many small answers are made and dropped in every thread.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        // Inside a fence it is an error that is told by whoever put the fence there.
        if !rattache::tables::is_guarded() {
            told(panic);
        }
    }));
    let arguments: Vec<_> = std::env::args_os().collect();
    let out = std::io::BufWriter::new(std::io::stdout());
    // A terminal obeys what it is sent; a file or a program gets the bytes as they are.
    let mut out: Box<dyn std::io::Write> =
        if std::io::stdout().is_terminal() { Box::new(rattache::cli::Shown::new(out)) } else { Box::new(out) };
    match rattache::cli::run(arguments.iter().cloned(), &mut *out).and_then(|code| {
        out.flush().map_err(rattache::cli::CliError::Output)?;
        Ok(code)
    }) {
        Ok(code) => code,
        Err(error) => rattache::cli::report(&error, rattache::cli::language(&arguments), &mut std::io::stderr()),
    }
}
