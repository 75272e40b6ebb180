use bokeh_protocol::{Object, Value};

use super::*;

#[test]
fn the_page_holds_the_document() {
    let mut document = Document::new();
    document.set_title("Fish & chips");
    for text in ["hello </script><!-- & goodbye", "&amp;"] {
        document.add_root(Object { name: "Div".into(), id: None, attributes: vec![("text".into(), text.into())] });
    }
    let html = file_html(&document, Resources::cdn()).unwrap();
    assert!(html.contains("<title>Fish &amp; chips</title>"), "{html}");
    let docs = parsed(&html);
    let (id, doc) = docs.as_object().unwrap().iter().next().unwrap();
    assert!(html.contains(&format!(r#"[{{"docid":"{id}","roots":{{"#)), "{html}");
    assert_eq!(doc["roots"][0]["attributes"]["text"], "hello </script><!-- & goodbye");
    assert_eq!(doc["roots"][1]["attributes"]["text"], "&amp;");
    for root in doc["roots"].as_array().unwrap() {
        assert!(html.contains(&format!("data-root-id={}", root["id"])), "{html}");
    }
    assert_eq!(html.matches("</script>").count(), html.matches("<script").count());
}

#[test]
fn arrays_are_in_the_text() {
    let mut document = Document::new();
    let array = bokeh_protocol::Array::from(vec![1.5_f64, 2.5]);
    let data = Value::from(bokeh_protocol::Map::from_iter([("x", Value::from(array))]));
    document.add_root(Object { name: "ColumnDataSource".into(), id: None, attributes: vec![("data".into(), data)] });
    let docs = parsed(&file_html(&document, Resources::cdn()).unwrap());
    let text = docs.to_string();
    assert!(text.contains("\"ndarray\"") && !text.contains("\"id\":\"b"), "{text}");
}

#[test]
fn several_documents_share_a_page() {
    let mut one = Document::new();
    one.add_root(Object { name: "Div".into(), id: None, attributes: vec![] });
    let html = Page::new(Resources::none()).document(&one).document(&one).render().unwrap();
    assert_eq!(parsed(&html).as_object().unwrap().len(), 2);
    assert_eq!(html.matches("\"docid\"").count(), 2);
}

/// The documents that a page holds.
fn parsed(html: &str) -> serde_json::Value {
    let (_, rest) = html.split_once("<script type=\"application/json\"").unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}
