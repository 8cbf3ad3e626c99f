//! Messages about the scopes of an entry, and the conditions under which they are needed.

use insta::assert_snapshot;

use crate::test_table::problems_after;

/// Returns the problems of an entry with a parameter `size` that has a default, a `flag` without one, and a `uri` of
/// an album, without the lines that show their places.
fn of(scopes: &str) -> String {
    let problems_after = problems_after(
        "path         = \"/albums/{id}\"\ntoken        = \"app\"\n",
        &format!("path = \"/albums/{{id}}\"\ntoken = \"app\"\nscopes = {{ {scopes} }}\n"),
    );
    let messages =
        problems_after.lines().filter_map(|line| line.strip_prefix("spec/albums.toml:12:"));
    let messages: Vec<_> =
        messages.map(|line| line.split_once(": ").map_or(line, |(_, message)| message)).collect();
    if messages.is_empty() { problems_after } else { messages.join("\n") }
}

/// Returns the problems of a conditional scope.
fn case(case: &str) -> String {
    of(&format!(r#"conditional = {{ "user-top-read" = {case} }}, recommended = ["user-top-read"]"#))
}

#[test]
fn valid_conditional_scopes_are_accepted() {
    for good in [
        r#""sometimes.""#,
        r#"{ when = "sometimes." }"#,
        r#"{ when = "for albums.", kinds = ["album"] }"#,
        r#"{ when = "if it is large.", param = "size", is = 9 }"#,
    ] {
        assert_eq!(case(good), "nothing", "{good}");
    }
}

#[test]
fn invalid_scope_conditions_by_uri_kind_are_reported() {
    assert_snapshot!(case(r#"{ when = "x.", kinds = ["albun"] }"#), @"the parameter of URIs does not accept the kind `albun`: did you mean `album`?");
    assert_snapshot!(case(r#"{ when = "x.", kinds = ["user"] }"#), @"the parameter of URIs does not accept the kind `user`");
    assert_snapshot!(case(r#"{ when = "x.", kinds = ["album"], param = "size", is = 3 }"#), @"a scope is needed by `kinds` of URI or by the value of a `param`, found both");
    let without = problems_after(
        r#"scopes       = { required = ["user-top-read"] }"#,
        r#"scopes       = { conditional = { "user-top-read" = { when = "x.", kinds = ["album"] } }, recommended = ["user-top-read"] }"#,
    );
    assert_snapshot!(without.lines().next().unwrap(), @"spec/users.toml:42:76: a scope has `kinds` only where a parameter is a `SpotifyUri`, found none: use `param` and `is`");
}

#[test]
fn invalid_scope_conditions_by_parameter_are_reported() {
    assert_snapshot!(case(r#"{ when = "x.", param = "sise", is = 3 }"#), @"no parameter has the name `sise`: did you mean `size`?");
    assert_snapshot!(case(r#"{ when = "x.", param = "size" }"#), @"`param` needs `is`, the value with which the scope is needed");
    assert_snapshot!(case(r#"{ when = "x.", is = 3 }"#), @"`is` needs `param`, the parameter that has this value");
    assert_snapshot!(case(r#"{ when = "x.", param = "flag", is = true }"#), @"the parameter `flag` needs a `default`, or the client cannot decide whether the scope is needed without it");
    assert_snapshot!(case(r#"{ when = "x.", param = "flag", is = "true" }"#), @"
    the parameter `flag` needs a `default`, or the client cannot decide whether the scope is needed without it
    `is` must be `true` or `false`, found the string `true`
    ");
    assert_snapshot!(case(r#"{ when = "x.", param = "album_id", is = "x" }"#), @"a scope is needed by the value of one parameter in the query or the body");
}

#[test]
fn incomplete_scope_conditions_are_reported() {
    assert_snapshot!(case("5"), @"`user-top-read` must be a string or a table, found an integer");
    assert_snapshot!(case("{ kinds = [\"album\"] }"), @r#"this scope lacks `when` (the case, "for tracks.")"#);
    assert_snapshot!(case(r#"{ when = "x.", kind = ["album"] }"#), @"this scope has an unknown key, `kind`: did you mean `kinds`?");
}

#[test]
fn invalid_recommended_scopes_are_reported() {
    let both = r#"["user-top-read", "user-library-read"]"#;
    assert_eq!(of(&format!(r#"alternative = {both}, recommended = ["user-top-read"]"#)), "nothing");
    assert_eq!(of(&format!("alternative = {both}, recommended = {both}")), "nothing");
    assert_snapshot!(of(&format!("alternative = {both}")), @"`alternative` and `conditional` need `recommended`, a list of those that a login requests");
    assert_snapshot!(of(r#"conditional = { "user-top-read" = "sometimes." }"#), @"`alternative` and `conditional` need `recommended`, a list of those that a login requests");
    assert_snapshot!(of(&format!(r#"alternative = {both}, recommended = ["user-top-reed"]"#)), @"the scope `user-top-reed` is recommended but neither `alternative` nor `conditional`: did you mean `user-top-read`?");
    assert_snapshot!(of(r#"required = ["user-top-read"], recommended = ["user-top-read"]"#), @"the scope `user-top-read` is recommended but neither `alternative` nor `conditional`");
}
