//! What is said, and where the few parts lie that change.

use bokeh_load::{Frame, Recording};
use tokio_tungstenite::tungstenite::{Bytes, Message};

/// The answers, ready to be filled in.
#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) ack: Template,
    pub(crate) pull: Template,
    pub(crate) author: Template,
    pub(crate) viewer: Template,
    pub(crate) stream: Template,
}

impl Script {
    pub(crate) fn new(recording: &Recording) -> Self {
        let template = |frames: &[Frame]| Template::new(frames, &recording.reqid);
        Self {
            ack: template(&recording.ack),
            pull: template(&recording.pull),
            author: template(&recording.author),
            viewer: template(&recording.viewer),
            stream: template(&recording.stream),
        }
    }
}

/// Frames in which the id of a request and the first number of the last buffer are to be filled in.
#[derive(Debug)]
pub(crate) struct Template(Vec<Part>);

#[derive(Debug)]
enum Part {
    Fixed(Message),
    /// What stands before and after the id.
    Reply(String, String),
    /// What follows the number.
    Buffer(Vec<u8>),
}

impl Template {
    fn new(frames: &[Frame], reqid: &str) -> Self {
        let quoted = format!("\"{reqid}\"");
        let last = frames.iter().rposition(|frame| matches!(frame, Frame::Binary(_)));
        let part = |(place, frame): (usize, &Frame)| match frame {
            Frame::Text(text) => match text.split_once(&quoted) {
                Some((before, after)) => Part::Reply(before.to_owned(), after.to_owned()),
                None => Part::Fixed(Message::text(text.clone())),
            },
            Frame::Binary(bytes) if Some(place) == last && bytes.len() >= 8 => Part::Buffer(bytes[8..].to_vec()),
            Frame::Binary(bytes) => Part::Fixed(Message::binary(bytes.clone())),
        };
        Self(frames.iter().enumerate().map(part).collect())
    }

    /// The frames for one request.
    pub(crate) fn fill(&self, reqid: &str, number: f64) -> Vec<Message> {
        let fill = |part: &Part| match part {
            Part::Fixed(message) => message.clone(),
            Part::Reply(before, after) => Message::text(format!("{before}\"{reqid}\"{after}")),
            Part::Buffer(rest) => {
                let mut bytes = Vec::with_capacity(rest.len() + 8);
                bytes.extend_from_slice(&number.to_le_bytes());
                bytes.extend_from_slice(rest);
                Message::Binary(Bytes::from(bytes))
            }
        };
        self.0.iter().map(fill).collect()
    }
}
