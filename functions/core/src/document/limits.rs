//! What a document may cost.

/// What a document may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the text.
    pub bytes: usize,
    /// Values and keys, after aliases are expanded.
    pub nodes: usize,
    /// Lists and maps within each other.
    pub depth: usize,
    /// Bytes of all scalars and keys together, after aliases are expanded.
    pub scalar_bytes: usize,
}

impl Limits {
    /// A text of at most `bytes`; 20,000 nodes, 64 levels, 1 MiB of scalars.
    pub const fn of(bytes: usize) -> Limits {
        Limits { bytes, nodes: 20_000, depth: 64, scalar_bytes: 1 << 20 }
    }

    /// For YAML: a text of at most 64 KiB.
    pub const YAML: Limits = Limits::of(64 << 10);
    /// For JSON: a text of at most 1 MiB.
    pub const JSON: Limits = Limits::of(1 << 20);
}
