use proptest::prelude::*;

use super::*;

#[test]
fn the_first_good_offer_is_taken() {
    const ALONE: &str = "; client_no_context_takeover";
    const SMALL: &str = "; client_max_window_bits=10";
    for (lines, expected) in [
        // Chromium and Tornado; Firefox; Safari in the past.
        (vec!["permessage-deflate; client_max_window_bits"], Some((SMALL, ""))),
        (vec!["permessage-deflate"], Some((ALONE, ""))),
        (vec!["x-webkit-deflate-frame"], None),
        // What was offered beside the bare name.
        (vec!["permessage-deflate; client_no_context_takeover; server_no_context_takeover"], Some((ALONE, ""))),
        (vec!["permessage-deflate; client_max_window_bits=8"], Some(("; client_max_window_bits=8", ""))),
        (vec!["permessage-deflate; server_max_window_bits=10"], Some((ALONE, "; server_max_window_bits=10"))),
        (vec!["permessage-deflate;server_max_window_bits=15"], Some((ALONE, "; server_max_window_bits=15"))),
        (vec!["permessage-deflate ; server_max_window_bits = \"8\""], Some((ALONE, "; server_max_window_bits=8"))),
        (vec!["permessage-deflate; client_max_window_bits=12"], Some((SMALL, ""))),
        (vec!["permessage-deflate; client_max_window_bits; client_no_context_takeover"], Some((ALONE, ""))),
        (
            vec!["permessage-deflate; server_max_window_bits=12; client_max_window_bits=12"],
            Some((SMALL, "; server_max_window_bits=12")),
        ),
        // Several offers, in one line and in more.
        (
            vec!["permessage-deflate; server_max_window_bits=9, permessage-deflate"],
            Some((ALONE, "; server_max_window_bits=9")),
        ),
        (vec!["permessage-deflate; new=1, permessage-deflate"], Some((ALONE, ""))),
        (vec!["permessage-bzip2; level=9", "permessage-deflate"], Some((ALONE, ""))),
        // Nothing, or nothing good.
        (vec![], None),
        (vec!["", ",", ";"], None),
        (vec!["permessage-deflate-2"], None),
        (vec!["Permessage-Deflate"], None),
        (vec!["permessage-deflate; mode=fast"], None),
        (vec!["permessage-deflate;"], None),
        (vec!["permessage-deflate; server_max_window_bits"], None),
        (vec!["permessage-deflate; server_max_window_bits=7"], None),
        (vec!["permessage-deflate; server_max_window_bits=16"], None),
        (vec!["permessage-deflate; server_max_window_bits=010"], None),
        (vec!["permessage-deflate; server_max_window_bits=+9"], None),
        (vec!["permessage-deflate; client_max_window_bits=\"\""], None),
        (vec!["permessage-deflate; client_max_window_bits=99"], None),
        (vec!["permessage-deflate; client_no_context_takeover=1"], None),
        (vec!["permessage-deflate; server_no_context_takeover=true"], None),
        (vec!["permessage-deflate; client_max_window_bits; client_max_window_bits=10"], None),
        (vec!["permessage-deflate; server_no_context_takeover; server_no_context_takeover"], None),
        (vec!["other; text=\", permessage-deflate\""], None),
        (vec!["other; text=\"a, permessage-deflate, b\""], None),
    ] {
        let answer = DeflateTerms::accept(lines.iter().copied()).map(DeflateTerms::answer);
        let expected =
            expected.map(|(client, server)| format!("permessage-deflate; server_no_context_takeover{client}{server}"));
        assert_eq!(answer, expected, "{lines:?}");
    }
}

/// Examples of RFC 7692, section 7.2.3, and what else is the same.
#[test]
fn a_compressed_message_is_inflated_however_it_is_sent() {
    const HELLO: &[u8] = &[0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00];
    let whole = frame(0xc1, HELLO);
    let in_two = [frame(0x41, &HELLO[..3]), frame(0x80, &HELLO[3..])].concat();
    let with_empty_frames = [frame(0x41, &[]), frame(0x00, HELLO), frame(0x00, &[]), frame(0x80, &[])].concat();
    let stored = frame(0xc1, &[0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00]);
    let ended = frame(0xc1, &[0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00]);
    let in_two_blocks = frame(0xc1, &[0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00]);
    for input in [whole, in_two, with_empty_frames, stored, ended, in_two_blocks] {
        assert_eq!(inflate(&input, 100), Ok(frame(0x81, b"Hello")), "{input:02x?}");
    }
    for empty in [&[0x00][..], &[], &[0x02, 0x00], &[0x03, 0x00, 0x00]] {
        assert_eq!(inflate(&frame(0xc2, empty), 100), Ok(frame(0x82, b"")), "{empty:02x?}");
    }
}

