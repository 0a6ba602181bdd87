//! What is asked of the account, and what the files of this folder share.

use codedeploy_core::account::facts::Named;
use codedeploy_core::account::{Fact, Item, Needs, NotChecked};
use codedeploy_core::fault::shown;
use codedeploy_core::names::account_of;

use super::calls::Calls;

/// The rules that need an answer; a call that only skipped rules need is not made.
pub(super) type Wanted<'w> = &'w dyn Fn(&str) -> bool;

/// What is asked, with what it takes.
pub(super) struct Ask<'a> {
    pub(super) calls: Calls,
    pub(super) needs: &'a Needs,
    /// The account of the service, if it is known.
    pub(super) account: Option<String>,
    pub(super) wanted: Wanted<'a>,
}

impl Ask<'_> {
    pub(super) fn wants(&self, codes: &[&str]) -> bool {
        codes.iter().any(|code| (self.wanted)(code))
    }

    /// The names that are looked up in this account, and for the others that they are not: who reads across accounts would
    /// need a permission of the other one as well.
    pub(super) fn here<T>(&self, names: Vec<String>) -> (Vec<String>, Named<T>) {
        let foreign = |name: &String| {
            let of = account_of(name)?;
            self.account.as_deref().filter(|here| *here != of).map(|_| of.to_owned())
        };
        let (mut here, mut elsewhere) = (Vec::new(), Named::new());
        for name in names {
            match foreign(&name) {
                None => here.push(name),
                Some(account) => {
                    let why = format!("{} is in account {account}", shown(&name));
                    elsewhere.insert(name, Fact::NotChecked(NotChecked::because(why)));
                }
            }
        }
        (here, elsewhere)
    }
}

pub(super) fn item(name: &str) -> Item {
    Item { name: name.to_owned(), path: String::new() }
}
