//! The network: failures, retries, hostile servers, and a long run against a server that fails at random.

#[path = "../support/mod.rs"]
mod support;

mod faults;
mod hostile;
mod retries;
mod soak;
