use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::files::{AppFile, Kind};

/// Changes of the files that applications are made of.
#[derive(Debug)]
pub(crate) struct Changes {
    paths: mpsc::Receiver<PathBuf>,
    _watcher: RecommendedWatcher,
}

/// Why files cannot be watched.
#[derive(Debug, thiserror::Error)]
#[error("cannot watch '{}' for changes", path.display())]
pub(crate) struct WatchError {
    path: PathBuf,
    source: notify::Error,
}

impl Changes {
    /// Watches the files of applications, and others by name.
    pub(crate) fn watch(files: &[AppFile], others: &[PathBuf]) -> Result<Self, WatchError> {
        let others: Vec<PathBuf> = others.iter().map(|path| absolute(path)).collect();
        // Editors replace files by others of the same name: it is the folder that knows.
        let mut folders = BTreeSet::new();
        for file in files {
            match file.kind {
                Kind::Folder => folders.insert((file.path.clone(), true)),
                Kind::Script | Kind::Notebook => folders.insert((folder_of(&file.path), false)),
            };
        }
        folders.extend(others.iter().map(|path| (folder_of(path), false)));

        let (sender, paths) = mpsc::channel(1);
        let on_event = move |event: notify::Result<Event>| {
            let Ok(event) = event else { return };
            if matches!(event.kind, EventKind::Access(_)) {
                return;
            }
            if let Some(path) = event.paths.into_iter().find(|path| is_source(path) || others.contains(path)) {
                // One that waits already stands for this one, too.
                sender.try_send(path).ok();
            }
        };
        let begin = folders.first().map(|(path, _)| path.clone()).unwrap_or_default();
        let mut watcher = notify::recommended_watcher(on_event).map_err(|source| WatchError { path: begin, source })?;
        for (path, is_deep) in folders {
            let mode = if is_deep { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
            watcher.watch(&path, mode).map_err(|source| WatchError { path: path.clone(), source })?;
        }
        Ok(Self { paths, _watcher: watcher })
    }

    /// One of the files that have changed, once no other has for a moment: whoever saves one often saves several.
    pub(crate) async fn next(&mut self) -> PathBuf {
        let Some(first) = self.paths.recv().await else { return std::future::pending().await };
        while let Ok(Some(_)) = timeout(QUIET, self.paths.recv()).await {}
        first
    }
}

/// Whether a file of this name is a part of the applications in its folder.
fn is_source(path: &Path) -> bool {
    let is_kind = path.extension().and_then(|extension| extension.to_str()).is_some_and(|it| KINDS.contains(&it));
    let is_hidden = path.file_name().and_then(|name| name.to_str()).is_none_or(|name| name.starts_with('.'));
    is_kind && !is_hidden
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().unwrap_or(path).to_owned()
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

const KINDS: [&str; 8] = ["py", "ipynb", "html", "css", "yaml", "js", "ts", "less"];
const QUIET: Duration = Duration::from_millis(100);

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_applications_are_made_of_counts() {
        for (path, expected) in [
            ("/app/main.py", true),
            ("/app/theme.yaml", true),
            ("/app/static/style.css", true),
            ("/app/templates/index.html", true),
            ("/app/nb.ipynb", true),
            ("/app/.main.py.swp", false),
            ("/app/.#main.py", false),
            ("/app/__pycache__/main.cpython-311.pyc", false),
            ("/app/data.csv", false),
            ("/app", false),
        ] {
            assert_eq!(is_source(Path::new(path)), expected, "{path}");
        }
    }

    #[tokio::test]
    async fn a_file_that_is_written_or_replaced_is_noticed() {
        let folder = std::env::temp_dir().join(format!("bokeh-changes-{}", std::process::id()));
        fs::create_dir_all(folder.join("dir/static")).unwrap();
        let folder = folder.canonicalize().unwrap();
        let app = |path: &str, kind| AppFile { route: "/a".to_owned(), path: folder.join(path), kind };
        let apps = [app("app.py", Kind::Script), app("dir", Kind::Folder)];
        let mut changes = Changes::watch(&apps, &[folder.join("data.csv")]).unwrap();
        for path in ["app.py", "dir/main.py", "dir/static/style.css", "data.csv"] {
            fs::write(folder.join("ignored.txt"), "1").unwrap();
            fs::write(folder.join(path), "1").unwrap();
            assert_eq!(changes.next().await, folder.join(path));
        }
        fs::write(folder.join("app.py.new"), "2").unwrap();
        fs::rename(folder.join("app.py.new"), folder.join("app.py")).unwrap();
        assert_eq!(changes.next().await, folder.join("app.py"));
        fs::remove_dir_all(&folder).unwrap();
    }
}
