//! Values: types, models and pages, and what they make of the JSON that Spotify sends.

#[path = "../support/mod.rs"]
mod support;

mod items;
mod models;
mod mutation;
mod pages;
mod parse_errors;
mod player;
mod quirks;
mod times;
mod traits;
