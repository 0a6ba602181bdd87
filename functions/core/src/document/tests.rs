use super::*;

fn small(bytes: usize) -> Limits {
    Limits::of(bytes)
}

fn joined(numbers: std::ops::Range<usize>, text: impl Fn(usize) -> String) -> String {
    numbers.map(text).collect()
}

fn show(result: Result<Value, DocumentError>) -> String {
    match result {
        Ok(value) => value.to_string(),
        Err(error) => error.within("f"),
    }
}

#[test]
fn yaml_scalars_keep_what_was_written() {
    let check = |text: &str, expected: &str| assert_eq!(show(yaml(text, Limits::YAML)), expected, "{text:?}");
    check("a: '012345678901'", r#"{"a":"012345678901"}"#);
    check("['yes', no-vpc, \"on\", off-line]", r#"["yes","no-vpc","on","off-line"]"#);
    check("[true, ~, null, '']", r#"[true,null,null,""]"#);
    check("[0.0, 1.10, 1.4.0, 80, '80', -3]", r#"[0.0,1.10,"1.4.0",80,"80",-3]"#);
    check("a: 012\n  345", r#"{"a":"012 345"}"#);
    check("99999999999999999999999999999999999999999999", "99999999999999999999999999999999999999999999");
    check("a: &x 1.10\nb: *x\nc: [*x]", r#"{"a":1.10,"b":1.10,"c":[1.10]}"#);
    check("a: &m {x: 0.0, l: [1]}\nb: *m", r#"{"a":{"x":0.0,"l":[1]},"b":{"x":0.0,"l":[1]}}"#);
    check("", "null");
    check("\u{feff}---\na: |\n  !x\n  <<: y\nb: \"!\"\n...\n", r#"{"a":"!x\n<<: y\n","b":"!"}"#);
}

#[test]
fn yaml_that_readers_could_understand_differently_is_refused() {
    let check = |text: &str, expected: &str| assert_eq!(show(yaml(text, Limits::YAML)), expected, "{text:?}");
    check("a: 1\nb:\n  c: 1\n  d: {x: 1}\n  c: 2\n", "f line 5 column 3: key \"c\" is given twice (first at line 3)");
    check("a: *b", "f line 1 column 4: while parsing node, found unknown anchor");
    check("x: !Sub a", "f line 1 column 4: YAML tags (!Sub) are not supported");
    check("x: !!str 1", "f line 1 column 4: YAML tags (!!str) are not supported");
    check(
        "x: &a !!python/object:os.system a",
        "f line 1 column 7: YAML tags (!!python/object:os.system) are not supported",
    );
    check("- !<tag:x> {}", "f line 1 column 3: YAML tags (!<tag:x>) are not supported");
    check("{a: [b, !c d]}", "f line 1 column 9: YAML tags (!c) are not supported");
    check("%YAML 1.2\n---\na: 1", "f line 1 column 1: YAML directives (%) are not supported");
    check("a: 1\n---\nb: 1", "f line 2 column 1: more than one YAML document");
    check("a: 1\n...\nb: 1", "f line 3 column 1: more than one YAML document");
    check("a: &x {b: 1}\nc:\n  <<: *x", "f line 3 column 3: YAML merge keys (<<) are not supported");
    check("a: [<<, {}]", "f line 1 column 5: YAML merge keys (<<) are not supported");
    check("a: 1\n8080: 2", "f line 2 column 1: a key must be text");
    check("true: 2", "f line 1 column 1: a key must be text");
    check("~: 2", "f line 1 column 1: a key must be text");
    check("? a\n: b", "f line 1 column 1: a key must be text");
    check("[a]: b", "f line 1 column 1: a key must be text");
    check("a:\n\t- b", "f line 2 column 1: tab used for indentation");
    check("a: 1\n\tb: 2", "f line 2 column 1: tab used for indentation");
    check("a:\n  b: 1\n \tc: 2", "f line 3 column 2: tab used for indentation");
    check("a: b: c", "f line 1 column 5: mapping values are not allowed in this context");
    check("a: 'b", "f line 1 column 4: while scanning a quoted scalar, found unexpected end of stream");
    check("a: 'b\nc: d", "f line 1 column 4: the text in quotes has no end, or a line of it is not indented");
    check("a: @b", "f line 1 column 4: unexpected character: `@'");
    check("a: 1\nb\nc: 2", "f line 3 column 1: could not find expected ':'");
    check(" a: b\nc: d", "f line 2 column 1: this does not belong to the document above; check the indentation");
    check("{a, b: !", "f line 1 column 8: YAML tags (!) are not supported");
    check("{a}", r#"{"a":null}"#);
    check("{a!b}", r#"{"a!b":null}"#);
    check("a: &x !e!x b", "f line 1 column 7: YAML tags (!e!x) are not supported");
    check("a: |\n  b\n c", "f line 3 column 2: while parsing a block mapping, did not find expected key");
    let differs = "YAML 1.1 and YAML 1.2 read this value without quotes differently";
    check("a: no", &format!("f line 1 column 4: {differs}"));
    check("a: [b, 012 ]", &format!("f line 1 column 8: {differs}"));
    check("a:\n  - b\n  - 2024-01-01 # a date\n", &format!("f line 3 column 5: {differs}"));
    check("on: b", &format!("f line 1 column 1: {differs}"));
    check("a: &x 1e3", &format!("f line 1 column 7: {differs}"));
    check("{?\n a: b}", "f line 1 column 2: a key must be text");
    check("{a: b # ?\n, c: d?}", r#"{"a":"b","c":"d?"}"#);
    check("a: b\n%c", "f line 2 column 1: YAML directives (%) are not supported");
}

#[test]
fn yaml_that_two_parsers_read_differently_is_refused() {
    let check = |text: &str, expected: &str| assert_eq!(show(yaml(text, Limits::YAML)), expected, "{text:?}");
    let differs = "YAML 1.1 and YAML 1.2 read this differently";
    check("a: [?]", &format!("f line 1 column 6: {differs}"));
    check("{a\n b: c}", &format!("f line 2 column 5: {differs}"));
    check("a: \"b\\\u{2028}c\"", "f line 1 column 4: while parsing a quoted scalar, found unknown escape character");
    // A block scalar without a line break at its end is the same to both.
    check("a: |\n  b", r#"{"a":"b"}"#);
    check("a: >\n  b\n   ", r#"{"a":"b\n "}"#);
    check("a: |+\n  b\n\n", r#"{"a":"b\n\n"}"#);
    check("a: |\n  b\n ", r#"{"a":"b\n"}"#);
}

#[test]
fn line_breaks_of_one_version_are_refused_outside_quotes() {
    for (c, name) in [('\u{85}', "0085"), ('\u{2028}', "2028"), ('\u{2029}', "2029")] {
        let said = format!("U+{name} is a line break in YAML 1.1 and not in YAML 1.2");
        for text in [
            format!("a: b\n# comment{c}c: d"),
            format!("a: b{c}c: d"),
            format!("a: b {c} c"),
            format!("a: |\n  b{c}  c"),
            format!("a: | # x{c}  c"),
            format!("{c}a: b"),
            format!("a: [b,{c}c]"),
            format!("a: b # c{c}"),
            format!("a: |\n  b\n{c}c: d"),
            format!("a: |\n  b\n  {c}c"),
            format!("a: >\n{c}  b"),
            format!("a: |1\n {c} b"),
        ] {
            let error = yaml(&text, Limits::YAML).map_err(|error| error.kind.to_string());
            assert_eq!(error, Err(said.clone()), "{text:?}");
        }
        let quoted = yaml(&format!("a: \"b{c}c\""), Limits::YAML);
        assert_eq!(quoted.is_ok(), c != '\u{85}', "{quoted:?}");
    }
}

#[test]
fn an_exclamation_mark_inside_text_is_not_a_tag() {
    let check = |text: &str| {
        let document = yaml_document(text, Limits::YAML).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(document.marks.len(), places::count_marks(&document.value), "{text:?}");
        document.marks.iter().map(|place| (place.line, place.column)).collect::<Vec<_>>()
    };
    assert_eq!(check("a: it's !fine\nb: x # !no\nc: \"!a 'b\"\n"), [(1, 1), (2, 1), (3, 1)]);
    assert_eq!(check("a: b\n  !c\n  \"d\ne: f"), [(1, 1), (4, 1)]);
    assert_eq!(check("a: >2-\r\n    !b\r\n\r\n  !c\r\nd: e"), [(1, 1), (5, 1)]);
    assert_eq!(
        check("- - a: 1\n    b: [c, {d: e, \"f\":g}]\n  - h:\n    - i: \"\n       !j: k\"\n"),
        [(1, 3), (1, 5), (1, 5), (2, 5), (2, 9), (2, 12), (2, 13), (2, 19), (3, 5), (3, 5), (4, 7), (4, 7)]
    );
    assert_eq!(
        check("a:\n- b\n-   c: d\n    e: |+\n\n     !f\n\n   # !comment\ng: 'h''!i'"),
        [(1, 1), (2, 3), (3, 5), (3, 5), (4, 5), (9, 1)]
    );
    // The second quote character belongs to plain text, so the tag after it is a tag.
    let hidden = "a: foo\n  \"bar\nb: !tag x\nc: \"\n";
    assert_eq!(show(yaml(hidden, Limits::YAML)), "f line 3 column 4: YAML tags (!tag) are not supported");
}

#[test]
fn json_mistakes_are_named_with_their_place() {
    let check = |text: &str, expected: &str| assert_eq!(show(json(text, Limits::JSON)), expected, "{text:?}");
    check(r#"{"a": [1, 2.50, 1e3, -0, true, null, "é"]}"#, r#"{"a":[1,2.50,1e+3,-0,true,null,"é"]}"#);
    check("\u{feff}{}", "{}");
    check("{\n \"a\": 1,\n}", "f line 3 column 1: trailing comma");
    check("[\n1,]", "f line 2 column 3: trailing comma");
    check("{\n // x\n}", "f line 2 column 2: comment");
    check("{ \"a\": /* x */ 1}", "f line 1 column 8: comment");
    check("{ \"a\": 1 # x\n}", "f line 1 column 10: comment");
    check("{}\n// end", "f line 2 column 1: comment");
    check("{} {}", "f line 1 column 4: trailing characters");
    check("{'a': 1}", "f line 1 column 2: key must be a string");
    check("", "f line 1 column 0: EOF while parsing a value");
    check(
        "{\"a\":\"x\\\":\",\n \"b\":{\"a\":1},\n\"a\" :2}",
        "f line 3 column 1: key \"a\" is given twice (first at line 1)",
    );
    check(r#"{"$serde_json::private::Number":"1"}"#, "f: a key begins with $serde_json::private");
    check(r#"{"\u0024serde_json::private::Number":"1"}"#, "f line 1 column 2: a key begins with $serde_json::private");
    check("01", "f line 1 column 2: invalid number");
}

#[test]
fn nothing_grows_past_its_limits() {
    let check = |result: Result<Value, DocumentError>, expected: &DocumentErrorKind| {
        assert_eq!(&result.expect_err("must be refused").kind, expected);
    };
    let many = |count: usize| joined(0..count, |n| format!("\"k{n}\":0,"));
    check(json(&" ".repeat(11), small(10)), &DocumentErrorKind::TooLarge { bytes: 11, limit: 10 });
    check(yaml(&"a: b\n".repeat(20_000), Limits::YAML), &DocumentErrorKind::TooLarge { bytes: 100_000, limit: 65_536 });
    check(json(&"[".repeat(100_000), Limits::JSON), &DocumentErrorKind::Depth(64));
    check(yaml(&"[".repeat(60_000), Limits::YAML), &DocumentErrorKind::Depth(64));
    check(yaml(&"- ".repeat(30_000), Limits::YAML), &DocumentErrorKind::Depth(64));
    let stairs = joined(0..200, |n| format!("{}a:\n", " ".repeat(n)));
    assert_eq!(show(yaml(&stairs, Limits::YAML)), "f line 65 column 65: nested deeper than 64 levels");
    check(json(&format!("{{{}\"z\":0}}", many(100_000)), small(2 << 20)), &DocumentErrorKind::Nodes(20_000));
    check(yaml(&format!("[{}]", "a,".repeat(30_000)), Limits::YAML), &DocumentErrorKind::Nodes(20_000));
    let wide = format!("a: &a {}\nb: [{}]", "x".repeat(40_000), "*a,".repeat(5_000));
    check(yaml(&wide, Limits::YAML), &DocumentErrorKind::ScalarBytes(1 << 20));
    let digits = format!("a: &a 1.{}\nb: [{}]", "0".repeat(40_000), "*a,".repeat(5_000));
    check(yaml(&digits, Limits::YAML), &DocumentErrorKind::ScalarBytes(1 << 20));
    let keys = format!("a: &a {{{}: 1}}\nb: [{}]", "x".repeat(1_000), "*a,".repeat(5_000));
    check(yaml(&keys, Limits::YAML), &DocumentErrorKind::ScalarBytes(1 << 20));
    let laughs = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned()
        + &joined(1..9, |n| format!("a{n}: &a{n} [{}]\n", format!("*a{},", n - 1).repeat(9)));
    check(yaml(&laughs, Limits::YAML), &DocumentErrorKind::Nodes(20_000));
    check(yaml("a: &a [*a]", Limits::YAML), &DocumentErrorKind::Depth(64));
    assert!(json(&format!("{}1{}", "[".repeat(64), "]".repeat(64)), Limits::JSON).is_ok());
    assert!(yaml(&format!("{}1{}", "[".repeat(64), "]".repeat(64)), Limits::YAML).is_ok());
}

#[test]
fn files_that_are_not_utf8_are_named() {
    let check = |bytes: &[u8], expected: Result<&str, DocumentErrorKind>| {
        assert_eq!(text(bytes).map_err(|error| error.kind), expected, "{bytes:?}");
    };
    check(b"\xef\xbb\xbfversion: 0.0", Ok("version: 0.0"));
    check(b"", Ok(""));
    check(b"\xff\xfev\0e\0", Err(DocumentErrorKind::Utf16));
    check(b"\0v\0e", Err(DocumentErrorKind::Utf16));
    check(b"v\0e\0", Err(DocumentErrorKind::Utf16));
    check(b"abc\xff", Err(DocumentErrorKind::Utf8 { offset: 3 }));
}

#[test]
fn a_path_leads_to_the_place_of_its_last_step() {
    let check = |document: &Document, path: &[&str], expected: Option<(usize, usize)>| {
        let steps: Vec<Step> =
            path.iter().map(|step| step.parse().map_or_else(|_| Step::Key((*step).to_owned()), Step::Item)).collect();
        assert_eq!(document.place(&steps).map(|it| (it.line, it.column)), expected, "{path:?}");
    };
    let document = yaml_document("a:\n  - b: 1\n  - b: 2\n    c:\n      - 3\nd: {e: 4}", Limits::YAML).unwrap();
    check(&document, &["a"], Some((1, 1)));
    check(&document, &["a", "0"], Some((2, 5)));
    check(&document, &["a", "0", "b"], Some((2, 5)));
    check(&document, &["a", "1", "b"], Some((3, 5)));
    check(&document, &["a", "1", "c", "0"], Some((5, 9)));
    check(&document, &["d", "e"], Some((6, 5)));
    // Of what is missing, the place where it belongs.
    check(&document, &["a", "x"], Some((1, 1)));
    check(&document, &["a", "1", "x"], Some((3, 5)));
    check(&document, &["x"], None);
    let text = "{\"a\": [\n{\"b\": 1},\n [2, [], \"ü\\\"[,\", {\"c\": {}}, \"é\"]], \"ö\": {}, \"d\": \"x\"}";
    let document = json_document(text, Limits::JSON).unwrap();
    check(&document, &["a"], Some((1, 2)));
    check(&document, &["a", "0"], Some((2, 1)));
    check(&document, &["a", "0", "b"], Some((2, 2)));
    check(&document, &["a", "1"], Some((3, 2)));
    check(&document, &["a", "1", "0"], Some((3, 3)));
    check(&document, &["a", "1", "1"], Some((3, 6)));
    check(&document, &["a", "1", "2"], Some((3, 10)));
    check(&document, &["a", "1", "3", "c"], Some((3, 20)));
    check(&document, &["a", "1", "4"], Some((3, 30)));
    check(&document, &["d"], Some((3, 46)));
    // As people see a line: in characters.
    let error = json_document("{\"é\": x}", Limits::JSON).unwrap_err();
    assert_eq!(error.place, Some(Place { line: 1, column: 7 }));
    let document = yaml_document("a: &a {b: 1}\nc: *a\nd: 1\ne: [*a, 2]", Limits::YAML).unwrap();
    check(&document, &["c", "b"], Some((1, 8)));
    check(&document, &["d"], Some((3, 1)));
    check(&document, &["e", "0", "b"], Some((1, 8)));
    check(&document, &["e", "1"], Some((4, 9)));
}
