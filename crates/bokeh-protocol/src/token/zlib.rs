use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use super::DecodeTokenError;

/// As small as possible, since the result travels in a header.
pub(super) fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("writing to memory cannot fail")
}

/// Stops at `max_bytes`: a few bytes can stand for a thousand times as many.
pub(super) fn decompress(bytes: &[u8], max_bytes: usize) -> Result<Vec<u8>, DecodeTokenError> {
    let mut decompressed = Vec::new();
    let limit = u64::try_from(max_bytes).unwrap_or(u64::MAX).saturating_add(1);
    match ZlibDecoder::new(bytes).take(limit).read_to_end(&mut decompressed) {
        Ok(n_bytes) if n_bytes <= max_bytes => Ok(decompressed),
        Ok(_) => Err(DecodeTokenError::TooBig),
        Err(_) => Err(DecodeTokenError::Compression),
    }
}
