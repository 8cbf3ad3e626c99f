//! A line of Rust for each field of a model and each call that takes such a value, from `spec/` and `src/model/`.

use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::codegen::{Kind, Param, Table, call_with};

struct Model {
    name: String,
    /// Names and types, without blanks.
    fields: Vec<(String, String)>,
    /// `true` if it has links, such as its URI.
    has_links: bool,
}

/// A constant with all lines, and a function for each model that has them as code.
pub fn pairs(table: &Table, folder: &Path) -> String {
    let mut lines = Vec::new();
    let mut code = String::new();
    for model in models(folder) {
        let before = lines.len();
        for endpoint in table.endpoints() {
            for param in &endpoint.params {
                let values = values(&model, param, table);
                lines.extend(values.iter().map(|value| match value.strip_suffix('?') {
                    // A required parameter takes what is in the `Option`.
                    Some(option) => {
                        let call = call_with(endpoint, param, "value");
                        format!("{option}.map(|value| {call})")
                    }
                    None => call_with(endpoint, param, value),
                }));
            }
        }
        let own = lines.get(before..).unwrap_or_default();
        if own.is_empty() {
            continue;
        }
        let (variable, name) = (snake(&model.name), &model.name);
        code += &format!(
            "#[allow(dead_code)]\nfn pairs_of_{variable}(spotify: &Spotify, {variable}: &{name}) {{\n"
        );
        code.extend(own.iter().map(|line| format!("    let _ = {line};\n")));
        code += "}\n";
    }
    format!("const PAIRS: &[&str] = &{lines:#?};\n{code}")
}

/// The values of a model for a parameter, as expressions; with `?` at the end for an `Option` whose value it takes.
fn values(model: &Model, param: &Param, table: &Table) -> Vec<String> {
    let variable = snake(&model.name);
    let mut values = Vec::new();
    for (name, ty) in &model.fields {
        let is_option = ty.starts_with("Option<");
        let inner = ty.strip_prefix("Option<").and_then(|ty| ty.strip_suffix('>')).unwrap_or(ty);
        if !fits(name, inner, param, table) {
            continue;
        }
        let field = format!("{variable}.{name}");
        let takes_one = param.required && !param.list;
        match is_option {
            true if takes_one => values.push(format!("{field}.as_ref()?")),
            true => values.extend([format!("&{field}"), format!("{field}.clone()")]),
            false if param.list && !inner.starts_with("Vec<") => {
                values.extend([format!("[&{field}]"), format!("[{field}.clone()]")]);
            }
            false => values.extend([format!("&{field}"), format!("{field}.clone()")]),
        }
        if name == "id" && model.has_links && !is_user_or_none(param, inner) {
            let suffix = if takes_one { "?" } else { "" };
            let of_uri = if is_option { suffix } else { "" };
            let uri = format!("{variable}.uri(){of_uri}");
            values.push(if param.list && !is_option { format!("[{uri}]") } else { uri });
            values.push(format!("{variable}.external_url(){suffix}"));
        }
    }
    values
}

/// The argument of `get_user` takes an `Option` of a `UserId` alone, so that the type of a literal `None` is known.
fn is_user_or_none(param: &Param, ty: &str) -> bool {
    ty == "UserId" && !param.required && !param.list
}

fn fits(name: &str, ty: &str, param: &Param, table: &Table) -> bool {
    let same_name = param.name.value == name || param.name.value.ends_with(&format!("_{name}"));
    let id = table.ids.iter().find(|id| id.name == ty);
    match &param.kind {
        Some(Kind::Id(id)) => id.name == ty,
        Some(Kind::TimestampedId) => ty == "TrackId",
        Some(Kind::Uri) => {
            let takes = |kind: &String| param.kinds.is_empty() || param.kinds.contains(kind);
            let is_text = name == "uri" && matches!(ty, "String" | "Box<str>");
            ty == "SpotifyUri" || is_text || id.is_some_and(|id| !id.bare && takes(&id.uri))
        }
        Some(Kind::Market) => ty == "Market",
        Some(Kind::Timestamp) => ty == "Timestamp",
        Some(Kind::OneOf(known)) => known.name == ty,
        Some(Kind::Boolean) => ty == "bool" && same_name,
        Some(Kind::Integer(_)) => match param.ty.value.as_str() {
            "SystemTime" => ty == "Timestamp",
            "Duration" => matches!(ty, "u32" | "u64") && name.ends_with("_ms"),
            _ => matches!(ty, "u32" | "u64") && same_name,
        },
        Some(Kind::Text) if param.list => ty == "Vec<String>" && same_name,
        Some(Kind::Text) => matches!(ty, "String" | "Box<str>") && same_name,
        Some(Kind::Jpeg | Kind::Tuning) | None => false,
    }
}

/// The models that `object!` and `related_objects!` list.
fn models(folder: &Path) -> Vec<Model> {
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let mut models = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for item in syn::parse_file(&text).unwrap().items {
            let syn::Item::Macro(item) = item else { continue };
            if item.mac.path.is_ident("object") {
                models.extend(objects(item.mac.tokens, None));
            } else if item.mac.path.is_ident("related_objects") {
                let mut tokens = item.mac.tokens.into_iter();
                let (id, common) = (tokens.next().unwrap(), tokens.next().unwrap());
                models.extend(objects(tokens.collect(), Some((inside(id), inside(common)))));
            }
        }
    }
    models
}

/// `Name [Id] { fields }`, with the id and the fields that related objects have in common.
fn objects(tokens: TokenStream, common: Option<(TokenStream, TokenStream)>) -> Vec<Model> {
    let mut models = Vec::new();
    let (mut name, mut id) = (String::new(), None);
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(_) => drop(tokens.next()),
            TokenTree::Ident(ident) => name = ident.to_string(),
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
                id = Some(group.stream())
            }
            TokenTree::Group(group) => {
                let (related_id, shared) = common.clone().unwrap_or_default();
                let id = id.take().unwrap_or(related_id).to_string().replace(' ', "");
                let mut all: Vec<_> = Some(("id".to_owned(), id.clone()))
                    .filter(|_| !id.is_empty())
                    .into_iter()
                    .collect();
                all.extend(fields(shared));
                all.extend(fields(group.stream()));
                models.push(Model { name: name.clone(), fields: all, has_links: !id.is_empty() });
            }
            TokenTree::Literal(_) => {}
        }
    }
    models
}

/// `name: Type = "key"; extended,`
fn fields(tokens: TokenStream) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let TokenTree::Ident(name) = token else { continue };
        if !matches!(tokens.peek(), Some(TokenTree::Punct(colon)) if colon.as_char() == ':') {
            continue;
        }
        tokens.next();
        let (mut ty, mut depth) = (String::new(), 0);
        for token in tokens.by_ref() {
            match &token {
                TokenTree::Punct(punct)
                    if depth == 0 && matches!(punct.as_char(), ',' | '=' | ';') =>
                {
                    break;
                }
                TokenTree::Punct(punct) if punct.as_char() == '<' => depth += 1,
                TokenTree::Punct(punct) if punct.as_char() == '>' => depth -= 1,
                _ => {}
            }
            ty += &token.to_string();
        }
        fields.push((name.to_string(), ty));
    }
    fields
}

fn inside(token: TokenTree) -> TokenStream {
    match token {
        TokenTree::Group(group) => group.stream(),
        other => panic!("expected a group, found {other}"),
    }
}

fn snake(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(c.to_ascii_lowercase());
    }
    text
}
