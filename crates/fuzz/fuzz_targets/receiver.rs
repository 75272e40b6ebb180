//! Fragments to messages.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::receiver(data));
