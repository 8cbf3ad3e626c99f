//! What `.query` and `.path` take.

use std::borrow::Cow;

use crate::json::value::Value;
use crate::request::argument::sealed::Sealed as _;
use crate::request::value::BadValue;
use crate::types::enums::*;
use crate::types::id::*;
use crate::types::market::Market;
use crate::types::timestamp::Timestamp;

/// A value of a query or a path: text, a number, `bool`, an id, a [`SpotifyUri`], [`Market`], [`Timestamp`],
/// one of the enumerations of the crate, a reference to any of them, a list of them, which commas separate,
/// or an `Option`, of which `None` leaves the parameter out. Sealed.
pub trait Given: sealed::Sealed {}

impl<T: sealed::Sealed> Given for T {}

pub(super) mod sealed {
    use crate::json::value::Value;
    use crate::request::value::BadValue;

    pub trait Sealed {
        #[allow(private_interfaces)]
        fn given(self) -> Option<Result<Value, BadValue>>;
    }
}

/// Implements [`Given`] by a function to a value that is always there.
macro_rules! given {
    ($($type:ty)* => |$value:ident| $into:expr) => {$(
        #[allow(private_interfaces)]
        impl sealed::Sealed for $type {
            fn given(self) -> Option<Result<Value, BadValue>> {
                let $value = self;
                Some($into)
            }
        }
    )*};
}

macro_rules! given_param {
    ($type:ident) => {
        given!($type => |value| value.into_value());
    };
}

macro_rules! given_list {
    ($([$($generics:tt)*] $type:ty),*) => {$(
        #[allow(private_interfaces)]
        impl<$($generics)*> sealed::Sealed for $type {
            fn given(self) -> Option<Result<Value, BadValue>> {
                Some(self.into_iter().filter_map(sealed::Sealed::given).collect::<Result<_, _>>().map(Value::List))
            }
        }
    )*};
}

for_each_id!(given_param);
for_each_enum!(given_param);
given!(SpotifyUri Market Timestamp bool u8 u16 u32 u64 i8 i16 i32 i64 => |value| value.into_value());
// What is beyond 63 bits is above every limit.
given!(usize isize => |value| Ok(Value::Integer(i64::try_from(value).unwrap_or(i64::MAX))));
given!(f64 => |value| number(value));
// By its text: 0.4 stays 0.4.
given!(f32 => |value| number(value.to_string().parse().unwrap_or(f64::NAN)));
given!(&str => |text| Ok(Value::text(text)));
given!(String Box<str> Cow<'_, str> => |text| Ok(Value::text(&text)));
given_list!([V: sealed::Sealed] Vec<V>, [V: sealed::Sealed, const N: usize] [V; N], ['v, V: sealed::Sealed + Clone] &'v [V]);

#[allow(private_interfaces)]
impl<V: sealed::Sealed + Clone> sealed::Sealed for &V {
    fn given(self) -> Option<Result<Value, BadValue>> {
        self.clone().given()
    }
}

#[allow(private_interfaces)]
impl<V: sealed::Sealed> sealed::Sealed for Option<V> {
    fn given(self) -> Option<Result<Value, BadValue>> {
        self.and_then(sealed::Sealed::given)
    }
}

fn number(number: f64) -> Result<Value, BadValue> {
    if number.is_finite() {
        Ok(Value::Number(number))
    } else {
        Err(BadValue::new(
            &number.to_string(),
            format_args!("expected a finite number, found {number}"),
        ))
    }
}
