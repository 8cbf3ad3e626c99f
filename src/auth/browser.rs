//! Opens a page in the user's browser.

use std::ffi::OsString;
use std::process::{Command, Stdio};

/// Opens a URL with the command of the platform, if the browser would appear on the user's screen.
pub(super) fn open(url: &str) {
    let Some((program, arguments)) = command(url, |key| std::env::var_os(key)) else {
        return log::debug!("the browser was not opened for the login: this session has no screen");
    };
    let child = Command::new(program)
        .args(arguments)
        // Keep the output of the browser out of the output of the program.
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    // Some of these commands run until the browser is closed, so this function has its own thread.
    if let Err(error) = child.and_then(|mut child| child.wait()) {
        log::debug!("the browser was not opened for the login: {error}");
    }
}

/// Returns the command of the platform, if the browser would open on the user's screen.
fn command(
    url: &str,
    var: impl Fn(&str) -> Option<OsString>,
) -> Option<(&'static str, Vec<String>)> {
    let is_set = |key| var(key).is_some_and(|value| !value.is_empty());
    // Over SSH, the browser would open on the remote machine, except with X11.
    let is_remote = is_set("SSH_CONNECTION") || is_set("SSH_TTY");
    let url = url.to_owned();
    match () {
        _ if cfg!(windows) => {
            (!is_remote).then(|| ("rundll32", vec!["url.dll,FileProtocolHandler".to_owned(), url]))
        }
        _ if cfg!(target_os = "macos") => (!is_remote).then(|| ("open", vec![url])),
        _ => {
            let has_screen = is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
            has_screen.then(|| ("xdg-open", vec![url]))
        }
    }
}

#[cfg(all(test, unix, not(target_vendor = "apple")))]
mod tests {
    use super::*;

    #[test]
    fn browser_opens_only_with_a_display() {
        let with = |set: &'static str| {
            command("https://x", move |key| (key == set).then(|| OsString::from(":0")))
        };
        assert_eq!(with("DISPLAY"), Some(("xdg-open", vec!["https://x".to_owned()])));
        assert_eq!(with("WAYLAND_DISPLAY"), Some(("xdg-open", vec!["https://x".to_owned()])));
        assert_eq!(with("TERM"), None);
    }
}
