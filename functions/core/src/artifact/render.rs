//! (Request, what was fetched for it) -> the two files.

use crate::artifact::appspec::{self, AppSpec, TASK_DEFINITION_PLACEHOLDER};
use crate::artifact::check::{self, CheckError, Finding, Severity, settle};
use crate::artifact::facts::Facts;
use crate::artifact::image::{ImageSource, check_reference, read_image_detail};
use crate::artifact::request::{AppSpecTaskDefinition, Request, TaskDefinitionSource};
use crate::artifact::service::{LoadBalancer, Service};
use crate::artifact::sources::{Document, Sources};
use crate::artifact::task_definition::{Container, TaskDefinition};
use crate::artifact::template::{self, Filled, Format, GivenFile, TemplateError, advise};
use crate::document;
use crate::fault::Fault;

const CONTAINER_NAME: &str = "CONTAINER_NAME";
const CONTAINER_PORT: &str = "CONTAINER_PORT";

/// The two files, and what to say of them.
#[derive(Debug)]
pub struct Files {
    /// Name and text of the AppSpec.
    pub appspec: Document,
    /// Name and text of the task definition.
    pub taskdef: Document,
    /// What was put into them.
    pub facts: Facts,
    /// Findings that are no errors.
    pub warnings: Vec<Finding>,
}

/// Makes the two files and checks them against each other.
///
/// # Errors
/// The first fault of a source, or every error that [`check`] finds.
pub fn render(request: &Request, sources: &Sources) -> Result<Files, Fault> {
    made(request, sources).map_err(|error| {
        // What ECS described is no file.
        let is_file = matches!(request.task_definition, Some(TaskDefinitionSource::File(_)));
        [
            (&sources.appspec_template, "appspec_template", true),
            (&sources.taskdef_template, "taskdef_template", true),
            (if is_file { &sources.task_definition } else { &None }, "taskdef_template", false),
        ]
        .into_iter()
        .filter_map(|(document, parameter, is_template)| {
            let Document { name, text } = document.as_ref()?;
            Some(GivenFile { name, text, parameter, is_template })
        })
        .fold(error, advise)
    })
}

fn made(request: &Request, sources: &Sources) -> Result<Files, Fault> {
    if let Some(service) = &sources.service {
        service.check_deployable()?;
    }
    let of_a_file = matches!(request.task_definition, Some(TaskDefinitionSource::File(_)));
    let described = sources.task_definition.as_ref().map(|document| read(document, of_a_file)).transpose()?;
    let (described, mut findings) = described.map_or((None, Vec::new()), |(it, findings)| (Some(it), findings));
    let mut used = Vec::new();
    let mut task_definition = match (&sources.taskdef_template, &described) {
        (Some(template), _) => {
            let known = known_target(request, sources.service.as_ref(), described.as_ref());
            let filled =
                fill(template, Format::Json, request, &built_in(request, sources, described.as_ref(), &known), known)?;
            used.extend(filled.used);
            let (task_definition, found) = TaskDefinition::read(&filled.text, &template.name)?;
            findings.extend(found);
            task_definition
        }
        (None, Some(described)) => described.clone(),
        (None, None) => return Err(crate::artifact::request::RequestError::NoTaskDefinition.into()),
    };
    let readable = findings.iter().all(|finding| finding.severity != Severity::Error);
    findings.extend(put_images(request, sources, &mut task_definition)?);
    // What ECS accepted when it was registered is not checked again.
    let file = sources.task_definition.as_ref().filter(|_| of_a_file && task_definition.arn().is_none());
    if let Some(file) = sources.taskdef_template.as_ref().or(file) {
        findings.extend(check::task_definition(&task_definition, &file.name));
    }
    if !readable {
        // Container and port cannot be found in it, which would be a second error for the same reason.
        return Err(CheckError::errors_of(findings).into());
    }
    let appspec_text = match &sources.appspec_template {
        Some(template) => {
            let target = target(request, sources.service.as_ref(), &task_definition);
            let origin = described.as_ref().or(Some(&task_definition));
            let filled = fill(template, Format::Yaml, request, &built_in(request, sources, origin, &target), target)?;
            used.extend(filled.used);
            filled.text
        }
        None => written(&build(request, sources, &task_definition, &mut findings)?, request),
    };
    template::check_all_used(&request.variables, &used)?;
    let appspec_name = sources.appspec_template.as_ref().map_or("the AppSpec", |template| template.name.as_str());
    let appspec = appspec::read(&appspec_text, appspec_name)?;
    findings.extend(check::check(request, &task_definition, &appspec));
    findings.extend(appspec.version_warning(appspec_name));
    let warnings = settle(findings)?;
    // A template is left as it is, unless it is YAML and the file is to be JSON.
    let appspec_text = if wants_json(request) && !document::is_json(&appspec_text) {
        appspec::write_json(&appspec)
    } else {
        appspec_text
    };
    let facts = Facts::new(&task_definition, &appspec, described.as_ref());
    Ok(Files {
        appspec: Document { name: request.appspec_path.clone(), text: appspec_text },
        taskdef: Document { name: request.taskdef_path.clone(), text: task_definition.to_json() },
        facts,
        warnings,
    })
}

