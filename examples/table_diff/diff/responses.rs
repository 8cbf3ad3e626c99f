//! Where the schemas of responses and the models that read them differ.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::Value;
use tonearm::Spotify;
use tonearm::endpoint::Endpoint;
use tonearm::model::shape::{Absence, Field, Model, Shape, model};

use super::compare::{ABSENT, Compared, Differences, Kind, is_of, operation_of};
use super::openapi::{Api, Parts, Reader};
use super::spec;

/// Where a result is in a response, and what it is.
pub type Returned = (Option<&'static str>, Shape);

/// What each row returns. A search has a field for each type of item.
static RETURNED: LazyLock<BTreeMap<&'static str, Vec<Returned>>> = LazyLock::new(|| {
    let rows = Spotify::endpoints().iter();
    rows.map(|row| (&*row.name, returned(spec::entry(&row.name)))).collect()
});

/// What a row returns; nothing if it ignores the response.
pub fn returned_by(row: &Endpoint) -> &'static [Returned] {
    &RETURNED[&*row.name]
}

fn returned(entry: &'static Value) -> Vec<Returned> {
    let (returns, pointer) = (entry["returns"].as_str().unwrap(), entry["pointer"].as_str());
    let Some((name, _)) = returns.split_once("::Item") else {
        // One value is the first element of a list.
        let is_first = pointer == Some("[0]");
        let list = format!("Vec<{returns}>");
        let shape = shape_of(if is_first { &list } else { returns }, &[]);
        return shape.map(|shape| (pointer.filter(|_| !is_first), shape)).into_iter().collect();
    };
    let name = name.rsplit('<').next().unwrap_or(name);
    let values = spec::enumeration(name)["values"].as_array().unwrap();
    let item = |value: &'static Value| model(value["item"].as_str().unwrap()).unwrap();
    let mut by_pointer: BTreeMap<Option<&'static str>, Vec<&'static Model>> = BTreeMap::new();
    for value in values {
        by_pointer.entry(value["pointer"].as_str().or(pointer)).or_default().push(item(value));
    }
    let shape = |items: Vec<&'static Model>| shape_of(returns, items.leak());
    by_pointer.into_iter().filter_map(|(at, items)| Some((at, shape(items)?))).collect()
}

/// The shape of a type in `returns`, in which an enum stands for these items; `None` if a call returns nothing.
fn shape_of(returns: &str, items: &'static [&'static Model]) -> Option<Shape> {
    // The table is read once, so what is leaked is bounded.
    let kept = |inner: &str| shape_of(inner, items).map(|shape| &*Box::leak(Box::new(shape)));
    let (outer, inner) = match returns.split_once('<') {
        Some((outer, inner)) => (outer, inner.strip_suffix('>').unwrap_or(inner)),
        None => (returns, ""),
    };
    match (outer, inner) {
        ("()", _) => None,
        ("bool", _) => Some(Shape::Boolean),
        ("Market", _) | ("Box", "str") => Some(Shape::Text),
        ("Option", _) => shape_of(inner, items),
        ("Vec", _) => kept(inner).map(Shape::List),
        ("Page", _) => kept(inner).map(Shape::Page),
        ("CursorPage", _) => kept(inner).map(Shape::CursorPage),
        (name, _) => match (model(name), items) {
            (Some(model), _) => Some(Shape::Object(model)),
            (None, [model]) => Some(Shape::Object(model)),
            (None, items) => Some(Shape::OneOf(items)),
        },
    }
}

/// A shape in words: `array of Album`.
fn told(shape: Shape) -> String {
    match shape {
        Shape::Text | Shape::Id(_) | Shape::Enum(_) => "string".to_owned(),
        Shape::Integer => "integer".to_owned(),
        Shape::Number => "number".to_owned(),
        Shape::Boolean => "boolean".to_owned(),
        Shape::Object(model) => model.name.to_owned(),
        Shape::OneOf(models) => {
            models.iter().map(|model| model.name).collect::<Vec<_>>().join(" or ")
        }
        Shape::List(element) => format!("array of {}", told(*element)),
        Shape::Page(item) => format!("Page<{}>", told(*item)),
        Shape::CursorPage(item) => format!("CursorPage<{}>", told(*item)),
    }
}

/// A schema in words: its name or its type.
fn kind(parts: &Parts<'_>) -> String {
    let types = parts.types().into_iter().collect::<Vec<_>>().join(" or ");
    match parts.name() {
        Some(name) => name.to_owned(),
        None if types.is_empty() => "something".to_owned(),
        None => types,
    }
}

/// Whether a value of one of these JSON types can be read as a shape.
fn accepts(shape: Shape, types: &BTreeSet<String>) -> bool {
    let has = |word: &str| types.contains(word);
    match shape {
        Shape::Text | Shape::Id(_) | Shape::Enum(_) => has("string"),
        Shape::Integer => has("integer"),
        Shape::Number => has("number") || has("integer"),
        Shape::Boolean => has("boolean"),
        Shape::List(_) => has("array"),
        Shape::Object(_) | Shape::OneOf(_) | Shape::Page(_) | Shape::CursorPage(_) => has("object"),
    }
}

/// Compares the responses of all rows. What differs about a whole response goes to its operation; what differs about an
/// object goes to the pair of a schema and a model, which is compared once.
pub fn compare(api: &mut Api<'_>, rows: &[&'static Endpoint], all: &mut Vec<Compared>) {
    let mut walk = Walk { reader: &mut api.reader, seen: BTreeSet::new(), compared: Vec::new() };
    for row in rows {
        let Some(operation) = operation_of(&api.operations, row) else { continue };
        let Some(compared) = all.iter_mut().find(|compared| is_of(compared, row)) else { continue };
        let mut found = Differences(std::mem::take(&mut compared.differences));
        walk.response(row, operation.response, &mut found);
        compared.differences = found.0;
    }
    all.extend(walk.compared);
}

