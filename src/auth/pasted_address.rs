//! Reads a pasted redirect address from the terminal.

use std::fs::{self, File};
use std::io::{self, ErrorKind, IsTerminal, Read};
use std::process::{self, Command, Stdio};
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

/// The terminal into which the user can paste. It leaves later input to the program.
///
/// A thread in `read_line` cannot be stopped, and would consume a line that is meant for the program. So the terminal
/// is opened again in nonblocking mode, and polled.
pub(super) struct Paste<R = File> {
    terminal: R,
    line: Zeroizing<Vec<u8>>,
    /// The time and the result of the last check whether the process is in the foreground.
    foreground: Option<(Instant, bool)>,
}

/// The interval between two checks that start `ps`.
const RECHECK: Duration = Duration::from_secs(1);
/// The maximum length of an address. Lines from a terminal have at most 4096 bytes.
const MAX_LINE: usize = 16 << 10;

impl Paste {
    /// Opens the terminal of this program, if standard input is one.
    pub(super) fn of_terminal() -> Option<Self> {
        if !io::stdin().is_terminal() {
            return None;
        }
        let terminal = open_terminal().inspect_err(|error| {
            log::debug!("pasting on this terminal is not available: {error}");
        });
        terminal.ok().map(Paste::new)
    }

    /// Returns a line without blocking, if the user has completed one and this process is in the foreground.
    ///
    /// The system stops a background process that reads its terminal. It would then not respond to the browser either.
    pub(super) fn typed(&mut self) -> Option<Zeroizing<String>> {
        let is_foreground = match self.foreground {
            Some((checked, is_foreground)) if checked.elapsed() < RECHECK => is_foreground,
            _ => {
                let stat = fs::read_to_string("/proc/self/stat").ok();
                // On Linux, the check is cheap and not cached.
                stat.as_deref().and_then(is_foreground_by_stat).unwrap_or_else(|| {
                    let is_foreground = is_foreground_by_ps();
                    self.foreground = Some((Instant::now(), is_foreground));
                    is_foreground
                })
            }
        };
        is_foreground.then(|| self.line()).flatten()
    }
}

/// Returns whether a process is in the foreground of its terminal, from its `/proc/…/stat` on Linux.
fn is_foreground_by_stat(stat: &str) -> Option<bool> {
    // The name of the program, in parentheses, may contain any characters. The fields after it are state, parent,
    // group, session, terminal, and foreground group of the terminal, which is -1 without a terminal.
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
    let group: i64 = fields.nth(2)?.parse().ok()?;
    let foreground: i64 = fields.nth(2)?.parse().ok()?;
    Some(foreground == -1 || foreground == group)
}

/// Returns the same on other systems, from the program `ps`. Without `ps`, it returns `true`.
fn is_foreground_by_ps() -> bool {
    let output = Command::new("ps")
        .args(["-o", "stat=", "-p", &process::id().to_string()])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output();
    output.map_or(true, |output| !output.status.success() || output.stdout.contains(&b'+'))
}

impl<R: Read> Paste<R> {
    fn new(terminal: R) -> Self {
        // Enough capacity for a whole line, because a reallocation would leave a copy.
        let line = Zeroizing::new(Vec::with_capacity(MAX_LINE));
        Paste { terminal, line, foreground: None }
    }

    /// Returns a line without blocking, if the user has completed one.
    fn line(&mut self) -> Option<Zeroizing<String>> {
        loop {
            let mut byte = [0];
            match self.terminal.read(&mut byte) {
                // Read byte by byte, to leave the input after the line to the program.
                Ok(1..) if byte == *b"\n" => {
                    let text =
                        Zeroizing::new(String::from_utf8_lossy(&self.line).trim().to_owned());
                    self.line.clear();
                    if !text.is_empty() {
                        return Some(text);
                    }
                }
                Ok(1..) if self.line.len() < MAX_LINE => self.line.extend(byte),
                Ok(1..) => {}
                Ok(0) => return None,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return None,
            }
        }
    }
}

/// Opens the terminal again, with a separate blocking mode.
#[cfg(unix)]
fn open_terminal() -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    // On other systems, a descriptor that is opened by `/dev/fd/0` shares its mode with standard input.
    let name = if cfg!(any(target_os = "linux", target_os = "android")) {
        "/proc/self/fd/0"
    } else {
        "/dev/tty"
    };
    File::options().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(name)
}

#[cfg(not(unix))]
fn open_terminal() -> io::Result<File> {
    // A blocking read would consume input that is meant for the program.
    Err(io::Error::new(
        ErrorKind::Unsupported,
        "nonblocking reads are not supported on this platform",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endless_line_is_truncated() {
        let typed = [&[b'x'; 100_000][..], b"\n"].concat();
        let mut paste = Paste::new(typed.as_slice());
        assert_eq!(paste.line().map(|line| line.len()), Some(MAX_LINE));
    }

    #[test]
    fn foreground_is_the_group_that_the_terminal_names() {
        for (stat, expected) in [
            ("7 (tonearm) S 1 7 5 34816 7 4194304 0", Some(true)),
            ("7 (tonearm) S 1 7 5 34816 5 4194304 0", Some(false)),
            ("7 (a) S 1 2) S 1 7 5 34816 7 4194304 0", Some(true)),
            // No terminal, or one outside of the container.
            ("7 (tonearm) S 1 7 7 0 -1 4194304 0", Some(true)),
            ("7 (tonearm) S 1 7 7 34816 0 4194304 0", Some(false)),
            ("7 (tonearm) S 1 7", None),
            ("", None),
        ] {
            assert_eq!(is_foreground_by_stat(stat), expected, "{stat}");
        }
    }
}
