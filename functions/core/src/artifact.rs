//! From a request to the artifact: its sources, the two files, the checks and the zip.

pub mod archive;
pub mod file_ref;

pub mod request;

pub mod image;
pub mod service;
pub mod sources;
pub mod task_definition;

pub mod appspec;
pub mod template;

pub mod check;
pub mod facts;
pub mod inspect;
pub mod render;

pub mod bundle;
pub mod diff;
mod walk;
