//! Container images: references, the `<NAME>` placeholders of CodeDeployToECS, and `imageDetail.json`.

use std::str::FromStr;

use crate::document;
use crate::fault::{Explain, Kind, shown};
use crate::names::file_ref::FileRef;
use crate::names::identity::{Region, is_account};

/// The most placeholders that one CodeDeployToECS action fills (`Image1…Image4ArtifactName`).
pub const MOST_PLACEHOLDERS: usize = 4;

/// Where the image of a container comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageSource {
    /// A complete reference, written into the task definition.
    Reference(String),
    /// `IMAGE1_NAME` or `<anything>`: written as `<IMAGE1_NAME>` for CodeDeployToECS to fill (`Image1ContainerName`).
    Placeholder(String),
    /// `Image1Name`: no reference, so it must be the name of the placeholder that stands in the container.
    Word(String),
    /// An `imageDetail.json` file whose `ImageURI` is written into the task definition.
    Detail(FileRef),
}

impl FromStr for ImageSource {
    type Err = ImageError;

    /// A repository name is lower-case, so a word of capitals can only be a placeholder. In angle brackets a placeholder
    /// has any name: `Image1ContainerName` is free text.
    fn from_str(text: &str) -> Result<Self, ImageError> {
        if let Some(name) = placeholder_in(text).or_else(|| is_placeholder_name(text).then_some(text)) {
            return Ok(ImageSource::Placeholder(name.to_owned()));
        }
        if is_mixed_case_word(text) {
            return Ok(ImageSource::Word(text.to_owned()));
        }
        if text.ends_with("imageDetail.json") {
            return FileRef::from_str(text)
                .map(ImageSource::Detail)
                .map_err(|_| ImageError::Reference { got: text.to_owned() });
        }
        if text.ends_with("imagedefinitions.json") {
            return Err(ImageError::RollingUpdates { got: text.to_owned() });
        }
        check_reference(text)?;
        Ok(ImageSource::Reference(text.to_owned()))
    }
}

/// The name inside `<NAME>` if an image is nothing but a placeholder.
///
/// CodePipeline takes any text of up to 1000 characters as `Image1ContainerName`. Quotes, backslashes and control
/// characters are written differently in JSON, so CodeDeployToECS would not find them; angle brackets end the name.
pub fn placeholder_in(image: &str) -> Option<&str> {
    let name = image.strip_prefix('<')?.strip_suffix('>')?;
    let allowed = |char: char| !char.is_control() && !"<>\"\\".contains(char);
    let fits = !name.trim().is_empty() && name.chars().count() <= 1000 && name.chars().all(allowed);
    fits.then_some(name)
}

/// `IMAGE1_NAME` if a text is that in other letters: a placeholder that was not written in capitals.
pub fn misspelt_placeholder(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|char| !"_-".contains(*char)).collect::<String>().to_ascii_lowercase();
    let number = plain.strip_prefix("image")?.strip_suffix("name")?;
    let fits = number.len() <= 1 && number.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| format!("IMAGE{number}_NAME"))
}

/// Reads the image of an `imageDetail.json`, the file that ECR source and Docker build actions make.
///
/// [File reference](https://docs.aws.amazon.com/codepipeline/latest/userguide/file-reference.html): the member is
/// `ImageURI`; an ECR source adds others, which are ignored.
pub fn read_image_detail(text: &str, file: &str) -> Result<String, ImageError> {
    let wrong = |problem: String| ImageError::Detail { file: file.to_owned(), problem };
    let detail = document::json(text, document::Limits::YAML).map_err(|error| wrong(error.to_string()))?;
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

/// Why a text that has the form of a reference, or nearly so, names no image; `None` if nothing more can be said.
pub fn why_not_reference(text: &str) -> Option<&'static str> {
    let (named, _) = text.split_once('@').unwrap_or((text, ""));
    if text.contains("://") {
        return Some("an image has no scheme such as https://");
    }
    if text.chars().any(char::is_whitespace) {
        return Some("an image has no blanks");
    }
    if named.len() > LONGEST {
        return Some("ECS takes at most 255 characters before the digest");
    }
    let name = named.split(':').next().unwrap_or_default();
    if ["sha256", "sha512"].contains(&name) {
        return Some("a digest needs the repository before it (repo/app@sha256:…)");
    }
    if ["null", "none", "undefined", "nil"].contains(&name) {
        return Some("a script wrote the text of a missing value");
    }
    if is_known_registry(name) {
        return Some("this is a registry without a repository");
    }
    if let Some(why) = named.split_once('/').and_then(|(host, _)| why_not_ecr(host)) {
        return Some(why);
    }
    let (_, repository) = split_registry(without_tag(named));
    let capitals = repository.bytes().any(|byte| byte.is_ascii_uppercase());
    capitals.then_some("a repository name is in small letters")
}

