//! Pasting the address of the browser on the terminal.

use std::fs::{self, File};
use std::io::{self, ErrorKind, IsTerminal, Read};
use std::process::{self, Command, Stdio};
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

/// The terminal on which the user can paste; input that is typed later is left for the program.
///
/// A thread in `read_line` cannot be stopped, and would take the next line that the program reads. So the terminal is
/// opened once more, without blocking, and polled.
pub(super) struct Paste<R = File> {
    terminal: R,
    line: Zeroizing<Vec<u8>>,
    /// When it was last known whether the process is in the foreground.
    foreground: Option<(Instant, bool)>,
}

/// The time between two questions to the system that start a program.
const RECHECK: Duration = Duration::from_secs(1);
/// No address is longer; a terminal gives lines of at most 4096 bytes.
const MAX_LINE: usize = 16 << 10;

impl Paste {
    /// The terminal of this program, if its input is one.
    pub(super) fn of_terminal() -> Option<Self> {
        if !io::stdin().is_terminal() {
            return None;
        }
        let terminal = open_terminal().inspect_err(|error| {
            log::debug!("nothing can be pasted on this terminal: {error}");
        });
        terminal.ok().map(Paste::new)
    }

    /// A line, if the user has ended one while this process is in the foreground. Returns immediately.
    ///
    /// The system stops a process in the background that reads its terminal, so it would not respond to the browser
    /// either.
    pub(super) fn typed(&mut self) -> Option<Zeroizing<String>> {
        let is_foreground = match self.foreground {
            Some((checked, is_foreground)) if checked.elapsed() < RECHECK => is_foreground,
            _ => {
                let stat = fs::read_to_string("/proc/self/stat").ok();
                // Linux can be asked each time.
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

/// Whether a process is in the foreground of its terminal, by its `/proc/…/stat` on Linux.
fn is_foreground_by_stat(stat: &str) -> Option<bool> {
    // The name of the program, in brackets, may contain anything. After it: state, parent, group, session, terminal, and
    // the group in the foreground of that, -1 if there is no terminal that could stop the process.
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
    let group: i64 = fields.nth(2)?.parse().ok()?;
    let foreground: i64 = fields.nth(2)?.parse().ok()?;
    Some(foreground == -1 || foreground == group)
}

/// The same on other systems, where only C functions and this program know it. If there is no such program, the terminal
/// is read.
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
        // Room for a whole line: a buffer that grows leaves copies behind.
        let line = Zeroizing::new(Vec::with_capacity(MAX_LINE));
        Paste { terminal, line, foreground: None }
    }

    /// A line, if the user has ended one. Returns immediately.
    fn line(&mut self) -> Option<Zeroizing<String>> {
        loop {
            let mut byte = [0];
            match self.terminal.read(&mut byte) {
                // Byte by byte: the input after the line stays where it is.
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

/// The terminal once more, with a blocking mode of its own.
#[cfg(unix)]
fn open_terminal() -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    // Elsewhere a descriptor that is opened by its name shares its modes with the old one.
    let name = if cfg!(any(target_os = "linux", target_os = "android")) {
        "/proc/self/fd/0"
    } else {
        "/dev/tty"
    };
    File::options().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(name)
}

#[cfg(not(unix))]
fn open_terminal() -> io::Result<File> {
    // Without this, input that is typed later would be taken from the program.
    Err(io::Error::new(ErrorKind::Unsupported, "it cannot be read here without waiting"))
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
            // No terminal, or one of a container outside.
            ("7 (tonearm) S 1 7 7 0 -1 4194304 0", Some(true)),
            ("7 (tonearm) S 1 7 7 34816 0 4194304 0", Some(false)),
            ("7 (tonearm) S 1 7", None),
            ("", None),
        ] {
            assert_eq!(is_foreground_by_stat(stat), expected, "{stat}");
        }
    }
}
