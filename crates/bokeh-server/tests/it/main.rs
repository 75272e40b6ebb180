//! The server from outside: its routes without a socket, its WebSockets with one.

mod blocking;
mod life;
mod pages;
mod sockets;
mod static_files;
