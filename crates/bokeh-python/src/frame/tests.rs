use serde_json::json;

use super::*;

/// Small ones, so that each can be passed.
fn limits() -> FrameLimits {
    FrameLimits { max_json_bytes: 100, max_buffers: 3, max_buffer_bytes: 10, max_depth: 4 }
}

fn bytes(fields: &Value, buffers: &[&'static [u8]]) -> Vec<u8> {
    let buffers: Vec<Buffer> = buffers.iter().map(|data| Buffer::new("b", *data)).collect();
    encode(fields, &buffers).unwrap().chunks().flat_map(|chunk| chunk.to_vec()).collect()
}

fn head(n_json: u32, n_buffers: u32, lengths: &[u64]) -> Vec<u8> {
    let mut head = [n_json.to_le_bytes(), n_buffers.to_le_bytes()].concat();
    head.extend(lengths.iter().flat_map(|length| length.to_le_bytes()));
    head
}

/// All frames in the bytes, and what is missing of the next.
fn read(bytes: &[u8]) -> Result<(Vec<Frame>, usize), FrameError> {
    read_within(limits(), bytes)
}

fn read_within(limits: FrameLimits, bytes: &[u8]) -> Result<(Vec<Frame>, usize), FrameError> {
    let (reader, mut bytes, mut frames) = (FrameReader::new(limits), BytesMut::from(bytes), Vec::new());
    loop {
        match reader.read(&mut bytes)? {
            Read::Raw(raw) => frames.push(raw.parse()?),
            Read::Needs(n_bytes) => return Ok((frames, n_bytes - bytes.len())),
        }
    }
}

#[test]
fn a_frame_is_its_lengths_its_json_and_its_buffers() {
    assert_eq!(bytes(&json!({"t":"x"}), &[b"ab", b""]), [&head(9, 2, &[2, 0])[..], br#"{"t":"x"}ab"#].concat());
}

#[test]
fn frames_come_back_wherever_the_bytes_are_cut() {
    let sent = [
        (json!({"t": "reply", "id": 1}), vec![]),
        (json!({"t": "changes", "buffers": ["a", "b"]}), vec![&b"123"[..], &b""[..]]),
        (json!({}), vec![]),
    ];
    let all: Vec<u8> = sent.iter().flat_map(|(fields, buffers)| bytes(fields, buffers)).collect();
    let (frames, _) = read(&all).unwrap();
    let received: Vec<_> = frames.iter().map(|frame| (json!(frame.fields), frame.buffers.clone())).collect();
    let expected = sent.map(|(fields, buffers)| (fields, buffers.into_iter().map(Bytes::from_static).collect()));
    assert_eq!(received, expected);
    for cut in 0..all.len() {
        let (before, missing) = read(&all[..cut]).unwrap();
        assert_eq!(before, frames[..before.len()], "cut at {cut}");
        assert!(missing > 0 && missing <= all.len() - cut, "cut at {cut}: {missing} missing");
    }
}

#[test]
fn what_is_no_frame_is_named_before_anything_of_its_length_is_waited_for() {
    for (bad, expected) in [
        (head(101, 0, &[]), "101 bytes of JSON are more than the 100 that a frame may have"),
        (head(u32::MAX, 0, &[]), "4294967295 bytes of JSON are more than the 100 that a frame may have"),
        (head(0, 4, &[]), "4 buffers are more than the 3 that a frame may have"),
        (head(2, 2, &[5, 6]), "the buffers have more than the 10 bytes that those of a frame may have"),
        (head(2, 2, &[u64::MAX, 1]), "the buffers have more than the 10 bytes that those of a frame may have"),
        ([&head(2, 0, &[])[..], b"[]"].concat(), "the JSON is no object"),
        ([&head(2, 0, &[])[..], b"{]"].concat(), "not valid JSON"),
        ([&head(0, 0, &[])[..]].concat(), "not valid JSON"),
        ([&head(18, 0, &[])[..], br#"{"a":[[[[[]]]]]}  "#].concat(), "nested deeper than 4 levels"),
        ([&head(10, 0, &[])[..], b"[[[[[]]]]]"].concat(), "nested deeper than 4 levels"),
        ([&head(3, 0, &[])[..], b"\"\xff\""].concat(), "not valid JSON"),
    ] {
        assert_eq!(read(&bad).unwrap_err().to_string(), expected, "{bad:?}");
    }
}

#[test]
fn of_a_frame_that_is_too_deep_is_known_who_it_is_for() {
    let deep = |levels: usize| serde_json::from_str::<Value>(&format!("{}{}", "[".repeat(levels), "]".repeat(levels)));
    for (sent, address) in [
        (json!({"doc": deep(4).unwrap(), "t": "reply", "id": 3}), json!({"t": "reply", "id": 3, "s": null})),
        (json!({"t": "changes", "s": 7, "x": deep(100).unwrap()}), json!({"t": "changes", "id": null, "s": 7})),
    ] {
        let roomy = FrameLimits { max_json_bytes: 1000, ..limits() };
        let (frames, _) = read_within(roomy, &bytes(&sent, &[b"b"])).unwrap();
        let Value::Object(fields) = address else { panic!("an object") };
        assert_eq!(frames, [Frame { fields, buffers: vec![], is_too_deep: true }]);
    }
}

#[test]
fn any_bytes_are_frames_or_an_error() {
    // Not a random sequence that could hide a finding: the same ones in each run.
    let mut state = 1_u32;
    for length in 0..2000 {
        let bytes: Vec<u8> = (0..length % 97)
            .map(|at| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                // Small numbers first, so that the lengths are sometimes possible.
                if at % 4 == 0 { (state >> 28) as u8 } else { (state >> 31) as u8 }
            })
            .collect();
        if let Ok((_, missing)) = read(&bytes) {
            assert!(missing <= 8 + 3 * 8 + 100 + 10);
        }
    }
}

#[test]
fn buffers_get_the_names_of_a_list_in_order() {
    let mut buffers = [&b"1"[..], b"2", b"3"].map(Bytes::from_static).into_iter();
    assert_eq!(
        named(Some(&json!(["a", "b"])), &mut buffers),
        [Buffer::new("a", &b"1"[..]), Buffer::new("b", &b"2"[..])]
    );
    assert_eq!(named(None, &mut buffers), []);
    assert_eq!(named(Some(&json!(["c", "d"])), &mut buffers), [Buffer::new("c", &b"3"[..])]);
}
