//! The tables against the specification that they are made of, and the facts that others rely on.

mod classes;
mod extension;
mod kinds;
mod spec;
