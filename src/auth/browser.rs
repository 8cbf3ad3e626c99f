//! Opening a page in the person's browser.

use std::ffi::OsString;
use std::io;
use std::process::{Command, Stdio};
use std::thread;

/// Opens an address with the platform's own command, where there is somebody to see it.
pub(super) fn open(url: &str) -> io::Result<()> {
    let Some((program, arguments)) = command(url, |key| std::env::var_os(key)) else {
        return Err(io::Error::other("there is no screen here"));
    };
    let mut child = Command::new(program)
        .args(arguments)
        // What the browser has to say would stand in the middle of what the program says.
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    // Some of these commands end with the browser only.
    thread::Builder::new().name("tonearm-browser".to_owned()).spawn(move || child.wait())?;
    Ok(())
}

/// The platform's command, if a browser would open where the person is.
fn command(
    url: &str,
    var: impl Fn(&str) -> Option<OsString>,
) -> Option<(&'static str, Vec<String>)> {
    let is_set = |key| var(key).is_some_and(|value| !value.is_empty());
    // Over SSH it would open on the wrong screen, unless windows are carried over, as X11 does.
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
    fn a_browser_is_opened_only_where_there_is_a_screen() {
        let with = |set: &'static str| {
            command("https://x", move |key| (key == set).then(|| OsString::from(":0")))
        };
        assert_eq!(with("DISPLAY"), Some(("xdg-open", vec!["https://x".to_owned()])));
        assert_eq!(with("WAYLAND_DISPLAY"), Some(("xdg-open", vec!["https://x".to_owned()])));
        assert_eq!(with("TERM"), None);
    }
}
