//! Enumerations with names on the wire.

/// The member of an enumeration that is not one of its values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{found:?} is not a {expected}")]
pub struct UnknownMember {
    pub(crate) found: String,
    pub(crate) expected: &'static str,
}

macro_rules! wire_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $wire:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// All members in Bokeh's order.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// The name on the wire.
            #[must_use]
            #[inline]
            pub const fn as_str(self) -> &'static str {
                const NAMES: &[&str] = &[$($wire),*];
                NAMES[self as usize]
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::UnknownMember;
            #[inline]
            fn from_str(name: &str) -> Result<Self, Self::Err> {
                let member = Self::ALL.iter().copied().find(|member| member.as_str() == name);
                member.ok_or_else(|| crate::UnknownMember { found: name.to_owned(), expected: stringify!($name) })
            }
        }

        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl From<$name> for bokeh_protocol::Value {
            #[inline]
            fn from(member: $name) -> Self {
                bokeh_protocol::Value::literal(member.as_str())
            }
        }

        impl crate::FromValue for $name {
            #[inline]
            fn from_value(value: &bokeh_protocol::Value) -> Option<Self> {
                value.as_str()?.parse().ok()
            }
        }

        impl crate::IntoProp<$name> for $name {
            #[inline]
            fn into_prop(self) -> bokeh_protocol::Value {
                self.into()
            }
        }

        impl crate::IntoProp<Option<$name>> for $name {
            #[inline]
            fn into_prop(self) -> bokeh_protocol::Value {
                self.into()
            }
        }

        impl crate::IntoProp<bokeh_protocol::Value> for $name {
            #[inline]
            fn into_prop(self) -> bokeh_protocol::Value {
                self.into()
            }
        }

        impl crate::IntoProp<crate::AnySpec> for $name {
            #[inline]
            fn into_prop(self) -> bokeh_protocol::Value {
                crate::attributes::constant(self.into())
            }
        }
    };
}
pub(crate) use wire_enum;
