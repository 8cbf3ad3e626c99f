//! Lists the fields of the models as data. Tests, `examples/table_diff` and the fake Spotify server compare responses
//! with it.
//!
//! The lists are constants, so a program that doesn't use them doesn't contain them.

use crate::types::enums::OpenEnum;
use crate::types::id::*;
use crate::types::market::{Market, MarketSet};
use crate::types::timestamp::Timestamp;

/// A model: an object in a response.
#[derive(Debug)]
pub struct Model {
    /// The name of the type: `SimplifiedAlbum`.
    pub name: &'static str,
    /// The kind of the id: `album`; `None` for an object without a typed id.
    pub kind: Option<&'static str>,
    /// The fields. An object with an id begins with `id`, `href`, `uri`, `external_urls` and `type`.
    pub fields: &'static [Field],
    /// The key of the field whose object Spotify also sends in place of the whole object.
    pub unwrapped: Option<&'static str>,
}

/// A field of a model.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The keys under which Spotify sends the field. The model prefers the first one, and writes it.
    pub keys: &'static [&'static str],
    /// The type of the value.
    pub shape: Shape,
    /// The result if the field is missing or null.
    pub absence: Absence,
    /// The keys under which apps in development mode don't receive the field.
    pub extended: &'static [&'static str],
}

/// The result if a field of a model is missing or null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absence {
    /// The object cannot be read.
    Fails,
    /// The field is `None`.
    None,
    /// The field is empty, 0 or `false`; an item is [`Item::Unknown`](crate::model::Item::Unknown) if it is missing, and
    /// [`Item::Removed`](crate::model::Item::Removed) if it is null.
    Default,
}

/// The type of a value.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Text, dates, times and markets included.
    Text,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// An id of this kind: `album`.
    Id(&'static str),
    /// One of these texts, or an unknown one.
    Enum(&'static [&'static str]),
    /// An object.
    Object(&'static Model),
    /// One of these objects, such as a track or an episode.
    OneOf(&'static [&'static Model]),
    /// A list.
    List(&'static Shape),
    /// A page with offsets, of these items.
    Page(&'static Shape),
    /// A page with cursors, of these items.
    CursorPage(&'static Shape),
}

impl Shape {
    /// Returns the models in the value.
    pub fn models(self) -> Vec<&'static Model> {
        match self {
            Shape::Object(model) => vec![model],
            Shape::OneOf(models) => models.to_vec(),
            Shape::List(shape) | Shape::Page(shape) | Shape::CursorPage(shape) => shape.models(),
            _ => Vec::new(),
        }
    }
}

/// The type of a field of a model.
pub(crate) trait Shaped {
    const SHAPE: Shape;
    const ABSENCE: Absence = Absence::Fails;
}

/// A model with its list of fields.
pub(crate) trait Listed: Shaped {
    const MODEL: &'static Model;
}

impl<T: Shaped> Shaped for Option<T> {
    const SHAPE: Shape = T::SHAPE;
    const ABSENCE: Absence = Absence::None;
}

impl<T: Shaped> Shaped for Vec<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);
    const ABSENCE: Absence = Absence::Default;
}

impl<T: OpenEnum> Shaped for T {
    const SHAPE: Shape = Shape::Enum(T::VALUES);
}

macro_rules! shapes {
    ($($absence:ident: $($type:ty => $shape:expr),*;)*) => {$($(
        impl Shaped for $type {
            const SHAPE: Shape = $shape;
            const ABSENCE: Absence = Absence::$absence;
        }
    )*)*};
}

shapes! {
    Default: bool => Shape::Boolean, String => Shape::Text, u32 => Shape::Integer, u64 => Shape::Integer,
        f32 => Shape::Number, f64 => Shape::Number, Box<[f32]> => Shape::List(&Shape::Number);
    Fails: i32 => Shape::Integer, i64 => Shape::Integer, SpotifyUri => Shape::Text,
        Timestamp => Shape::Text, Market => Shape::Text,
        MarketSet => Shape::List(&Shape::Text);
}

macro_rules! id_shapes {
    ($id:ident) => {
        impl Shaped for $id {
            const SHAPE: Shape = Shape::Id(<$id as IdKind>::URI);
        }
    };
}

for_each_id!(id_shapes);

/// Returns the kind of the id of an object.
pub(crate) const fn kind_of(id: Shape) -> Option<&'static str> {
    match id {
        Shape::Id(kind) => Some(kind),
        _ => None,
    }
}

/// Creates a field that apps in development mode receive too.
pub(crate) const fn field<T: Shaped>(keys: &'static [&'static str]) -> Field {
    Field { keys, shape: T::SHAPE, absence: T::ABSENCE, extended: &[] }
}

/// The fields of an object with an id that are methods of the model.
pub(crate) const HREF: Field = field::<Option<String>>(&["href"]);
pub(crate) const URI: Field = field::<Option<String>>(&["uri"]);
pub(crate) const TYPE: Field = field::<Option<String>>(&["type"]);
pub(crate) const EXTERNAL_URLS: Field =
    Field { keys: &["external_urls"], shape: Shape::Object(&ADDRESSES), ..HREF };

const ADDRESSES: Model = Model {
    name: "ExternalUrls",
    kind: None,
    fields: &[field::<Option<String>>(&["spotify"])],
    unwrapped: None,
};
