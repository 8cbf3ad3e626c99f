//! Errors: their messages, and the secrets that neither they nor the log contain.

#[path = "../support/mod.rs"]
mod support;

mod messages;
mod secrets;
