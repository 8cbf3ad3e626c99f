//! The values that `.query` and `.path` accept.

use std::borrow::Cow;

use crate::json::value::Value;
use crate::request::argument::required;
use crate::request::value::BadValue;
use crate::types::enums::*;
use crate::types::id::*;
use crate::types::market::Market;
use crate::types::timestamp::Timestamp;

/// A value of a query or path parameter.
///
/// The types are text, numbers, `bool`, ids, [`SpotifyUri`], [`Market`], [`Timestamp`] and the enums of this crate,
/// references to them, lists of them, which are joined with commas, and `Option`, where `None` omits the parameter. This
/// trait is sealed.
#[diagnostic::on_unimplemented(
    message = "a parameter of a custom call cannot be `{Self}`",
    label = "expected text, a number, `bool`, an id, a list of these or an `Option`",
    note = "pass `value.to_string()` for other types; send an object with `.body(&value)`"
)]
pub trait ParamValue: sealed::Sealed {}

#[diagnostic::do_not_recommend]
impl<T: sealed::Sealed> ParamValue for T {}

pub(super) mod sealed {
    use crate::json::value::Value;
    use crate::request::value::BadValue;

    pub trait Sealed {
        #[allow(private_interfaces)]
        fn param_value(self) -> Option<Result<Value, BadValue>>;
    }
}

/// Implements [`ParamValue`] for types without `None`.
macro_rules! param_value {
    ($($type:ty)* => |$value:ident| $into:expr) => {$(
        #[allow(private_interfaces)]
        impl sealed::Sealed for $type {
            fn param_value(self) -> Option<Result<Value, BadValue>> {
                let $value = self;
                Some($into)
            }
        }
    )*};
}

macro_rules! param_value_of_param {
    ($type:ident) => {
        param_value!($type => |value| required::<$type>(&value));
    };
}

macro_rules! param_values {
    ($([$($generics:tt)*] $type:ty),*) => {$(
        #[allow(private_interfaces)]
        impl<$($generics)*> sealed::Sealed for $type {
            fn param_value(self) -> Option<Result<Value, BadValue>> {
                Some(self.into_iter().filter_map(sealed::Sealed::param_value).collect::<Result<_, _>>().map(Value::List))
            }
        }
    )*};
}

for_each_id!(param_value_of_param);
for_each_enum!(param_value_of_param);
param_value_of_param!(SpotifyUri);
param_value_of_param!(Market);
param_value_of_param!(Timestamp);
param_value_of_param!(bool);
param_value!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize => |number| required::<i64>(&number));
param_value!(f64 => |value| number(value));
// The conversion through text keeps 0.4 as 0.4.
param_value!(f32 => |value| number(value.to_string().parse().unwrap_or(f64::NAN)));
param_value!(&str => |text| Ok(Value::text(text)));
param_value!(String Box<str> Cow<'_, str> => |text| Ok(Value::text(&text)));
param_values!([V: sealed::Sealed] Vec<V>, [V: sealed::Sealed, const N: usize] [V; N], ['v, V: sealed::Sealed + Clone] &'v [V]);

#[allow(private_interfaces)]
impl<V: sealed::Sealed + Clone> sealed::Sealed for &V {
    fn param_value(self) -> Option<Result<Value, BadValue>> {
        self.clone().param_value()
    }
}

#[allow(private_interfaces)]
impl<V: sealed::Sealed> sealed::Sealed for Option<V> {
    fn param_value(self) -> Option<Result<Value, BadValue>> {
        self.and_then(sealed::Sealed::param_value)
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
