use bokeh_protocol::Object;

use super::*;

#[test]
fn a_model_stands_for_itself() {
    let mut document = Document::new();
    let text = |text: &str| Object { name: "Div".into(), id: None, attributes: vec![("text".into(), text.into())] };
    let one = document.add_root(text("one"));
    let two = document.add_root(text("two"));
    document.remove_root(one);
    let item = json_item(&document, two, None).unwrap();
    assert_eq!(item["target_id"], Json::Null);
    assert_eq!(item["version"], "3.9.2");
    assert_eq!(item["doc"]["version"], "3.9.2");
    let roots = item["doc"]["roots"].as_array().unwrap();
    assert_eq!(roots.len(), 1);
    assert_eq!((&roots[0]["id"], &roots[0]["attributes"]["text"]), (&item["root_id"], &Json::from("two")));
    assert!(json_item(&Document::new(), two, None).is_none());
}
