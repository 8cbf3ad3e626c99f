#![no_main]
// The target needs only a part of the compiler.
#![allow(dead_code, unused_imports)]

#[path = "../../tests/codegen/property.rs"]
mod property;
#[path = "../../codegen/mod.rs"]
mod codegen;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| property::table(bytes));
