//! Values: ids, markets, scopes, timestamps, enums, secrets.

// The generator and the client accept the same dates.
#[path = "../../codegen/diagnostics/calendar.rs"]
pub(crate) mod calendar;
pub(crate) mod display;
pub(crate) mod enums;
pub(crate) mod id;
pub(crate) mod market;
// The generator and the client make the same suggestions.
#[path = "../../codegen/diagnostics/phrase.rs"]
#[allow(dead_code)]
pub(crate) mod phrase;
pub(crate) mod scope;
pub(crate) mod secret;
pub(crate) mod small_text;
pub(crate) mod text_traits;
pub(crate) mod timestamp;
