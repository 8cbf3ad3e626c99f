//! Compares the schemas of responses with the models that decode them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::Value;
use tonearm::Spotify;
use tonearm::endpoint::Endpoint;
use tonearm::model::shape::{Absence, Field, Model, Shape, model};

use super::compare::{ABSENT, Compared, Differences, Kind, is_of, operation_of};
use super::openapi::{Api, Parts, Reader};
use super::spec;

/// The field of a result in a response, and the shape of the result.
pub type Returned = (Option<&'static str>, Shape);

/// The results of each endpoint. A search has a field for each type of item.
static RETURNED: LazyLock<BTreeMap<&'static str, Vec<Returned>>> = LazyLock::new(|| {
    let endpoints = Spotify::endpoints().iter();
    endpoints.map(|endpoint| (&*endpoint.name, returned(spec::entry(&endpoint.name)))).collect()
});

/// Returns the results of an endpoint. Empty if it ignores the response.
pub fn returned_by(endpoint: &Endpoint) -> &'static [Returned] {
    &RETURNED[&*endpoint.name]
}

fn returned(entry: &'static Value) -> Vec<Returned> {
    let (returns, pointer) = (entry["returns"].as_str().unwrap(), entry["pointer"].as_str());
    let Some((name, _)) = returns.split_once("::Item") else {
        // The result is the first element of a list.
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

/// Returns the shape of a type in `returns`, with these items in place of an enum. `None` if a call returns nothing.
fn shape_of(returns: &str, items: &'static [&'static Model]) -> Option<Shape> {
    // The table is read once, so the leaked memory is bounded.
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

/// Describes a shape: `array of Album`.
fn describe(shape: Shape) -> String {
    match shape {
        Shape::Text | Shape::Id(_) | Shape::Enum(_) => "string".to_owned(),
        Shape::Integer => "integer".to_owned(),
        Shape::Number => "number".to_owned(),
        Shape::Boolean => "boolean".to_owned(),
        Shape::Object(model) => model.name.to_owned(),
        Shape::OneOf(models) => {
            models.iter().map(|model| model.name).collect::<Vec<_>>().join(" or ")
        }
        Shape::List(element) => format!("array of {}", describe(*element)),
        Shape::Page(item) => format!("Page<{}>", describe(*item)),
        Shape::CursorPage(item) => format!("CursorPage<{}>", describe(*item)),
    }
}

/// Describes a schema by its name or its type.
fn kind(parts: &Parts<'_>) -> String {
    let types = parts.types().into_iter().collect::<Vec<_>>().join(" or ");
    match parts.name() {
        Some(name) => name.to_owned(),
        None if types.is_empty() => "something".to_owned(),
        None => types,
    }
}

/// Returns whether a value of one of these JSON types can be decoded as a shape.
fn accepts(shape: Shape, types: &BTreeSet<String>) -> bool {
    let has = |name: &str| types.contains(name);
    match shape {
        Shape::Text | Shape::Id(_) | Shape::Enum(_) => has("string"),
        Shape::Integer => has("integer"),
        Shape::Number => has("number") || has("integer"),
        Shape::Boolean => has("boolean"),
        Shape::List(_) => has("array"),
        Shape::Object(_) | Shape::OneOf(_) | Shape::Page(_) | Shape::CursorPage(_) => has("object"),
    }
}

/// Compares the responses of all endpoints. A difference in the whole response is added to its operation. A difference
/// in an object is added to the pair of schema and model, which is compared once.
pub fn compare(api: &mut Api<'_>, endpoints: &[&'static Endpoint], all: &mut Vec<Compared>) {
    let mut comparison =
        Comparison { reader: &mut api.reader, seen: BTreeSet::new(), compared: Vec::new() };
    for endpoint in endpoints {
        let Some(operation) = operation_of(&api.operations, endpoint) else { continue };
        let Some(compared) = all.iter_mut().find(|compared| is_of(compared, endpoint)) else {
            continue;
        };
        let mut found = Differences(std::mem::take(&mut compared.differences));
        comparison.response(endpoint, operation.response, &mut found);
        compared.differences = found.0;
    }
    all.extend(comparison.compared);
}

struct Comparison<'r, 'a> {
    reader: &'r mut Reader<'a>,
    /// The pairs of schemas and models that were compared.
    seen: BTreeSet<(String, String)>,
    compared: Vec<Compared>,
}

impl<'a> Comparison<'_, 'a> {
    fn response(
        &mut self,
        endpoint: &'static Endpoint,
        schema: Option<&'a Value>,
        found: &mut Differences,
    ) {
        let (returned, place) =
            (returned_by(endpoint), format!("{} {}", endpoint.method, endpoint.path));
        let Some(schema) = schema else {
            for (_, shape) in returned {
                found.add("response", ABSENT, describe(*shape), &[&endpoint.name]);
            }
            return;
        };
        let parts = self.reader.parts(&[schema], &place);
        if returned.is_empty() {
            found.add("response", kind(&parts), ABSENT, &[&endpoint.name]);
        }
        for (pointer, shape) in returned {
            let (schemas, about) = match pointer {
                None => (vec![schema], "response".to_owned()),
                Some(field) => (
                    parts.fields().remove(field).unwrap_or_default(),
                    format!("response field {field}"),
                ),
            };
            match schemas.as_slice() {
                [] => found.add(about, ABSENT, describe(*shape), &[&endpoint.name]),
                schemas => self.value(schemas, &place, *shape, &about, &[&endpoint.name], found),
            }
        }
    }

    fn value(
        &mut self,
        schemas: &[&'a Value],
        place: &str,
        shape: Shape,
        about: &str,
        endpoints: &[&'static str],
        found: &mut Differences,
    ) {
        let parts = self.reader.parts(schemas, place);
        let types = parts.types();
        if !types.is_empty() && !accepts(shape, &types) {
            return found.add(format!("{about} type"), kind(&parts), describe(shape), endpoints);
        }
        match shape {
            Shape::Enum(values) => {
                let theirs = parts.values();
                for value in theirs.iter().filter(|value| !values.contains(&value.as_str())) {
                    found.add(format!("{about} value {value}"), "present", ABSENT, endpoints);
                }
                let ours = values.iter().filter(|_| !theirs.is_empty());
                for value in ours.filter(|value| !theirs.iter().any(|known| known == *value)) {
                    found.add(format!("{about} value {value}"), ABSENT, "present", endpoints);
                }
            }
            Shape::List(element) => {
                let elements = parts.items();
                self.value(
                    &elements,
                    place,
                    *element,
                    &format!("{about} element"),
                    endpoints,
                    found,
                );
            }
            Shape::Object(model) => {
                let fields = parts.fields();
                match model.unwrapped.filter(|key| !fields.contains_key(key)) {
                    Some(key) => {
                        let field = model.fields.iter().find(|field| field.keys.contains(&key));
                        if let Some(field) = field {
                            self.value(schemas, place, field.shape, about, endpoints, found);
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
        if !self.seen.insert((name.clone(), describe(shape))) {
            return;
        }
        let (mut found, documented, fields) =
            (Differences::default(), parts.fields(), fields_of(shape));
        for (key, schemas) in &documented {
            let place = format!("{name} {key}");
            let mut fields = fields.iter().filter(|field| field.keys.contains(key));
            let about = format!("field {key}");
            match (fields.next(), shape) {
                // Each of these models is compared separately.
                (Some(_), Shape::OneOf(_)) => {}
                (Some(field), _) => {
                    self.value(schemas, &place, field.shape, &about, &[], &mut found)
                }
                (None, _) => {
                    found.add(about, kind(&self.reader.parts(schemas, &place)), ABSENT, &[]);
                }
            }
        }
        let is_known = |field: &Field| field.keys.iter().any(|key| documented.contains_key(key));
        if !matches!(shape, Shape::OneOf(_)) {
            for field in fields.iter().filter(|field| !is_known(field)) {
                found.add(format!("field {}", field.keys[0]), ABSENT, describe(field.shape), &[]);
            }
        }
        self.compared.push(Compared {
            method: name,
            path: format!("as {}", describe(shape)),
            differences: found.0,
            kind: Kind::Model,
        });
    }
}

/// Returns the fields that an object may have.
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
