//! The end-to-end tests: one binary, one module for each topic.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "all of this binary is test code, its helper functions included"
)]

mod appspec_module;
mod checks;
mod command_line;
mod deployment;
mod errors;
mod gate;
mod harness;
mod jenkins;
mod lambda;
mod network;
mod readers;
mod readme;
mod recordings;
mod register;
mod release;
mod sameness;
mod specification;
