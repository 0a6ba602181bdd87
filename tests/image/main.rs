//! The step image as Jenkins, Kubernetes and people use it, in a real Docker engine: one module for each way in.
//!
//! ```sh
//! cargo test --locked --features e2e/slow --test image
//! ```
//!
//! It holds the command that `cargo build` makes, or that which `STEP_IMAGE_PROGRAM` names. Only a named one is held to
//! the limit of the size.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "all of this binary is test code, its helper functions included"
)]

mod abort;
mod checkout;
mod contents;
mod deployment;
mod image;
mod jenkins;
mod kubernetes;
mod pipeline;
mod plain;
mod release;
mod sameness;
mod stage;
mod workspace;
