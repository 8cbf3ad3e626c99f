//! Decodes and encodes objects: structs whose fields are read leniently.

use std::fmt::{self, Formatter};
use std::marker::PhantomData;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::decode::item_by_item;
use super::field::{HOLLOW, LenientField, is_gone, is_without_id, isolated, others_are};

/// Defines the structs of objects, with `Deserialize` and `Serialize`. Their fields are read as [`LenientField`]s.
///
/// | in the definition | meaning |
/// | --- | --- |
/// | `Album[AlbumId]` | the object has an `id`, and methods for `href`, `uri` and `external_url` |
/// | `Track[Option<TrackId>]` | the object may lack its `id`, and `uri` returns an `Option` |
/// | `field: Type as Wire` | the JSON contains a `Wire`, which wraps the `Type` |
/// | `field: Type = "items" \| "tracks"` | the keys of the field; the first one is preferred, and written |
/// | `; extended` | apps in development mode don't receive the field |
/// | `; extended "tracks"` | apps in development mode don't receive the field under this key |
/// | `floats:` before the first object | the objects are neither `Eq` nor `Hash` |
///
/// [`Model`](crate::json::shape::Model) lists the same as data.
macro_rules! object {
    (floats: $($object:tt)+) => {
        $crate::json::object::object! { @derive (PartialEq) $($object)+ }
    };
    (@derive $traits:tt $(
        $(#[$doc:meta])*
        $name:ident $([$($id:tt)+])? {
            $(
                $(#[$field_doc:meta])*
                $field:ident: $type:ty $(as $wire:ty)? $(= $($key:literal)|+)? $(; $extended:ident $($lost:literal)?)?,
            )*
        }
    )+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        #[derive $traits]
        #[non_exhaustive]
        pub struct $name {
            $(
                /// The Spotify id.
                pub id: $($id)+,
            )?
            $(
                $(#[$field_doc])*
                $(#[doc = $crate::json::object::extended_doc!($extended $($lost)?)])?
                pub $field: $type,
            )*
            $(pub(super) links: $crate::json::object::links_of!($($id)+),)?
        }

        $(
            impl $name {
                /// Returns the address of the object in the Web API.
                pub fn href(&self) -> Option<std::borrow::Cow<'_, str>> {
                    self.links.get::<$($id)+>($crate::json::links::Link::Href, &self.id)
                }

                /// Returns the Spotify URI: the field `uri`, or that of the id if Spotify doesn't send the field.
                pub fn uri(&self) -> $crate::json::object::uri_type!($($id)+) {
                    self.links.uri::<$($id)+>(&self.id)
                }

                /// Returns the address of the page in the web player: the field `spotify` of `external_urls`.
                pub fn external_url(&self) -> Option<std::borrow::Cow<'_, str>> {
                    self.links.get::<$($id)+>($crate::json::links::Link::Web, &self.id)
                }

                /// Returns the field `type`.
                pub fn kind(&self) -> Option<std::borrow::Cow<'_, str>> {
                    self.links.get::<$($id)+>($crate::json::links::Link::Type, &self.id)
                }
            }
        )?

        $crate::json::object::constructor!($name [$($($id)+)?] $($field)*);

        $crate::json::object::object_impls!($name);

        $crate::json::object::listed!($name $([$($id)+])? {
            $($crate::json::shape::Field {
                extended: $crate::json::object::extended_keys!(
                    [$field $($($key)|+)?] $($extended $($lost)?)?
                ),
                ..$crate::json::shape::field::<$crate::json::object::wire_type!($type $(, $wire)?)>(
                    $crate::json::object::all_keys!($field $($($key)|+)?)
                )
            },)*
        });

        impl<'de> $crate::json::object::Object<'de> for $name {
            const EXPECTED: &'static str = concat!("the object ", stringify!($name));

            fn visit<A: serde::de::MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
                $crate::json::object::read_members!(map $(, [id: $($id)+, seen])? {
                    $($field: $type $(as $wire)? $(= $($key)|+)?,)*
                });
                $(let id = $crate::json::links::identified::<$($id)+, A::Error>(id, &seen)?;)?
                #[allow(unused_mut)]
                let mut absent = "";
                $($crate::json::field::fill(
                    &mut $field,
                    $crate::json::object::first_key!($field $($($key)|+)?),
                    &mut absent,
                );)*
                // One `match` compiles faster than a `?` for each field.
                match ($($field,)*) {
                    ($(Some($field),)*) => Ok($name {
                        $(links: seen.links::<$($id)+>(&id),)?
                        $(id: $crate::json::object::typed::<$($id)+>(id),)?
                        $($field: $crate::json::object::unwrapped!($field $(, $wire)?),)*
                    }),
                    #[allow(unreachable_patterns)]
                    _ => Err(serde::de::Error::missing_field(absent)),
                }
            }

            $(fn is_hollow(&self) -> bool {
                self.links.is_hollow::<$($id)+>(&self.id)
            })?
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap;
                let mut map = serializer.serialize_map(None)?;
                $(
                    map.serialize_entry::<str, $($id)+>("id", &self.id)?;
                    self.links.serialize(&self.id, &mut map)?;
                )?
                $(
                    let value = $crate::json::object::wrapped!(&self.$field $(, $wire)?);
                    if !$crate::json::field::LenientField::skip_serializing(value) {
                        map.serialize_entry($crate::json::object::first_key!($field $($($key)|+)?), value)?;
                    }
                )*
                map.end()
            }
        }
    )+};
    ($($object:tt)+) => {
        $crate::json::object::object! { @derive (PartialEq, Eq, Hash) $($object)+ }
    };
}

