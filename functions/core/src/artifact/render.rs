//! Renders the two files from a request and what was fetched for it.

mod target;

use crate::artifact::appspec::{self, AppSpec, TASK_DEFINITION_PLACEHOLDER};
use crate::artifact::check::{self, CheckError, Finding, Severity, settle};
use crate::artifact::facts::Facts;
use crate::artifact::image::{ImageSource, check_reference, read_image_detail};
use crate::artifact::request::{AppSpecTaskDefinition, Request, TaskDefinitionSource, no_task_definition};
use crate::artifact::service::LoadBalancer;
use crate::artifact::sources::{Document, Sources};
use crate::artifact::task_definition::{Container, TaskDefinition};
use crate::artifact::template::{self, Format, GivenFile, Variables, advise};
use crate::document;
use crate::fault::Fault;
use target::{TargetError, known_target, target};

const CONTAINER_NAME: &str = "CONTAINER_NAME";
const CONTAINER_PORT: &str = "CONTAINER_PORT";

/// The two files and what to report about them.
#[derive(Debug)]
pub struct Files {
    /// Name and text of the AppSpec.
    pub appspec: Document,
    /// Name and text of the task definition.
    pub taskdef: Document,
    /// What was put into them.
    pub facts: Facts,
    /// Warnings and notes.
    pub warnings: Vec<Finding>,
}

