use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// What a real server has answered, for the bare server to say again.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Recording {
    /// The page of the sliders.
    pub page: String,
    /// What follows the opening of a socket.
    pub ack: Vec<Frame>,
    /// The answer to the request for the document.
    pub pull: Vec<Frame>,
    /// What the author of a slider's move gets: the curve, and the OK.
    pub author: Vec<Frame>,
    /// What another viewer of the session gets.
    pub viewer: Vec<Frame>,
    /// One message of the stream.
    pub stream: Vec<Frame>,
    /// The id of the requests to which `pull` and `author` are answers, wherever it stands in them.
    pub reqid: String,
}

/// A frame of a WebSocket.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Frame {
    /// Text.
    Text(String),
    /// Bytes.
    Binary(Vec<u8>),
}

impl Recording {
    /// Writes the recording into a file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, file: &Path) -> Result<()> {
        let place = || format!("could not write {}", file.display());
        let writer = BufWriter::new(File::create(file).with_context(place)?);
        serde_json::to_writer(writer, self).with_context(place)
    }

    /// Reads what [`write`](Self::write) has written.
    ///
    /// # Errors
    /// When the file cannot be read, or is something else.
    pub fn read(file: &Path) -> Result<Self> {
        let place = || format!("could not read the recording {}", file.display());
        let reader = BufReader::new(File::open(file).with_context(place)?);
        serde_json::from_reader(reader).with_context(place)
    }
}
