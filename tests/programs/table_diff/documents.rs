//! Documents with references, `allOf`, parameters of a path, and mistakes.

use insta::assert_snapshot;

use super::report;

/// Describes two operations as in the table, but in a complicated form.
const YAML: &str = r"
openapi: '3.0.3' # a comment
security:
  - oauth_2_0: [user-library-read]
paths:
  /me/albums/contains:
    parameters:
      - $ref: '#/components/parameters/Ids'
      - $ref: '#/components/parameters/Other'
    get: &contains
      deprecated: true
      parameters:
        - { name: ids, in: query, required: true, schema: { $ref: '#/components/schemas/Albums%20ids' } }
      responses:
        200: { description: fine }
  /me/audiobooks/contains:
    parameters: [{ $ref: '#/components/parameters/Ids' }]
    get:
      deprecated: true
      responses:
        200: { description: fine }
  /me/top/{type}:
    $ref: '#/components/pathItems/top'
components:
  pathItems:
    top:
      get:
        responses: { '200': {} }
        security: [{ oauth_2_0: [user-top-read] }]
        parameters:
          - name: type
            in: path
            required: true
            schema:
              allOf:
                - type: [string, 'null']
                - oneOf: [{ enum: [artists] }, { enum: [tracks, null] }]
          - name: time_range
            in: query
            description: One of `long_term`, `medium_term` and `short_term`. Defaults to `medium_term`.
            schema: { type: string }
          - name: limit
            in: query
            schema: { allOf: [{ $ref: '#/components/schemas/Count' }], minimum: 1 }
          - { name: offset, in: query, schema: { type: integer, default: 0, minimum: 0 } }
  parameters:
    Ids:
      $ref: '#/components/parameters/Really'
    Really:
      name: ids
      in: query
      required: true
      schema: { type: string, title: Ids, description: 'Maximum: 50 IDs.' }
    Other: { name: other, in: query, schema: { type: boolean } }
  schemas:
    Albums ids: { type: string, description: 'Maximum: 20 IDs.' }
    Count: { type: integer, minimum: 0, maximum: 50, default: 20 }
";

#[test]
fn references_are_followed() {
    let names = ["are_albums_saved", "are_audiobooks_saved", "get_my_top_items"];
    assert_snapshot!(report(YAML, &names, ""), @r"
    GET /me/albums/contains
        query other: optional boolean in the document, absent in the table
        response: absent in the document, array of boolean in are_albums_saved
    GET /me/audiobooks/contains
        response: absent in the document, array of boolean in are_audiobooks_saved
    GET /me/top/{type}
        response: absent in the document, Page<Artist or Track> in get_my_top_items

    3 operations and 0 objects compared: 4 differences in 3 of them, 0 operations that the table lacks, 0 problems of the document, 0 decided differences left out, 0 decisions that no longer apply.
    ");
}

#[test]
fn json_and_yaml_give_the_same_report() {
    let json = r#"{
        "openapi": "3.0.3",
        "info": { "title": "Spotify \ud83d\ude00" },
        "paths": { "/me": { "get": {
            "responses": { "200": {}, "default": {} },
            "security": [{ "oauth_2_0": ["user-read-private"] }]
        } } }
    }"#;
    let yaml = "
openapi: 3.0.3
paths:
  /me:
    get:
      responses: { 200: {}, default: {} }
      security:
      - oauth_2_0:
        - user-read-private
";
    assert_eq!(report(json, &["get_me"], ""), report(yaml, &["get_me"], ""));
    assert_snapshot!(report(json, &["get_me"], ""), @r"
    GET /me
        scope user-read-email: absent in the document, unlocks more in get_me
        response: absent in the document, User in get_me

    1 operation and 0 objects compared: 2 differences in 1 of them, 0 operations that the table lacks, 0 problems of the document, 0 decided differences left out, 0 decisions that no longer apply.
    ");
}

#[test]
fn document_problems_are_reported() {
    let text = "
openapi: 3.0.3
paths:
  x-note: not a path
  /nothing: null
  /me:
    get: &me
      responses: { 200: {} }
      security: [{ oauth_2_0: [user-read-private, user-read-email] }]
      parameters:
        - $ref: '#/components/parameters/Nowhere'
        - $ref: '#/components/parameters/Circle'
        - $ref: 'other.yaml#/Limit'
        - $ref: 3
        - name: limit
        - 7
    get: *me
    put: [1]
    post:
      parameters: { a: b }
      security: user
      responses: []
      requestBody:
        content: { application/json: { schema: { $ref: '#/components/schemas/Mirror' } } }
    delete:
      requestBody: { $ref: '#/nowhere' }
      parameters: [{ name: a, in: query, schema: { enum: 7 } }, { name: b, in: query, schema: text }]
components:
  parameters:
    Circle: { $ref: '#/components/parameters/Circle' }
  schemas:
    Mirror: { type: object, allOf: [{ $ref: '#/components/schemas/Mirror' }] }
";
    assert_snapshot!(report(text, &["get_me"], ""), @r"
    GET /me
        response: absent in the document, User in get_me
    Operations that the table lacks:
        /me  POST DELETE
    Problems of the document itself:
        expected each key of a map once, found `get` again on line 17
        GET /me: expected `#/components/parameters/Nowhere` in the document, found nothing there
        GET /me: expected at most 16 references in a chain, found more
        GET /me: expected a reference within the document, `#/…`, found `other.yaml#/Limit`
        GET /me: expected `$ref` to be a text, found a number
        GET /me: expected a parameter to have `name` and `in`, found one without
        GET /me: expected a map, found a number
        POST /me: expected `security` to be a list, found a text
        POST /me: expected `parameters` to be a list, found a map
        POST /me, body: expected schemas at most 16 deep, found more
        POST /me: expected a map, found a list
        PUT /me: expected a map, found a list
        DELETE /me, query a: expected `enum` to be a list, found a number
        DELETE /me, query b: expected a schema to be a map, found a text
        DELETE /me, body: expected `#/nowhere` in the document, found nothing there
        /nothing: expected a map, found null

    1 operation and 0 objects compared: 1 difference in 1 of them, 2 operations that the table lacks, 16 problems of the document, 0 decided differences left out, 0 decisions that no longer apply.
    ");
}

#[test]
fn recursive_references_are_bounded() {
    let often = (0..16).map(|at| {
        let next = format!("{{ $ref: '#/components/schemas/S{}' }}, ", at + 1);
        format!("    S{at}: {{ allOf: [{}] }}\n", next.repeat(9))
    });
    let text = format!(
        "openapi: 3.0.3\npaths:\n  /a:\n    get:\n      parameters:\n        - name: q\n          in: query\n          \
         schema: {{ $ref: '#/components/schemas/S0' }}\ncomponents:\n  schemas:\n    S16: {{}}\n{}",
        often.collect::<String>()
    );
    assert_snapshot!(report(&text, &[], ""), @r"
    Operations that the table lacks:
        /a  GET
    Problems of the document itself:
        GET /a, query q: expected schemas at most 16 deep, found more
        GET /a, query q: expected at most 100000 schemas in all, found more

    0 operations and 0 objects compared: 0 differences in 0 of them, 1 operation that the table lacks, 2 problems of the document, 0 decided differences left out, 0 decisions that no longer apply.
    ");
}
