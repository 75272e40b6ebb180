//! A stream from which compressed messages come out plain.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bokeh_protocol::{DeflateTerms, Inflater};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::task::coop;

/// Inflates what a client sends, so that the library below, which knows nothing of compression, can read it. What is written
/// passes as it is.
#[derive(Debug)]
pub(super) struct Inflating<S> {
    stream: S,
    /// None if the client does not compress.
    inflate: Option<Box<Inflate>>,
}

#[derive(Debug)]
struct Inflate {
    inflater: Inflater,
    /// What has been read and not been looked at.
    input: Pending,
    /// What has not been handed out.
    output: Pending,
}

/// Bytes of which the first have been taken.
#[derive(Debug, Default)]
struct Pending {
    bytes: Vec<u8>,
    n_taken: usize,
}

impl<S> Inflating<S> {
    /// Passes everything as it is.
    pub(super) fn nothing(stream: S) -> Self {
        Self { stream, inflate: None }
    }

    /// Inflates compressed messages of at most `max_bytes`. Longer ones are an error of the kind [`InvalidData`], with an
    /// [`InflateError`] in it.
    ///
    /// [`InvalidData`]: io::ErrorKind::InvalidData
    /// [`InflateError`]: bokeh_protocol::InflateError
    pub(super) fn messages(stream: S, terms: DeflateTerms, max_bytes: usize) -> Self {
        let inflater = Inflater::new(terms, max_bytes);
        let inflate = Inflate { inflater, input: Pending::default(), output: Pending::default() };
        Self { stream, inflate: Some(Box::new(inflate)) }
    }

    /// The stream as it is.
    pub(super) fn get_mut(&mut self) -> &mut S {
        &mut self.stream
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Inflating<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let Self { stream, inflate } = &mut *self;
        let Some(inflate) = inflate else { return Pin::new(stream).poll_read(cx, buf) };
        while inflate.output.is_empty() {
            // A few bytes may become many, and others want to go on, too.
            let budget = ready!(coop::poll_proceed(cx));
            if !inflate.step()? {
                let mut bytes = [0; INPUT_BYTES];
                let mut read = ReadBuf::new(&mut bytes);
                ready!(Pin::new(&mut *stream).poll_read(cx, &mut read))?;
                if read.filled().is_empty() {
                    return Poll::Ready(Ok(()));
                }
                inflate.input.refill(read.filled());
            }
            budget.made_progress();
        }
        inflate.output.take_into(buf);
        Poll::Ready(Ok(()))
    }
}

impl Inflate {
    /// Goes on with what was read. Answers `false` when there is no more of it.
    fn step(&mut self) -> io::Result<bool> {
        let mut rest = self.input.rest();
        let n_bytes = rest.len();
        let pushed = self.inflater.push(&mut rest, &mut self.output.bytes);
        let n_left = rest.len();
        self.input.take(n_bytes - n_left);
        pushed.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }
}

impl Pending {
    fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    fn rest(&self) -> &[u8] {
        &self.bytes[self.n_taken..]
    }

    /// Takes bytes away. Without any left, no memory is held: most connections are silent most of the time.
    fn take(&mut self, n_bytes: usize) {
        self.n_taken += n_bytes;
        if self.n_taken == self.bytes.len() {
            *self = Self::default();
        }
    }

    fn take_into(&mut self, buf: &mut ReadBuf<'_>) {
        let n_bytes = self.rest().len().min(buf.remaining());
        buf.put_slice(&self.rest()[..n_bytes]);
        self.take(n_bytes);
    }

    fn refill(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Inflating<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// How much is read at once.
const INPUT_BYTES: usize = 4 << 10;
