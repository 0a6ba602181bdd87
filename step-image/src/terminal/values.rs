//! Parsers of the values of flags. A value is parsed once, by clap; a fault of it keeps its own code.

use std::fmt;
use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use codedeploy_core::artifact::request;
use codedeploy_core::fault::Fault;
use codedeploy_core::names::{Region, RoleArn};

/// A fault of a value, on its way through clap.
#[derive(Debug, Clone)]
pub(crate) struct Refused(pub(crate) Fault);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message())
    }
}

impl std::error::Error for Refused {}

impl<F: Into<Fault>> From<F> for Refused {
    fn from(fault: F) -> Refused {
        Refused(fault.into())
    }
}

/// A parser of one of a few words.
pub(crate) fn one_of<T: Clone + Send + Sync + 'static>(
    words: &'static [(&'static str, T)],
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(words.iter().map(|(word, _)| *word)).try_map(move |given| {
        let found = words.iter().find(|(word, _)| *word == given);
        found.map(|(_, value)| value.clone()).ok_or("not one of the possible values")
    })
}

/// A Region.
pub(crate) fn region(text: &str) -> Result<Region, Refused> {
    Region::from_str(text).map_err(|_| request::region(text).into())
}

/// The ARN of an IAM role. `flag` is its flag without the dashes.
pub(crate) fn role_arn(flag: &'static str) -> impl Fn(&str) -> Result<RoleArn, Refused> + Clone {
    move |text| RoleArn::from_str(text).map_err(|error| request::role_arn(&format!("--{flag}"), &error).into())
}