/// In the language that the name of the file promises; YAML if it promises none.
fn written(spec: &AppSpec, request: &Request) -> String {
    if wants_json(request) { appspec::write_json(spec) } else { appspec::write(spec) }
}

fn wants_json(request: &Request) -> bool {
    request.appspec_path.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("json"))
}

/// A file, or the described revision. ECS has accepted the latter and may run it where Fargate is not used.
fn read(document: &Document, of_a_file: bool) -> Result<(TaskDefinition, Vec<Finding>), Fault> {
    let (task_definition, mut findings) = TaskDefinition::read(&document.text, &document.name)?;
    if !of_a_file {
        findings = findings.into_iter().map(Finding::into_warning).collect();
    }
    Ok((task_definition, findings))
}

/// Fills a template. Where it asks for the container or the port and they cannot be told, that is the error.
fn fill(
    template: &Document,
    format: Format,
    request: &Request,
    built_in: &[(String, String)],
    target: Result<LoadBalancer, TargetError>,
) -> Result<Filled, Fault> {
    match template::fill_document(&template.text, &template.name, built_in, &request.variables, format) {
        Err(error @ TemplateError::Unknown { .. }) => match target {
            Err(TargetError::Finding(finding)) if asks_for_target(&error) => Err(CheckError::from(finding).into()),
            Err(TargetError::Service(refusal)) if asks_for_target(&error) => Err(refusal),
            _ => Err(error.into()),
        },
        other => Ok(other?),
    }
}

fn asks_for_target(error: &TemplateError) -> bool {
    matches!(error, TemplateError::Unknown { name, .. } if name == CONTAINER_NAME || name == CONTAINER_PORT)
}

/// The container and port as far as they are known before the task definition is: it may be a template itself.
fn known_target(
    request: &Request,
    service: Option<&Service>,
    described: Option<&TaskDefinition>,
) -> Result<LoadBalancer, TargetError> {
    match (described, service) {
        (Some(described), _) => target(request, service, described),
        (None, Some(service)) => {
            service.target(request.container_name.as_deref(), request.container_port).map_err(TargetError::Service)
        }
        (None, None) => Err(TargetError::Unknown),
    }
}

/// Puts the images of the request into their containers; an unknown container is a finding.
fn put_images(request: &Request, sources: &Sources, into: &mut TaskDefinition) -> Result<Vec<Finding>, Fault> {
    let mut findings = Vec::new();
    for (container, source) in &request.images {
        let image = match source {
            ImageSource::Reference(text) | ImageSource::Word(text) => {
                let own = into.container(container).and_then(Container::image_placeholder);
                if own == Some(text.as_str()) {
                    format!("<{text}>")
                } else if let Some(finding) = check::not_the_placeholder(container, text, own) {
                    findings.push(finding);
                    continue;
                } else {
                    // What is no reference is refused here: the container has no placeholder of that name.
                    check_reference(text)?;
                    text.clone()
                }
            }
            ImageSource::Placeholder(name) => format!("<{name}>"),
            ImageSource::Detail(file) => {
                let detail = sources.image_details.iter().find(|(name, _)| name == container);
                let text = detail.map_or("", |(_, document)| document.text.as_str());
                read_image_detail(text, &file.to_string())?
            }
        };
        if !into.set_image(container, &image) {
            findings.push(check::no_container(container, into));
        }
    }
    Ok(findings)
}

