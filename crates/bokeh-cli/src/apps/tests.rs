use clap::{Command, FromArgMatches};

use super::*;

#[test]
fn what_stands_after_args_is_for_the_applications() {
    for (args, own, theirs) in [
        ("serve app.py", vec!["serve", "app.py"], vec![]),
        ("serve app.py --args", vec!["serve", "app.py"], vec![]),
        ("serve app.py --args -n 5 --port 1", vec!["serve", "app.py"], vec!["-n", "5", "--port", "1"]),
        ("serve --args a --args b", vec!["serve"], vec!["a", "--args", "b"]),
    ] {
        let (found, rest) = split(args.split(' ').map(OsString::from));
        assert_eq!(found, own.into_iter().map(OsString::from).collect::<Vec<_>>(), "{args}");
        assert_eq!(rest, theirs, "{args}");
    }
}

#[test]
fn files_after_dev_are_watched_unless_there_is_no_other_to_serve() {
    for (args, files, watched) in [
        (&["app.py"][..], &["app.py"][..], None),
        (&["app.py", "--dev"], &["app.py"], Some(&[][..])),
        (&["app.py", "--dev", "a.css", "b.yaml"], &["app.py"], Some(&["a.css", "b.yaml"])),
        (&["--dev", "app.py"], &[], Some(&[])),
        (&["--dev", "app.py", "a.css"], &[], Some(&["a.css"])),
        (&[], &[], None),
    ] {
        let options = options(args);
        let expected = watched.map(|files| files.iter().map(PathBuf::from).collect::<Vec<_>>());
        assert_eq!(options.watched().map(<[_]>::to_vec), expected, "{args:?}");
        assert_eq!(options.files, files.iter().map(PathBuf::from).collect::<Vec<_>>(), "{args:?}");
    }
    let error = options(&["--dev", "no-such-app.py", "a.css"]).files().unwrap_err();
    assert_eq!(error.to_string(), "there is no 'no-such-app.py'");
}

#[test]
fn a_file_that_several_patterns_have_is_served_once() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.py", "b.py"] {
        std::fs::write(folder.path().join(name), "").unwrap();
    }
    let [all, some] = ["*.py", "a.*"].map(|pattern| folder.path().join(pattern).to_str().unwrap().to_owned());
    let files = options(&["--glob", &all, &some]).files().unwrap();
    assert_eq!(files.iter().map(|file| &file.route[..]).collect::<Vec<_>>(), ["/a", "/b"]);
}

fn options(args: &[&str]) -> AppOptions {
    let command = AppOptions::augment_args(Command::new("serve"));
    let matches = command.try_get_matches_from([&["serve"], args].concat()).unwrap();
    AppOptions::from_arg_matches(&matches).unwrap()
}
