//! References of container images.

use std::str::FromStr;

use super::arn::is_account;
use super::region::Region;

/// Why a text that resembles a reference does not name an image; `None` if the reason is not known.
pub fn why_not_reference(text: &str) -> Option<&'static str> {
    let (named, _) = text.split_once('@').unwrap_or((text, ""));
    if text.contains("://") {
        return Some("an image reference must not have a scheme such as https://");
    }
    if text.chars().any(char::is_whitespace) {
        return Some("an image reference must not contain spaces");
    }
    if named.len() > LONGEST {
        return Some("ECS allows at most 255 characters before the digest");
    }
    let name = named.split(':').next().unwrap_or_default();
    if ["sha256", "sha512"].contains(&name) {
        return Some("a digest must follow a repository (repo/app@sha256:…)");
    }
    if ["null", "none", "undefined", "nil"].contains(&name) {
        return Some("a script wrote a missing value as text");
    }
    if is_known_registry(name) {
        return Some("this is a registry without a repository");
    }
    if let Some(why) = named.split_once('/').and_then(|(host, _)| why_not_ecr(host)) {
        return Some(why);
    }
    let (_, repository) = split_registry(without_tag(named));
    let capitals = repository.bytes().any(|byte| byte.is_ascii_uppercase());
    capitals.then_some("a repository name must be lowercase")
}

/// Why a host of Amazon ECR cannot exist: `ACCOUNT.dkr.ecr.REGION.amazonaws.com` with something else in either place.
fn why_not_ecr(host: &str) -> Option<&'static str> {
    let names = host.strip_suffix(".amazonaws.com").or_else(|| host.strip_suffix(".amazonaws.com.cn"))?;
    let (account, region) = names.split_once(".dkr.ecr.").or_else(|| names.split_once(".dkr.ecr-fips."))?;
    if !is_account(account) {
        return Some("an Amazon ECR registry must start with an account ID of 12 digits");
    }
    Region::from_str(region).is_err().then_some("this Amazon ECR registry does not contain a valid Region")
}

/// Whether an image is in a private repository of Amazon ECR: `ACCOUNT.dkr.ecr.REGION.amazonaws.com/…`, or the dual-stack
/// name of the same.
pub fn is_private_ecr(image: &str) -> bool {
    EcrImage::parse(image).is_some()
}

/// Hosts that cannot be the name of a repository on Docker Hub.
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

/// True for `[REGISTRY/]NAME[:TAG][@ALGORITHM:DIGEST]`, the grammar of the OCI distribution specification, as far as
/// ECS accepts it.
pub fn is_reference(text: &str) -> bool {
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

/// Which parts of two references differ: `repository`, `tag`, `digest`.
pub fn changed_parts(before: &str, after: &str) -> Vec<&'static str> {
    let ([one, tag, digest], [other, other_tag, other_digest]) = (parts(before), parts(after));
    let changed = [("repository", one != other), ("tag", tag != other_tag), ("digest", digest != other_digest)];
    changed.into_iter().filter(|(_, changed)| *changed).map(|(part, _)| part).collect()
}

/// The repository with its registry, the tag and the digest of a reference; missing parts are empty.
fn parts(text: &str) -> [&str; 3] {
    let (named, digest) = text.split_once('@').unwrap_or((text, ""));
    let path = without_tag(named);
    let tag = named.get(path.len()..).and_then(|rest| rest.strip_prefix(':')).unwrap_or_default();
    [path, tag, digest]
}

/// The part before the tag.
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

/// An image in a private repository of Amazon ECR.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EcrImage {
    /// The twelve digits of the account of the registry.
    pub account: String,
    /// The Region of the registry.
    pub region: Region,
    /// The repository, such as `team/web`.
    pub repository: String,
    /// The digest if the image has one, for ECS ignores the tag then.
    pub digest: Option<String>,
    /// The tag; `latest` if it has none.
    pub tag: String,
}

impl EcrImage {
    /// The image of a reference such as `123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1.4.2`, or with the dual-stack
    /// host `123456789012.dkr-ecr.eu-west-1.on.aws`; `None` for an image anywhere else.
    /// [Registries](https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html)
    pub fn parse(text: &str) -> Option<EcrImage> {
        let (named, digest) = text.split_once('@').map_or((text, None), |(named, digest)| (named, Some(digest)));
        let path = without_tag(named);
        let tag = named.get(path.len()..).and_then(|rest| rest.strip_prefix(':')).unwrap_or("latest");
        let (host, repository) = split_registry(path);
        let (account, rest) = host?.split_once('.')?;
        let region =
            ["dkr.ecr.", "dkr.ecr-fips.", "dkr-ecr.", "dkr-ecr-fips."].iter().find_map(|it| rest.strip_prefix(it))?;
        let region = region.split('.').next()?.parse().ok()?;
        is_account(account).then(|| EcrImage {
            account: account.to_owned(),
            region,
            repository: repository.to_owned(),
            digest: digest.map(str::to_owned),
            tag: tag.to_owned(),
        })
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
    // ECS accepts capitals as well.
    let hex = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    match text.split_once(':') {
        Some(("sha256", digits)) => digits.len() == 64 && hex(digits),
        Some(("sha512", digits)) => digits.len() == 128 && hex(digits),
        _ => false,
    }
}
