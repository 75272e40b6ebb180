use super::*;

const TABLE: &[Expected] = &[
    Expected { files: &["a", "b"], place: "1: *", what: "title: * | \"x\"", why: Why::Row("Titles") },
    Expected { files: &["a"], place: "2: end", what: "OK | nothing", why: Why::Recording("it was cut") },
];
const CHAPTER: &str = "| | Bokeh | bokeh-rs | why |\n|---|---|---|---|\n| Titles | short | long | so |\n";

#[test]
fn differences_and_table_must_match_both_ways() {
    let title = |file: &str| (file.to_owned(), vec![("1: begin", "title: \"y\" | \"x\"")]);
    let a = ("a".to_owned(), vec![("1: begin", "title: \"y\" | \"x\""), ("2: end", "OK | nothing")]);
    for (found, chapter, expected) in [
        (vec![a.clone(), title("b")], CHAPTER, Ok(())),
        (vec![a.clone()], CHAPTER, Err("no longer different: b, 1: *: title: * | \"x\"")),
        (vec![a.clone(), title("b"), title("c")], CHAPTER, Err("c, 1: begin: title: \"y\" | \"x\"")),
        (vec![a, title("b")], "", Err("the chapter has no row \"Titles\"")),
    ] {
        let found: Vec<_> = found
            .into_iter()
            .map(|(file, differences)| {
                let difference = |(place, what): (&str, &str)| Difference { place: place.into(), what: what.into() };
                (file, differences.into_iter().map(difference).collect())
            })
            .collect();
        assert_eq!(check(&found, TABLE, chapter), expected.map_err(str::to_owned));
    }
}

#[test]
fn stars_stand_for_anything() {
    for (pattern, text, is_match) in [
        ("a", "a", true),
        ("a", "ab", false),
        ("*", "", true),
        ("a*", "a", true),
        ("a*c", "abc", true),
        ("a*c", "abcd", false),
        ("*b*", "abc", true),
        ("é*", "éa", true),
        ("*a*a", "a", false),
    ] {
        assert_eq!(matches(pattern, text), is_match, "{pattern} {text}");
    }
}
