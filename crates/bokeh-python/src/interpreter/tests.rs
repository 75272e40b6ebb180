use super::*;

#[test]
fn the_named_interpreter_comes_before_the_environment_and_that_before_the_search_path() {
    for (named, virtual_env, expected, origin) in [
        (Some("/opt/python"), Some("/venv"), "/opt/python", Origin::Named),
        (Some("python3.12"), None, "python3.12", Origin::Named),
        (None, Some("/venv"), "/venv/bin/python", Origin::VirtualEnv),
        (None, Some(""), "python3", Origin::SearchPath),
        (None, None, "python3", Origin::SearchPath),
    ] {
        let chosen = choose(named.map(Path::new), virtual_env.map(OsStr::new));
        assert_eq!(chosen, (PathBuf::from(expected), origin));
    }
}

#[test]
fn versions_from_the_oldest_to_the_newest_are_supported() {
    for (version, expected) in [
        ("3.6.3", false),
        ("3.7.0", true),
        ("3.9.2", true),
        ("3.10.0", true),
        ("3.10.0rc1", true),
        ("3.9.0.dev5+3.gabc", true),
        ("3.11.0", false),
        ("2.4.3", false),
        ("4.0.0", false),
        ("3", false),
        ("unknown", false),
    ] {
        let found = Found { python: "3.12".to_owned(), bokeh: version.to_owned() };
        assert_eq!(found.is_supported(), expected, "{version}");
    }
}
