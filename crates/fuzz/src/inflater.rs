//! Compressed messages of WebSockets.

use bokeh_protocol::{DeflateTerms, Deflater, InflateError, Inflater};

/// A client can send any bytes. However they arrive, the same comes out, a little at a time, and nothing after an error; a
/// compressed message does not become longer than it may be. What was deflated is inflated again.
///
/// The first byte says what the others are: frames, the payload of a compressed frame, or a text.
pub fn inflater(data: &[u8]) {
    let Some((kind, rest)) = data.split_first() else { return };
    match kind % 3 {
        0 => _ = inflate(rest),
        1 => {
            // The second may refer to the first.
            if let Ok(output) = inflate(&frame(rest).repeat(2)) {
                assert!(texts(&output).len() <= 2 * MAX_BYTES, "{} bytes were let through", output.len());
            }
        }
        _ => round_trip(*kind, rest),
    }
}

fn inflate(input: &[u8]) -> Result<Vec<u8>, InflateError> {
    let whole = push(input, input.len().max(1));
    for n_bytes in [1, 7] {
        // What is both corrupt and too long may fail for the one or the other.
        assert!(push(input, n_bytes).ok() == whole.clone().ok(), "pieces of {n_bytes} bytes make a difference");
    }
    whole
}

/// What comes out when the input arrives in pieces.
fn push(input: &[u8], n_bytes: usize) -> Result<Vec<u8>, InflateError> {
    let mut inflater = Inflater::new(terms("permessage-deflate; client_max_window_bits"), MAX_BYTES);
    let mut output = Vec::new();
    for mut piece in input.chunks(n_bytes) {
        loop {
            let before = (piece.len(), output.len());
            match inflater.push(&mut piece, &mut output) {
                Ok(true) => assert!(output.len() - before.1 < 5000, "a step adds little"),
                Ok(false) => break assert!(piece.is_empty(), "all is used up"),
                Err(error) => {
                    assert_eq!(inflater.push(&mut piece, &mut output), Err(error));
                    assert!(inflater.is_idle());
                    return Err(error);
                }
            }
        }
    }
    Ok(output)
}

fn round_trip(kind: u8, text: &[u8]) {
    let (bits, level) = (8 + kind % 8, kind / 8 % 10);
    let terms = terms(&format!("permessage-deflate; server_max_window_bits={bits}"));
    let mut deflater = Deflater::new(level);
    for part_bytes in [1000, 300] {
        text.chunks(part_bytes).for_each(|part| deflater.push(part, terms));
        let output = inflate(&frame(&deflater.finish())).expect("what was deflated can be inflated");
        assert!(texts(&output) == text, "what was deflated is the same again");
    }
}

fn terms(offer: &str) -> DeflateTerms {
    DeflateTerms::accept([offer]).expect("the offer is good")
}

/// A compressed text in one frame, masked with zeros.
fn frame(payload: &[u8]) -> Vec<u8> {
    [&[0xc1, 0xff][..], &(payload.len() as u64).to_be_bytes(), &[0; 4], payload].concat()
}

/// The payloads of frames that were inflated.
fn texts(mut output: &[u8]) -> Vec<u8> {
    let mut texts = Vec::new();
    while let [_first, length, rest @ ..] = output {
        let (n_payload, rest) = match (length & 0x7f, rest) {
            (126, [high, low, rest @ ..]) => (usize::from(*high) << 8 | usize::from(*low), rest),
            (length, rest) => (usize::from(length), rest),
        };
        let (payload, rest) = rest[4..].split_at(n_payload);
        texts.extend_from_slice(payload);
        output = rest;
    }
    texts
}

const MAX_BYTES: usize = 20_000;
