//! `aliases`, `[[elsewhere]]` and `shortcuts`: further names and methods of calls.

use std::collections::BTreeSet;
use std::path::Path;

use insta::assert_snapshot;

use crate::codegen::{Table, compile};
use crate::test_table::{edited, entry, problems_after, problems_with};
use crate::{endpoints, file, generate_files};

/// The names of each library's methods. A line with `#` begins a library.
const METHODS: &str = include_str!("elsewhere.txt");

fn real() -> Table {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    compile(&dir, None).map_err(|problems| problems.to_string()).unwrap()
}

#[test]
fn every_method_of_other_libraries_has_an_alias_or_a_reason() {
    let table = real();
    let calls: BTreeSet<&str> = table.endpoints().flat_map(|e| e.method_names()).collect();
    let shortcuts = table.endpoints().flat_map(|endpoint| &endpoint.shortcuts);
    let aliases = table.endpoints().flat_map(|endpoint| &endpoint.aliases);
    let aliases = aliases.chain(shortcuts.flat_map(|shortcut| &shortcut.aliases));
    let aliases = aliases.chain(table.elsewhere.iter().flat_map(|elsewhere| &elsewhere.names));
    let known: BTreeSet<(&str, &str)> =
        aliases.map(|alias| (alias.library, alias.name.value.as_str())).collect();

    let mut methods = BTreeSet::new();
    for part in METHODS.split("# ").skip(1) {
        let (heading, names) = part.split_once('\n').unwrap();
        let library = heading.split(' ').next().unwrap();
        methods.extend(names.split_whitespace().map(|name| (library, name)));
    }
    // minim's methods have the same names as the calls.
    let is_unknown = |(library, name): &&(&str, &str)| {
        let is_ours = *library == "minim" && calls.contains(name);
        !is_ours && !known.contains(&(*library, *name))
    };
    let lacking: Vec<_> = methods.iter().filter(is_unknown).collect();
    assert!(
        lacking.is_empty(),
        "add these to `aliases` of an entry, or to spec/elsewhere.toml: {lacking:?}"
    );
    let stale: Vec<_> = known.difference(&methods).collect();
    assert!(stale.is_empty(), "no library has these methods: {stale:?}");
    let count = |library| methods.iter().filter(|(known, _)| *known == library).count();
    assert_eq!([count("rspotify"), count("spotipy"), count("minim")], [104, 107, 38]);
}

#[test]
fn the_guide_has_a_line_for_each_call_with_aliases() {
    let table = real();
    let files = crate::codegen::files(&table);
    let text = file(&files, "elsewhere.md");
    let has = |line: &str| assert!(text.contains(&format!("\n{line}\n")), "{line}\n{text}");
    has("# Methods of rspotify");
    has("# Methods of spotipy");
    has(
        "| `start_context_playback`<br>`start_uris_playback`<br>`resume_playback` | [`start_playback`](crate::Spotify::start_playback) |",
    );
    has(
        "| `current_user_top_tracks`<br>`current_user_top_tracks_manual` | [`get_my_top_tracks`](crate::Spotify::get_my_top_tracks) |",
    );
    has(
        "| `current_user_saved_tracks_contains` | [`are_tracks_saved`](crate::Spotify::are_tracks_saved)<br>*extended*; in development mode: [`are_items_saved`](crate::Spotify::are_items_saved) |",
    );
    has(
        "| `track_features` | [`get_audio_features`](crate::Spotify::get_audio_features)<br>*legacy* |",
    );
    has(
        "| `search_markets` | [`search_for`](crate::Spotify::search_for) with the setter `market`, once for each market. |",
    );
}

/// Returns the problems of the entry `get_album` with another line.
fn with(line: &str) -> String {
    problems_after(
        "reference    = \"get-an-album\"",
        &format!("reference    = \"get-an-album\"\n{line}"),
    )
}

/// Returns the problems of the entry `are_albums_saved` with another line.
fn beside_check(line: &str) -> String {
    let reference = "reference    = \"check-users-saved-albums\"";
    problems_after(reference, &format!("{reference}\n{line}"))
}

#[test]
fn aliases_become_search_names_of_the_method() {
    let (from, aliases) = (
        "reference    = \"get-an-album\"",
        "aliases = { rspotify = [\"album\", \"get_album\"], spotipy = \"album\", minim = \"an_album\" }",
    );
    let files = edited(&[(from, &format!("{from}\n{aliases}"))]);
    let text = endpoints(&generate_files(&files, &[]).unwrap());
    assert_eq!(text.matches("doc(alias").count(), 1);
    assert!(
        text.contains("#[doc(alias(\"album\", \"an_album\"))]\n        pub fn get_album("),
        "{text}"
    );
}

