use super::*;

#[test]
fn edits_of_one_property_by_one_author_take_one_place() {
    let mut doc = Document::new();
    doc.hold(HoldPolicy::Combine);
    for n in 0..1000 {
        for origin in [Origin::Local, Origin::Peer(1), Origin::Peer(2)] {
            doc.title_from(format!("{origin:?} {n}").into(), origin);
        }
    }
    assert_eq!(doc.hold.held.len(), 3);
    doc.unhold();
    let titles: Vec<Change> = doc.take_changes();
    let last = |origin| Change { origin, event: PatchEvent::TitleChanged { title: format!("{origin:?} 999").into() } };
    assert_eq!(titles, [Origin::Local, Origin::Peer(1), Origin::Peer(2)].map(last));
    assert!(doc.hold.places.is_empty());
}

#[test]
fn a_forgotten_hold_ends_by_itself() {
    let mut doc = Document::new();
    doc.hold(HoldPolicy::Collect);
    for n in 0..HoldState::MAX_WEIGHT {
        assert!(doc.is_held(), "{n}");
        doc.set_title(n.to_string());
    }
    assert!(!doc.is_held());
    assert_eq!(doc.take_changes().len(), HoldState::MAX_WEIGHT);
    assert_eq!(doc.take_warnings(), ["so much was held back that the hold has ended"]);
    doc.unhold();
    doc.hold(HoldPolicy::Combine);
    assert!(doc.is_held(), "the next hold begins anew");
}

#[test]
fn large_values_weigh_more() {
    let mut doc = Document::new();
    doc.hold(HoldPolicy::Collect);
    let large = |n: u8| Value::from(bokeh_protocol::Array::from(vec![n; 100_000]));
    let mut n_messages = 0;
    while doc.is_held() {
        doc.send_message("large", large(0));
        n_messages += 1;
    }
    assert_eq!(n_messages, 100);

    doc.hold(HoldPolicy::Combine);
    let div = doc.add_root(bokeh_protocol::Object { name: "Div".into(), id: None, attributes: Vec::new() });
    for n in 0..=u8::MAX {
        doc.set_value(div, "tags", Value::from_iter([large(n)])).unwrap();
    }
    assert!(doc.is_held(), "what is replaced weighs nothing any more");
}
