//! Shortcuts: additional methods of `Spotify` for one case of an endpoint.

use super::super::read::{At, table_reader::TableReader};
use super::super::table::{Batch, Case, Join, Kind, Param, Returns, Shortcut};
use super::Checker;
use super::names::{ident, pascal};
use super::param_set::ParamSet;
use super::returns::generic_argument;

impl Checker<'_> {
    /// Reads `shortcuts`.
    pub(super) fn shortcuts(
        &self,
        reader: &mut TableReader<'_>,
        set: &ParamSet,
        batch: Option<&Batch>,
        returns: Option<&At<Returns>>,
    ) -> Vec<Shortcut> {
        let shortcuts = reader.tables("shortcuts", "shortcut", |reader| {
            let name = reader.text("name", "of the method, \"is_album_saved\"");
            let summary = reader.text("summary", "what the call does, in one sentence");
            let summary = self.sentence(summary, "the `summary`");
            let value = reader.maybe("value");
            let aliases = self.aliases(reader);
            let name = name?;
            let method_name = self.call_name(&name);
            let case = match self.selecting_enum(set) {
                Some(index) => self.value_case(index, value.as_ref(), &name),
                None => self.element_case(set, batch, returns, value.as_ref(), &name),
            };
            Some(Shortcut { name, method_name, summary, aliases, case: case? })
        });
        shortcuts.into_iter().flatten().flatten().collect()
    }

    /// Returns the index of the enum parameter that selects the item type.
    fn selecting_enum(&self, set: &ParamSet) -> Option<usize> {
        set.params.iter().find_map(|param| match param.kind {
            Some(Kind::OneOf(index)) => {
                self.table.enums.get(index).filter(|known| known.selects_item).map(|_| index)
            }
            _ => None,
        })
    }

    fn value_case(
        &self,
        index: usize,
        value: Option<&At<String>>,
        name: &At<String>,
    ) -> Option<Case> {
        let known = self.table.enums.get(index)?;
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
        set: &ParamSet,
        batch: Option<&Batch>,
        returns: Option<&At<Returns>>,
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
        let is_wrong = |batch: &Batch| batch.join.is_none() || batch.param.is_none();
        let is_unknown = |param: &Param| param.kind.is_none();
        if set.has_unnamed || set.params.iter().any(is_unknown) || batch.is_some_and(is_wrong) {
            return None;
        }
        let returns = returns?;
        let list = batch.filter(|batch| batch.join == Some(Join::Concat));
        let list = list.and_then(|batch| set.params.get(batch.param?));
        let is_other = |param: &&Param| {
            param.is_argument() && list.is_none_or(|list| list.name.value != param.name.value)
        };
        let item = generic_argument(&returns.value.ty).filter(|(name, _)| name == "Vec");
        let (Some(list), Some((_, item)), None) = (list, item, set.params.iter().find(is_other))
        else {
            let message = "a shortcut is for one value of the enum that selects the type of the items, or for one \
                element of the list, if `batch` has `join = \"concat\"` and nothing else is required";
            self.problem(&name.location, message);
            return None;
        };
        let argument = list.name.value.strip_suffix('s').unwrap_or(&list.name.value);
        Some(Case::Element {
            type_name: ident(&pascal(&name.value)),
            argument: ident(argument),
            item,
        })
    }
}
