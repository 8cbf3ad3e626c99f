//! Gzip bodies that are broken, or decompress to far more than their length.

use super::{Hostile, read, write, write_until_timeout};

/// Bits in the order of deflate.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    count: usize,
}

impl Bits {
    fn push(&mut self, bit: bool) {
        if self.count.is_multiple_of(8) {
            self.bytes.push(0);
        }
        *self.bytes.last_mut().unwrap() |= u8::from(bit) << (self.count % 8);
        self.count += 1;
    }

    /// Writes a number, lowest bit first.
    fn number(&mut self, number: u32, bits: u32) {
        (0..bits).for_each(|bit| self.push(number >> bit & 1 == 1));
    }

    /// Writes a Huffman code, highest bit first.
    fn code(&mut self, code: u32, bits: u32) {
        (0..bits).rev().for_each(|bit| self.push(code >> bit & 1 == 1));
    }
}

const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// Returns a gzip body that decompresses to `mebibytes` MiB of spaces, at a thousandth of that length.
fn bomb(mebibytes: u32) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.push(true); // The last block
    bits.number(1, 2); // with fixed Huffman codes.
    bits.code(0x30 + u32::from(b' '), 8);
    for _ in 0..mebibytes * (1 << 20) / 258 {
        bits.code(0b1100_0101, 8); // 258 bytes
        bits.code(0, 5); // from one byte before.
    }
    bits.code(0, 7);
    // The checksum is never reached.
    [&HEADER[..], &bits.bytes, &[0; 8]].concat()
}

/// Returns `{"id":"me"}` in one stored block.
fn compressed() -> Vec<u8> {
    let text = b"{\"id\":\"me\"}";
    let length = u16::try_from(text.len()).unwrap();
    let mut bytes = [&HEADER[..], &[1]].concat();
    bytes.extend(length.to_le_bytes());
    bytes.extend((!length).to_le_bytes());
    bytes.extend(text);
    bytes.extend(0x11d9_33a6_u32.to_le_bytes());
    bytes.extend(u32::from(length).to_le_bytes());
    bytes
}

fn server(body: &[u8]) -> Hostile {
    let length = body.len();
    let head =
        format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {length}\r\n\r\n");
    Hostile::closing([head.as_bytes(), body].concat())
}

#[test]
fn corrupt_gzip_bodies_return_an_error() {
    let well = compressed();
    let case = |name: &str, body: &[u8]| {
        let server = server(body);
        let builder = server.builder();
        read(name, server, builder)
    };
    assert_eq!(case("whole", &well), "survived");
    let broken = "Broken, maybe done";
    assert_eq!(case("nothing", &[]), broken);
    assert_eq!(case("cut in the header", &well[..7]), broken);
    assert_eq!(case("cut in the data", &well[..18]), broken);
    assert_eq!(case("cut in the check sum", &well[..well.len() - 6]), broken);
    let mut wrong = well.clone();
    let last = wrong.len() - 8;
    wrong[last] ^= 1;
    assert_eq!(case("a wrong check sum", &wrong), broken);
    assert_eq!(case("more behind it", &[&well[..], b"more"].concat()), broken);
    assert_eq!(
        case(
            "a name without an end",
            &[&[0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 255][..], &[b'x'; 1 << 20]].concat()
        ),
        broken
    );
}

/// If the connection ends before the body is complete, the error is that of a broken connection.
#[test]
fn truncated_gzip_bodies_return_an_error() {
    for end in [0, 1, 7, 18, 28] {
        let head = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 34\r\n\r\n";
        let server = Hostile::closing([head.as_bytes(), &compressed()[..end]].concat());
        let builder = server.builder();
        assert_eq!(write("breaks off", server, builder), "Broken, maybe done", "{end}");
        let head =
            "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n22\r\n";
        let server = Hostile::closing([head.as_bytes(), &compressed()[..end]].concat());
        let builder = server.builder();
        assert_eq!(write("breaks off in a chunk", server, builder), "Broken, maybe done", "{end}");
    }
}

/// Servers announce gzip for empty bodies too. The status of a write is sufficient.
#[test]
fn empty_gzip_bodies_are_accepted_for_writes() {
    let empty = server(b"");
    let builder = empty.builder();
    assert_eq!(write("an empty body", empty, builder), "survived");
    let head = "HTTP/1.1 204 No Content\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n";
    let none = Hostile::closing(head);
    let builder = none.builder();
    assert_eq!(write("no body", none, builder), "survived");
    let head =
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n";
    let none = Hostile::closing(head);
    let builder = none.builder();
    assert_eq!(write("no chunk", none, builder), "survived");
}

#[test]
fn gzip_bombs_stop_at_the_maximum_size_or_the_timeout() {
    let bomb = bomb(512);
    assert!(bomb.len() < 4 << 20, "{}", bomb.len());
    let server = server(&bomb);
    let builder = server.builder().max_response_size(1 << 20);
    assert_eq!(write("a bomb", server, builder), "TooLarge, maybe done");
    // Compressed bytes that decompress to nothing, repeated.
    for (name, piece) in [
        ("empty blocks", vec![0, 0, 0, 0xff, 0xff]),
        ("empty files", [&HEADER[..], &[1, 0, 0, 0xff, 0xff], &[0; 8]].concat()),
    ] {
        let start = || {
            let piece = piece.clone();
            Hostile::start(move |talk| {
                talk.read();
                talk.write("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n");
                talk.write(if piece[0] == 0 { &HEADER[..] } else { &[] });
                let many = piece.repeat(2000);
                while talk.write(&many) {}
            })
        };
        write_until_timeout(name, "Timeout, maybe done", 64 << 20, start);
    }
}
