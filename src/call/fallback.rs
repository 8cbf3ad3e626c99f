//! Which request a call becomes for this app: the documented one, or the form that Spotify leaves to apps
//! in development mode.

use std::borrow::Cow;
use std::sync::{OnceLock, PoisonError, RwLock};

use percent_encoding::utf8_percent_encode;

use crate::endpoint::{Endpoint, Fallback, ParamInfo, ParamKind};
use crate::request::argument::Value;
use crate::types::enums::{ApiEnum, api_enum};
use crate::types::id::SEGMENT;

/// What a client does about the endpoints that Spotify closes to apps in development mode.
///
/// Since February 2026 that is half of the Web API, and what every new app is. Most of it can be said
/// another way, and the calls of this crate say it: `save_albums` becomes `PUT /me/library` with URIs,
/// `get_tracks` becomes a request for each track, several at a time. Arguments and answers are the same.
///
/// ```
/// use tonearm::{QuotaMode, Spotify};
///
/// let spotify = Spotify::builder().token("token").quota_mode(QuotaMode::Development).build()?;
/// let request = spotify.save_albums(["382ObEPsp2rxGrnsizN5TX"]).request()?;
/// assert_eq!(
///     request.to_string(),
///     "PUT /v1/me/library\n    uris = spotify:album:382ObEPsp2rxGrnsizN5TX",
/// );
/// # Ok::<(), tonearm::Error>(())
/// ```
///
/// What another form cannot say is refused, never left out: [`Error::EndpointUnavailable`] names it. So it is with
/// the time of a saved track and with a private follow. Where there is no other form,
/// [`Error::EndpointUnavailable`] says since when and what Spotify offers.
///
/// It prints and is read as `auto`, `extended` and `development`, so that a program can have it in its settings.
///
/// [`endpoint::availability`] has a table of all endpoints: who may call each, and what an app in
/// development mode gets.
///
/// [`Error::EndpointUnavailable`]: crate::Error::EndpointUnavailable
/// [`endpoint::availability`]: crate::endpoint::availability
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum QuotaMode {
    /// Finds out: sends the documented request, and when Spotify says that it is closed to this app, the
    /// other form.
    ///
    /// Once the other form was answered with success, it is taken at once for all calls with the same
    /// one, by all clones of the client. So this costs one refused request for each form that a program
    /// uses, and those that were on their way meanwhile.
    #[default]
    Auto,
    /// Always the documented request: for apps in extended quota mode.
    Extended,
    /// Always the other form; a call that has none is refused before anything is sent.
    Development,
}

impl ApiEnum for QuotaMode {
    const VALUES: &'static [(&'static str, Self)] = &[
        ("auto", QuotaMode::Auto),
        ("extended", QuotaMode::Extended),
        ("development", QuotaMode::Development),
    ];
}

api_enum!(QuotaMode);

/// What the clones of a client have found out about their app and its user.
#[derive(Debug, Default)]
pub(crate) struct Learned {
    /// The rows that were answered in the place of others.
    forms: RwLock<Vec<Cow<'static, str>>>,
    /// The id of the user of the token.
    pub(crate) user: OnceLock<Box<str>>,
}

impl Learned {
    /// Whether a form was answered before.
    pub(crate) fn knows(&self, form: &Fallback) -> bool {
        self.forms.read().unwrap_or_else(PoisonError::into_inner).contains(&form.endpoint.name)
    }

    /// Notes that a form was answered.
    pub(crate) fn answered(&self, form: &Fallback, row: &Endpoint) {
        if self.knows(form) {
            return;
        }
        let mut forms = self.forms.write().unwrap_or_else(PoisonError::into_inner);
        if !forms.contains(&form.endpoint.name) {
            log::info!(
                "{}: closed to this app; `{} {}` from here on",
                row.name,
                form.endpoint.method,
                form.endpoint.path
            );
            forms.push(form.endpoint.name.clone());
        }
    }
}

/// What a call says in the words of its form: the values of the form's parameters. Else the name of what
/// the form cannot say.
pub(crate) fn translated(
    row: &Endpoint,
    form: &Fallback,
    values: &[(usize, Value)],
) -> Result<Vec<(usize, Value)>, Cow<'static, str>> {
    let mut translated = Vec::with_capacity(values.len());
    for (index, value) in values {
        if form.owner_only.is_some_and(|own| own.param == *index) {
            continue;
        }
        let Some(own) = row.params.get(*index) else { continue };
        let given = form.params.iter().find(|given| given.from == *index);
        let to = given.and_then(|given| Some((given, form.endpoint.params.get(given.to)?)));
        let Some((given, to)) = to else {
            // What is meant anyway need not be said.
            if own.default == Some(&*value.to_string()) {
                continue;
            }
            return Err(own.name.clone());
        };
        let word = |value| translate(value, own, to, given.prefix, form.renames);
        let value = match value {
            Value::List(values) => Value::List(values.iter().map(word).collect::<Result<_, _>>()?),
            value if to.list => Value::List(vec![word(value)?]),
            value => word(value)?,
        };
        translated.push((given.to, value));
    }
    Ok(translated)
}

