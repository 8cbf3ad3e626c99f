//! Macros for objects and for open enumerations.

/// An object of Spotify's: a struct whose members are read as [`LenientField`](crate::json::field::LenientField)s, with
/// `Deserialize` and `Serialize`.
///
/// With a type of id in brackets it also has `id`, and `href`, `uri` and `external_url` as methods.
/// After `=` stand the keys of a member, the one that counts first, where they are not its name.
macro_rules! object {
    (
        $(#[$doc:meta])*
        $name:ident $([$id:ty])? {
            $($(#[$field_doc:meta])* $field:ident: $type:ty $(= $($key:literal)|+)?,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $(
                /// The Spotify id.
                pub id: $id,
            )?
            $($(#[$field_doc])* pub $field: $type,)*
            $(pub(super) links: $crate::json::object::links_of!($id),)?
        }

        $crate::json::object::object_methods!($name $([$id])?);

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_map($crate::json::object::ObjectVisitor::<$name>::new())
            }
        }

        impl<'de> $crate::json::object::Object<'de> for $name {
            const NAME: &'static str = stringify!($name);

            fn visit<A: serde::de::MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
                use crate::json::field::found;
                $crate::json::object::read_members!(map $(, [id: $id, seen])? {
                    $($field: $type $(= $($key)|+)?,)*
                });
                $(let id: $id = found(id, "id")?;)?
                Ok($name {
                    $(links: { let _: Option<&$id> = None; seen.links(&id) },)?
                    $(id: { let id: $id = id; id },)?
                    $($field: found($field, $crate::json::object::first_key!($field $($($key)|+)?))?,)*
                })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap;
                let mut map = serializer.serialize_map(None)?;
                $(
                    map.serialize_entry::<str, $id>("id", &self.id)?;
                    self.links.serialize(&self.id, &mut map)?;
                )?
                $(
                    if !<$type as $crate::json::field::LenientField<'static>>::skip_serializing(&self.$field) {
                        map.serialize_entry($crate::json::object::first_key!($field $($($key)|+)?), &self.$field)?;
                    }
                )*
                map.end()
            }
        }

        impl<'de> $crate::json::field::LenientField<'de> for $name {
            fn missing() -> Option<Self> {
                None
            }

            fn read<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                serde::Deserialize::deserialize(deserializer)
            }
        }

        impl<'de> $crate::json::field::LenientOption<'de> for $name {
            fn read_lenient<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                serde::Deserialize::deserialize(deserializer)
            }
        }
    };
}

/// Reads the members of an object into variables of their names, each an `Option` of its type.
///
/// With the names of two more variables in brackets also the id into the first of them, and the
/// object's addresses into the second.
macro_rules! read_members {
    (
        $map:ident $(, [$id:ident: $id_type:ty, $seen:ident])? {
            $($field:ident: $type:ty $(= $($key:literal)|+)?,)*
        }
    ) => {
        $(
            let mut $id: Option<$id_type> = None;
            let mut $seen = $crate::json::links::Seen::default();
        )?
        $(let mut $field: Option<$type> = None;)*
        while let Some($crate::json::field::Key(key)) = $map.next_key()? {
            use crate::json::field::FieldSeed;
            match &*key {
                $($crate::json::object::first_key!($field $($($key)|+)?) => {
                    let value = $map.next_value_seed(FieldSeed::<$type>::new())?;
                    // What is null leaves the place to what another key said.
                    if $field.is_none() || !$crate::json::field::LenientField::skip_serializing(&value) {
                        $field = Some(value);
                    }
                })*
                $($(
                    key if [$($key),+].contains(&key) => {
                        let value = $map.next_value_seed(FieldSeed::<$type>::new())?;
                        if $field.as_ref().is_none_or($crate::json::field::LenientField::skip_serializing) {
                            $field = Some(value);
                        }
                    }
                )?)*
                $("id" => $id = Some($map.next_value_seed(FieldSeed::<$id_type>::new())?),)?
                key => {
                    $(
                        if $seen.take(key, &mut $map)? {
                            continue;
                        }
                    )?
                    let _ = key;
                    $map.next_value::<serde::de::IgnoredAny>()?;
                }
            }
        }
    };
}

/// The key under which a member is read first and written.
macro_rules! first_key {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $first:literal $(| $other:literal)*) => {
        $first
    };
}

macro_rules! links_of {
    ($id:ty) => {
        $crate::json::links::Links
    };
}

macro_rules! object_methods {
    ($name:ident) => {};
    ($name:ident [$id:ty]) => {
        impl $name {
            /// The address of the object in the Web API.
            pub fn href(&self) -> Option<std::borrow::Cow<'_, str>> {
                self.links.get($crate::json::links::Link::Href, &self.id)
            }

            /// The Spotify URI.
            pub fn uri(&self) -> Option<std::borrow::Cow<'_, str>> {
                self.links.get($crate::json::links::Link::Uri, &self.id)
            }

            /// The address of its page for people: the member `spotify` of `external_urls`.
            pub fn external_url(&self) -> Option<std::borrow::Cow<'_, str>> {
                self.links.get($crate::json::links::Link::Web, &self.id)
            }

            /// What Spotify says it is, the member `type`.
            pub fn kind(&self) -> Option<std::borrow::Cow<'_, str>> {
                self.links.get($crate::json::links::Link::Type, &self.id)
            }
        }
    };
}

pub(crate) use {first_key, links_of, object, object_methods, read_members};

/// What `object!` implements: an object read member by member.
pub(crate) trait Object<'de>: Sized {
    const NAME: &'static str;
    fn visit<A: serde::de::MapAccess<'de>>(map: A) -> Result<Self, A::Error>;
}

pub(crate) struct ObjectVisitor<T>(std::marker::PhantomData<T>);

impl<T> ObjectVisitor<T> {
    pub(crate) fn new() -> Self {
        ObjectVisitor(std::marker::PhantomData)
    }
}

impl<'de, T: Object<'de>> serde::de::Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the object {}", T::NAME)
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::visit(map)
    }
}
