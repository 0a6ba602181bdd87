//! Container images: references, the `<NAME>` placeholders of CodeDeployToECS, and `imageDetail.json`.

use std::str::FromStr;

use crate::error::{Explain, Kind, shown};
use crate::file_ref::FileRef;
use crate::strict;

/// The most placeholders that one CodeDeployToECS action fills (`Image1…Image4ArtifactName`).
pub const MOST_PLACEHOLDERS: usize = 4;

/// Where the image of a container comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageSource {
    /// A complete reference, written into the task definition.
    Reference(String),
    /// `IMAGE1_NAME`: written as `<IMAGE1_NAME>` for CodeDeployToECS to fill (`Image1ContainerName`).
    Placeholder(String),
    /// An `imageDetail.json` file whose `ImageURI` is written into the task definition.
    Detail(FileRef),
}

impl FromStr for ImageSource {
    type Err = ImageError;

    /// A repository name is lower-case, so a word of capitals can only be a placeholder.
    fn from_str(text: &str) -> Result<Self, ImageError> {
        let bare = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or(text);
        if is_placeholder_name(bare) {
            return Ok(ImageSource::Placeholder(bare.to_owned()));
        }
        if text.ends_with("imageDetail.json") {
            return FileRef::from_str(text)
                .map(ImageSource::Detail)
                .map_err(|_| ImageError::Reference { got: text.to_owned() });
        }
        check_reference(text)?;
        Ok(ImageSource::Reference(text.to_owned()))
    }
}

/// The name inside `<NAME>` where an image is nothing but a placeholder.
pub fn placeholder_in(image: &str) -> Option<&str> {
    let name = image.strip_prefix('<')?.strip_suffix('>')?;
    (!name.is_empty()).then_some(name)
}

/// Reads the image of an `imageDetail.json`, the file that ECR source and Docker build actions make.
///
/// [File reference](https://docs.aws.amazon.com/codepipeline/latest/userguide/file-reference.html): the member is
/// `ImageURI`; an ECR source adds others, which are ignored.
pub fn read_image_detail(text: &str, file: &str) -> Result<String, ImageError> {
    let wrong = |problem: String| ImageError::Detail { file: file.to_owned(), problem };
    let detail = strict::json(text, strict::Limits::YAML).map_err(|error| wrong(error.to_string()))?;
    if detail.is_array() {
        return Err(wrong("is a list; imagedefinitions.json is for rolling updates, not for CodeDeploy".to_owned()));
    }
    let Some(image) = detail.get("ImageURI").and_then(|image| image.as_str()) else {
        return Err(wrong("has no text member \"ImageURI\"".to_owned()));
    };
    check_reference(image)?;
    Ok(image.to_owned())
}

/// Checks `[REGISTRY/]NAME[:TAG][@ALGORITHM:DIGEST]`, the grammar of the OCI distribution specification.
pub fn check_reference(text: &str) -> Result<(), ImageError> {
    if text.contains(['\n', '\r']) {
        return Err(ImageError::LineBreak);
    }
    if is_reference(text) { Ok(()) } else { Err(ImageError::Reference { got: text.to_owned() }) }
}

fn is_reference(text: &str) -> bool {
    // ECS takes at most 255 characters for an image.
    if text.len() > 255 {
        return false;
    }
    let (named, digest) = text.split_once('@').map_or((text, None), |(named, digest)| (named, Some(digest)));
    let (path, tag) = match named.rsplit_once(':') {
        Some((path, tag)) if !tag.contains('/') => (path, Some(tag)),
        _ => (named, None),
    };
    let (registry, repository) = match path.split_once('/') {
        Some((first, rest)) if first.contains(['.', ':']) || first == "localhost" => (Some(first), rest),
        _ => (None, path),
    };
    registry.is_none_or(is_registry)
        && repository.split('/').all(is_path_component)
        && tag.is_none_or(is_tag)
        && digest.is_none_or(is_digest)
}

fn is_registry(text: &str) -> bool {
    let (host, port) = text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port)));
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    host.split('.').all(label) && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}

fn is_path_component(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
    let end = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    text.bytes().all(inner) && end(text.bytes().next()) && end(text.bytes().next_back()) && !text.contains("..")
}

fn is_tag(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
        && !text.starts_with(['.', '-'])
}