/// Makes the two files and checks them against each other.
///
/// # Errors
/// The first fault of a source, or every error that [`check`] finds.
pub fn render(request: &Request, sources: &Sources) -> Result<Files, Fault> {
    made(request, sources).map_err(|error| {
        // The answer of ECS is not a file.
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
    let Deployed { task_definition, described, mut findings, mut used } = match read_task_definition(request, sources) {
        Ok(task) => task,
        Err(fault) => return Err(with_faults_of_appspec(fault, request, sources)),
    };
    let appspec_name = sources.appspec_template.as_ref().map_or("the AppSpec", |template| template.name.as_str());
    let text = match &sources.appspec_template {
        Some(template) => {
            let target = target(request, sources.service.as_ref(), &task_definition);
            let variables = variables(request, sources, described.as_ref().or(Some(&task_definition)), target);
            template::fill_document(&template.text, &template.name, &variables, Format::Yaml).map(|filled| {
                used.extend(filled.used);
                filled.text
            })
        }
        None => build(request, sources, &task_definition, &mut findings).map(|spec| written(&spec, request)),
    };
    let read = text.and_then(|text| {
        template::check_all_used(&request.variables, &used)?;
        Ok((appspec::read(&text, appspec_name)?, text))
    });
    let (appspec, appspec_text) = read.map_err(|fault| with_errors(findings.clone(), fault))?;
    let of_both = check::check(request, &task_definition, &appspec, &findings);
    findings.extend(of_both);
    findings.extend(appspec.version_warning(appspec_name));
    findings.retain(|finding| !request.ignores(finding.code));
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

/// The task definition as it is deployed.
struct Deployed {
    task_definition: TaskDefinition,
    /// The described or read one, if a template replaces it.
    described: Option<TaskDefinition>,
    findings: Vec<Finding>,
    /// Variables that its template uses.
    used: Vec<String>,
}

/// Reads the task definition, fills in images and variables, and checks it. The container and port can be found in the
/// returned one: its first error is not about types or names.
fn read_task_definition(request: &Request, sources: &Sources) -> Result<Deployed, Fault> {
    let of_a_file = matches!(request.task_definition, Some(TaskDefinitionSource::File(_)));
    let described = sources.task_definition.as_ref().map(|document| read(document, of_a_file)).transpose()?;
    let (described, mut findings) = described.map_or((None, Vec::new()), |(it, findings)| (Some(it), findings));
    let mut used = Vec::new();
    let mut task_definition = match (&sources.taskdef_template, &described) {
        (Some(template), _) => {
            let known = known_target(request, sources.service.as_ref(), described.as_ref());
            let variables = variables(request, sources, described.as_ref(), known);
            let filled = template::fill_document(&template.text, &template.name, &variables, Format::Json)?;
            used.extend(filled.used);
            let (task_definition, found) = TaskDefinition::read(&filled.text, &template.name)?;
            findings.extend(found);
            task_definition
        }
        (None, Some(described)) => described.clone(),
        (None, None) => return Err(no_task_definition()),
    };
    let readable = findings.iter().all(|finding| finding.severity != Severity::Error);
    match put_images(request, sources, &mut task_definition) {
        Ok(found) => findings.extend(found),
        Err(fault) => return Err(with_errors(findings, fault)),
    }
    // ECS checked it when it was registered.
    let file = sources.task_definition.as_ref().filter(|_| of_a_file && task_definition.arn().is_none());
    if let Some(file) = sources.taskdef_template.as_ref().or(file) {
        findings.extend(check::task_definition(&task_definition, &file.name));
    }
    if readable {
        Ok(Deployed { task_definition, described, findings, used })
    } else {
        Err(CheckError::errors_of(findings).into())
    }
}

/// The errors found so far, and the fault that ends the run.
fn with_errors(findings: Vec<Finding>, fault: Fault) -> Fault {
    let Err(errors) = settle(findings) else { return fault };
    Fault::all(&[errors.into(), fault.clone()]).unwrap_or(fault)
}

/// The fault of the task definition with those of the AppSpec that do not depend on it, so that one run shows the
/// faults of both files. Values from the task definition are replaced by samples, because only the form of the AppSpec
/// counts.
fn with_faults_of_appspec(fault: Fault, request: &Request, sources: &Sources) -> Fault {
    let Some(template) = &sources.appspec_template else { return fault };
    let target = known_target(request, sources.service.as_ref(), None).unwrap_or_else(|_| LoadBalancer {
        container_name: request.container_name.clone().unwrap_or_else(|| "container".to_owned()),
        container_port: request.container_port.unwrap_or(80),
        target_group: None,
    });
    let mut variables = variables(request, sources, None, Ok(target));
    for name in ["TASK_DEFINITION_ARN", "TASK_DEFINITION_FAMILY"] {
        if variables.built_in.iter().all(|(known, _)| known != name) {
            variables.built_in.push((name.to_owned(), "family".to_owned()));
        }
    }
    let filled = template::fill_document(&template.text, &template.name, &variables, Format::Yaml);
    match filled.and_then(|filled| appspec::read(&filled.text, &template.name)) {
        Ok(_) => fault,
        // An invalid variable name is invalid in both files.
        Err(of_appspec) if of_appspec == fault => fault,
        Err(of_appspec) => Fault::all(&[fault.clone(), of_appspec]).unwrap_or(fault),
    }
}

/// In the language of the file's extension; YAML if it has another one.
fn written(spec: &AppSpec, request: &Request) -> String {
    if wants_json(request) { appspec::write_json(spec) } else { appspec::write(spec) }
}

fn wants_json(request: &Request) -> bool {
    request.appspec_path.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("json"))
}

/// A file, or the described revision. ECS has accepted the latter, and it may run without Fargate.
fn read(document: &Document, of_a_file: bool) -> Result<(TaskDefinition, Vec<Finding>), Fault> {
    let (task_definition, mut findings) = TaskDefinition::read(&document.text, &document.name)?;
    if !of_a_file {
        findings = findings.into_iter().map(Finding::into_warning).collect();
    }
    Ok((task_definition, findings))
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
                    // A text that is not a reference is refused here: the container has no placeholder with that name.
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
        // All findings are reported at once, so that one run of the pipeline shows everything that must be fixed.
        Err(TargetError::Finding(finding)) => {
            findings.push(*finding);
            return Err(CheckError::errors_of(std::mem::take(findings)).into());
        }
        Err(TargetError::Service(error)) => return Err(error),
        Err(TargetError::Unknown) => return Err(no_task_definition()),
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

/// The variables of a template: those of the request and the built-in ones.
fn variables<'r>(
    request: &'r Request,
    sources: &Sources,
    described: Option<&TaskDefinition>,
    target: Result<LoadBalancer, TargetError>,
) -> Variables<'r> {
    let service = sources.service.as_ref();
    let arn = match request.appspec_task_definition {
        AppSpecTaskDefinition::Placeholder => Some(TASK_DEFINITION_PLACEHOLDER.to_owned()),
        AppSpecTaskDefinition::Arn => described.and_then(TaskDefinition::arn).map(str::to_owned),
    };
    let (container, port, reason) = match target {
        Ok(target) => (Some(target.container_name), Some(target.container_port), None),
        Err(error) => (request.container_name.clone(), request.container_port, error.into_fault()),
    };
    let platform = request.platform_version.clone().or_else(|| service.and_then(|it| it.platform_version.clone()));
    let built_in = [
        ("TASK_DEFINITION_ARN", arn),
        ("TASK_DEFINITION_FAMILY", described.map(|it| it.family().to_owned())),
        (CONTAINER_NAME, container),
        (CONTAINER_PORT, port.map(|port| port.to_string())),
        ("PLATFORM_VERSION", platform),
    ];
    Variables {
        built_in: built_in.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect(),
        without_value: reason.into_iter().flat_map(|it| [(CONTAINER_NAME, it.clone()), (CONTAINER_PORT, it)]).collect(),
        given: &request.variables,
    }
}

#[cfg(test)]
mod tests;
