use serde_json::json;

use super::{graph::Graph, problems, run};

#[test]
fn every_dependency_may_be_given_away() {
    run(&[]).unwrap();
}

#[test]
fn a_licence_is_read_as_it_is_meant() {
    for (name, licence, expected) in [
        ("free", json!("MIT"), None),
        ("free", json!("MIT OR GPL-3.0-only"), None),
        ("free", json!("Unlicense/MIT"), None),
        ("free", json!("(GPL-2.0-or-later AND MIT) OR (ISC AND Zlib)"), None),
        ("free", json!("MPL-2.0"), None),
        ("free", json!("GPL-3.0-only"), Some("its licence is GPL-3.0-only")),
        ("free", json!("MIT AND LGPL-2.1-or-later"), Some("its licence is MIT AND LGPL-2.1-or-later")),
        ("free", json!("MIT OR Apache-2.0 AND GPL-3.0-only"), None),
        ("free", json!("(MIT OR Apache-2.0) AND GPL-3.0-only"), Some("its licence is (MIT OR Apache-2.0) AND GPL-")),
        ("free", json!("Apache-2.0 WITH LLVM-exception"), Some("its licence is Apache-2.0 WITH LLVM-exception")),
        ("free", json!("LicenseRef-mine"), Some("its licence is LicenseRef-mine")),
        ("free", json!("Mine"), Some("its licence cannot be understood")),
        ("free", json!(null), Some("its Cargo.toml names no licence")),
        ("free", json!("CC0-1.0"), Some("its licence is CC0-1.0")),
        ("notify", json!("CC0-1.0"), None),
    ] {
        let found = problems(&graph(name, &licence)).into_iter().find(|line| !line.starts_with("notify: is not"));
        match expected {
            None => assert_eq!(found, None, "{licence}"),
            Some(objection) => {
                let found = found.unwrap_or_default();
                assert!(found.starts_with(&format!("ours -> near -> {name} 1.2.3: {objection}")), "{licence}: {found}");
            }
        }
    }
}

#[test]
fn a_permission_that_nobody_needs_is_told() {
    let told = problems(&graph("notify", &json!("MIT")));
    assert_eq!(told, ["notify: is not under CC0-1.0 any more; take it out of xtask/src/licences.rs"]);
}

/// A package that one of ours needs through another, and through a third in a longer way.
fn graph(name: &str, licence: &serde_json::Value) -> Graph {
    let package = |id: &str, name: &str, license: &serde_json::Value| json!({ "id": id, "name": name, "version": "1.2.3", "license": license });
    let node = |id: &str, dependencies: &[&str]| json!({ "id": id, "dependencies": dependencies });
    let mit = json!("MIT");
    let metadata = json!({
        "packages": [
            package("0", "ours", &json!(null)), package("1", "far", &mit), package("2", "near", &mit), package("3", name, licence),
        ],
        "workspace_members": ["0"],
        "resolve": { "nodes": [node("0", &["1", "2"]), node("1", &["2"]), node("2", &["3"]), node("3", &[])] },
    });
    Graph::parse(&metadata.to_string()).unwrap()
}
