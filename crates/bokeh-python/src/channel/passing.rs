//! Files that travel with a frame.

use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};

use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};
use tokio::io::Interest;
use tokio::net::UnixStream;

/// Writes the first of some bytes, with a file attached to them. Answers how many were written, at least one.
pub(super) async fn write_with_file(socket: &UnixStream, bytes: &[u8], file: &OwnedFd) -> io::Result<usize> {
    loop {
        socket.writable().await?;
        let written = socket.try_io(Interest::WRITABLE, || {
            let files = [file.as_fd()];
            let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
            let mut attached = SendAncillaryBuffer::new(&mut space);
            attached.push(SendAncillaryMessage::ScmRights(&files));
            Ok(sendmsg(socket.as_fd(), &[IoSlice::new(bytes)], &mut attached, SendFlags::empty())?)
        });
        match written {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            written => return written,
        }
    }
}
