//! What names of Amazon ECS have in common.

/// True for the names of clusters, services, families and containers: 1-255 letters, digits, hyphens and underscores.
pub fn is_ecs_name(text: &str) -> bool {
    (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}
