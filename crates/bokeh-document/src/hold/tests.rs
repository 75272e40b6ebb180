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
    for n in 0..HoldState::MAX_HELD {
        assert!(doc.is_held(), "{n}");
        doc.set_title(n.to_string());
    }
    assert!(!doc.is_held());
    assert_eq!(doc.take_changes().len(), HoldState::MAX_HELD);
    assert_eq!(doc.take_warnings(), ["100000 changes were held back, so the hold has ended"]);
    doc.unhold();
    doc.hold(HoldPolicy::Combine);
    assert!(doc.is_held(), "the next hold begins anew");
}
