use super::*;

#[test]
fn a_base_is_what_was_taken_off() {
    for (original, nested, expected) in [
        ("/plots/app?a=1", "/app?a=1", "/plots"),
        ("/plots/app/", "/app/", "/plots"),
        ("/plots", "/", "/plots"),
        ("/plots/", "/", "/plots"),
        ("/a/b/app", "/app", "/a/b"),
        ("/app/app", "/app", "/app"),
        ("/a%20b/app", "/app", "/a%20b"),
        ("/\"'/app", "/app", "/%22%27"),
    ] {
        let base = Base::between(&original.parse().unwrap(), &nested.parse().unwrap());
        assert_eq!(base.as_str(), expected, "{original}");
    }
}
