//! Calls: the requests that one call sends, and the responses that it joins.

#[path = "../support/samples.rs"]
mod samples;
#[path = "../support/mod.rs"]
mod support;

mod batches;
mod concurrency;
mod custom;
mod endpoints;
mod fallback;
mod named;
mod pagination;
mod quota_mode;
mod resume;