#[test]
fn an_entry_that_replaces_another_takes_over_its_names() {
    let aliases = "aliases = { rspotify = \"album\" }\n";
    let reference = "reference    = \"get-an-album\"\n";
    let files = edited(&[(reference, &format!("{reference}{aliases}"))]);
    let own = |name: &str, more: &str| {
        let album = r#"params = [{ name = "album_id", in = "path", key = "id", type = "AlbumId", required = true, example = "382ObEPsp2rxGrnsizN5TX", doc = "The album." }]"#;
        let entry = entry(name, "/records/{id}", &format!("{more}{aliases}{album}\n"));
        let heading = "[area]\nname = \"Records\"\nsummary = \"Records.\"\n";
        generate_files(&files, &[("/own/records.toml".to_owned(), format!("{heading}{entry}"))])
    };
    let text = endpoints(&own("get_album", "replaces = true\n").unwrap());
    assert_eq!(text.matches("doc(alias(\"album\"))").count(), 1);
    let problems = own("get_record", "").unwrap_err().to_string();
    assert!(problems.contains("the method `album` of rspotify is already at spec/albums.toml:9"));
}

#[test]
fn invalid_aliases_are_reported() {
    assert_snapshot!(with("aliases = { rspotify = \"\" }"), @r#"
    spec/albums.toml:9:24: an alias is the name of a method, as in `current_user_top_tracks`, found nothing
      |
    9 | aliases = { rspotify = "" }
      |                        ^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(with("aliases = { spotipy = [\"album\", \"an album\"] }"), @r#"
    spec/albums.toml:9:33: an alias is the name of a method, as in `current_user_top_tracks`, found `an album`
      |
    9 | aliases = { spotipy = ["album", "an album"] }
      |                                 ^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(with("aliases = { spotipy = [] }"), @r"
    spec/albums.toml:9:23: `spotipy` is an empty list: fill it in or remove the key
      |
    9 | aliases = { spotipy = [] }
      |                       ^^
    1 mistake in the table of endpoints
    ");
    assert_snapshot!(with("aliases = {}"), @r"
    spec/albums.toml:9:11: expected the name of a method of `rspotify`, `spotipy` or `minim`, found none
      |
    9 | aliases = {}
      |           ^^
    1 mistake in the table of endpoints
    ");
    assert_snapshot!(with("aliases = { rspotfy = \"album\" }"), @r#"
    spec/albums.toml:9:13: `aliases` has an unknown key, `rspotfy`: did you mean `rspotify`?
      |
    9 | aliases = { rspotfy = "album" }
      |             ^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(with("aliases = { rspotify = 1 }"), @r"
    spec/albums.toml:9:24: `rspotify` must be a string or a list of strings, found an integer
      |
    9 | aliases = { rspotify = 1 }
      |                        ^
    1 mistake in the table of endpoints
    ");
    assert_snapshot!(with("aliases = { rspotify = [\"album\", \"album\"] }"), @r#"
    spec/albums.toml:9:34: the method `album` of rspotify is already at spec/albums.toml:9: remove one
      |
    9 | aliases = { rspotify = ["album", "album"] }
      |                                  ^^^^^^^
    1 mistake in the table of endpoints
    "#);
}

#[test]
fn invalid_elsewhere_entries_are_reported() {
    let entries = |text: &str| problems_with(&format!("{}\n{text}", entry("get_zoo", "/zoo", "")));
    assert_snapshot!(entries("[[elsewhere]]\nspotipy = \"zoo\"\ninstead = \"[`get_zoo`], or [pages](crate::x) and [`X`](crate::X).\""), @"nothing");
    assert_snapshot!(entries("[[elsewhere]]\nspotipy = \"zoo\"\ninstead = \"See [`get_albun`].\""), @r#"
    spec/zoo.toml:17:11: `instead` links to `get_albun`, and no call has that name: did you mean `get_album`?
       |
    17 | instead = "See [`get_albun`]."
       |           ^^^^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(entries("[[elsewhere]]\nspotipy = \"zoo\"\ninstead = \"Nothing\""), @r#"
    spec/zoo.toml:17:19: `instead` ends with a period: add one
       |
    17 | instead = "Nothing"
       |                   ^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(entries("[[elsewhere]]\nspotipy = \"zoo\""), @r"
    spec/zoo.toml:15:1: this entry lacks `instead` (one sentence about what to do with this crate)
       |
    15 | [[elsewhere]]
       | ^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    ");
    assert_snapshot!(entries("[[elsewhere]]\ninstead = \"Nothing.\""), @r"
    spec/zoo.toml:15:1: expected the name of a method of `rspotify`, `spotipy` or `minim`, found none
       |
    15 | [[elsewhere]]
       | ^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    ");
    assert_snapshot!(entries("[[elsewhere]]\nspotipy = \"zoo\"\ninstead = \"Nothing.\"\n[[elsewhere]]\nspotipy = \"zoo\"\ninstead = \"Nothing.\""), @r#"
    spec/zoo.toml:19:11: the method `zoo` of spotipy is already at spec/zoo.toml:16: remove one
       |
    19 | spotipy = "zoo"
       |           ^^^^^
    1 mistake in the table of endpoints
    "#);
}

/// Returns lines without their indentation.
fn flat(text: &str) -> String {
    text.trim().lines().map(str::trim).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_shortcut_for_one_id_calls_the_endpoint_with_a_list_of_one() {
    let (from, shortcut) = (
        "reference    = \"check-users-saved-albums\"",
        "shortcuts = [{ name = \"is_album_saved\", summary = \"Check whether an album is saved.\" }]",
    );
    let files = edited(&[(from, &format!("{from}\n{shortcut}"))]);
    let generated = generate_files(&files, &[]).map_err(|problems| problems.to_string()).unwrap();
    let text = file(&generated, "calls.rs");
    let method = text.split("Check whether an album is saved.").nth(1).unwrap();
    assert_snapshot!(flat(method.split("\n        }\n").next().unwrap()), @r#"
    ///
    /// `GET /me/albums/contains`, which is [`are_albums_saved`](crate::Spotify::are_albums_saved) with a list of one
    ///
    /// - **Returns**: [`bool`](IsAlbumSaved::send)
    /// - **Token**: of a user
    /// - **Scopes**: none
    /// - **Available to**: apps in extended quota mode; since February 2026 not to apps in development mode
    /// - **In development mode**: [`are_items_saved`](crate::Spotify::are_items_saved), `GET /me/library/contains`. See [`QuotaMode`](crate::QuotaMode)
    ///
    /// `album_id`: The [`AlbumId`](crate::AlbumId), or text with an id, a URI or a link.
    ///
    /// # Errors
    ///
    /// `.send()` returns [`Error::InvalidArgument`](crate::Error::InvalidArgument) for an invalid value, before it sends anything, and [the errors of every call](crate::endpoint#errors).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use tonearm::*;
    /// # let spotify = Spotify::from_token("token")?;
    /// let result = spotify.is_album_saved("382ObEPsp2rxGrnsizN5TX").send()?;
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// Spotify's page: [check-users-saved-albums](https://developer.spotify.com/documentation/web-api/reference/check-users-saved-albums). Defined as `are_albums_saved` in [`spec/albums.toml`], line 56.
    ///
    #[doc = concat!(
    " [`spec/albums.toml`]: https://docs.rs/crate/tonearm/",
    env!("CARGO_PKG_VERSION"), "/source/spec/albums.toml"
    )]
    pub fn is_album_saved(
    &self,
    album_id: impl crate::request::argument::IntoParam<crate::types::id::AlbumId>,
    ) -> IsAlbumSaved {
    IsAlbumSaved {
    call: crate::call::Call::new(self, &crate::endpoint::ARE_ALBUMS_SAVED)
    .element(
    0,
    crate::request::argument::IntoParam::<
    crate::types::id::AlbumId,
    >::argument(album_id, crate::request::Seal),
    ),
    }
    "#);
    let request = text.split("pub struct IsAlbumSaved").nth(1).unwrap();
    assert_snapshot!(flat(request.split("/// Returns the request").next().unwrap()), @r"
    {
    call: crate::call::Call,
    }
    impl IsAlbumSaved {
    /// Sends the call and returns [the result](crate::endpoint#calls).
    #[inline]
    pub fn send(self) -> ::core::result::Result<bool, crate::error::Error> {
    self.call.send_element()
    }
    ");
    // The method has no separate descriptor.
    assert_eq!(file(&generated, "table.rs").matches("IS_ALBUM_SAVED").count(), 0);
}

#[test]
fn invalid_shortcuts_are_reported() {
    let zoo = "shortcuts = [{ name = \"get_zoo\", summary = \"A zoo.\" }]";
    assert_snapshot!(with(zoo), @r#"
    spec/albums.toml:9:23: a shortcut is for one value of the enum that selects the type of the items, or for one element of the list, if `batch` has `join = "concat"` and nothing else is required
      |
    9 | shortcuts = [{ name = "get_zoo", summary = "A zoo." }]
      |                       ^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(beside_check("shortcuts = [{ name = \"is_album_saved\", summary = \"An album.\", value = \"albums\" }]"), @r#"
    spec/albums.toml:60:72: `value` is for an endpoint with an enum that selects the type of the items
       |
    60 | shortcuts = [{ name = "is_album_saved", summary = "An album.", value = "albums" }]
       |                                                                        ^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(beside_check("shortcuts = [{ name = \"get_album\", summary = \"An album.\" }]"), @r#"
    spec/albums.toml:60:23: the name `get_album` is taken by the entry at spec/albums.toml:6
       |
    60 | shortcuts = [{ name = "get_album", summary = "An album." }]
       |                       ^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(beside_check("shortcuts = [{ name = \"album\", summary = \"An album.\" }, { name = \"album\", summary = \"An album.\" }]"), @r#"
    spec/albums.toml:60:66: the name `album` is taken by the entry at spec/albums.toml:60
       |
    60 | shortcuts = [{ name = "album", summary = "An album." }, { name = "album", summary = "An album." }]
       |                                                                  ^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(beside_check("shortcuts = [{ name = \"isSaved\", summary = \"An album\" }]"), @r#"
    spec/albums.toml:60:23: a name is written in snake_case, found `isSaved`: write `is_saved`
       |
    60 | shortcuts = [{ name = "isSaved", summary = "An album" }]
       |                       ^^^^^^^^^
    spec/albums.toml:60:53: the `summary` ends with a period: add one
       |
    60 | shortcuts = [{ name = "isSaved", summary = "An album" }]
       |                                                     ^
    2 mistakes in the table of endpoints
    "#);
    assert_snapshot!(beside_check("shortcuts = [{ name = \"send\", summary = \"An album.\" }]"), @r#"
    spec/albums.toml:60:23: `Spotify` already has a method `send`: choose another name
       |
    60 | shortcuts = [{ name = "send", summary = "An album." }]
       |                       ^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(beside_check("shortcuts = [{ nam = \"is_album_saved\" }]"), @r#"
    spec/albums.toml:60:14: this shortcut lacks `name` (of the method, "is_album_saved") and `summary` (what the call does, in one sentence)
       |
    60 | shortcuts = [{ nam = "is_album_saved" }]
       |              ^^^^^^^^^^^^^^^^^^^^^^^^^^
    spec/albums.toml:60:16: this shortcut has an unknown key, `nam`: did you mean `name`?
       |
    60 | shortcuts = [{ nam = "is_album_saved" }]
       |                ^^^
    2 mistakes in the table of endpoints
    "#);
    let top = |line: &str| {
        let reference = "reference    = \"get-users-top-artists-and-tracks\"";
        problems_after(reference, &format!("{reference}\n{line}"))
    };
    assert_snapshot!(top("shortcuts = [{ name = \"get_top_artists\", value = \"artists\", summary = \"The artists.\" }]"), @"nothing");
    assert_snapshot!(top("shortcuts = [{ name = \"get_top_artists\", value = \"artist\", summary = \"The artists.\" }]"), @r#"
    spec/users.toml:39:50: `value` must be `artists` or `tracks`, found `artist`
       |
    39 | shortcuts = [{ name = "get_top_artists", value = "artist", summary = "The artists." }]
       |                                                  ^^^^^^^^
    1 mistake in the table of endpoints
    "#);
    assert_snapshot!(top("shortcuts = [{ name = \"get_top_artists\", summary = \"The artists.\" }]"), @r#"
    spec/users.toml:39:23: `get_top_artists` needs a `value` of `TopItem`, for which it calls the endpoint
       |
    39 | shortcuts = [{ name = "get_top_artists", summary = "The artists." }]
       |                       ^^^^^^^^^^^^^^^^^
    1 mistake in the table of endpoints
    "#);
}