#[test]
fn what_is_not_compressed_passes_byte_for_byte() {
    for (what, input) in [
        ("a text", frame(0x81, b"Hello")),
        ("a binary frame", frame(0x82, &[7; 70_000])),
        ("an empty frame", frame(0x81, b"")),
        ("fragments", [frame(0x01, b"Hel"), frame(0x89, b"ping"), frame(0x80, b"lo")].concat()),
        ("a close frame", frame(0x88, &[0x03, 0xe9])),
        // Wrong, for others to see.
        ("a frame without a mask", vec![0xc1, 0x01, 0x00]),
        ("a ping with the first bit", frame(0xc9, b"x")),
        ("a continuation with the first bit", frame(0xc0, b"x")),
        ("a text with the second bit", frame(0xe1, b"x")),
        ("a text with the third bit", frame(0xd1, b"x")),
        ("an unknown opcode", frame(0xc3, b"x")),
        ("half a head", vec![0xc1]),
    ] {
        assert_eq!(
            inflate(&input, 100).map(|output| output == if what == "half a head" { vec![] } else { input }),
            Ok(true),
            "{what}"
        );
    }
}

#[test]
fn control_frames_pass_between_the_frames_of_a_compressed_message() {
    let [a, b] = halves(&deflate(TEXT.as_bytes()));
    let input = [frame(0x41, &a), frame(0x89, b"one"), frame(0x8a, b""), frame(0x80, &b), frame(0x89, b"two")].concat();
    let output = inflate(&input, 10_000).unwrap();
    assert_eq!(
        output,
        [frame(0x89, b"one"), frame(0x8a, b""), frame(0x81, TEXT.as_bytes()), frame(0x89, b"two")].concat()
    );
}

#[test]
fn what_cannot_be_inflated_is_named() {
    let [a, b] = halves(&deflate(TEXT.as_bytes()));
    let bomb = deflate(&vec![0; 10_000_000]);
    assert!(bomb.len() < 20_000);
    for (what, input, expected) in [
        ("a bomb", frame(0xc1, &bomb), InflateError::TooBig),
        ("a bomb in pieces", [frame(0x41, &bomb[..500]), frame(0x80, &bomb[500..])].concat(), InflateError::TooBig),
        ("one byte too many", frame(0xc1, &deflate(&[b'x'; 1001])), InflateError::TooBig),
        ("what inflates to nothing", frame(0xc1, &[0x00, 0x00, 0x00, 0xff, 0xff].repeat(700)), InflateError::TooBig),
        ("a frame of an exabyte", [&[0xc1, 0xff, 0x10], &[0; 11][..]].concat(), InflateError::TooBig),
        ("a block of no known kind", frame(0xc1, &[0xff; 10]), InflateError::Corrupt),
        ("a length that is not said twice", frame(0xc1, &[0x00, 0x05, 0x00, 0x00, 0x00, 0x48]), InflateError::Corrupt),
        ("a text within", [frame(0x41, &a), frame(0x81, b"x")].concat(), InflateError::Interrupted),
        ("a compressed one within", [frame(0x41, &a), frame(0xc2, &b)].concat(), InflateError::Interrupted),
    ] {
        let mut inflater = Inflater::new(terms(), 1000);
        assert_eq!(push(&mut inflater, &input, input.len()), Err(expected), "{what}");
        assert_eq!(push(&mut inflater, &frame(0x81, b"x"), 9), Err(expected), "{what}: again");
        assert!((1000..5000).contains(&expected.close().code));
    }
    let longest = frame(0xc1, &deflate(&[b'x'; 1000]));
    assert_eq!(inflate(&longest, 1000), Ok(frame(0x81, &[b'x'; 1000])));
}

#[test]
fn a_message_without_frames_to_come_holds_no_memory() {
    let mut inflater = Inflater::new(terms(), 1_000_000);
    for n_bytes in [0, 1, 4087, 4088, 4089, 8176, 100_000] {
        let text = vec![b'x'; n_bytes];
        let output = push(&mut inflater, &frame(0xc1, &deflate(&text)), 1000).unwrap();
        assert_eq!(messages(&output), [text], "{n_bytes}");
        assert!(inflater.is_idle());
    }
}

/// Made by zlib, in one stream with a window of 10 bits: `import zlib; z = zlib.compressobj(6, zlib.DEFLATED, -10)` and so on.
#[test]
fn a_message_may_refer_to_earlier_ones() {
    let terms = DeflateTerms::accept(["permessage-deflate; client_max_window_bits"]).unwrap();
    let mut inflater = Inflater::new(terms, 10_000);
    for (text, payload) in CONTEXT {
        let output = push(&mut inflater, &frame(0xc1, payload), 3).unwrap();
        assert_eq!(messages(&output), [text.as_bytes()]);
        // What is not compressed is not part of it.
        let plain = frame(0x82, &[b'z'; 3000]);
        assert_eq!(push(&mut inflater, &plain, 1000).unwrap(), plain);
    }
}

