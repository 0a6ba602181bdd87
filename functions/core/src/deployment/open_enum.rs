//! Enums that AWS may extend: known values by name, and `Other` for the rest.

/// Declares an enum with the names that AWS uses, and `Other` for names that this version does not know: `from_name`,
/// `name`, `KNOWN`, `Display`.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $( $(#[$case_meta:meta])* $case:ident = $text:literal, )+ }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $name {
            $( $(#[$case_meta])* $case, )+
            /// A name that this version does not know.
            Other(String),
        }

        impl $name {
            /// Every name that this version knows, as AWS writes it. A test in the AWS crate compares them with the
            /// SDK.
            pub const KNOWN: &'static [&'static str] = &[$($text),+];

            /// The value with that name, or [`Self::Other`].
            pub fn from_name(name: &str) -> Self {
                match name {
                    $( $text => Self::$case, )+
                    other => Self::Other(other.to_owned()),
                }
            }

            /// The name as AWS writes it. For [`Self::Other`], it is untrusted text.
            pub fn name(&self) -> &str {
                match self {
                    $( Self::$case => $text, )+
                    Self::Other(name) => name,
                }
            }
        }

        /// The name, safe to print.
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&$crate::fault::shown(self.name()))
            }
        }
    };
}

pub(crate) use open_enum;
