//! Opening a page in the user's browser.

use std::ffi::OsString;
use std::process::{Command, Stdio};

/// Opens an address with the platform's own command, if a user would see it.
pub(super) fn open(url: &str) {
    let Some((program, arguments)) = command(url, |key| std::env::var_os(key)) else {
        return log::debug!("no browser was opened for the login: there is no screen here");
    };
    let child = Command::new(program)
        .args(arguments)
        // The output of the browser must not appear among that of the program.
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    // Some of these commands end with the browser only; the caller has given this thread to them.
    if let Err(error) = child.and_then(|mut child| child.wait()) {
        log::debug!("no browser was opened for the login: {error}");
    }
}

/// The platform's command, if a browser would open where the user is.
fn command(
    url: &str,
    var: impl Fn(&str) -> Option<OsString>,
) -> Option<(&'static str, Vec<String>)> {
    let is_set = |key| var(key).is_some_and(|value| !value.is_empty());
    // Over SSH it would open on the wrong screen, except with X11.
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
