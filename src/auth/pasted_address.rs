//! Pasting the address of the browser on the terminal.

use std::fs::File;
use std::io::{self, ErrorKind, IsTerminal, Read};

use zeroize::Zeroizing;

/// The terminal on which the user can paste; input that is typed later is left for the program.
///
/// A thread in `read_line` cannot be stopped, and would take the next line that the program reads. So the terminal is
/// opened once more, without blocking, and polled.
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
        let terminal = open_terminal().inspect_err(|error| {
            log::debug!("nothing can be pasted on this terminal: {error}");
        });
        terminal.ok().map(Paste::new)
    }
}

impl<R: Read> Paste<R> {
    fn new(terminal: R) -> Self {
        // Room for a whole line: a buffer that grows leaves copies behind.
        Paste { terminal, line: Zeroizing::new(Vec::with_capacity(MAX_LINE)) }
    }

    /// A line, if the user has ended one. Returns immediately.
    pub(super) fn line(&mut self) -> Option<Zeroizing<String>> {
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
    fn line_without_end_is_cut() {
        let typed = [&[b'x'; 100_000][..], b"\n"].concat();
        let mut paste = Paste::new(typed.as_slice());
        assert_eq!(paste.line().map(|line| line.len()), Some(MAX_LINE));
    }
}