/// Why a host of Amazon ECR cannot exist: `ACCOUNT.dkr.ecr.REGION.amazonaws.com` with something else in either place.
fn why_not_ecr(host: &str) -> Option<&'static str> {
    let names = host.strip_suffix(".amazonaws.com").or_else(|| host.strip_suffix(".amazonaws.com.cn"))?;
    let (account, region) = names.split_once(".dkr.ecr.").or_else(|| names.split_once(".dkr.ecr-fips."))?;
    if !is_account(account) {
        return Some("a registry of Amazon ECR begins with an account of 12 digits");
    }
    Region::from_str(region).is_err().then_some("this registry of Amazon ECR names no Region")
}

/// Hosts that can be the name of no repository of Docker Hub.
fn is_known_registry(name: &str) -> bool {
    name.ends_with(".amazonaws.com")
        || name.ends_with(".amazonaws.com.cn")
        || name.ends_with(".on.aws")
        || ["public.ecr.aws", "docker.io", "index.docker.io", "ghcr.io", "quay.io", "gcr.io", "mcr.microsoft.com"]
            .contains(&name)
}

/// The most characters of an image; the digest and its `@` do not count.
/// [ContainerDefinition](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html)
const LONGEST: usize = 255;

fn is_reference(text: &str) -> bool {
    let (named, digest) = text.split_once('@').map_or((text, None), |(named, digest)| (named, Some(digest)));
    if named.len() > LONGEST || why_not_reference(text).is_some() && !named.contains('/') {
        return false;
    }
    let path = without_tag(named);
    let tag = named.get(path.len()..).and_then(|rest| rest.strip_prefix(':'));
    let (registry, repository) = split_registry(path);
    registry.is_none_or(|host| is_registry(host) && why_not_ecr(host).is_none())
        && repository.split('/').all(is_path_component)
        && tag.is_none_or(is_tag)
        && digest.is_none_or(is_digest)
}

/// What stands before the tag.
fn without_tag(named: &str) -> &str {
    named.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')).map_or(named, |(path, _)| path)
}