#[test]
fn only_the_end_of_what_was_inflated_is_kept() {
    let terms = DeflateTerms::accept(["permessage-deflate; client_max_window_bits"]).unwrap();
    let mut inflater = Inflater::new(terms, 100_000);
    let mut sent = Vec::new();
    for n_bytes in [0, 1, 10, 1000, 100, 1, 4088, 5, 1024, 1023, 50_000, 3] {
        let text: Vec<u8> = (0..n_bytes).map(|n| (n * 7 + n / 256 + sent.len()) as u8).collect();
        push(&mut inflater, &frame(0xc2, &deflate(&text)), 1000).unwrap();
        sent.extend(text);
        assert_eq!(inflater.history(), &sent[sent.len().saturating_sub(1024)..], "{n_bytes}");
    }
}

#[test]
fn a_deflated_text_never_refers_further_back_than_agreed() {
    let text: Vec<u8> = TEXT.bytes().cycle().take(5000).collect();
    for bits in [8, 9, 12, 15] {
        let terms = DeflateTerms::accept([&*format!("permessage-deflate; server_max_window_bits={bits}")]).unwrap();
        for part_bytes in [5000, 700] {
            let mut deflater = Deflater::new(6);
            for part in text.chunks(part_bytes) {
                deflater.push(part, terms);
            }
            let payload = deflater.finish();
            // Whatever follows a place where all was forgotten can be read without what was before.
            let forgotten: Vec<_> = payload.windows(4).enumerate().filter(|(_, bytes)| *bytes == TAIL).collect();
            let window = 1 << bits;
            assert_eq!(forgotten.len(), if bits == 15 { 0 } else { 5000 / window }, "{bits} bits");
            for (n, (at, _)) in forgotten.into_iter().enumerate() {
                let rest = inflate(&frame(0xc1, &payload[at + 4..]), 10_000).unwrap();
                assert_eq!(messages(&rest).concat(), text[(n + 1) * window..], "{bits} bits");
            }
            let all = inflate(&frame(0xc1, &payload), 10_000).unwrap();
            assert_eq!(messages(&all).concat(), text);
        }
    }
}

proptest! {
    #[test]
    fn what_is_deflated_is_inflated_however_it_is_cut(
        texts in prop::collection::vec((any::<bool>(), prop::collection::vec(0..20_u8, 0..3000)), 1..5),
        cuts in prop::collection::vec(1..2000_usize, 1..10),
        read_bytes in 1..3000_usize,
        mask in any::<[u8; 4]>(),
        level in 0..=9_u8,
    ) {
        let mut deflater = Deflater::new(level);
        let mut input = Vec::new();
        for (is_compressed, text) in &texts {
            let payload = if *is_compressed {
                text.chunks(cuts[0]).for_each(|part| deflater.push(part, terms()));
                deflater.finish()
            } else {
                text.clone()
            };
            input.extend(frames(*is_compressed, &payload, &cuts, mask));
        }
        let output = push(&mut Inflater::new(terms(), 3000), &input, read_bytes).unwrap();
        let expected: Vec<_> = texts.into_iter().map(|(_, text)| text).collect();
        prop_assert_eq!(messages(&output), expected);
    }
}

/// A frame of a client: the mask is zero.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    masked(first, payload, [0; 4])
}

fn masked(first: u8, payload: &[u8], mask: [u8; 4]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        n @ 0..126 => frame.push(0x80 | n as u8),
        n @ 126..65536 => {
            frame.push(0x80 | 126);
            frame.extend((n as u16).to_be_bytes());
        }
        n => {
            frame.push(0x80 | 127);
            frame.extend((n as u64).to_be_bytes());
        }
    }
    frame.extend(mask);
    frame.extend(payload.iter().enumerate().map(|(index, byte)| byte ^ mask[index % 4]));
    frame
}

/// The frames of a message, cut into pieces of these lengths, with a ping after each.
fn frames(is_compressed: bool, payload: &[u8], cuts: &[usize], mask: [u8; 4]) -> Vec<u8> {
    let mut frames = Vec::new();
    let mut first = if is_compressed { 0x41 } else { 0x01 };
    let mut rest = payload;
    for cut in cuts.iter().cycle() {
        let (piece, left) = rest.split_at((*cut).min(rest.len()));
        let is_last = left.is_empty();
        frames.extend(masked(if is_last { first | 0x80 } else { first }, piece, mask));
        frames.extend(masked(0x89, b"ping", mask));
        (first, rest) = (0, left);
        if is_last {
            break;
        }
    }
    frames
}

