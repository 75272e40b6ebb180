//! The server from outside: its routes without a socket, its WebSockets with one.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod app_files;
mod auth;
mod autoload;
mod blocking;
mod compression;
mod configured;
mod defects;
mod exposition;
mod late;
mod life;
mod methods;
mod mounted;
mod limits;
mod network;
mod operations;
mod pages;
mod replays;
mod sockets;
mod static_files;
mod templates;
mod work;
