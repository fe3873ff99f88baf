//! Addresses: made-up ones for each rule, real ones degraded on purpose for the rates.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod answers;
mod building;
mod corners;
mod degrade;
mod held_out;
mod made_up;
mod promises;
mod real;
mod registers;
