//! A difference with a decision isn't reported, as long as it doesn't change.

use insta::assert_snapshot;

use super::{diff, report};

const DOCUMENT: &str = "
openapi: 3.0.3
paths:
  /me:
    get:
      responses: { 200: {} }
      security: [{ oauth_2_0: [user-read-private, user-read-birthdate] }]
  /me/moods: { get: {}, put: {} }
";

#[test]
fn decided_difference_is_omitted() {
    assert_snapshot!(report(DOCUMENT, &["get_me"], ""), @r"
    GET /me
        scope user-read-birthdate: listed in the document, absent in the table
        scope user-read-email: absent in the document, unlocks more in get_me
        response: absent in the document, User in get_me
    Operations that the table lacks:
        /me/moods  GET PUT

    1 operation and 0 objects compared: 3 differences in 1 of them, 2 operations that the table lacks, 0 problems of the document, 0 decided differences left out, 0 decisions that no longer apply.
    ");
    let decided = r#"
[[decided]]
operation = "GET /me"
about     = "scope user-read-*"
document  = "listed"
table     = "absent"
because   = "Nobody has seen it."

[[decided]]
operation = "* /me/moods"
about     = "operation"
document  = "present"
table     = "absent"
because   = "It is for Spotify's own apps."
"#;
    assert_snapshot!(report(DOCUMENT, &["get_me"], decided), @r"
    GET /me
        scope user-read-email: absent in the document, unlocks more in get_me
        response: absent in the document, User in get_me

    1 operation and 0 objects compared: 2 differences in 1 of them, 0 operations that the table lacks, 0 problems of the document, 3 decided differences left out, 0 decisions that no longer apply.
    ");
}

#[test]
fn obsolete_decision_is_reported() {
    let decided = r#"
# A comment.
[[decided]]
operation = "GET /me"
about     = "scope user-read-email"
document  = "listed"
table     = "unlocks more"
because   = "It was so once."
"#;
    assert_snapshot!(report(DOCUMENT, &["get_me"], decided), @r"
    GET /me
        scope user-read-birthdate: listed in the document, absent in the table
        scope user-read-email: absent in the document, unlocks more in get_me
        response: absent in the document, User in get_me
    Operations that the table lacks:
        /me/moods  GET PUT
    Lines of decided.toml that no longer apply:
        line 3: GET /me: scope user-read-email: listed in the document, unlocks more in the table

    1 operation and 0 objects compared: 3 differences in 1 of them, 2 operations that the table lacks, 0 problems of the document, 0 decided differences left out, 1 decision that no longer applies.
    ");
}

#[test]
fn mistakes_in_the_decision_file_are_reported() {
    let mistake = |text: &str| report(DOCUMENT, &["get_me"], text);
    let entry =
        |line: &str| format!("[[decided]]\noperation = 'a'\nabout = 'a'\ndocument = 'a'\n{line}\n");
    assert_snapshot!(mistake("[[decided]]\noperation = '*a*'\nabout = 'a'\ndocument = 'a'\ntable = 'a'\nbecause = '**'"), @"error: decided.toml:2: expected at most one `*` in `operation`, found more");
    assert_snapshot!(mistake("\n\n[[decided]"), @"error: decided.toml:3: expected TOML, found: unclosed array table, expected `]`");
    assert_snapshot!(mistake("decided = 3"), @"error: decided.toml:1: expected `[[decided]]` alone, found `decided`");
    assert_snapshot!(mistake("decided = [3]"), @"error: decided.toml:1: expected `[[decided]]` to be a table");
    assert_snapshot!(mistake("[[undecided]]\na = 'b'"), @"error: decided.toml:1: expected `[[decided]]` alone, found `undecided`");
    assert_snapshot!(mistake(&entry("table = 'a'")), @"error: decided.toml:1: expected the key `because`, found none");
    assert_snapshot!(mistake(&entry("table = 'a'\nbecause = ' '")), @"error: decided.toml:6: expected `because` to be text that is not blank");
    assert_snapshot!(mistake(&entry("because = 'a'\ntable = 3")), @"error: decided.toml:6: expected `table` to be text that is not blank");
    assert_snapshot!(mistake(&entry("table = 'a'\nbecause = 'a'\nreason = 'a'")), @"error: decided.toml:7: expected one of operation, about, document, table, because, found `reason`");
}

#[test]
fn built_in_decision_file_is_valid() {
    assert!(!diff::decided::read(diff::DECIDED).unwrap().is_empty());
}
