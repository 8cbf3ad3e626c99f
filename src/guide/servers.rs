//! Broken and hostile servers.
//!
//! Spotify has bad hours, and hotels have networks of their own. Whatever a server sends, a call ends in bounded
//! time and memory, with an error that says what to do; the client goes on, and what has gone wrong is not used
//! again. A test on a socket holds it to each line:
//!
//! | what a server does | what a program gets |
//! | --- | --- |
//! | ends or resets the connection, at any stage of the answer | [`Transport`], [`Broken`](crate::TransportKind::Broken) |
//! | speaks something else than HTTP: TLS, SSH; breaks its rules: bad lengths, chunks, bytes; more than 128 headers | the same |
//! | sends gzip that is cut or broken | the same |
//! | speaks no TLS where it should, or hangs in the handshake | `Transport`, [`Connect`](crate::TransportKind::Connect) |
//! | keeps silent, sends byte after byte, or 100 Continue for ever | `Transport`, [`Timeout`](crate::TransportKind::Timeout) |
//! | sends or announces a body longer than [`max_response_size`](crate::SpotifyBuilder::max_response_size): without an end, a gzip bomb; or a head longer than 64 KiB | `Transport`, [`TooLarge`](crate::TransportKind::TooLarge) |
//! | redirects, to itself or to others | [`Error::Status`]; nothing is followed, nobody else sees the token |
//! | refuses in HTML, in plain text, without a word, or in JSON ten thousand levels deep | the variant of the status, with the beginning of the text |
//! | succeeds with HTML, half a JSON, NUL, or bytes that are no UTF-8 | [`Error::Decode`]; a write that answers nothing succeeds, whatever text comes |
//! | succeeds with JSON ten thousand levels deep | nothing, where nobody knows the member; a row of a page is [missing](crate::Page::missing); elsewhere `Error::Decode` |
//! | gives JSON the type of HTML, strange headers, HTTP/1.0, 102 or 103 before the answer | the answer |
//! | sends more than the answer: a longer body than it said, a body to 204, a second answer | the answer; the rest is never that of another call |
//! | links to a next page on another server | [`Error::Paging`], [`OtherServer`](crate::PagingProblem::OtherServer) |
//! | links to the same page again, back, or round in a circle | `Error::Paging`, [`Repeats`](crate::PagingProblem::Repeats) |
//! | links on and on | `Error::Paging`, [`Endless`](crate::PagingProblem::Endless), from `collect_all`, or where all rows are null; otherwise rows, one by one |
//! | links to a page of a cursor that no request has room for | [`Error::InvalidArgument`] |
//! | announces a `total` that shrinks or lies | the rows |
//!
//! [`Transport::may_have_taken_effect`](crate::TransportError::may_have_taken_effect) is false for `Connect` alone: a request that
//! went out may have been done, whatever came back.
//!
//! Secrets are safe in all of this: a token goes to the configured server only, over TLS unless that is this machine
//! itself, and stands in no error, no log and no `Debug`.
//!
//! [`Transport`]: crate::Error::Transport
//! [`Error::Status`]: crate::Error::Status
//! [`Error::Decode`]: crate::Error::Decode
//! [`Error::Paging`]: crate::Error::Paging
//! [`Error::InvalidArgument`]: crate::Error::InvalidArgument
