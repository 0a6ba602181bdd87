//! A Region. The SDK builds host names from it.

use std::str::FromStr;

use super::error::NameError;

/// The name of an AWS region, such as `eu-west-1`, checked by its form, because AWS adds Regions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region(String);

impl Region {
    /// The name as AWS writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the word before the number is a direction, as in all Regions so far.
    pub(crate) fn is_plausible(text: &str) -> bool {
        let direction = text.rsplit('-').nth(1).unwrap_or_default();
        ["north", "south", "east", "west", "central", "northeast", "northwest", "southeast", "southwest"]
            .contains(&direction)
    }
}

impl FromStr for Region {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let mut parts = text.split('-');
        let letters = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
        let head = parts.next().is_some_and(|part| letters(part) && (2..=4).contains(&part.len()));
        let number = parts
            .next_back()
            .is_some_and(|part| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()));
        let middle: Vec<&str> = parts.collect();
        if head && number && !middle.is_empty() && middle.into_iter().all(letters) && text.len() <= 32 {
            Ok(Region(text.to_owned()))
        } else {
            Err(NameError {
                problem: "is not the name of an AWS Region",
                hint: "use a Region such as eu-west-1".to_owned(),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_checked_by_shape() {
        for good in ["eu-west-1", "us-gov-west-1", "cn-north-1", "ap-southeast-12", "us-isob-east-1", "eusc-de-east-1"]
        {
            assert_eq!(Region::from_str(good).expect(good).as_str(), good);
        }
        for bad in [
            "",
            "eu",
            "eu-1",
            "eu-west",
            "eu--1",
            "EU-west-1",
            "eu-west-1 ",
            "eu-west-111",
            "us-east-1.evil.com/#",
            "x@attacker.com:443/#",
            "eu-west-1\n",
            "europa-west-1",
        ] {
            assert!(Region::from_str(bad).is_err(), "{bad:?} was accepted");
        }
    }
}
