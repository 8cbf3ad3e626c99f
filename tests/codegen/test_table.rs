//! A small table without mistakes, which tests edit, and the messages or the Rust that follow.

use crate::generate_files;

const VOCABULARY: &str = r#"[[scope]]
name = "user-library-read"
summary = "read what is saved in the user's library."

[[scope]]
name = "user-top-read"
summary = "read the user's top artists and tracks."

[[id]]
name = "AlbumId"
summary = "The id of an album."
uri = "album"
path = "albums"
form = "base62"
example = "382ObEPsp2rxGrnsizN5TX"

[[id]]
name = "UserId"
summary = "The id of a user."
uri = "user"
path = "users"
form = "text"
example = "smedjan"

[[enum]]
name = "TimeRange"
summary = "The span of listening."
values = [
    { value = "long_term", doc = "about one year." },
    { value = "short_term", doc = "about four weeks." },
]

[[enum]]
name = "TopItem"
summary = "What to ask for."
values = [
    { value = "artists", item = "Artist", doc = "the top artists." },
    { value = "tracks", item = "Track", doc = "the top tracks." },
]
"#;

const ALBUMS: &str = r#"[area]
name = "Albums"
summary = "Albums, and those that a user saved."

[[endpoint]]
name         = "get_album"
summary      = "Get an album."
reference    = "get-an-album"
method       = "GET"
path         = "/albums/{id}"
token        = "app"
returns      = "Album"
availability = "all"
params       = [
    { name = "album_id", in = "path", key = "id", type = "AlbumId", required = true, example = "382ObEPsp2rxGrnsizN5TX", doc = "The album." },
    { name = "size", in = "query", type = "u8", min = 1, max = 9, default = 3, example = 5, doc = "A size." },
    { name = "flag", in = "query", type = "bool", example = true, doc = "A flag." },
    { name = "word", in = "query", type = "TimeRange", example = "long_term", doc = "A word." },
    { name = "title", in = "query", type = "String", example = "Tron", doc = "A title." },
    { name = "country", in = "query", type = "Market", example = "FI", doc = "A market." },
    { name = "since", in = "query", type = "Timestamp", example = "2017-05-26T00:00:00Z", doc = "A moment." },
    { name = "uri", in = "query", type = "SpotifyUri", kinds = ["album"], example = "spotify:album:382ObEPsp2rxGrnsizN5TX", doc = "A URI." },
]

[[endpoint]]
name         = "get_saved_albums"
summary      = "Get the saved albums."
reference    = "get-users-saved-albums"
method       = "GET"
path         = "/me/albums"
token        = "user"
scopes       = { required = ["user-library-read"] }
returns      = "Page<SavedAlbum>"
availability = "all"
params       = [
    { name = "limit", in = "query", type = "u32", min = 1, max = 50, example = 50, doc = "A limit." },
    { name = "offset", in = "query", type = "u32", min = 0, example = 20, doc = "An offset." },
]

[[endpoint]]
name         = "save_albums"
summary      = "Save albums."
reference    = "save-albums-user"
method       = "PUT"
path         = "/me/albums"
token        = "user"
returns      = "()"
success      = [204]
batch        = { by = "album_ids", max = 20, join = "unit" }
availability = "extended"
replacement  = "`PUT /me/library` with URIs"
params       = [
    { name = "album_ids", in = "body", key = "timed", bare_key = "ids", type = "TimestampedId", list = true, required = true, example = ["382ObEPsp2rxGrnsizN5TX", { id = "1A2GTWGtFfWp7KSQTwWOyo", added_at = "2017-05-26T00:00:00Z" }], doc = "The albums." },
]

[[endpoint]]
name         = "are_albums_saved"
summary      = "Check which albums are saved."
reference    = "check-users-saved-albums"
method       = "GET"
path         = "/me/albums/contains"
token        = "user"
returns      = "Vec<bool>"
batch        = { by = "album_ids", max = 19, join = "concat" }
availability = "extended"
fallback     = { endpoint = "are_items_saved", uris = "spotify:album:{album_ids}" }
params       = [
    { name = "album_ids", in = "query", key = "ids", type = "AlbumId", list = true, required = true, example = ["382ObEPsp2rxGrnsizN5TX", "1A2GTWGtFfWp7KSQTwWOyo"], doc = "The saved albums." },
]
"#;

const USERS: &str = r#"[area]
name = "Users"
summary = "What users follow and save."

[[endpoint]]
name         = "get_followed_artists"
summary      = "Get the followed artists."
reference    = "get-followed"
method       = "GET"
path         = "/me/following"
token        = "user"
returns      = "CursorPage<Artist>"
pointer      = "artists"
fixed        = { type = "artist" }
availability = "all"
params       = [
    { name = "after", in = "query", type = "UserId", example = "smedjan", doc = "A cursor." },
    { name = "limit", in = "query", type = "u16", max = 50, example = 50, doc = "A limit of artists." },
]