/// The registry, if the first part is a host, and the repository.
fn split_registry(path: &str) -> (Option<&str>, &str) {
    match path.split_once('/') {
        Some((first, rest)) if first.contains(['.', ':']) || first == "localhost" => (Some(first), rest),
        _ => (None, path),
    }
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

/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`
fn is_path_component(text: &str) -> bool {
    let plain = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit();
    let separator = |text: &str| ["", ".", "_", "__"].contains(&text) || text.bytes().all(|byte| byte == b'-');
    text.starts_with(plain) && text.ends_with(plain) && text.split(plain).all(separator)
}

fn is_tag(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
        && !text.starts_with(['.', '-'])
}

fn is_digest(text: &str) -> bool {
    // ECS takes capitals too.
    let hex = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    match text.split_once(':') {
        Some(("sha256", digits)) => digits.len() == 64 && hex(digits),
        Some(("sha512", digits)) => digits.len() == 128 && hex(digits),
        _ => false,
    }
}

/// Capitals, digits and underscores with a capital first: what a word can only be a placeholder for.
pub fn is_placeholder_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Letters of both kinds, digits, hyphens and underscores, with a capital: never a reference.
fn is_mixed_case_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
        && text.bytes().any(|byte| byte.is_ascii_uppercase())
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
    /// The file of another action.
    #[error("{} is for rolling updates by the Amazon ECS action, not for blue/green", shown(got))]
    RollingUpdates {
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
            ImageError::Reference { .. } | ImageError::RollingUpdates { .. } => "PAR12",
            ImageError::Detail { .. } => "IMG01",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            ImageError::LineBreak | ImageError::Reference { .. } | ImageError::RollingUpdates { .. } => {
                Kind::Configuration
            }
            ImageError::Detail { .. } => Kind::Input,
        }
    }

    fn hint(&self) -> String {
        match self {
            ImageError::LineBreak => "give the image as one word, such as repo/app:1.4.2".to_owned(),
            ImageError::Reference { got } => {
                let why = why_not_reference(got).map(|why| format!("{why}; ")).unwrap_or_default();
                format!(
                    "{why}give a reference such as repo/app:1.4.2, a placeholder such as IMAGE1_NAME, or \
                     ARTIFACT::imageDetail.json"
                )
            }
            ImageError::RollingUpdates { .. } => {
                "let the build write imageDetail.json with {\"ImageURI\": \"REPOSITORY:TAG\"}, and give \
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
            "111111111111.dkr.ecr.cn-north-1.amazonaws.com.cn/app",
            "111111111111.dkr.ecr-fips.us-east-1.amazonaws.com/app:1",
            "000000000000.dkr.ecr.eu-west-1.localhost.localstack.cloud:4566/app",
            "111111111111.dkr-ecr.eu-west-1.on.aws/app:1",
            "localhost:5000/app",
            "localhost/app:x",
            "public.ecr.aws/a1b2/app__x",
            "a/b_c__d-e.f---g",
            "nginx:TAG",
            "Registry.Example.com:443/a/b/c:1",
            "registry/none:1",
            "my-null",
            &format!("{}:1", "a".repeat(253)),
            &format!("{}@sha256:{}", "a".repeat(255), "0A".repeat(32)),
            &digest,
            &digest.replace("app@", "app:1@"),
        ] {
            assert_eq!(ImageSource::from_str(good).expect(good), ImageSource::Reference(good.to_owned()));
        }
        for bad in [
            "",
            "APP:",
            "APP/x",
            "My/App:1",
            "app:",
            "app:a b",
            "/app",
            "app/",
            "a//b",
            "app@sha256:12",
            "app@md5:00",
            "-a/b",
            "a..b",
            "a.-b",
            "a___b",
            "a_.b/c",
            "https://repo/app:1",
            "nginx:1 ",
            "REPOSITORY_URI:TAG",
            "__IMAGE__",
            "@@IMAGE@@",
            "%IMAGE%",
            "{{IMAGE}}",
            "null",
            "null:1.2",
            "111111111111.dkr.ecr.eu-west-1.amazonaws.com",
            "111111111111.dkr.ecr.eu-west-1.amazonaws.com:1.2",
            "public.ecr.aws",
            &format!("sha256:{}", "0a".repeat(32)),
            "repo/<IMAGE>",
            "<>",
            "<a\"b>",
            &format!("{}:1", "a".repeat(254)),
            "host.com:0/app",
            "app:.x",
            "app\u{0}",
            "ärger",
            "${IMAGE}",
            "XXXXXXXXXXXX.dkr.ecr.eu-west-1.amazonaws.com/app:1",
            "1111.dkr.ecr.eu-west-1.amazonaws.com/app:1",
            "111111111111.dkr.ecr.REGION.amazonaws.com/app:1",
            "111111111111.dkr.ecr..amazonaws.com/app:1",
            "ghcr.io/Team/app:1",
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
        for name in ["myapp", "IMAGE1-NAME", "Image1Name", "my app", "a/b:1"] {
            let placeholder = ImageSource::Placeholder(name.to_owned());
            assert_eq!(ImageSource::from_str(&format!("<{name}>")).expect(name), placeholder);
        }
        for name in ["IMAGE1-NAME", "Image1Name"] {
            assert_eq!(ImageSource::from_str(name).expect(name), ImageSource::Word(name.to_owned()));
        }
        for name in ["image1_name", "Image1Name", "image-name", "IMAGE4-NAME"] {
            assert!(misspelt_placeholder(name).is_some(), "{name}");
        }
        for name in ["image1", "my-image-name", "name", "image12_name"] {
            assert_eq!(misspelt_placeholder(name), None);
        }
    }

    #[test]
    fn image_details_are_read_strictly() {
        let read = |text| read_image_detail(text, "Source::imageDetail.json").map_err(|error| error.to_string());
        assert_eq!(read(r#"{"ImageSizeInBytes":"1","ImageURI":"repo/app:7"}"#).as_deref(), Ok("repo/app:7"));
        assert!(read(r#"{"imageUri":"repo/app:7"}"#).expect_err("wrong case").contains("has no text member"));
        let rolling = ImageSource::from_str("Build::imagedefinitions.json").expect_err("for rolling updates");
        assert!(rolling.to_string().contains("is for rolling updates") && rolling.hint().contains("imageDetail.json"));
        assert!(read(r#"[{"name":"app","imageUri":"x"}]"#).expect_err("a list").contains("imagedefinitions"));
        assert!(read(r#"{"ImageURI":"repo/app:7\nx"}"#).expect_err("two lines").contains("line break"));
        assert!(read("{").is_err());
    }
}
