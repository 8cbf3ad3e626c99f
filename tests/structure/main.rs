//! The structure of the project's own source.

mod layers;
