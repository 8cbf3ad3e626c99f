//! The row that an app in development mode calls in place of another: whether it can say and answer the
//! same.

use super::super::diagnostics::phrase;
use super::super::read::template::PathTemplate;
use super::super::read::{self, At, Param, RawEndpoint};
use super::name::ident;
use super::{Checker, Fallback, Given};

impl Checker<'_> {
    /// The form of a row, where it has one and that can be called in its place.
    pub(super) fn fallback(
        &mut self,
        row: &RawEndpoint,
        rows: &[&RawEndpoint],
    ) -> Option<Fallback> {
        let fallback = row.fallback.as_ref()?;
        let before = self.problems.len();
        let name = &fallback.row;
        let target = self.row_named(name, rows)?;
        if row.availability.value == "all" {
            let message = "every app may call this endpoint: `fallback` is for an endpoint that is not available to all";
            self.problem(&name.location, message);
        }
        if matches!(target.availability.value.as_str(), "extended" | "legacy") {
            let message = format!(
                "`{}` has `availability = \"{}\"`, so an app in development mode cannot call it either",
                name.value, target.availability.value
            );
            self.problem(&name.location, message);
        }
        if row.method.value != target.method.value {
            let message = format!(
                "`{}` sends {} and `{}` sends {}: a fallback endpoint has the same method",
                row.name.value, row.method.value, name.value, target.method.value
            );
            self.problem(&name.location, message);
        }
        let given = self.given(fallback, row, target);
        let element_key = self.element_key(fallback, &given, row, target);
        let own = self.own(fallback, row, rows);
        self.renames(fallback, row);
        // What follows from a mistake that is told already is no news.
        if self.problems.len() == before && !row.lacks_params && !target.lacks_params {
            self.left_out(fallback, &given, own.as_ref().map(|(index, _)| *index), row);
            self.limits(fallback, &given, element_key, row, target);
            self.answers(fallback, element_key, row, target);
            self.same_scopes(fallback, row, target);
        }
        Some(Fallback {
            row: ident(&name.value.to_uppercase()),
            method_name: ident(&name.value),
            params: given,
            element_key,
            own,
            renames: fallback
                .renames
                .iter()
                .map(|(from, to)| (from.value.clone(), to.value.clone()))
                .collect(),
            original_still_works: fallback.original_still_works,
        })
    }

    /// What the form is given: by template, or because both rows have a parameter under one name.
    fn given(
        &mut self,
        fallback: &read::Fallback,
        row: &RawEndpoint,
        target: &RawEndpoint,
    ) -> Vec<Given> {
        let name = &fallback.row;
        let mut given = Vec::new();
        for (param, template) in &fallback.params {
            let to = target.params.iter().position(|known| known.name.value == param.value);
            if to.is_none() && !target.lacks_params {
                let known = target.params.iter().map(|known| known.name.value.as_str());
                let advice = phrase::did_you_mean(&param.value, known);
                let message = format!(
                    "`{}` has no parameter {}{advice}",
                    name.value,
                    phrase::shown(&param.value)
                );
                self.problem(&param.location, message);
            }
            let taken = to.and_then(|to| target.params.get(to));
            let from = self.template(template, row, taken);
            if let (Some((prefix, from)), Some(to)) = (from, to) {
                given.push(Given { from, to, prefix });
            }
        }
        for (to, param) in target.params.iter().enumerate() {
            if fallback.params.iter().any(|(name, _)| name.value == param.name.value) {
                continue;
            }
            let is_same = |own: &Param| {
                own.name.value == param.name.value
                    && own.ty.value == param.ty.value
                    && own.list == param.list
            };
            match row.params.iter().position(is_same) {
                Some(from) => given.push(Given { from, to, prefix: String::new() }),
                None if param.required => {
                    let message = format!(
                        "`{}` needs `{}`: add a template for it",
                        name.value, param.name.value
                    );
                    self.problem(&name.location, message);
                }
                None => {}
            }
        }
        given
    }

    /// A value for a parameter of another row: text, and then one parameter of this row.
    fn template(
        &mut self,
        template: &At<String>,
        row: &RawEndpoint,
        taken: Option<&Param>,
    ) -> Option<(String, usize)> {
        let parsed = match PathTemplate::parse_value(&template.value) {
            Ok(parsed) => parsed,
            Err(message) => {
                self.problem(&template.location, message);
                return None;
            }
        };
        for gap in parsed.names() {
            let is_param = row.params.iter().any(|param| param.name.value == gap);
            if !is_param && !row.lacks_params {
                let known = row.params.iter().map(|param| param.name.value.as_str());
                let advice = phrase::did_you_mean(gap, known);
                let message = format!("`{}` has no parameter `{gap}`{advice}", row.name.value);
                self.problem(&template.location, message);
            }
        }
        let gap = template.value.split_once('{');
        let gap = gap.and_then(|(prefix, gap)| Some((prefix, gap.strip_suffix('}')?)));
        let Some((prefix, gap)) = gap.filter(|(_, gap)| !gap.contains('{')) else {
            let message = format!(
                "a template is text and then one parameter, as in `spotify:album:{{album_ids}}`, found {}",
                phrase::shown(&template.value)
            );
            self.problem(&template.location, message);
            return None;
        };
        if let Some(taken) = taken.filter(|taken| !taken.kinds.is_empty())
            && let Some((kind, _)) =
                template.value.strip_prefix("spotify:").and_then(|uri| uri.split_once(':'))
            && !taken.kinds.iter().any(|known| known.value == kind)
        {
            let known = phrase::any_of(taken.kinds.iter().map(|known| known.value.as_str()));
            let message = format!(
                "`{}` takes URIs of {known}, found {}",
                taken.name.value,
                phrase::shown(kind)
            );
            self.problem(&template.location, message);
        }
        let from = row.params.iter().position(|param| param.name.value == gap)?;
        Some((prefix.to_owned(), from))
    }

    /// The list of which each element makes a request: it goes where one value is taken.
    fn element_key(
        &mut self,
        fallback: &read::Fallback,
        given: &[Given],
        row: &RawEndpoint,
        target: &RawEndpoint,
    ) -> Option<usize> {
        let list_of = |given: &Given| row.params.get(given.from).is_some_and(|param| param.list);
        let is_one = |given: &Given| target.params.get(given.to).is_some_and(|param| !param.list);
        let mut spread = given.iter().filter(|given| list_of(given) && is_one(given));
        let element_key = spread.next()?.from;
        let by = row.batch.as_ref().map(|batch| batch.by.value.as_str());
        let list = row.params.get(element_key)?;
        if spread.any(|other| other.from != element_key) || by != Some(list.name.value.as_str()) {
            let message = format!(
                "only the list of `batch.by` can become one request for each element, found `{}`",
                list.name.value
            );
            self.problem(&fallback.row.location, message);
        }
        if row.method.value != "GET" {
            let message = "only what is read can be read one by one";
            self.problem(&fallback.row.location, message);
        }
        Some(element_key)
    }

    /// `own = { user_id = "get_me" }`
    fn own(
        &mut self,
        fallback: &read::Fallback,
        row: &RawEndpoint,
        rows: &[&RawEndpoint],
    ) -> Option<(usize, proc_macro2::Ident)> {
        if let Some((second, _)) = fallback.own.get(1) {
            let message = "`owner_only` names one parameter: this is the second";
            self.problem(&second.location, message);
        }
        let (param, who) = fallback.own.first()?;
        let index = row.params.iter().position(|known| known.name.value == param.value);
        if index.is_none() && !row.lacks_params {
            let known = row.params.iter().map(|known| known.name.value.as_str());
            let advice = phrase::did_you_mean(&param.value, known);
            let message =
                format!("`{}` has no parameter `{}`{advice}", row.name.value, param.value);
            self.problem(&param.location, message);
        }
        let says = self.row_named(who, rows)?;
        let is_plain = says.method.value == "GET"
            && says.availability.value == "all"
            && !says.params.iter().any(|param| param.required);
        if !is_plain {
            let message = format!(
                "`owner_only` names a GET that is available to all apps and has no required parameter, found `{}`",
                who.value
            );
            self.problem(&who.location, message);
        }
        Some((index?, ident(&who.value.to_uppercase())))
    }

    fn renames(&mut self, fallback: &read::Fallback, row: &RawEndpoint) {
        if let Some((first, _)) = fallback.renames.first()
            && !row.params.iter().any(|param| param.field_filter)
            && !row.lacks_params
        {
            let message =
                "`renames` is for endpoints with a parameter that has `field_filter = true`";
            self.problem(&first.location, message);
        }
    }

    /// What a call cannot do without must reach the form.
    fn left_out(
        &mut self,
        fallback: &read::Fallback,
        given: &[Given],
        own: Option<usize>,
        row: &RawEndpoint,
    ) {
        for (index, param) in row.params.iter().enumerate() {
            let is_given = given.iter().any(|given| given.from == index) || own == Some(index);
            if param.required && !is_given {
                let message = format!(
                    "`{}` has no value for `{}`, which `{}` requires: add a template with it",
                    fallback.row.value, param.name.value, row.name.value
                );
                self.problem(&fallback.row.location, message);
            }
        }
    }

    /// What this row takes, the form takes too, and its limit is known.
    fn limits(
        &mut self,
        fallback: &read::Fallback,
        given: &[Given],
        element_key: Option<usize>,
        row: &RawEndpoint,
        target: &RawEndpoint,
    ) {
        for given in given {
            let params = (row.params.get(given.from), target.params.get(given.to));
            let (Some(from), Some(to)) = params else { continue };
            let by = target.batch.as_ref().map(|batch| batch.by.value.as_str());
            let is_split =
                row.batch.as_ref().is_some_and(|batch| batch.by.value == from.name.value);
            if is_split && element_key != Some(given.from) && by != Some(to.name.value.as_str()) {
                let message = format!(
                    "`{}` has no `batch` by `{}`, so its maximum per request is unknown",
                    fallback.row.value, to.name.value
                );
                self.problem(&fallback.row.location, message);
            }
            let value = |at: &Option<At<i64>>| at.as_ref().map(|at| at.value);
            let is_below =
                value(&to.min).is_some_and(|min| value(&from.min).is_none_or(|own| own < min));
            let is_above =
                value(&to.max).is_some_and(|max| value(&from.max).is_none_or(|own| own > max));
            if is_below || is_above {
                let message = format!(
                    "`{}` of `{}` has a narrower range than `{}` of `{}`",
                    to.name.value, fallback.row.value, from.name.value, row.name.value
                );
                self.problem(&fallback.row.location, message);
            }
        }
    }

    /// The answer of the form can be read as that of the row.
    fn answers(
        &mut self,
        fallback: &read::Fallback,
        element_key: Option<usize>,
        row: &RawEndpoint,
        target: &RawEndpoint,
    ) {
        let plain = |text: &str| text.split_whitespace().collect::<String>();
        let pointer = |row: &RawEndpoint| row.pointer.as_ref().map(|pointer| pointer.value.clone());
        let theirs = plain(&target.returns.value);
        let mut ours = plain(&row.returns.value);
        let fits = match element_key {
            Some(_) => {
                let one = ours.strip_prefix("Vec<Option<").and_then(|one| one.strip_suffix(">>"));
                one.is_some_and(|one| one == theirs || one == format!("Simplified{theirs}"))
            }
            // The first of a list is read out of the list that the form answers with.
            None if pointer(row).as_deref() == Some("[0]") => {
                ours = format!("Vec<{ours}>");
                ours == theirs && target.pointer.is_none()
            }
            None => ours == theirs && pointer(row) == pointer(target),
        };
        if !fits {
            let message = format!(
                "`{}` returns `{}`, which does not fit `{}`, which returns `{}`",
                fallback.row.value, target.returns.value, row.name.value, row.returns.value
            );
            self.problem(&fallback.row.location, message);
        }
    }

    /// A token that may make the call may use the form: its scopes are known there.
    fn same_scopes(&mut self, fallback: &read::Fallback, row: &RawEndpoint, target: &RawEndpoint) {
        let known = |scope: &str| target.scopes.all().any(|known| known.value == scope);
        for scope in row.scopes.required.iter().chain(&row.scopes.alternative) {
            if !known(&scope.value) {
                let message = format!(
                    "`{}` does not name the scope `{}`, which `{}` asks for",
                    fallback.row.value, scope.value, row.name.value
                );
                self.problem(&fallback.row.location, message);
            }
        }
    }
}
