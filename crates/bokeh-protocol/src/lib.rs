//! The Bokeh wire protocol without I/O: values, messages, framing, tokens and origins.
//!
//! ```
//! use bokeh_protocol::{BufferIds, BytesMode, Encoder, NoModels, Value, Array};
//!
//! // A typed array travels as a buffer beside the text.
//! let mut ids = BufferIds::default();
//! let mut encoder = Encoder::new(&NoModels, &|_| false, BytesMode::Buffers(&mut ids));
//! encoder.value(&Value::from(Array::from(vec![1_u8, 2, 3])));
//! let (json, buffers) = encoder.finish();
//! assert!(json.starts_with(br#"{"type":"ndarray","array":{"type":"bytes","data":{"id":"b1"}}"#));
//! assert_eq!(&buffers[0].data[..], [1, 2, 3]);
//! ```
//!
//! The crate opens nothing, spawns nothing and reads no clock: where time matters, it is an argument.

mod value;
mod map;
mod spec;
mod array;
mod dtype;
mod shared_vec;
mod text;
mod matching;
mod encode;
mod decode;
mod patch;

mod header;
mod message;
mod fragment;
mod json;
mod receiver;
mod close;
mod deflate;

mod token;
mod origin;

pub use array::{Array, ArrayData, ArrayError, Form};
pub use close::Close;
pub use decode::{Begun, DecodeError, DecodeErrorKind, Decoder, ModelReader};
pub use deflate::{DeflateTerms, Deflater, InflateError, Inflater};
pub use dtype::DType;
pub use encode::{BufferIds, BytesMode, Definition, Encoder, Graph, NoModels};
pub use fragment::{Buffer, Fragment, FragmentKind};
pub use header::{Header, MessageType, UnknownMessageType};
pub use json::{ParseJsonError, parse_json};
pub use map::Map;
pub use message::{ContentError, EncodedEvent, ErrorContent, Message, MessageIds, ServerInfo};
pub use origin::{AllowList, AllowListError, UpgradeHeaders};
pub use patch::{PatchEvent, PatchIndex};
pub use receiver::{Limits, Part, RawMessage, ReceiveError, Receiver};
pub use shared_vec::SharedVec;
pub use spec::{Spec, SpecKind};
pub use text::Text;
pub use token::{
    DecodeTokenError, EncodeTokenError, OpenTokenError, Payload, PayloadValue, RandomError, Secret, Signing, Token,
    payload_from_json, payload_to_json, random_bytes, random_id,
};
pub use value::{Event, ModelId, Object, Slice, Value};
