use super::*;

#[test]
fn a_payload_comes_back_as_it_was() {
    let payload = Payload::from([
        (
            "arguments".to_owned(),
            Payload::from([("n".to_owned(), vec![PayloadValue::Bytes(vec![0xff, 5])].into())]).into(),
        ),
        ("user".to_owned(), "a".into()),
        ("n".to_owned(), 3_i64.into()),
        ("is".to_owned(), true.into()),
        ("none".to_owned(), PayloadValue::Null),
    ]);
    let json = to_json(&payload);
    assert_eq!(json["arguments"]["n"][0], json!({"bytes": "_wU"}));
    assert_eq!(from_json(json), payload);
}
