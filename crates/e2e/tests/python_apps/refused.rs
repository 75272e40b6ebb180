//! What cannot be served ends the server at once, with the reason.

use std::fs;

use anyhow::{Context, Result, bail, ensure};

use crate::host::{Host, Kind};

#[tokio::test]
async fn what_cannot_be_served_is_said_at_the_start() -> Result<()> {
    let folder = tempfile::tempdir()?;
    for (name, text) in [
        ("syntax.py", "x = = 1\n"),
        ("text.txt", "no application\n"),
        ("no_main/other.py", ""),
        ("two_hooks/main.py", ""),
        ("two_hooks/app_hooks.py", ""),
        ("two_hooks/server_lifecycle.py", ""),
        ("bad_hook/main.py", ""),
        ("bad_hook/app_hooks.py", "def on_session_created():\n    pass\n"),
        ("fine.py", ""),
        ("auth.py", "def get_user(handler):\n    return 'me'\n"),
    ] {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().context("a file lies in a folder")?)?;
        fs::write(file, text)?;
    }
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (auth, fine) = (path("auth.py"), path("fine.py"));
    for (args, expected) in [
        (vec![path("syntax.py")], &["syntax.py", "line 1"][..]),
        (vec![path("text.txt")], &["text.txt", ".py", ".ipynb"]),
        (vec![path("not_there.py")], &["not_there.py"]),
        (vec![path("no_main")], &["main.py", "main.ipynb"]),
        (vec![path("two_hooks")], &["app_hooks.py", "server_lifecycle.py"]),
        (vec![path("bad_hook")], &["on_session_created", "session_context"]),
        (vec!["--auth-module".to_owned(), auth, fine], &["login_url"]),
    ] {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        for kind in [Kind::Python, Kind::Ours] {
            let Err(error) = Host::start_with(kind, &args).await else { bail!("{kind:?}'s server serves {args:?}") };
            let said = format!("{error:#}");
            for part in expected {
                ensure!(said.contains(part), "{args:?}: {part:?} is missing in what {kind:?}'s server says:\n{said}");
            }
            ensure!(!said.contains("panicked"), "{said}");
        }
    }
    Ok(())
}
