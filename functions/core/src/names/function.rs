//! A Lambda function.

use super::arn::Arn;

/// True for the name or the ARN of a Lambda function, each with or without `:VERSION` or `:ALIAS`.
/// [Invoke](https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html)
pub fn is_function_name(text: &str) -> bool {
    let named = if text.starts_with("arn:") {
        Arn::regional(text, "lambda").and_then(|arn| arn.resource.strip_prefix("function:"))
    } else {
        Some(text)
    };
    let Some(named) = named else { return false };
    let (name, qualifier) = named.split_once(':').map_or((named, None), |(name, it)| (name, Some(it)));
    is_word(name, 64) && qualifier.is_none_or(|it| it == "$LATEST" || is_word(it, 128))
}

fn is_word(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}
