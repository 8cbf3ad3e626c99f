//! Connections whose waits end at the deadline of a call.
//!
//! ureq's own connection has a timeout for each system call, and one write makes many of them. So a server that reads
//! slowly could block it for any time.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport,
};
use ureq::{Error, Timeout};

use super::deadline::{self, next_wait};

/// Opens TCP connections, unless a proxy has already opened one.
#[derive(Debug)]
pub(super) struct TcpConnector {
    /// The timeout of each read and write.
    pub(super) timeout: Duration,
}

impl<In: Transport> Connector<In> for TcpConnector {
    type Out = Either<In, TcpTransport>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        if chained.is_some() {
            return Ok(chained.map(Either::A));
        }
        let stream = connected(details)?;
        settled(stream.set_nodelay(details.config.no_delay()))?;
        let config = details.config;
        let buffers = LazyBuffers::new(config.input_buffer_size(), config.output_buffer_size());
        Ok(Some(Either::B(TcpTransport {
            stream,
            buffers,
            timeout: self.timeout,
            of_reads: None,
            of_writes: None,
        })))
    }
}

/// Connects to the first address that accepts a connection.
fn connected(details: &ConnectionDetails<'_>) -> Result<TcpStream, Error> {
    let mut failure = Error::HostNotFound;
    let count = details.addrs.len();
    for (index, address) in details.addrs.iter().enumerate() {
        let (wait, timeout) = next_wait(Duration::MAX, Timeout::Connect)?;
        // Use only half of the remaining time for an address if there are others after it.
        let wait = if index + 1 < count { wait / 2 } else { wait };
        match TcpStream::connect_timeout(address, wait) {
            Ok(stream) => return Ok(stream),
            Err(error) => failure = timed_out(error, timeout),
        }
    }
    Err(failure)
}

/// A TCP connection.
#[derive(Debug)]
pub(super) struct TcpTransport {
    stream: TcpStream,
    buffers: LazyBuffers,
    timeout: Duration,
    /// The current timeouts of the socket.
    of_reads: Option<Duration>,
    of_writes: Option<Duration>,
}

impl Transport for TcpTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), Error> {
        let mut rest = self.buffers.output().get(..amount).unwrap_or_default();
        while !rest.is_empty() {
            let (wait, timeout) = next_wait(self.timeout, Timeout::PerWrite)?;
            if self.of_writes.replace(wait) != Some(wait) {
                settled(self.stream.set_write_timeout(Some(wait)))?;
            }
            deadline::sending();
            match self.stream.write(rest) {
                Ok(0) => return Err(io::Error::from(ErrorKind::WriteZero).into()),
                Ok(count) => rest = rest.get(count..).unwrap_or_default(),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(timed_out(error, timeout)),
            }
        }
        Ok(())
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, Error> {
        loop {
            let (wait, timeout) = next_wait(self.timeout, Timeout::PerRead)?;
            if self.of_reads.replace(wait) != Some(wait) {
                settled(self.stream.set_read_timeout(Some(wait)))?;
            }
            match self.stream.read(self.buffers.input_append_buf()) {
                Ok(count) => {
                    self.buffers.input_appended(count);
                    return Ok(count > 0);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(timed_out(error, timeout)),
            }
        }
    }

    /// Returns whether the connection can be reused: the server has not closed it, and not sent unexpected bytes.
    fn is_open(&mut self) -> bool {
        let is_silent = self.stream.set_nonblocking(true).is_ok()
            && matches!(self.stream.peek(&mut [0]), Err(error) if error.kind() == ErrorKind::WouldBlock);
        is_silent && self.stream.set_nonblocking(false).is_ok()
    }
}

/// Ignores the error of Apple's systems for an option of a socket that both ends have closed, because the last bytes of
/// the other end may still be in the buffer.
pub(crate) fn settled(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if cfg!(target_vendor = "apple") && error.kind() == ErrorKind::InvalidInput => {
            Ok(())
        }
        result => result,
    }
}

/// Converts both errors of the system for an expired timeout.
fn timed_out(error: io::Error, timeout: Timeout) -> Error {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => Error::Timeout(timeout),
        _ => error.into(),
    }
}

/// Opens connections through a SOCKS proxy.
#[cfg(feature = "socks")]
#[derive(Debug)]
pub(super) struct SocksConnector {
    pub(super) inner: ureq::unversioned::transport::SocksConnector,
    /// The timeout of each read and write.
    pub(super) timeout: Duration,
}

#[cfg(feature = "socks")]
impl Connector for SocksConnector {
    type Out = SocksTransport<<ureq::unversioned::transport::SocksConnector as Connector>::Out>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, Error> {
        // During the exchange with the proxy, ureq itself measures the time since `now`, so set both here.
        let details = ConnectionDetails {
            uri: details.uri,
            addrs: details.addrs.clone(),
            config: details.config,
            request_level: details.request_level,
            resolver: details.resolver,
            now: (details.current_time)(),
            timeout: next_timeout(Duration::MAX, Timeout::Connect, 1)?,
            current_time: details.current_time.clone(),
            run_connector: details.run_connector.clone(),
            register_shutdown: details.register_shutdown.clone(),
        };
        let timeout = self.timeout;
        let inner = self.inner.connect(&details, chained)?;
        Ok(inner.map(|inner| SocksTransport { inner, timeout }))
    }
}

/// A connection of ureq through a SOCKS proxy.
#[cfg(feature = "socks")]
#[derive(Debug)]
pub(super) struct SocksTransport<T> {
    inner: T,
    timeout: Duration,
}

/// Returns the timeout for the next wait of a ureq connection, which may wait several times.
#[cfg(feature = "socks")]
fn next_timeout(most: Duration, timeout: Timeout, times: u32) -> Result<NextTimeout, Error> {
    let (wait, reason) = next_wait(most, timeout)?;
    Ok(NextTimeout { after: (wait / times).into(), reason, ..NextTimeout::default() })
}

#[cfg(feature = "socks")]
impl<T: Transport> Transport for SocksTransport<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), Error> {
        /// The system accepts this many bytes in at most two parts.
        const MOST: usize = 4096;
        let mut left = amount;
        while left > 0 {
            let timeout = next_timeout(self.timeout, Timeout::PerWrite, 2)?;
            deadline::sending();
            let count = left.min(MOST);
            self.inner.transmit_output(count, timeout)?;
            left -= count;
            self.inner.buffers().output().copy_within(count..count + left, 0);
        }
        Ok(())
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, Error> {
        self.inner.await_input(next_timeout(self.timeout, Timeout::PerRead, 1)?)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }
}
