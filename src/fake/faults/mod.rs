//! Faults that a test injects: errors, and responses that are late, broken or missing.

pub(crate) mod fail_all;
pub(crate) mod fault;
pub(crate) mod inject;
pub(crate) mod script;