/// Our own AppSpec.
fn build(
    request: &Request,
    sources: &Sources,
    task_definition: &TaskDefinition,
    findings: &mut Vec<Finding>,
) -> Result<AppSpec, Fault> {
    let service = sources.service.as_ref();
    let target = match target(request, service, task_definition) {
        Ok(target) => target,
        // Every finding is reported at once, so that one run of the pipeline shows all that is to be mended.
        Err(TargetError::Finding(finding)) => {
            findings.push(finding);
            return Err(CheckError::errors_of(std::mem::take(findings)).into());
        }
        Err(TargetError::Service(error)) => return Err(error),
        Err(TargetError::Unknown) => return Err(crate::artifact::request::RequestError::NoTaskDefinition.into()),
    };
    let named = match request.appspec_task_definition {
        AppSpecTaskDefinition::Placeholder => TASK_DEFINITION_PLACEHOLDER,
        AppSpecTaskDefinition::Arn => {
            task_definition.arn().ok_or_else(|| CheckError::from(check::no_arn(task_definition)))?
        }
    };
    let mut appspec = AppSpec::new(named, &target.container_name, target.container_port);
    appspec.platform_version =
        request.platform_version.clone().or_else(|| service.and_then(|service| service.platform_version.clone()));
    appspec.network = request.network.clone().or_else(|| service.and_then(|service| service.network.clone()));
    appspec.capacity_provider_strategy = match service {
        Some(service) if request.capacity_provider_strategy.is_empty() => service.capacity_provider_strategy.clone(),
        _ => request.capacity_provider_strategy.clone(),
    };
    appspec.hooks.clone_from(&request.hooks);
    Ok(appspec)
}

enum TargetError {
    Finding(Finding),
    Service(Fault),
    /// There is nothing yet to take it from.
    Unknown,
}

/// The container and port that receive the traffic: as given, else the service's, else the only mapped port.
fn target(
    request: &Request,
    service: Option<&Service>,
    task_definition: &TaskDefinition,
) -> Result<LoadBalancer, TargetError> {
    let given = (request.container_name.as_deref(), request.container_port);
    if let (Some(name), Some(port)) = given {
        return Ok(LoadBalancer { container_name: name.to_owned(), container_port: port, target_group: None });
    }
    if let Some(service) = service {
        return service.target(given.0, given.1).map_err(TargetError::Service);
    }
    if let Some(name) = given.0.filter(|name| task_definition.container(name).is_none()) {
        return Err(TargetError::Finding(check::no_container(name, task_definition)));
    }
    let mapped: Vec<(String, u16)> = task_definition
        .containers()
        .filter(|container| given.0.is_none_or(|name| name == container.name()))
        .flat_map(|container| container.ports().into_iter().map(move |port| (container.name().to_owned(), port)))
        .filter(|(_, port)| given.1.is_none_or(|given| given == *port))
        .collect();
    match mapped.as_slice() {
        [(name, port)] => Ok(LoadBalancer { container_name: name.clone(), container_port: *port, target_group: None }),
        _ => Err(TargetError::Finding(not_one(given.1, &mapped, task_definition))),
    }
}

/// Says why a port, or none, does not choose one of the containers.
fn not_one(wanted: Option<u16>, mapped: &[(String, u16)], task_definition: &TaskDefinition) -> Finding {
    let containers: Vec<_> = task_definition.containers().collect();
    match (wanted, containers.as_slice()) {
        (Some(port), [only]) if mapped.is_empty() => check::not_mapped(only.name(), port, &only.ports()),
        (Some(port), several) if mapped.is_empty() => {
            let name = |container: &Container<'_>| container.name().to_owned();
            let of = |container: &Container<'_>| {
                let name = name(container);
                container.ports().into_iter().map(move |port| (name.clone(), port)).collect::<Vec<_>>()
            };
            let mapped: Vec<_> = several.iter().flat_map(of).collect();
            check::nobody_maps(task_definition, port, &mapped)
        }
        _ => check::several_targets(task_definition, mapped),
    }
}

/// The names that every template may use without their being given as `variables`.
fn built_in(
    request: &Request,
    sources: &Sources,
    described: Option<&TaskDefinition>,
    target: &Result<LoadBalancer, TargetError>,
) -> Vec<(String, String)> {
    let target = target.as_ref().ok();
    let service = sources.service.as_ref();
    let arn = match request.appspec_task_definition {
        AppSpecTaskDefinition::Placeholder => Some(TASK_DEFINITION_PLACEHOLDER.to_owned()),
        AppSpecTaskDefinition::Arn => described.and_then(TaskDefinition::arn).map(str::to_owned),
    };
    let container = target.map(|target| target.container_name.clone()).or_else(|| request.container_name.clone());
    let port = target.map(|target| target.container_port).or(request.container_port);
    let platform = request.platform_version.clone().or_else(|| service.and_then(|it| it.platform_version.clone()));
    [
        ("TASK_DEFINITION_ARN", arn),
        ("TASK_DEFINITION_FAMILY", described.map(|it| it.family().to_owned())),
        (CONTAINER_NAME, container),
        (CONTAINER_PORT, port.map(|port| port.to_string())),
        ("PLATFORM_VERSION", platform),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), value?)))
    .collect()
}

#[cfg(test)]
mod tests;