/// Defines objects with common fields: first the type of their ids and these fields, then each object with its own
/// fields.
macro_rules! related_objects {
    (@each $(#[$doc:meta])* $name:ident [] { $($field:tt)* } { $($more:tt)* }) => {
        $crate::json::object::object! { $(#[$doc])* $name { $($field)* $($more)* } }
    };
    (@each $(#[$doc:meta])* $name:ident $id:tt { $($field:tt)* } { $($more:tt)* }) => {
        $crate::json::object::object! { $(#[$doc])* $name $id { $($field)* $($more)* } }
    };
    ($id:tt $fields:tt $($(#[$doc:meta])* $name:ident $more:tt)+) => {$(
        $crate::json::object::related_objects!(@each $(#[$doc])* $name $id $fields $more);
    )+};
}

/// The constructor of an object with an id. Other objects have `Default`.
macro_rules! constructor {
    ($name:ident [] $($field:ident)*) => {};
    ($name:ident [$id:ty] $($field:ident)*) => {
        impl $name {
            /// Creates an object with this id, whose other fields are empty, for a test of your program.
            pub fn new(id: impl Into<$id>) -> Self {
                $name { id: id.into(), links: Default::default(), $($field: Default::default(),)* }
            }
        }
    };
}

/// Implements `Deserialize` and [`LenientOption`](crate::json::field::LenientOption) of an [`Object`].
macro_rules! object_impls {
    ($name:ident) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_map($crate::json::object::ObjectVisitor::<$name>::new())
            }
        }

        impl<'de> $crate::json::field::LenientOption<'de> for $name {
            fn read_lenient<D: serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Option<Self>, D::Error> {
                $crate::json::object::read_optional(deserializer)
            }
        }

        /// A field that most objects lack is boxed, which saves memory.
        impl<'de> $crate::json::field::LenientOption<'de> for Box<$name> {
            fn read_lenient<D: serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Option<Self>, D::Error> {
                let object: Option<$name> = $crate::json::object::read_optional(deserializer)?;
                Ok(object.map(Box::new))
            }
        }
    };
}

/// Reads the fields of an object into variables with their names. Each variable is an `Option` of the field's type.
///
/// If two more variables are named in brackets, the id is read into the first, and the object's addresses into the
/// second.
macro_rules! read_members {
    (
        $map:ident $(, [$id:ident: $id_type:ty, $seen:ident])? {
            $($field:ident: $type:ty $(as $wire:ty)? $(= $first:literal $(| $other:literal)*)?,)*
        }
    ) => {
        #[allow(non_camel_case_types, dead_code)]
        #[derive(Clone, Copy)]
        enum Member {
            $($field,)*
            Id,
            Link($crate::json::links::Link),
        }
        const PREFERRED: &[(&str, Member)] =
            &[$(($crate::json::object::first_key!($field $($first)?), Member::$field),)*];
        const OF_ID: &[(&str, Member)] = $crate::json::object::keys_with_id!(Member $($id)?);
        const OTHERS: &[(&str, Member)] = &[$($($(($other, Member::$field),)*)?)*];
        static KEYS: $crate::json::keys::Keys<
            Member,
            { PREFERRED.len() + OF_ID.len() + OTHERS.len() },
        > = $crate::json::keys::Keys::new([PREFERRED, OF_ID], OTHERS);

        $(
            let mut $id: Option<Option<<$id_type as $crate::json::links::MaybeId>::Kind>> = None;
            let mut $seen = $crate::json::links::Seen::default();
        )?
        $(let mut $field: Option<$crate::json::object::wire_type!($type $(, $wire)?)> = None;)*
        let mut next = 0;
        while let Some(index) = $map.next_key_seed(KEYS.after(next))? {
            let Some((member, is_preferred)) = KEYS.field(index) else {
                $map.next_value::<serde::de::IgnoredAny>()?;
                continue;
            };
            next = index + 1;
            match member {
                $(Member::$field => $crate::json::field::read_next(&mut $field, &mut $map, is_preferred),)*
                $(
                    Member::Id => $crate::json::field::read_next(&mut $id, &mut $map, true),
                    Member::Link(link) => $seen.read(link, &mut $map),
                )?
                #[allow(unreachable_patterns)]
                Member::Id | Member::Link(_) => {
                    let _ = is_preferred;
                    Ok(())
                }
            }?
        }
    };
}

/// The keys of an object with an id that are not among its fields.
macro_rules! keys_with_id {
    ($member:ident) => {
        &[]
    };
    ($member:ident $id:ident) => {
        &[
            ("id", $member::Id),
            ("href", $member::Link($crate::json::links::Link::Href)),
            ("uri", $member::Link($crate::json::links::Link::Uri)),
            ("external_urls", $member::Link($crate::json::links::Link::Web)),
            ("type", $member::Link($crate::json::links::Link::Type)),
        ]
    };
}

/// The type of a field in JSON.
macro_rules! wire_type {
    ($type:ty) => {
        $type
    };
    ($type:ty, $wire:ty) => {
        $wire
    };
}

/// The value of a field, made from its value in JSON.
macro_rules! unwrapped {
    ($value:expr) => {
        $value
    };
    ($value:expr, $wire:ty) => {
        $value.0
    };
}

/// A reference to the value in JSON, made from the value of the field.
macro_rules! wrapped {
    ($value:expr) => {
        $value
    };
    ($value:expr, $wire:ty) => {
        &<$wire>::new(*$value)
    };
}

/// The key of a field that is preferred, and written.
macro_rules! first_key {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $first:literal $(| $other:literal)*) => {
        $first
    };
}

/// All keys of a field, the preferred one first.
macro_rules! all_keys {
    ($field:ident) => {
        &[stringify!($field)]
    };
    ($field:ident $($key:literal)|+) => {
        &[$($key),+]
    };
}

/// The keys of a field that apps in development mode don't receive.
macro_rules! extended_keys {
    ([$($field:tt)*]) => {
        &[]
    };
    ([$($field:tt)*] extended) => {
        $crate::json::object::all_keys!($($field)*)
    };
    ([$($field:tt)*] extended $lost:literal) => {
        &[$lost]
    };
}

/// The sentence about these keys in the documentation of a field.
macro_rules! extended_doc {
    (extended) => {
        " Not sent to apps in development mode."
    };
    (extended $lost:literal) => {
        ""
    };
}

/// Lists the fields of a model.
macro_rules! listed {
    ($name:ident $([$id:ty])? $(unwraps $unwrapped:literal)? { $($fields:tt)* }) => {
        impl $crate::json::shape::Listed for $name {
            const MODEL: &'static $crate::json::shape::Model = &$crate::json::shape::Model {
                name: stringify!($name),
                kind: $crate::json::object::or_none!($(
                    $crate::json::shape::kind_of(<$id as $crate::json::shape::Shaped>::SHAPE)
                )?),
                fields: &[
                    $(
                        $crate::json::shape::field::<$id>(&["id"]),
                        $crate::json::shape::HREF,
                        $crate::json::shape::URI,
                        $crate::json::shape::EXTERNAL_URLS,
                        $crate::json::shape::TYPE,
                    )?
                    $($fields)*
                ],
                unwrapped: $crate::json::object::or_none!($(Some($unwrapped))?),
            };
        }

        impl $crate::json::shape::Shaped for $name {
            const SHAPE: $crate::json::shape::Shape =
                $crate::json::shape::Shape::Object(<$name as $crate::json::shape::Listed>::MODEL);
        }

        impl $crate::json::shape::Shaped for Box<$name> {
            const SHAPE: $crate::json::shape::Shape =
                <$name as $crate::json::shape::Shaped>::SHAPE;
        }
    };
}

macro_rules! or_none {
    () => {
        None
    };
    ($value:expr) => {
        $value
    };
}

macro_rules! links_of {
    ($id:ty) => {
        $crate::json::links::Links
    };
}

/// The type of the URI of an object.
macro_rules! uri_type {
    (Option<$id:ty>) => {
        Option<$crate::types::id::SpotifyUri>
    };
    ($id:ty) => {
        $crate::types::id::SpotifyUri
    };
}

pub(crate) use {
    all_keys, constructor, extended_doc, extended_keys, first_key, keys_with_id, links_of, listed,
    object, object_impls, or_none, read_members, related_objects, unwrapped, uri_type, wire_type,
    wrapped,
};

/// An object that is read field by field.
pub(crate) trait Object<'de>: Sized {
    /// The object, as an error names it.
    const EXPECTED: &'static str;
    fn visit<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error>;

    /// Returns whether the object has neither an id nor a URI although it could: Spotify has deleted it.
    fn is_hollow(&self) -> bool {
        false
    }
}

/// An object that is the subject of another one, such as the track of a saved track.
impl<'de, T: Object<'de> + Deserialize<'de>> LenientField<'de> for T {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = T::deserialize(deserializer)?;
        if object.is_hollow() {
            return Err(D::Error::custom(format_args!("expected {}{HOLLOW}", T::EXPECTED)));
        }
        Ok(object)
    }
}

/// Reads an object that may be missing from the one around it.
pub(crate) fn read_optional<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Object<'de> + Deserialize<'de>,
    D: Deserializer<'de>,
{
    if item_by_item() {
        return isolated(deserializer, OptionalVisitor(PhantomData));
    }
    OptionalVisitor(PhantomData).deserialize(deserializer)
}

/// Reads `None` for other JSON values, and for an object without its id.
struct OptionalVisitor<T>(PhantomData<T>);

impl<'de, T: Object<'de>> DeserializeSeed<'de> for OptionalVisitor<T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Object<'de>> Visitor<'de> for OptionalVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    others_are!(None);

    fn visit_str<E>(self, _: &str) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Option<T>, A::Error> {
        match ObjectVisitor::new().visit_map(map) {
            Err(error) if is_without_id(&error) => Ok(None),
            read => read.map(Some),
        }
    }
}

/// Sets the type of a value where a macro cannot write it.
pub(crate) fn typed<T>(value: T) -> T {
    value
}

pub(crate) struct ObjectVisitor<T>(PhantomData<T>);

impl<T> ObjectVisitor<T> {
    pub(crate) fn new() -> Self {
        ObjectVisitor(PhantomData)
    }
}

impl<'de, T: Object<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    /// Also reads the rest of a deleted object, because the object around it continues after it.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let read = T::visit(&mut map);
        if let Err(error) = &read
            && is_gone(error)
        {
            IgnoredAny.visit_map(map)?;
        }
        read
    }
}
