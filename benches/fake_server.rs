//! The speed of the fake Spotify server: requests per second on one and on eight connections, and the CPU time of each. Run
//! it with `cargo bench --bench fake_server`, and with `--profile dev` as in a test.
//!
//! Names in the arguments select some of the requests: `cargo bench --bench fake_server -- search`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use tonearm::fake::Server;

/// The duration of each measurement.
const RUN: Duration = Duration::from_secs(3);

fn main() {
    let names: Vec<String> = std::env::args().skip(1).filter(|it| !it.starts_with('-')).collect();
    let server = Server::start().unwrap();
    println!("CPU of the start: {:.1?}", cpu_time());
    run(&server, "/search?q=the&type=track&limit=1", Instant::now());
    println!("CPU of the start and the first search: {:.1?}\n", cpu_time());
    let types = "album,artist,audiobook,episode,playlist,show,track";
    println!("{:16} {:>12} {:>12} {:>6} {:>10}", "request", "1 connection", "8", "ratio", "CPU");
    for (name, target) in [
        ("/me", "/me".to_owned()),
        ("50 saved tracks", "/me/tracks?limit=50".to_owned()),
        ("narrow search", format!("/search?q=the%20lantern&type={types}")),
        ("broad search", format!("/search?q=the&type={types}")),
    ] {
        if !names.is_empty() && !names.iter().any(|part| name.contains(part.as_str())) {
            continue;
        }
        let mut cpu = Duration::ZERO;
        let [one, eight] = [1, 8].map(|connections| {
            let (end, before) = (Instant::now() + RUN, cpu_time());
            let count: u32 = std::thread::scope(|scope| {
                let load = || run(&server, &target, end);
                let threads: Vec<_> = (0..connections).map(|_| scope.spawn(load)).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).sum()
            });
            cpu = (cpu_time() - before) / count;
            f64::from(count) / RUN.as_secs_f64()
        });
        println!("{name:16} {one:>10.0}/s {eight:>10.0}/s {:>5.2}× {cpu:>10.1?}", eight / one);
    }
}

/// Returns the CPU time of this process, with that of the clients. It varies less than the requests per second if other
/// programs run.
#[cfg(target_os = "linux")]
fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.try_into().unwrap_or_default()
}

#[cfg(not(target_os = "linux"))]
fn cpu_time() -> Duration {
    Duration::ZERO
}

/// Sends the same request until the time has come, at least once. Returns the number of requests.
fn run(server: &Server, target: &str, end: Instant) -> u32 {
    let host = server.base_url().trim_start_matches("http://").trim_end_matches("/v1").to_owned();
    let stream = TcpStream::connect(&host).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut writer = stream.try_clone().unwrap();
    let mut reader = BufReader::with_capacity(1 << 18, stream);
    let request = format!(
        "GET /v1{target} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {}\r\n\r\n",
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