fn is_digest(text: &str) -> bool {
    let hex = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    match text.split_once(':') {
        Some(("sha256", digits)) => digits.len() == 64 && hex(digits),
        Some(("sha512", digits)) => digits.len() == 128 && hex(digits),
        _ => false,
    }
}

fn is_placeholder_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// What can be wrong with an image.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// A value that would change the structure of the file it is written into.
    #[error("image contains a line break")]
    LineBreak,
    /// Neither a reference, nor a placeholder, nor an `imageDetail.json`.
    #[error("\"{}\" is not an image reference (name[:tag][@sha256:…])", shown(got))]
    Reference {
        /// What was given.
        got: String,
    },
    /// An `imageDetail.json` that does not say which image.
    #[error("{} {problem}", shown(file))]
    Detail {
        /// The file as the request names it.
        file: String,
        /// What is wrong with it, starting with a verb.
        problem: String,
    },
}

impl Explain for ImageError {
    fn code(&self) -> &'static str {
        match self {
            ImageError::LineBreak => "PAR11",
            ImageError::Reference { .. } => "PAR12",
            ImageError::Detail { .. } => "IMG01",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            ImageError::LineBreak | ImageError::Reference { .. } => Kind::Configuration,
            ImageError::Detail { .. } => Kind::Input,
        }
    }

    fn hint(&self) -> String {
        match self {
            ImageError::LineBreak => "give the image as one word, such as repo/app:1.4.2".to_owned(),
            ImageError::Reference { .. } => {
                "give a reference such as repo/app:1.4.2, a placeholder such as IMAGE1_NAME, or \
                 ARTIFACT::imageDetail.json"
                    .to_owned()
            }
            ImageError::Detail { .. } => {
                "write {\"ImageURI\": \"repo/app@sha256:…\"}, as an ECR source action does".to_owned()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_follow_the_oci_grammar() {
        let digest = format!("repo/app@sha256:{}", "0a".repeat(32));
        for good in [
            "nginx",
            "nginx:1.27-alpine",
            "library/nginx",
            "111111111111.dkr.ecr.eu-west-1.amazonaws.com/team/app:abc_1.2",
            "localhost:5000/app",
            "localhost/app:x",
            "public.ecr.aws/a1b2/app__x",
            &digest,
            &digest.replace("app@", "app:1@"),
        ] {
            assert_eq!(ImageSource::from_str(good).expect(good), ImageSource::Reference(good.to_owned()));
        }
        for bad in [
            "",
            "APP:",
            "App",
            "app:",
            "app:a b",
            "/app",
            "app/",
            "a//b",
            "app@sha256:12",
            "app@md5:00",
            "-a/b",
            "a..b",
            "host.com:0/app",
            "app:.x",
            "app\u{0}",
            "ärger",
            "${IMAGE}",
        ] {
            assert!(ImageSource::from_str(bad).is_err(), "{bad:?} was accepted");
        }
        let injection = ImageSource::from_str("repo/app:latest\"\nHooks:").expect_err("an injection");
        assert_eq!((injection.code(), injection.to_string().as_str()), ("PAR11", "image contains a line break"));
    }

    #[test]
    fn capitals_are_placeholders() {
        let placeholder = ImageSource::Placeholder("IMAGE1_NAME".to_owned());
        assert_eq!(ImageSource::from_str("IMAGE1_NAME").expect("a placeholder"), placeholder);
        assert_eq!(ImageSource::from_str("<IMAGE1_NAME>").expect("a placeholder"), placeholder);
        assert_eq!(placeholder_in("<IMAGE1_NAME>"), Some("IMAGE1_NAME"));
        assert_eq!(placeholder_in("repo/<X>"), None);
    }

    #[test]
    fn image_details_are_read_strictly() {
        let read = |text| read_image_detail(text, "Source::imageDetail.json").map_err(|error| error.to_string());
        assert_eq!(read(r#"{"ImageSizeInBytes":"1","ImageURI":"repo/app:7"}"#).as_deref(), Ok("repo/app:7"));
        assert!(read(r#"{"imageUri":"repo/app:7"}"#).expect_err("wrong case").contains("has no text member"));
        assert!(read(r#"[{"name":"app","imageUri":"x"}]"#).expect_err("a list").contains("imagedefinitions"));
        assert!(read(r#"{"ImageURI":"repo/app:7\nx"}"#).expect_err("two lines").contains("line break"));
        assert!(read("{").is_err());
    }
}
