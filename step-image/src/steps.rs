//! Steps that several commands share.

pub(crate) mod abort;
pub(crate) mod account;
pub(crate) mod alarms;
pub(crate) mod appspec_file;
pub(crate) mod begun;
pub(crate) mod chosen;
pub(crate) mod conflict;
pub(crate) mod create;
pub(crate) mod evidence;
pub(crate) mod files;
pub(crate) mod finish;
pub(crate) mod fit;
pub(crate) mod follow;
pub(crate) mod group;
pub(crate) mod label;
pub(crate) mod look;
pub(crate) mod notify;
pub(crate) mod poll;
pub(crate) mod register;
pub(crate) mod report_file;
pub(crate) mod revision;
pub(crate) mod running;
pub(crate) mod service;
mod signals;
pub(crate) mod source;
pub(crate) mod stop;
pub(crate) mod survey;
pub(crate) mod suspension;
pub(crate) mod verify;
pub(crate) mod versions;
pub(crate) mod waiting;

use codedeploy_core::fault::Form;

/// The faults of this layer.
pub(crate) const FORMS: &[&[Form]] = &[
    abort::FORMS,
    chosen::FORMS,
    conflict::FORMS,
    create::FORMS,
    files::FORMS,
    follow::FORMS,
    group::FORMS,
    group::find::FORMS,
    label::FORMS,
    notify::FORMS,
    report_file::FORMS,
    revision::FORMS,
    service::FORMS,
    source::FORMS,
    survey::FORMS,
    verify::FORMS,
];
