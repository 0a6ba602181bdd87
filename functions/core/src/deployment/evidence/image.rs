//! Images of containers in their registry.

/// An image as Amazon ECR has it, from `DescribeImages`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushedImage {
    /// As the task definition names it.
    pub image: String,
    /// `imageDigest`; `None` if the registry does not have it.
    pub digest: Option<String>,
    /// `imagePushedAt`, in milliseconds since 1970.
    pub pushed_ms: Option<u64>,
}
