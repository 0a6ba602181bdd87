//! What is found out about a failure, and who is told.

use codedeploy_core::artifact::appspec::Hook;
use codedeploy_core::deployment::{Evidence, Followed};

use super::looks::Looks;
use crate::steps::account::Account;
use crate::steps::evidence::{self, LogLines};
use crate::steps::notify::Notify;

/// What is found out about a failure, and who is told.
#[derive(Debug)]
pub(crate) struct Told {
    /// The hooks of the AppSpec, and their functions.
    pub(crate) hooks: Vec<(Hook, String)>,
    /// How much of each log is read.
    pub(crate) logs: LogLines,
    /// Who is told, beside the reader of the output.
    pub(crate) notify: Notify,
}

impl Told {
    /// With what other services report about a failure.
    pub(super) async fn gathered(&self, account: &Account, mut followed: Followed, looks: &Looks) -> Followed {
        followed.evidence.hooks.clone_from(&self.hooks);
        evidence::gather(&account.read, &mut followed, &looks.silent(), self.logs).await;
        followed
    }

    /// The end of a wait, told. `seen` is what was gathered during it.
    pub(super) async fn ended(
        &self,
        account: &Account,
        followed: Followed,
        seen: Option<Evidence>,
        looks: &Looks,
    ) -> Followed {
        let followed = match seen {
            Some(evidence) => Followed { evidence, ..followed },
            None => self.gathered(account, followed, looks).await,
        };
        self.notify.tell(&account.read, &followed).await;
        followed
    }
}
