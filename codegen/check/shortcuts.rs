//! Shortcuts: additional methods of `Spotify` for one case of an endpoint.

use super::super::read::{At, table_reader::TableReader};
use super::super::table::{Case, Endpoint, Enum, Join, Param, Shortcut, ident};
use super::Checker;
use super::returns::generic_argument;

impl Checker<'_> {
    /// Reads `shortcuts`.
    pub(super) fn shortcuts(
        &self,
        reader: &mut TableReader<'_>,
        endpoint: &Endpoint,
    ) -> Vec<Shortcut> {
        let shortcuts = reader.tables("shortcuts", "shortcut", |reader| {
            let name = reader.text("name", "of the method, \"is_album_saved\"");
            let summary = reader.text("summary", "what the call does, in one sentence");
            let summary = self.sentence(summary, "the `summary`");
            let value = reader.maybe("value");
            let aliases = self.aliases(reader);
            let name = name?;
            self.call_name(&name);
            let case = match endpoint.selector() {
                Some((known, _)) => self.value_case(known, value.as_ref(), &name),
                None => self.element_case(endpoint, value.as_ref(), &name),
            };
            Some(Shortcut { name, summary, aliases, case: case? })
        });
        shortcuts.into_iter().flatten().flatten().collect()
    }

    fn value_case(
        &self,
        known: &Enum,
        value: Option<&At<String>>,
        name: &At<String>,
    ) -> Option<Case> {
        let Some(value) = value else {
            let message = format!(
                "`{}` needs a `value` of `{}`, for which it calls the endpoint",
                name.value, known.name
            );
            self.problem(&name.location, message);
            return None;
        };
        let words: Vec<_> =
            known.values.iter().map(|value| (value.value.as_str(), value)).collect();
        let found = self.one_of(value, "`value`", &words)?;
        let (module, variant) = (known.module.clone(), found.variant.clone());
        Some(Case::Value { module, variant, item: found.item.clone() })
    }

    fn element_case(
        &self,
        endpoint: &Endpoint,
        value: Option<&At<String>>,
        name: &At<String>,
    ) -> Option<Case> {
        if let Some(value) = value {
            let message =
                "`value` is for an endpoint with an enum that selects the type of the items";
            self.problem(&value.location, message);
            return None;
        }
        // Skip checks that could fail because of a mistake that is already reported.
        let batch = endpoint.batch.as_ref();
        let has_mistake = batch.is_some_and(|batch| batch.join.is_none() || batch.param.is_none())
            || endpoint.params.iter().any(|param| param.kind.is_none());
        if endpoint.has_unnamed_params || has_mistake {
            return None;
        }
        let returns = endpoint.returns.as_ref()?;
        let is_joined = batch.is_some_and(|batch| batch.join == Some(Join::Concat));
        let list = endpoint.batch_list().filter(|_| is_joined);
        let is_other =
            |param: &Param| list.is_none_or(|(_, list)| list.name.value != param.name.value);
        let mut others = endpoint.arguments().filter(|(_, param)| is_other(param));
        let item = generic_argument(&returns.value.ty).filter(|(name, _)| name == "Vec");
        let (Some((_, list)), Some((_, item)), None) = (list, item, others.next()) else {
            let message = "a shortcut is for one value of the enum that selects the type of the items, or for one \
                element of the list, if `batch` has `join = \"concat\"` and nothing else is required";
            self.problem(&name.location, message);
            return None;
        };
        let argument = list.name.value.strip_suffix('s').unwrap_or(&list.name.value);
        Some(Case::Element { argument: ident(argument), item })
    }
}
