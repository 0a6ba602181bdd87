//! `cargo bench --locked`: the programs of this project against the same work in Python, in Node and with the AWS CLI, on
//! one AWS (the fake of the tests behind TLS) and in one run. Prints tables.
//!
//! ```text
//! cargo bench --locked                            all tables
//! cargo bench --locked -- --json benchmarks.json  and all numbers
//! cargo bench --locked -- --check                 only the limits of the function; fails if one is missed
//! ```

#![expect(clippy::expect_used, clippy::panic, reason = "a benchmark that cannot measure ends")]
#![expect(clippy::print_stdout, clippy::indexing_slicing, reason = "tables of a known size")]

mod commands;
mod figure;
mod growth;
mod jobs;
mod limits;
mod link;
mod peers;
mod round_trips;
mod run;
mod stage;
mod table;

fn main() -> std::process::ExitCode {
    run::run()
}
