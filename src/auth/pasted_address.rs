//! Pasting on the terminal what the browser shows.

use std::fs::File;
use std::io::{self, ErrorKind, IsTerminal, Read};

use zeroize::Zeroizing;

/// The terminal on which a person can paste, read so that nothing of what is typed later is taken.
///
/// A thread that waits in `read_line` cannot be called back, and would take the next line that the
/// program asks for. So the terminal is opened once more, without blocking, and asked now and then.
pub(super) struct Paste<R = File> {
    terminal: R,
    line: Zeroizing<Vec<u8>>,
}

/// No address is longer; a terminal gives lines of at most 4096 bytes.
const MAX_LINE: usize = 16 << 10;

impl Paste {
    /// The terminal of this program, if its input is one.
    pub(super) fn of_terminal() -> Option<Self> {
        if !io::stdin().is_terminal() {
            return None;
        }
        match open_terminal() {
            Ok(terminal) => Some(Paste::new(terminal)),
            Err(error) => {
                log::debug!("nothing can be pasted on this terminal: {error}");
                None
            }
        }
    }
}

impl<R: Read> Paste<R> {
    fn new(terminal: R) -> Self {
        // Room for all of a line, so that a code is not left behind where it grew.
        Paste { terminal, line: Zeroizing::new(Vec::with_capacity(MAX_LINE)) }
    }

    /// A line, if the person has ended one. Comes back at once.
    pub(super) fn line(&mut self) -> Option<Zeroizing<String>> {
        loop {
            let mut byte = [0];
            match self.terminal.read(&mut byte) {
                // One byte after the other, so that what comes after the line stays where it is.
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
    // What is typed later would be taken from the program: better no pasting at all.
    Err(io::Error::new(ErrorKind::Unsupported, "it cannot be read here without waiting"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_without_end_is_cut() {
        let typed = [&[b'x'; 100_000][..], b"\n"].concat();
        let mut paste = Paste::new(typed.as_slice());
        assert_eq!(paste.line().map(|line| line.len()), Some(MAX_LINE));
    }
}
