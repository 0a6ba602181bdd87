//! The command line as a process: everything that its user sees, and what it leaves on the disk.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "all of this binary is test code, its helper functions included"
)]

mod check;
mod clock;
mod commands;
mod credentials;
mod destinations;
mod diff;
mod explain;
mod folder;
mod help;
mod hints;
mod inputs;
mod names;
mod network;
mod reference;
mod refusals;
mod sameness;
mod shells;
mod signals;
mod usage;
mod whole_files;
mod wording;
