//! Values: types, models and pages, and how they decode Spotify's JSON.

#[path = "../support/mod.rs"]
mod support;

mod items;
mod models;
mod mutations;
mod pages;
mod parse_errors;
mod player;
mod quirks;
mod times;
mod traits;