fn translate(
    value: &Value,
    own: &ParamInfo,
    to: &ParamInfo,
    prefix: &str,
    renames: &[(&str, &str)],
) -> Result<Value, Cow<'static, str>> {
    Ok(match value {
        // An id with what belongs to it, for a parameter that takes an id alone.
        Value::Object(members) if own.kind != to.kind => match members.as_slice() {
            [(_, id)] => translate(id, own, to, prefix, renames)?,
            [_, (beside, _), ..] => return Err(beside.clone()),
            [] => return Err(own.name.clone()),
        },
        Value::Text(text) if !prefix.is_empty() => match to.kind {
            ParamKind::Uri => {
                let id = utf8_percent_encode(text.as_str(), SEGMENT);
                Value::text(&format!("{prefix}{id}"))
            }
            _ => Value::text(&format!("{prefix}{}", text.as_str())),
        },
        Value::Text(text) if own.field_filter && !renames.is_empty() => {
            Value::text(&renamed(text.as_str(), renames))
        }
        value => value.clone(),
    })
}

/// Names of members in a selection such as `items(track(name)),total`, some of them by another name.
fn renamed(selection: &str, renames: &[(&str, &str)]) -> String {
    let mut renamed = String::with_capacity(selection.len());
    for word in selection.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || c == '_')) {
        let name = word.trim_end_matches(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        let to = renames.iter().find(|(from, _)| *from == name).map_or(name, |(_, to)| to);
        renamed.push_str(to);
        renamed.push_str(word.get(name.len()..).unwrap_or_default());
    }
    renamed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::{FOLLOW_USERS, GET_PLAYLIST_TRACKS, SAVE_TRACKS};

    fn said(
        row: &Endpoint,
        values: &[(usize, Value)],
    ) -> Result<Vec<(usize, Value)>, Cow<'static, str>> {
        translated(row, row.fallback.as_ref().unwrap(), values)
    }

    #[test]
    fn members_are_renamed_as_whole_words() {
        let renames = [("track", "item")];
        for (text, expected) in [
            ("items(track(name,uri)),total", "items(item(name,uri)),total"),
            ("items.track.name", "items.item.name"),
            ("track", "item"),
            ("!track", "!item"),
            ("items(track_number,tracks,my_track)", "items(track_number,tracks,my_track)"),
            ("", ""),
            ("päivä,track", "päivä,item"),
        ] {
            assert_eq!(renamed(text, &renames), expected);
        }
    }

    #[test]
    fn what_stands_beside_an_id_is_told_not_dropped() {
        let id = || Value::text("4iV5W9uYEdYUVa79Axb7Rh");
        let timed =
            Value::Object(vec![("id".into(), id()), ("added_at".into(), Value::text("2010"))]);
        let list = |values| [(0, Value::List(values))];
        assert_eq!(said(&SAVE_TRACKS, &list(vec![id(), timed])), Err("added_at".into()));
        let alone = Value::Object(vec![("id".into(), id())]);
        let uri = Value::text("spotify:track:4iV5W9uYEdYUVa79Axb7Rh");
        assert_eq!(
            said(&SAVE_TRACKS, &list(vec![id(), alone])),
            Ok(vec![(0, Value::List(vec![uri.clone(), uri]))])
        );
    }

    #[test]
    fn ids_of_users_are_escaped_in_uris() {
        let uris = said(&FOLLOW_USERS, &[(0, Value::List(vec![Value::text("a,b é")]))]);
        let uri = Value::text("spotify:user:a%2Cb%20%C3%A9");
        assert_eq!(uris, Ok(vec![(0, Value::List(vec![uri]))]));
    }

    #[test]
    fn numbers_carry_over_as_they_are() {
        let index = |row: &Endpoint, name| row.params.iter().position(|p| p.name == name).unwrap();
        let form = GET_PLAYLIST_TRACKS.fallback.unwrap();
        let limit = index(&GET_PLAYLIST_TRACKS, "limit");
        assert_eq!(
            said(&GET_PLAYLIST_TRACKS, &[(limit, Value::Integer(7))]),
            Ok(vec![(index(form.endpoint, "limit"), Value::Integer(7))])
        );
    }
}
