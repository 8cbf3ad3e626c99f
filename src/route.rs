//! Which request a call becomes for this app: the documented one, or the form that Spotify leaves to apps
//! in development mode.

/// How a client treats endpoints that Spotify closes to apps in development mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum QuotaMode {
    /// Find out.
    #[default]
    Auto,
    /// As documented.
    Extended,
    /// The form.
    Development,
}
