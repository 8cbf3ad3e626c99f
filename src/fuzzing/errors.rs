//! Properties of error responses, and of successful responses with an invalid body.

use ureq::http::header::{HeaderMap, HeaderName, HeaderValue};

use super::assert_message;
use crate::endpoint::{ENDPOINTS, Endpoint};
use crate::error::{Error, Meaning};
use crate::model::{SearchResults, User};
use crate::page::Page;
use crate::transport::{RawResponse, Response};

/// Checks the error of a response. The input is `403 get_album`, then headers, an empty line, and the body.
pub fn errors(bytes: &[u8]) {
    let Some((endpoint, response)) = parse(bytes) else { return };
    let status = response.status;
    let judged = Response::new(response.clone(), endpoint);
    let is_unavailable = judged.meaning() == Some(Meaning::Unavailable);
    let expected = endpoint.expected();
    let error = if (200..300).contains(&status) {
        for error in [
            response.clone().decode::<User>(endpoint, endpoint.pointer.as_deref(), expected).err(),
            response.clone().decode::<Page<User>>(endpoint, None, expected).err(),
            response.clone().decode_list::<bool>(endpoint, Some("[0]"), 3).err(),
        ] {
            error.iter().for_each(assert_message);
        }
        match response.decode::<SearchResults>(endpoint, None, expected) {
            Ok(_) => return,
            Err(error) => error,
        }
    } else {
        judged.into_result(&endpoint.into(), endpoint).expect_err("the status is an error")
    };
    assert_message(&error);
    assert_eq!((error.status(), error.call()), (Some(status), Some(&*endpoint.name)));
    assert_eq!(
        matches!(error, Error::EndpointUnavailable(_)),
        is_unavailable && !(200..300).contains(&status)
    );
    if error.is_retryable() {
        assert!(matches!(status, 429 | 500 | 502 | 503 | 504), "{error}");
    }
}

fn parse(bytes: &[u8]) -> Option<(&'static Endpoint, RawResponse)> {
    let mut lines = bytes.splitn(2, |byte| *byte == b'\n');
    let first = std::str::from_utf8(lines.next()?).ok()?;
    let (status, call) = first.split_once(' ')?;
    let status = status.parse().ok().filter(|status| (100..600).contains(status))?;
    let endpoint = ENDPOINTS.iter().find(|endpoint| endpoint.name == call)?;
    let mut rest = lines.next()?;
    let mut headers = HeaderMap::new();
    loop {
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        let (line, after) = rest.split_at(end);
        rest = after.get(1..)?;
        if line.is_empty() {
            return Some((
                endpoint,
                RawResponse { status, headers, body: rest.to_vec(), secrets: Default::default() },
            ));
        }
        let colon = line.iter().position(|byte| *byte == b':')?;
        let name = HeaderName::from_bytes(line.get(..colon)?).ok()?;
        let value = HeaderValue::from_bytes(line.get(colon + 1..)?.trim_ascii()).ok()?;
        headers.append(name, value);
    }
}
