//! The files and answers that a request needs, fetched by the caller: this crate reads neither disk nor network.

use std::fmt;

use crate::artifact::appspec;
use crate::artifact::image;
pub use crate::artifact::request::Slot;
use crate::artifact::request::{Request, TaskDefinitionSource};
use crate::artifact::service::{Service, no_task_definition};
use crate::artifact::task_definition;
use crate::document::DocumentError;
use crate::fault::Fault;

/// A text and its name in messages.
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    /// The file as named in the request, or the name that was sent to ECS.
    pub name: String,
    /// Its whole text.
    pub text: String,
}

impl fmt::Debug for Document {
    /// The text may hold environment values, so only its size is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Document({}, {} bytes)", self.name, self.text.len())
    }
}

/// Everything beside the request that the two files are made from.
#[derive(Debug, Default)]
pub struct Sources {
    /// The task definition: ECS's answer or a file.
    pub task_definition: Option<Document>,
    /// The live service.
    pub service: Option<Service>,
    /// The user's own AppSpec template.
    pub appspec_template: Option<Document>,
    /// The user's own task definition template.
    pub taskdef_template: Option<Document>,
    /// The `imageDetail.json` of each container that takes its image from one.
    pub image_details: Vec<(String, Document)>,
}

/// The error of a file of the request that is not UTF-8: that of the reader whose file it is.
pub fn not_text(slot: &Slot, file: &str, error: &DocumentError) -> Fault {
    match slot {
        Slot::AppSpecTemplate => appspec::syntax(file, error),
        Slot::TaskDefinition | Slot::TaskdefTemplate => task_definition::not_text(file, error),
        Slot::ImageDetail(_) => image::not_a_detail(file, &format!("is {error}")),
    }
}

impl Sources {
    /// Stores a file of the request.
    pub fn insert(&mut self, slot: Slot, document: Document) {
        match slot {
            Slot::TaskDefinition => self.task_definition = Some(document),
            Slot::AppSpecTemplate => self.appspec_template = Some(document),
            Slot::TaskdefTemplate => self.taskdef_template = Some(document),
            Slot::ImageDetail(container) => self.image_details.push((container, document)),
        }
    }
}

/// The task definition to request from ECS, once the service is known; `None` if none is needed.
///
/// # Errors The service should name it, but does not.
pub fn task_definition_to_describe<'a>(
    request: &'a Request,
    service: Option<&'a Service>,
) -> Result<Option<&'a str>, Fault> {
    match (&request.task_definition, &request.taskdef_template, service) {
        (Some(TaskDefinitionSource::Describe(name)), ..) => Ok(Some(name)),
        (Some(TaskDefinitionSource::File(_)), ..) | (None, Some(_), _) | (None, None, None) => Ok(None),
        (None, None, Some(service)) => match &service.task_definition {
            Some(name) => Ok(Some(name)),
            None => Err(no_task_definition(&service.full_name())),
        },
    }
}
