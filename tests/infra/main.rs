//! What is under `infra/`: every module checked, every example applied to moto, used and destroyed again.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "all of this binary is test code, its helper functions included"
)]

mod aws;
mod example;
mod jenkins;
mod lifecycle;
mod modules;
mod pipeline;
mod privilege;
mod sandbox;
