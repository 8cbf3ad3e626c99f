//! Checks of the project's source code.

mod layers;
