//! The speed of the server, which this prints:
//! `cargo test -p tonearm-tests --release --test fake speed -- --ignored --nocapture`, and without `--release`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use tonearm::fake::Server;

use super::address;

/// The duration of each measurement.
const RUN: Duration = Duration::from_secs(3);

#[test]
#[ignore = "it measures, and prints the result"]
fn requests_per_second() {
    let server = Server::start().unwrap();
    println!("CPU of the start: {:?}", cpu_time());
    request(&server, "/search?q=the&type=track&limit=1", Instant::now());
    println!("CPU of the start and the first search: {:?}", cpu_time());
    let types = "album,artist,audiobook,episode,playlist,show,track";
    println!("{:16} {:>12} {:>12} {:>6} {:>10}", "request", "1 connection", "8", "ratio", "CPU");
    for (name, target) in [
        ("/me", "/me".to_owned()),
        ("50 saved tracks", "/me/tracks?limit=50".to_owned()),
        ("search, 7 types", format!("/search?q=the%20lantern&type={types}")),
        ("page of 7 types", format!("/search?q=the&type={types}")),
    ] {
        if std::env::var("ONLY").is_ok_and(|only| !name.contains(&only)) {
            continue;
        }
        let mut cpu = Duration::ZERO;
        let [one, eight] = [1, 8].map(|connections| {
            let (end, before) = (Instant::now() + RUN, cpu_time());
            let count: usize = std::thread::scope(|scope| {
                let load = || request(&server, &target, end);
                let threads: Vec<_> = (0..connections).map(|_| scope.spawn(load)).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).sum()
            });
            cpu = (cpu_time() - before) / u32::try_from(count).unwrap();
            count as f64 / RUN.as_secs_f64()
        });
        println!("{name:16} {one:>10.0}/s {eight:>10.0}/s {:>6.2} {cpu:>10.2?}", eight / one);
    }
}

/// Returns the CPU time of this process, which on a busy machine says more than the requests per second. It includes that
/// of the clients.
fn cpu_time() -> Duration {
    let times = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let times: Vec<&str> = times.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    // User and system time, in hundredths of a second.
    let ticks = times.iter().skip(11).take(2).filter_map(|time| time.parse::<u64>().ok());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

/// Sends the same request until the time has come, at least once. Returns the number of requests.
fn request(server: &Server, target: &str, end: Instant) -> usize {
    let stream = TcpStream::connect(address(server)).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut writer = stream.try_clone().unwrap();
    let mut reader = BufReader::with_capacity(1 << 18, stream);
    let request = format!(
        "GET /v1{target} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\n\r\n",
        address(server),
        server.token()
    );
    let (mut line, mut body) = (String::new(), Vec::new());
    let mut count = 0;
    loop {
        writer.write_all(request.as_bytes()).unwrap();
        let mut length = 0;
        loop {
            line.clear();
            reader.read_line(&mut line).unwrap();
            match line.trim_end() {
                "" => break,
                text if count == 0 && text.starts_with("HTTP/") => assert!(text.contains("200")),
                text => {
                    let value = text.strip_prefix("content-length: ");
                    length = value.map_or(length, |value| value.parse().unwrap());
                }
            }
        }
        body.resize(length, 0);
        reader.read_exact(&mut body).unwrap();
        count += 1;
        if Instant::now() >= end {
            return count;
        }
    }
}
