//! Patches that make sense for the most part.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::edits(data));
