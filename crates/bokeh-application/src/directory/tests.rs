use bokeh_protocol::{Object, Value};
use tempfile::TempDir;

use super::*;
use crate::session_context::SessionParts;

#[tokio::test]
async fn a_folder_brings_theme_templates_and_files() {
    let folder = folder(&[
        ("theme.yaml", "attrs:\n  Title:\n    text_color: navy\n"),
        ("templates/index.html", "{% extends base %}"),
        ("templates/parts/menu.html", "the menu"),
        ("static/style.css", "body {}"),
    ]);
    let handler = DirectoryHandler::open(folder.path()).unwrap();
    assert_eq!(handler.static_path(), Some(&*folder.path().join("static")));
    let app = handler.with(|doc: &mut Document| {
        doc.add_root(Object { name: "Title".into(), id: None, attributes: Vec::new() });
    });
    assert_eq!(app.static_path(), Some(&*folder.path().join("static")));

    let (mut document, session) = (Document::new(), SessionContext::new(SessionParts::default()));
    app.fill(&mut document, &session).await.unwrap();
    assert_eq!(document.value(document.roots()[0], "text_color").unwrap(), Value::from("navy"));
    let template = session.template().unwrap();
    assert_eq!(template.source(), "{% extends base %}");
    assert_eq!(template.others().iter().collect::<Vec<_>>(), [(&"parts/menu.html".to_owned(), &"the menu".to_owned())]);
}

#[tokio::test]
async fn everything_may_be_missing() {
    let folder = folder(&[("templates/other.html", "")]);
    let app = DirectoryHandler::open(folder.path()).unwrap().with(|_: &mut Document| {});
    assert_eq!(app.static_path(), None);
    let (mut document, session) = (Document::new(), SessionContext::new(SessionParts::default()));
    app.fill(&mut document, &session).await.unwrap();
    assert_eq!((document.theme(), session.template()), (None, None));
}

#[test]
fn what_cannot_be_used_is_named() {
    for (files, expected) in [
        (&[("theme.yaml", "a: [1")][..], "theme.yaml is no YAML: "),
        (&[("theme.yaml", "attrs: 5")], "theme.yaml holds no theme"),
    ] {
        let folder = folder(files);
        let error = DirectoryHandler::open(folder.path()).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
    let error = DirectoryHandler::open("no/such/folder").unwrap_err();
    assert_eq!(error.to_string(), "there is no folder no/such/folder");
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}
