//! The platform's folder for application state.

use std::ffi::OsString;
use std::path::PathBuf;

/// Returns the folder for application state, from environment variables.
pub(super) fn state_folder(var: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let absolute = |key: &str| var(key).map(PathBuf::from).filter(|path| path.is_absolute());
    match () {
        _ if cfg!(windows) => absolute("LOCALAPPDATA"),
        _ if cfg!(target_vendor = "apple") => {
            Some(absolute("HOME")?.join("Library").join("Application Support"))
        }
        // The XDG specification requires ignoring a relative path.
        _ => absolute("XDG_STATE_HOME")
            .or_else(|| Some(absolute("HOME")?.join(".local").join("state"))),
    }
}

#[cfg(all(test, unix, not(target_vendor = "apple")))]
mod tests {
    use super::*;

    #[test]
    fn state_folder_follows_the_xdg_specification() {
        let folder = |state: Option<&str>, home: Option<&str>| {
            state_folder(|key| match key {
                "XDG_STATE_HOME" => state.map(OsString::from),
                "HOME" => home.map(OsString::from),
                _ => None,
            })
        };
        assert_eq!(folder(Some("/state"), Some("/home/mira")), Some("/state".into()));
        let of_home = Some("/home/mira/.local/state".into());
        assert_eq!(folder(None, Some("/home/mira")), of_home);
        assert_eq!(folder(Some(""), Some("/home/mira")), of_home);
        assert_eq!(folder(Some("state"), Some("/home/mira")), of_home);
        assert_eq!(folder(None, None), None);
        assert_eq!(folder(None, Some("home")), None);
    }
}
