//! The deployments as a table for people.

use std::fmt::Write as _;

use codedeploy_core::deployment::schedule::span;
use codedeploy_core::deployment::{Deployment, Group};
use codedeploy_core::fault::shown;

use crate::steps::look::age;
use crate::terminal::clock::date;

const HEADINGS: [&str; 6] = ["DEPLOYMENT", "STATUS", "CREATED", "DURATION", "CREATOR", "DESCRIPTION"];

/// The `creator` of a rollback by CodeDeploy, which is too long for the table.
const ROLLBACK: (&str, &str) = ("codeDeployRollback", "rollback");

/// One line for each deployment. The last column may be of any length.
pub(super) fn table(deployments: &[Deployment], now_ms: u64) -> String {
    let mut rows = vec![HEADINGS.map(str::to_owned)];
    rows.extend(deployments.iter().map(|deployment| row(deployment, now_ms)));
    let mut widths = [0; HEADINGS.len()];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for row in &rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    text
}

/// The line for a group without such deployments.
pub(super) fn nothing(group: &Group, filtered: bool) -> String {
    let with = if filtered { " with this status" } else { "" };
    format!("{}/{} has no deployments{with}\n", shown(&group.application), shown(&group.name))
}

fn row(deployment: &Deployment, now_ms: u64) -> [String; HEADINGS.len()] {
    let creator = match deployment.creator.as_deref() {
        Some(creator) if creator == ROLLBACK.0 => ROLLBACK.1.to_owned(),
        creator => creator.map_or_else(|| "-".to_owned(), shown),
    };
    [
        shown(&deployment.id),
        deployment.status.to_string(),
        deployment.created_ms.map_or_else(|| "-".to_owned(), date),
        span(age(deployment, now_ms)),
        creator,
        description(deployment),
    ]
}

/// The deployment that is rolled back, and the description.
fn description(deployment: &Deployment) -> String {
    let rolls_back = deployment.rollback.as_ref().and_then(|info| info.rollback_triggering_deployment_id.as_deref());
    let said = deployment.said().unwrap_or_default();
    let parts = [
        rolls_back.filter(|id| !id.is_empty()).map(|id| format!("rolls back {}", shown(id))),
        Some(shown(said)).filter(|said| !said.is_empty()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use codedeploy_core::deployment::{DeploymentStatus, RollbackInfo};
    use expect_test::expect;

    use super::*;

    const START: u64 = 1_700_000_000_000;

    fn deployment(id: &str, status: DeploymentStatus, minutes: u64, creator: &str, description: &str) -> Deployment {
        Deployment {
            created_ms: Some(START),
            completed_ms: status.is_final().then_some(START + minutes * 60_000),
            creator: Some(creator.to_owned()),
            description: Some(description.to_owned()),
            ..Deployment::new(id, status)
        }
    }

    #[test]
    fn a_line_for_each_deployment_fits_a_terminal() {
        use DeploymentStatus::{Failed, InProgress, Succeeded};
        let of = |triggering: Option<&str>, rollback: Option<&str>| {
            Some(RollbackInfo {
                rollback_triggering_deployment_id: triggering.map(str::to_owned),
                rollback_deployment_id: rollback.map(str::to_owned),
                message: None,
            })
        };
        let rollback = Deployment {
            rollback: of(Some("d-CCCCCCCCC"), None),
            ..deployment("d-DDDDDDDDD", Succeeded, 4, "codeDeployRollback", "")
        };
        let failed = Deployment {
            rollback: of(None, Some("d-DDDDDDDDD")),
            ..deployment("d-CCCCCCCCC", Failed, 3, "user", "[token:00112233445566778899] [build:shop#7] 1.6")
        };
        let rows = [
            deployment("d-EEEEEEEEE", InProgress, 0, "user", "[token:00112233445566778899]"),
            rollback,
            failed,
            deployment("d-BBBBBBBBB", Succeeded, 112, "user", "by\nhand"),
            Deployment { rollback: of(Some(""), None), ..Deployment::new("d-AAAAAAAAA", DeploymentStatus::Created) },
        ];
        expect![[r"
            DEPLOYMENT   STATUS      CREATED               DURATION    CREATOR   DESCRIPTION
            d-EEEEEEEEE  InProgress  2023-11-14T22:13:20Z  5 min       user
            d-DDDDDDDDD  Succeeded   2023-11-14T22:13:20Z  4 min       rollback  rolls back d-CCCCCCCCC
            d-CCCCCCCCC  Failed      2023-11-14T22:13:20Z  3 min       user      [build:shop#7] 1.6
            d-BBBBBBBBB  Succeeded   2023-11-14T22:13:20Z  1 h 52 min  user      by\nhand
            d-AAAAAAAAA  Created     -                     0 s         -
        "]]
        .assert_eq(&table(&rows, START + 300_000));
    }

    #[test]
    fn a_group_without_deployments_says_whether_they_were_filtered() {
        let group = Group { application: "shop\n".to_owned(), name: "web".to_owned(), ..Group::default() };
        assert_eq!(nothing(&group, false), "shop\\n/web has no deployments\n");
        assert_eq!(nothing(&group, true), "shop\\n/web has no deployments with this status\n");
    }
}
