use std::fs;

use super::*;

#[test]
fn applications_are_served_under_their_names() {
    let folder = Folder::new("names");
    for (given, expected) in [
        ("app.py", Ok("/app")),
        ("my.app.v2.py", Ok("/my.app.v2")),
        ("with space.py", Ok("/with space")),
        ("Ünï.py", Ok("/Ünï")),
        (".hidden.py", Ok("/.hidden")),
        ("notebook.ipynb", Ok("/notebook")),
        ("main.py", Ok("/main")),
        ("dir", Ok("/dir")),
        ("dir/", Ok("/dir")),
        ("dir/.", Ok("/dir")),
        ("dir/../dir", Ok("/dir")),
        ("dir.ext", Ok("/dir.ext")),
        ("nested/deep/dir", Ok("/dir")),
        ("nested/deep/script.py", Ok("/script")),
        ("missing.py", Err("there is no '")),
        ("app.PY", Err("is neither a '.py' script nor a '.ipynb' notebook")),
        ("text.txt", Err("is neither a '.py' script nor a '.ipynb' notebook")),
        ("nomain", Err("there is no 'main.py' and no 'main.ipynb' in '")),
        ("twohooks", Err("has both app_hooks.py and server_lifecycle.py")),
    ] {
        match (AppFile::open(&folder.0.join(given)), expected) {
            (Ok(file), Ok(route)) => assert_eq!(file.route, route, "{given}"),
            (Err(error), Err(text)) => assert!(error.to_string().contains(text), "{given}: {error}"),
            (opened, _) => panic!("{given}: {opened:?}"),
        }
    }
}

#[test]
fn kinds_are_told_apart() {
    let folder = Folder::new("kinds");
    for (given, kind, is_main) in [
        ("app.py", Kind::Script, false),
        ("main.py", Kind::Script, true),
        ("notebook.ipynb", Kind::Notebook, false),
        ("dir", Kind::Folder, false),
    ] {
        let file = AppFile::open(&folder.0.join(given)).unwrap();
        assert_eq!((file.kind, file.is_main()), (kind, is_main), "{given}");
    }
}

#[test]
fn patterns_stand_for_paths_in_order() {
    let folder = Folder::new("patterns");
    let names = |patterns: &[&str]| -> Vec<String> {
        let patterns: Vec<PathBuf> = patterns.iter().map(|pattern| folder.0.join(pattern)).collect();
        let name = |path: PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
        expand(&patterns).unwrap().into_iter().map(name).collect()
    };
    assert_eq!(names(&["[am]*.py"]), ["app.py", "main.py", "my.app.v2.py"]);
    assert_eq!(names(&["m*.py", "a*.py"]), ["main.py", "my.app.v2.py", "app.py"]);
    assert_eq!(names(&["nested/**/*.py", "nope*"]), ["main.py", "script.py"]);
    assert!(matches!(expand(&["a[".into()]), Err(FileError::Pattern { .. })));
}

/// Files of many names, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("bokeh-files-{test}-{}", std::process::id()));
        for file in [
            "app.py",
            "my.app.v2.py",
            "with space.py",
            "Ünï.py",
            ".hidden.py",
            "notebook.ipynb",
            "main.py",
            "app.PY",
            "text.txt",
            "dir/main.py",
            "dir.ext/main.ipynb",
            "nested/deep/dir/main.py",
            "nested/deep/script.py",
            "nomain/app.py",
            "twohooks/main.py",
            "twohooks/app_hooks.py",
            "twohooks/server_lifecycle.py",
        ] {
            let path = folder.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}
