//! What travels between the server and a worker.

#[cfg(test)]
mod tests;

use std::io::IoSlice;
use std::os::fd::OwnedFd;

use bokeh_protocol::{Buffer, ParseJsonError, parse_json};
use bytes::{Buf, Bytes, BytesMut};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One message: a JSON object, and buffers, whose names are in the object.
///
/// On the wire, little endian: the length of the JSON (`u32`), the number of buffers (`u32`), the length of each buffer
/// (`u64`), the JSON, the buffers.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Frame {
    pub(crate) fields: Map<String, Value>,
    pub(crate) buffers: Vec<Bytes>,
    /// It was nested too deep: all that is known is who it is for.
    pub(crate) is_too_deep: bool,
}

/// How large a frame may be.
#[derive(Clone, Debug)]
pub(crate) struct FrameLimits {
    pub(crate) max_json_bytes: usize,
    pub(crate) max_buffers: usize,
    /// All buffers of one frame.
    pub(crate) max_buffer_bytes: u64,
    pub(crate) max_depth: usize,
}

impl Default for FrameLimits {
    fn default() -> Self {
        Self { max_json_bytes: 1 << 30, max_buffers: 1_000_000, max_buffer_bytes: 4 << 30, max_depth: 512 }
    }
}

/// Why bytes are no frame. What follows them would be misread.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FrameError {
    #[error("{n_bytes} bytes of JSON are more than the {limit} that a frame may have")]
    JsonTooLong { n_bytes: usize, limit: usize },
    #[error("{n_buffers} buffers are more than the {limit} that a frame may have")]
    TooManyBuffers { n_buffers: usize, limit: usize },
    #[error("the buffers have more than the {limit} bytes that those of a frame may have")]
    BuffersTooLong { limit: u64 },
    #[error(transparent)]
    Json(#[from] ParseJsonError),
    #[error("the JSON is no object")]
    NoObject,
}

/// Encodes a frame. The names of the buffers are expected in `message`, see [`ids`].
pub(crate) fn encode(message: &impl Serialize, buffers: &[Buffer]) -> Result<Encoded, EncodeError> {
    let mut head = vec![0; 8 + 8 * buffers.len()];
    let json_at = head.len();
    serde_json::to_writer(&mut head, message).map_err(EncodeError::Json)?;
    let n_json = u32::try_from(head.len() - json_at).map_err(|_too_long| EncodeError::TooLong)?;
    let n_buffers = u32::try_from(buffers.len()).map_err(|_too_many| EncodeError::TooLong)?;
    head[..4].copy_from_slice(&n_json.to_le_bytes());
    head[4..8].copy_from_slice(&n_buffers.to_le_bytes());
    for (at, buffer) in buffers.iter().enumerate() {
        // A `usize` has at most 64 bits.
        head[8 + 8 * at..16 + 8 * at].copy_from_slice(&(buffer.data.len() as u64).to_le_bytes());
    }
    let buffers = buffers.iter().map(|buffer| buffer.data.clone()).collect();
    Ok(Encoded { head: head.into(), buffers, file: None })
}

/// The ids of buffers, in order.
pub(crate) fn ids(buffers: &[Buffer]) -> Vec<&str> {
    buffers.iter().map(|buffer| &*buffer.id).collect()
}

/// A frame as bytes.
#[derive(Debug)]
pub(crate) struct Encoded {
    head: Bytes,
    buffers: Vec<Bytes>,
    /// Travels with the first byte.
    pub(crate) file: Option<OwnedFd>,
}

impl Encoded {
    /// The bytes that are still to be written, in order; not all of them if there are very many buffers.
    pub(crate) fn slices(&self) -> Vec<IoSlice<'_>> {
        self.chunks().take(MAX_SLICES).map(|chunk| IoSlice::new(chunk)).collect()
    }

    /// Whether nothing is left to be written.
    pub(crate) fn is_written(&self) -> bool {
        self.chunks().next().is_none()
    }

    /// So many bytes are written.
    pub(crate) fn advance(&mut self, mut n_bytes: usize) {
        for chunk in std::iter::once(&mut self.head).chain(&mut self.buffers).filter(|chunk| !chunk.is_empty()) {
            let n_of_chunk = n_bytes.min(chunk.len());
            chunk.advance(n_of_chunk);
            n_bytes -= n_of_chunk;
            if n_bytes == 0 {
                return;
            }
        }
    }

    /// The parts that have bytes, in order.
    pub(crate) fn chunks(&self) -> impl Iterator<Item = &Bytes> {
        std::iter::once(&self.head).chain(&self.buffers).filter(|chunk| !chunk.is_empty())
    }

    /// The first bytes, at least one.
    pub(crate) fn head(&self) -> &Bytes {
        &self.head
    }

    pub(crate) fn n_bytes(&self) -> usize {
        self.chunks().map(Bytes::len).sum()
    }
}

/// Why a message cannot be sent.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EncodeError {
    #[error("the message cannot be written as JSON")]
    Json(#[source] serde_json::Error),
    #[error("the message has more than 4 GiB of JSON or buffers without number")]
    TooLong,
}

