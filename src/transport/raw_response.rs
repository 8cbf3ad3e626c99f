//! An answer of HTTP/1.1 off the wire, for those that the HTTP library must not see.

use ureq::http::{HeaderMap, HeaderName, HeaderValue};

use super::response::RawResponse;

/// The answer in these bytes, if it is whole. `is_end` says that no more will come.
pub(super) fn read(bytes: &[u8], is_end: bool) -> Option<RawResponse> {
    let (mut head, mut body) = split(bytes, b"\r\n\r\n")?;
    let status = loop {
        match status(head)? {
            // Another one follows.
            100..200 => (head, body) = split(body, b"\r\n\r\n")?,
            status => break status,
        }
    };
    let text = String::from_utf8_lossy(head);
    let lines = text.split("\r\n").skip(1);
    let mut headers = HeaderMap::new();
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value.trim()))
        {
            headers.append(name, value);
        }
    }
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let is_chunked = header("transfer-encoding")
        .is_some_and(|coding| coding.to_ascii_lowercase().ends_with("chunked"));
    let length = header("content-length").map(|length| length.parse::<usize>());
    let body = match length {
        _ if matches!(status, 204 | 304) => Vec::new(),
        _ if is_chunked => chunks(body)?,
        Some(length) => body.get(..length.ok()?)?.to_vec(),
        None if is_end => body.to_vec(),
        None => return None,
    };
    Some(RawResponse { status, headers, body })
}

/// The status that a head says, if it is one of HTTP/1.
fn status(head: &[u8]) -> Option<u16> {
    let (line, _) = split(head, b"\r\n").unwrap_or((head, &[]));
    let line = String::from_utf8_lossy(line);
    let mut words = line.split(' ');
    words.next().filter(|version| version.starts_with("HTTP/1."))?;
    words.next()?.parse().ok()
}

/// The data of chunks up to the last one.
fn chunks(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut data = Vec::new();
    loop {
        let (line, rest) = split(bytes, b"\r\n")?;
        let size = std::str::from_utf8(line).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            // Trailers, if any, say nothing to us; the connection is not used again.
            return Some(data);
        }
        data.extend_from_slice(rest.get(..size)?);
        bytes = rest.get(size..)?.strip_prefix(b"\r\n")?;
    }
}

fn split<'a>(bytes: &'a [u8], at: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let place = bytes.windows(at.len()).position(|window| window == at)?;
    Some((bytes.get(..place)?, bytes.get(place + at.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn whole_answers_are_read_and_parts_of_them_are_not() {
        let answers: [(&[u8], u16, &[u8], bool); 6] = [
            (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", 200, b"{}", false),
            (b"HTTP/1.1 400 Bad\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n", 400, b"abc0123456789", false),
            (b"HTTP/1.0 503 Down\r\nretry-after: 7\r\n\r\n<html>", 503, b"<html>", true),
            (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", 200, b"", false),
            (b"HTTP/1.1 204 None\r\n\r\n", 204, b"", false),
            (b"HTTP/1.1 429\r\ncontent-length: 0\r\n\r\n", 429, b"", false),
        ];
        for (bytes, status, body, needs_end) in answers {
            let answer = read(bytes, needs_end).unwrap();
            assert_eq!((answer.status, &answer.body[..]), (status, body));
            assert_eq!(answer.header("retry-after"), needs_end.then_some("7"));
            assert_eq!(read(bytes, false).is_none(), needs_end);
            if status == 400 || status == 200 && !body.is_empty() {
                for end in 0..bytes.len() - 5 {
                    assert!(read(&bytes[..end], true).is_none(), "{end}");
                }
            }
        }
        for nonsense in [
            &b"SSH-2.0-x\r\n\r\n"[..],
            b"HTTP/1.1 x\r\n\r\n",
            b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        ] {
            assert!(read(nonsense, true).is_none());
        }
    }
}
