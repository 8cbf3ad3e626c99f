//! Fault injection.

pub(crate) mod fail_all;
pub(crate) mod fault;
pub(crate) mod inject;
pub(crate) mod json;
pub(crate) mod script;
