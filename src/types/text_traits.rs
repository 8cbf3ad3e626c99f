//! The traits of types that represent text.

/// Implements `Display`, `AsRef<str>` and `Serialize` with the method `as_str`.
macro_rules! text_type {
    ($name:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

/// Implements `TryFrom<&str>` and `TryFrom<String>` with `FromStr`.
macro_rules! try_from_text {
    ($name:ident) => {
        $crate::types::text_traits::try_from_text!(@each $name: &str, String);
    };
    (@each $name:ident: $($text:ty),*) => {$(
        impl TryFrom<$text> for $name {
            type Error = <$name as std::str::FromStr>::Err;

            fn try_from(text: $text) -> Result<Self, Self::Error> {
                text.parse()
            }
        }
    )*};
}

/// Implements `Error` for a type with `Display`. `Debug` shows the name of the type and the message.
macro_rules! text_error {
    ($name:ident) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl std::error::Error for $name {}
    };
}

pub(crate) use {text_error, text_type, try_from_text};