/// Puts frames together from bytes as they arrive.
#[derive(Debug, Default)]
pub(crate) struct FrameReader {
    limits: FrameLimits,
}

/// What is still missing of a frame.
#[derive(Debug, PartialEq)]
pub(crate) enum Read {
    /// At least so many bytes in all.
    Needs(usize),
    /// Nothing: these are its parts, not yet parsed.
    Raw(RawFrame),
}

/// A frame whose JSON has not been parsed.
#[derive(Debug, PartialEq)]
pub(crate) struct RawFrame {
    json: Bytes,
    buffers: Vec<Bytes>,
    max_depth: usize,
}

impl FrameReader {
    #[cfg(test)]
    pub(crate) fn new(limits: FrameLimits) -> Self {
        Self { limits }
    }

    /// Takes the first frame off the bytes, if it is complete. Lengths are checked before anything of that length is
    /// waited for.
    pub(crate) fn read(&self, bytes: &mut BytesMut) -> Result<Read, FrameError> {
        let limits = &self.limits;
        let Some(mut head) = bytes.get(..8) else { return Ok(Read::Needs(8)) };
        let (n_json, n_buffers) = (head.get_u32_le() as usize, head.get_u32_le() as usize);
        if n_json > limits.max_json_bytes {
            return Err(FrameError::JsonTooLong { n_bytes: n_json, limit: limits.max_json_bytes });
        }
        if n_buffers > limits.max_buffers {
            return Err(FrameError::TooManyBuffers { n_buffers, limit: limits.max_buffers });
        }
        let json_at = 8 + 8 * n_buffers;
        let Some(mut lengths) = bytes.get(8..json_at) else { return Ok(Read::Needs(json_at)) };
        let too_long = FrameError::BuffersTooLong { limit: limits.max_buffer_bytes };
        let mut n_buffer_bytes = 0_u64;
        for _buffer in 0..n_buffers {
            let sum = n_buffer_bytes.checked_add(lengths.get_u64_le());
            let Some(sum) = sum.filter(|sum| *sum <= limits.max_buffer_bytes) else { return Err(too_long) };
            n_buffer_bytes = sum;
        }
        let n_bytes = usize::try_from(n_buffer_bytes).ok().and_then(|n| n.checked_add(json_at + n_json));
        let Some(n_bytes) = n_bytes else { return Err(too_long) };
        if bytes.len() < n_bytes {
            return Ok(Read::Needs(n_bytes));
        }
        let mut frame = bytes.split_to(n_bytes).freeze();
        frame.advance(8);
        let mut lengths = frame.split_to(8 * n_buffers);
        let json = frame.split_to(n_json);
        // Their sum fits, so each of them does.
        let buffers = (0..n_buffers).map(|_buffer| frame.split_to(lengths.get_u64_le() as usize)).collect();
        Ok(Read::Raw(RawFrame { json, buffers, max_depth: limits.max_depth }))
    }
}

impl RawFrame {
    /// The bytes of the JSON: what parsing costs.
    pub(crate) fn n_json_bytes(&self) -> usize {
        self.json.len()
    }

    /// Parses the JSON and gives the buffers their names.
    pub(crate) fn parse(self) -> Result<Frame, FrameError> {
        match parse_json(&self.json, self.max_depth) {
            Ok(Value::Object(fields)) => Ok(Frame { fields, buffers: self.buffers, is_too_deep: false }),
            Ok(_) => Err(FrameError::NoObject),
            // Values are as deep as an application, or a user of it, has made them. That is no reason to end all sessions.
            Err(error @ ParseJsonError::TooDeep { .. }) => self.address().ok_or(FrameError::Json(error)),
            Err(error) => Err(error.into()),
        }
    }

    /// A frame that says what it is and who it is for.
    fn address(&self) -> Option<Frame> {
        #[derive(Deserialize, Serialize)]
        struct Address {
            t: String,
            id: Option<u64>,
            s: Option<u64>,
        }
        // What is not wanted is passed over without going down into it.
        let address: Address = serde_json::from_slice(&self.json).ok()?;
        let Ok(Value::Object(fields)) = serde_json::to_value(address) else { return None };
        Some(Frame { fields, buffers: Vec::new(), is_too_deep: true })
    }
}

/// Gives buffers the names that the list `names` has for them.
pub(crate) fn named(names: Option<&Value>, buffers: &mut impl Iterator<Item = Bytes>) -> Vec<Buffer> {
    let names = names.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    names.zip(buffers).map(|(name, data)| Buffer::new(name, own(data))).collect()
}

/// A buffer that is kept must not keep more alive than itself. A large one fills its frame.
fn own(data: Bytes) -> Bytes {
    if data.len() < SMALL { Bytes::copy_from_slice(&data) } else { data }
}

const SMALL: usize = 1 << 16;
/// So many parts the systems take with one call.
const MAX_SLICES: usize = 64;