/// Inflates whole frames, whose masks are kept, and puts those of each inflated message together.
fn inflate(input: &[u8], max_bytes: usize) -> Result<Vec<u8>, InflateError> {
    let whole = push(&mut Inflater::new(terms(), max_bytes), input, input.len())?;
    let by_bytes = push(&mut Inflater::new(terms(), max_bytes), input, 1)?;
    assert_eq!(whole, by_bytes);
    Ok(whole)
}

fn push(inflater: &mut Inflater, input: &[u8], read_bytes: usize) -> Result<Vec<u8>, InflateError> {
    let mut output = Vec::new();
    for mut piece in input.chunks(read_bytes) {
        loop {
            let before = output.len();
            let has_more = inflater.push(&mut piece, &mut output)?;
            assert!(output.len() - before <= 5000, "a step writes little");
            if !has_more {
                break;
            }
        }
        assert_eq!(piece, b"");
    }
    Ok(output)
}

/// The messages in frames of a client, without control frames.
fn messages(mut frames: &[u8]) -> Vec<Vec<u8>> {
    let mut messages = Vec::new();
    while !frames.is_empty() {
        let mut partial = head::PartialHead::default();
        let head = partial.take(&mut frames).unwrap();
        let (payload, rest) = frames.split_at(head.n_payload as usize);
        frames = rest;
        let mask = head.mask.unwrap();
        assert!(!head.rsv1);
        match head.opcode {
            head::CONTINUATION => {}
            head::TEXT | head::BINARY => messages.push(Vec::new()),
            _ => continue,
        }
        let message: &mut Vec<u8> = messages.last_mut().unwrap();
        message.extend(payload.iter().enumerate().map(|(index, byte)| byte ^ mask[index % 4]));
    }
    messages
}

fn deflate(text: &[u8]) -> Vec<u8> {
    let mut deflater = Deflater::new(6);
    deflater.push(text, terms());
    deflater.finish()
}

fn halves(bytes: &[u8]) -> [Vec<u8>; 2] {
    let (a, b) = bytes.split_at(bytes.len() / 2);
    [a.to_vec(), b.to_vec()]
}

fn terms() -> DeflateTerms {
    DeflateTerms::accept(["permessage-deflate"]).unwrap()
}

const TEXT: &str = r#"{"events":[{"kind":"ModelChanged","model":{"id":"p1001"},"attr":"value","new":0.25},{"kind":"ModelChanged","model":{"id":"p1002"},"attr":"title","new":"a title"}]}"#;

/// Texts, and what they are in this order.
const CONTEXT: &[(&str, &[u8])] = &[
    (
        r#"{"events":[{"kind":"ModelChanged","model":{"id":"p1001"},"attr":"value","new":0.25}]}"#,
        &[
            0xaa, 0x56, 0x4a, 0x2d, 0x4b, 0xcd, 0x2b, 0x29, 0x56, 0xb2, 0x8a, 0xae, 0x56, 0xca, 0xce, 0xcc, 0x4b, 0x51,
            0xb2, 0x52, 0xf2, 0xcd, 0x4f, 0x49, 0xcd, 0x71, 0xce, 0x48, 0xcc, 0x4b, 0x4f, 0x4d, 0x51, 0xd2, 0x51, 0xca,
            0x05, 0x71, 0x95, 0xac, 0xaa, 0x95, 0x32, 0x41, 0x92, 0x05, 0x86, 0x06, 0x06, 0x86, 0x4a, 0xb5, 0x3a, 0x4a,
            0x89, 0x25, 0x25, 0x45, 0x40, 0x7e, 0x59, 0x62, 0x4e, 0x69, 0x2a, 0x50, 0x55, 0x5e, 0x6a, 0xb9, 0x92, 0x95,
            0x81, 0x9e, 0x91, 0x69, 0x6d, 0x6c, 0x2d, 0x00,
        ],
    ),
    (
        r#"{"events":[{"kind":"ModelChanged","model":{"id":"p1001"},"attr":"value","new":0.5}]}"#,
        &[0xaa, 0xa6, 0xb2, 0xa1, 0x20, 0x33, 0x01, 0x00],
    ),
    (r#"[]"#, &[0x8a, 0x8e, 0x05, 0x00]),
    (
        r#"{"events":[{"kind":"ModelChanged","model":{"id":"p1002"},"attr":"value","new":0.75}]}"#,
        &[0x22, 0xcb, 0x54, 0x23, 0xdc, 0xa6, 0x9a, 0x83, 0x8c, 0x05, 0x00],
    ),
];