struct Walk<'r, 'a> {
    reader: &'r mut Reader<'a>,
    /// The pairs of schemas and models that were compared.
    seen: BTreeSet<(String, String)>,
    compared: Vec<Compared>,
}

impl<'a> Walk<'_, 'a> {
    fn response(
        &mut self,
        row: &'static Endpoint,
        schema: Option<&'a Value>,
        found: &mut Differences,
    ) {
        let (returned, place) = (returned_by(row), format!("{} {}", row.method, row.path));
        let Some(schema) = schema else {
            for (_, shape) in returned {
                found.add("response", ABSENT, told(*shape), &[&row.name]);
            }
            return;
        };
        let parts = self.reader.parts(&[schema], &place);
        if returned.is_empty() {
            found.add("response", kind(&parts), ABSENT, &[&row.name]);
        }
        for (pointer, shape) in returned {
            let (schemas, about) = match pointer {
                None => (vec![schema], "response".to_owned()),
                Some(field) => (
                    parts.members().remove(field).unwrap_or_default(),
                    format!("response field {field}"),
                ),
            };
            match schemas.as_slice() {
                [] => found.add(about, ABSENT, told(*shape), &[&row.name]),
                schemas => self.value(schemas, &place, *shape, &about, &[&row.name], found),
            }
        }
    }

    fn value(
        &mut self,
        schemas: &[&'a Value],
        place: &str,
        shape: Shape,
        about: &str,
        rows: &[&'static str],
        found: &mut Differences,
    ) {
        let parts = self.reader.parts(schemas, place);
        let types = parts.types();
        if !types.is_empty() && !accepts(shape, &types) {
            return found.add(format!("{about} type"), kind(&parts), told(shape), rows);
        }
        match shape {
            Shape::Enum(words) => {
                let theirs = parts.words();
                for word in theirs.iter().filter(|word| !words.contains(&word.as_str())) {
                    found.add(format!("{about} word {word}"), "present", ABSENT, rows);
                }
                let ours = words.iter().filter(|_| !theirs.is_empty());
                for word in ours.filter(|word| !theirs.iter().any(|known| known == *word)) {
                    found.add(format!("{about} word {word}"), ABSENT, "present", rows);
                }
            }
            Shape::List(element) => {
                let elements = parts.items();
                self.value(&elements, place, *element, &format!("{about} element"), rows, found);
            }
            Shape::Object(model) => {
                let members = parts.members();
                match model.unwrapped.filter(|key| !members.contains_key(key)) {
                    Some(key) => {
                        let field = model.fields.iter().find(|field| field.keys.contains(&key));
                        if let Some(field) = field {
                            self.value(schemas, place, field.shape, about, rows, found);
                        }
                    }
                    None => self.object(&parts, place, shape),
                }
            }
            Shape::OneOf(_) | Shape::Page(_) | Shape::CursorPage(_) => {
                self.object(&parts, place, shape);
            }
            _ => {}
        }
    }

    fn object(&mut self, parts: &Parts<'a>, place: &str, shape: Shape) {
        let name = parts.name().unwrap_or(place).to_owned();
        if !self.seen.insert((name.clone(), told(shape))) {
            return;
        }
        let (mut found, members, fields) =
            (Differences::default(), parts.members(), fields_of(shape));
        for (key, schemas) in &members {
            let place = format!("{name} {key}");
            let mut fields = fields.iter().filter(|field| field.keys.contains(key));
            let about = format!("field {key}");
            match (fields.next(), shape) {
                // Each of these models is compared on its own elsewhere.
                (Some(_), Shape::OneOf(_)) => {}
                (Some(field), _) => {
                    self.value(schemas, &place, field.shape, &about, &[], &mut found)
                }
                (None, _) => {
                    found.add(about, kind(&self.reader.parts(schemas, &place)), ABSENT, &[]);
                }
            }
        }
        let is_known = |field: &Field| field.keys.iter().any(|key| members.contains_key(key));
        if !matches!(shape, Shape::OneOf(_)) {
            for field in fields.iter().filter(|field| !is_known(field)) {
                found.add(format!("field {}", field.keys[0]), ABSENT, told(field.shape), &[]);
            }
        }
        self.compared.push(Compared {
            method: name,
            path: format!("as {}", told(shape)),
            differences: found.0,
            kind: Kind::Model,
        });
    }
}

/// The fields that an object may have.
pub fn fields_of(shape: Shape) -> Vec<Field> {
    const CURSORS: Shape = Shape::Object(&Model {
        name: "Cursors",
        kind: None,
        fields: &[field(&["after"], Shape::Text), field(&["before"], Shape::Text)],
        unwrapped: None,
    });
    let page = |item: &'static Shape| {
        vec![
            field(&["href"], Shape::Text),
            field(&["limit"], Shape::Integer),
            field(&["next"], Shape::Text),
            field(&["total"], Shape::Integer),
            field(&["items"], Shape::List(item)),
        ]
    };
    match shape {
        Shape::Object(model) => model.fields.to_vec(),
        Shape::OneOf(models) => models.iter().flat_map(|model| model.fields).copied().collect(),
        Shape::Page(item) => {
            let own = [field(&["offset"], Shape::Integer), field(&["previous"], Shape::Text)];
            [page(item), own.to_vec()].concat()
        }
        Shape::CursorPage(item) => [page(item), vec![field(&["cursors"], CURSORS)]].concat(),
        _ => Vec::new(),
    }
}

const fn field(keys: &'static [&'static str], shape: Shape) -> Field {
    Field { keys, shape, absence: Absence::Default, extended: &[] }
}
