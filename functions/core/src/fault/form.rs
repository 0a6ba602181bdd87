//! The table of faults: their definition and their form.

use super::{Kind, Severity};

/// The form of a fault or a finding: one row of the table of codes in the documentation.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// The stable code.
    pub code: &'static str,
    /// How bad it is; a fault is an error.
    pub severity: Severity,
    /// The kind of fault.
    pub kind: Kind,
    /// The message, with `{name}` for what varies.
    pub message: &'static str,
    /// The hint, likewise.
    pub hint: &'static str,
}

/// Defines the faults of a module: one constructor each, and a table of their [`Form`]s for the documentation.
///
/// The names in braces are the arguments, or values that are computed from them in square brackets. An argument without a
/// type is text from outside, a `&str` that the message repeats through [`shown`](crate::fault::shown). Others are printed as they are.
///
/// ```
/// use codedeploy_core::faults;
///
/// faults! {
///     /// The faults of this example.
///     pub const FORMS;
///
///     /// There is no such container.
///     pub fn no_container(name, has: &[&str]) [list = has.join(", ")] =>
///         "EXA01" Input "no container \"{name}\" (has: {list})", "use one of these names";
/// }
///
/// assert_eq!(no_container("w\tb", &["web"]).to_string(), r#"EXA01: no container "w\tb" (has: web)"#);
/// assert_eq!(FORMS[0].message, r#"no container "{name}" (has: {list})"#);
/// ```
#[macro_export]
macro_rules! faults {
    (@type) => { &str };
    (@type $type:ty) => { $type };
    (@show $arg:ident) => { let $arg = $crate::fault::shown($arg); };
    (@show $arg:ident $type:ty) => {};
    (
        $(#[$table_doc:meta])*
        $table_vis:vis const $table:ident;
        $(
            $(#[$doc:meta])*
            $vis:vis fn $name:ident($($arg:ident $(: $type:ty)?),* $(,)?) $([$($var:ident = $value:expr),* $(,)?])? =>
                $code:literal $kind:ident $message:literal, $hint:literal;
        )*
    ) => {
        $(#[$table_doc])*
        $table_vis const $table: &[$crate::fault::Form] = &[
            $($crate::fault::Form {
                code: $code,
                severity: $crate::fault::Severity::Error,
                kind: $crate::fault::Kind::$kind,
                message: $message,
                hint: $hint,
            }),*
        ];
        $(
            $(#[$doc])*
            $vis fn $name($($arg: $crate::faults!(@type $($type)?)),*) -> $crate::fault::Fault {
                $($(let $var = $value;)*)?
                $($crate::faults! { @show $arg $($type)? })*
                let (message, hint) = (format_args!($message), format_args!($hint));
                $crate::fault::Fault::new($code, $crate::fault::Kind::$kind, message.to_string(), hint.to_string())
            }
        )*
    };
}
