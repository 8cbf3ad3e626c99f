//! On Windows, `shutdown` ends a read on a clone of the socket. Under wine, the read continues.
//!
//! ```sh
//! cargo new shutdown && cp shutdown.rs shutdown/src/main.rs && cargo build --target x86_64-pc-windows-gnu
//! ```

use std::io::Read;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::{thread, time::Duration};

fn main() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let _client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let mut server = listener.accept().unwrap().0;
    let clone = server.try_clone().unwrap();
    let reader = thread::spawn(move || server.read(&mut [0]).map_err(|error| error.kind()));
    thread::sleep(Duration::from_millis(500));
    clone.shutdown(Shutdown::Both).unwrap();
    thread::sleep(Duration::from_secs(5));
    println!("the read has ended: {}", reader.is_finished());
}