[[endpoint]]
name         = "are_items_saved"
summary      = "Check which items are saved."
reference    = "check-library-contains"
method       = "GET"
path         = "/me/library/contains"
token        = "user"
returns      = "Vec<bool>"
batch        = { by = "uris", max = 40, join = "concat" }
availability = "all"
params       = [
    { name = "uris", in = "query", type = "SpotifyUri", list = true, required = true, kinds = ["album", "user"], example = ["spotify:user:smedjan"], doc = "The items." },
]

[[endpoint]]
name         = "get_top_items"
summary      = "Get the top items."
reference    = "get-users-top-artists-and-tracks"
method       = "GET"
path         = "/me/top/{type}"
token        = "user"
scopes       = { required = ["user-top-read"] }
returns      = "Vec<TopItem::Item>"
availability = "all"
params       = [
    { name = "item_type", in = "path", key = "type", type = "TopItem", required = true, example = "artists", doc = "Artists or tracks." },
]

[[endpoint]]
name         = "get_user"
summary      = "Get a user, or with `None` the current one."
reference    = "get-users-profile"
method       = "GET"
path         = "/users/{user_id}"
token        = "app"
returns      = "User"
availability = "extended"
params       = [
    { name = "user_id", in = "path", type = "UserId", when_absent = "/me", example = "smedjan", doc = "The user." },
]
"#;

/// Returns the files.
pub fn files() -> Vec<(String, String)> {
    [("albums", ALBUMS), ("users", USERS), ("vocabulary", VOCABULARY)]
        .map(|(name, text)| (format!("spec/{name}.toml"), text.to_owned()))
        .to_vec()
}

/// Returns the files after edits, each of which replaces exactly one match.
pub fn edited(edits: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut files = files();
    for (from, to) in edits {
        let count: usize = files.iter().map(|(_, text)| text.matches(from).count()).sum();
        assert_eq!(count, 1, "expected `{from}` once in the files");
        for (_, text) in &mut files {
            *text = text.replace(from, to);
        }
    }
    files
}

/// Returns the problems of files.
pub fn problems_of(files: &[(String, String)]) -> String {
    match generate_files(files, &[]) {
        Ok(_) => "nothing".to_owned(),
        Err(problems) => problems.to_string(),
    }
}

/// Returns the problems after an edit.
pub fn problems_after(from: &str, to: &str) -> String {
    problems_of(&edited(&[(from, to)]))
}

/// All Rust that the table becomes after an edit, without the layout.
pub fn generated_after(from: &str, to: &str) -> String {
    let files = generate_files(&edited(&[(from, to)]), &[]);
    let files = files.map_err(|problems| problems.to_string()).unwrap();
    let words = files.iter().flat_map(|(_, text)| text.split_whitespace());
    words.collect::<Vec<_>>().join(" ").replace(" .", ".")
}

/// Returns an entry; `more` adds lines to it.
pub fn entry(name: &str, path: &str, more: &str) -> String {
    format!(
        "\n[[endpoint]]\nname = \"{name}\"\nsummary = \"An entry.\"\nreference = \"an-entry\"\nmethod = \"GET\"\npath = \"{path}\"\ntoken = \"app\"\nreturns = \"Album\"\navailability = \"all\"\n{more}"
    )
}

/// Returns the problems after entries were added.
pub fn problems_with(entries: &str) -> String {
    let mut files = files();
    files.push((
        "spec/zoo.toml".to_owned(),
        format!("[area]\nname = \"Zoo\"\nsummary = \"More.\"\n{entries}"),
    ));
    problems_of(&files)
}

/// Returns one entry with its area, and the vocabulary.
pub fn alone(name: &str) -> Vec<(String, String)> {
    let mut files = files();
    let name = format!("\"{name}\"");
    let has =
        |text: &str| text.lines().any(|line| line.starts_with("name ") && line.ends_with(&name));
    files.retain(|(path, text)| path.ends_with("vocabulary.toml") || has(text));
    for (_, text) in files.iter_mut().filter(|(path, _)| !path.ends_with("vocabulary.toml")) {
        let mut parts = text.split("[[endpoint]]\n");
        let area = parts.next().unwrap_or_default();
        let entry = parts.find(|part| has(part)).unwrap_or_default();
        // Its fallback endpoint isn't in these files.
        let entry: String =
            entry.split_inclusive('\n').filter(|line| !line.starts_with("fallback")).collect();
        *text = format!("{area}[[endpoint]]\n{entry}");
    }
    files
}
