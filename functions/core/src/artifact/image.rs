//! Container images: references, the `<NAME>` placeholders of CodeDeployToECS, and `imageDetail.json`.

use std::str::FromStr;

use crate::artifact::file_ref::FileRef;
use crate::document;
use crate::fault::Fault;
use crate::faults;
use crate::names::is_reference;
pub use crate::names::why_not_reference;

/// The maximum number of placeholders that one CodeDeployToECS action fills (`Image1…Image4ArtifactName`).
pub const MOST_PLACEHOLDERS: usize = 4;

/// Where the image of a container comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageSource {
    /// A complete reference, written into the task definition.
    Reference(String),
    /// `IMAGE1_NAME` or `<anything>`: written as `<IMAGE1_NAME>` for CodeDeployToECS to fill (`Image1ContainerName`).
    Placeholder(String),
    /// `Image1Name`: not a valid reference, so it must be the name of the placeholder in the container.
    Word(String),
    /// An `imageDetail.json` file whose `ImageURI` is written into the task definition.
    Detail(FileRef),
}

impl FromStr for ImageSource {
    type Err = Fault;

    /// A repository name is lower-case, so a word of capitals can only be a placeholder. In angle brackets a placeholder
    /// has any name: `Image1ContainerName` is free text.
    fn from_str(text: &str) -> Result<Self, Fault> {
        if let Some(name) = placeholder_in(text).or_else(|| is_placeholder_name(text).then_some(text)) {
            return Ok(ImageSource::Placeholder(name.to_owned()));
        }
        if is_mixed_case_word(text) {
            return Ok(ImageSource::Word(text.to_owned()));
        }
        if text.ends_with("imageDetail.json") {
            return FileRef::from_str(text).map(ImageSource::Detail).map_err(|_| not_a_reference(text));
        }
        if text.ends_with("imagedefinitions.json") {
            return Err(for_rolling_updates(text));
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

/// `IMAGE1_NAME` if a text is the same in another case: a placeholder that was not written in capitals.
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
pub fn read_image_detail(text: &str, file: &str) -> Result<String, Fault> {
    let detail =
        document::json(text, document::Limits::YAML).map_err(|error| not_a_detail(file, &error.to_string()))?;
    if detail.is_array() {
        return Err(not_a_detail(file, "is a list; imagedefinitions.json is for rolling updates, not for CodeDeploy"));
    }
    let image = detail.get("ImageURI").and_then(|image| image.as_str());
    let image = image.ok_or_else(|| not_a_detail(file, "has no text member \"ImageURI\""))?;
    check_reference(image)?;
    Ok(image.to_owned())
}

/// Checks `[REGISTRY/]NAME[:TAG][@ALGORITHM:DIGEST]`.
pub fn check_reference(text: &str) -> Result<(), Fault> {
    if text.contains(['\n', '\r']) {
        return Err(line_break());
    }
    if is_reference(text) { Ok(()) } else { Err(not_a_reference(text)) }
}

/// Whether a text is the name of a placeholder and cannot be a reference: capitals, digits and underscores, starting with a
/// capital.
pub fn is_placeholder_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Whether a text is a word of letters, digits, hyphens and underscores with at least one capital, which a reference cannot be.
fn is_mixed_case_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
        && text.bytes().any(|byte| byte.is_ascii_uppercase())
}

faults! {
    /// The faults of images.
    pub const FORMS;

    /// A value that would change the structure of the file that it is written to.
    fn line_break() =>
        "PAR11" Configuration "image contains a line break", "write the image on one line, such as repo/app:1.4.2";

    /// Not a reference, a placeholder or an `imageDetail.json`.
    fn not_a_reference(got) [why = why_not_reference(got).map(|why| format!("{why}; ")).unwrap_or_default()] =>
        "PAR12" Configuration "\"{got}\" is not an image reference (name[:tag][@sha256:…])",
        "{why}use a reference such as repo/app:1.4.2, a placeholder such as IMAGE1_NAME, or ARTIFACT::imageDetail.json";

    /// The file of another action.
    fn for_rolling_updates(got) =>
        "PAR12" Configuration "{got} is for rolling updates by the Amazon ECS action, not for blue/green",
        "have the build write imageDetail.json with {{\"ImageURI\": \"REPOSITORY:TAG\"}}, and use \
         ARTIFACT::imageDetail.json";

    /// An `imageDetail.json` that does not name an image; `problem` begins with a verb.
    pub fn not_a_detail(file, problem: &str) =>
        "IMG01" Input "{file} {problem}", "write {{\"ImageURI\": \"repo/app@sha256:…\"}}, as an ECR source action does";
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
        assert_eq!((injection.code(), injection.message().as_str()), ("PAR11", "image contains a line break"));
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
