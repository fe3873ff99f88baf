//! Addresses: made-up ones for each rule, real ones degraded on purpose for the rates.

mod degrade;
mod made_up;
mod real;
