//! Asks AWS for what the files of the artifact refer to: images, secrets, parameters and log groups.

use std::collections::BTreeMap;

use codedeploy_core::account::facts::Named;
use codedeploy_core::account::{EcrImage, Fact, Facts, Item};
use codedeploy_core::fault::shown;
use codedeploy_core::names::region_of;

use super::ask::{Ask, item};
use crate::config::Aws;
use crate::error::AwsError;
use crate::{ecr, logs, secrets_manager, ssm};

impl Ask<'_> {
    /// Images, secrets, parameters and log groups.
    pub(super) async fn artifact(&self) -> Facts {
        let images = self.needs.images.iter().filter(|_| self.wants(&["ACC11", "ACC12"]));
        let images = images.filter(|image| EcrImage::parse(&image.name).is_some()).map(|image| image.name.clone());
        let secrets = self.needs.secrets.iter().filter(|_| self.wants(&["ACC13"])).map(Item::secret_id).collect();
        let (secrets, foreign) = self.here(secrets);
        let log_groups = self.needs.log_groups.iter().filter(|_| self.wants(&["ACC15"]));
        let log_groups = log_groups.zip(&self.needs.log_regions);
        let log_groups =
            log_groups.map(|(group, region)| format!("{}\n{}", region.as_deref().unwrap_or(""), group.name));
        let (images, mut secrets, parameters, log_groups) = tokio::join!(
            self.calls.each(
                images,
                async |aws: Aws, image: String| match EcrImage::parse(&image) {
                    Some(image) => ecr::image(&aws, &image).await,
                    None => Ok(None),
                },
                |image, _| format!("image {} not found", shown(image)),
            ),
            self.calls.each(
                secrets,
                async |aws: Aws, id: String| secrets_manager::describe_secret(&in_region_of(&aws, &id)?, &id).await,
                |id, _| format!("secret {} not found", shown(id)),
            ),
            self.parameters(),
            self.calls.each(
                log_groups,
                async |aws: Aws, group: String| {
                    let (region, name) = group.split_once('\n').unwrap_or_default();
                    let aws = if region.is_empty() { aws } else { aws.with_region(region)? };
                    Ok(logs::log_group_exists(&aws, name).await?.then_some(()))
                },
                |group, here| {
                    let (region, name) = group.split_once('\n').unwrap_or_default();
                    format!("{} in {}", shown(name), if region.is_empty() { here } else { region })
                },
            ),
        );
        secrets.extend(foreign);
        let plain = |(group, fact): (String, Fact<()>)| (group.split_once('\n').unwrap_or_default().1.to_owned(), fact);
        let log_groups = log_groups.into_iter().map(plain).collect();
        Facts { images, secrets, parameters, log_groups, ..Facts::default() }
    }

    /// All parameters of a Region with one call.
    async fn parameters(&self) -> Named<()> {
        let names = self.needs.parameters.iter().filter(|_| self.wants(&["ACC14"])).map(|it| it.name.clone()).collect();
        let (names, mut facts) = self.here::<()>(names);
        let mut regions: BTreeMap<Option<String>, Vec<String>> = BTreeMap::new();
        for name in names {
            regions.entry(region_of(&name).map(str::to_owned)).or_default().push(name);
        }
        for (region, names) in regions {
            let aws = match region.as_deref().map(|region| self.calls.aws.with_region(region)).transpose() {
                Ok(aws) => aws.unwrap_or_else(|| self.calls.aws.clone()),
                Err(error) => {
                    facts.extend(names.into_iter().map(|name| (name, Fact::NotChecked(error.not_checked()))));
                    continue;
                }
            };
            let mut all: Vec<String> = names.iter().flat_map(|name| item(name).parameter_names()).collect();
            all.sort_unstable();
            all.dedup();
            let question = async { ssm::parameters(&aws, &all).await.map(Some) };
            let answer = self.calls.ask(question, String::new).await;
            for name in names {
                let fact = match answer.as_known() {
                    Ok(found) if item(&name).parameter_names().iter().any(|it| found.contains(it)) => Fact::Known(()),
                    Ok(_) => Fact::Missing(format!(
                        "parameter {} not found in {}",
                        shown(&name),
                        aws.region().unwrap_or_default()
                    )),
                    Err(why) => Fact::NotChecked(why),
                };
                facts.insert(name, fact);
            }
        }
        facts
    }
}

fn in_region_of(aws: &Aws, arn: &str) -> Result<Aws, AwsError> {
    region_of(arn).map_or_else(|| Ok(aws.clone()), |region| aws.with_region(region))
}
