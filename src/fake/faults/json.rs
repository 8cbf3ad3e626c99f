//! Faults as JSON.

use std::time::Duration;

use super::fault::{Fault, Reply, TruncateAt};
use crate::fake::http::is_token;
use crate::json::value::Value;
use crate::types::display::Quoted;

/// The name of each step of a script, with an example in JSON.
pub(crate) const STEPS: &[(&str, &str)] = &[
    ("normal", r#""normal""#),
    ("status", r#"{"status": 503}"#),
    ("rate_limited", r#"{"rate_limited": {"retry_after": 3}}"#),
    ("rate_limited_without_header", r#""rate_limited_without_header""#),
    ("quota_exceeded", r#""quota_exceeded""#),
    (
        "respond_before_processing",
        r#"{"respond_before_processing": {"status": 502, "headers": {"content-type": "text/html"}, "body": "<h1>Bad Gateway</h1>"}}"#,
    ),
    (
        "respond_after_processing",
        r#"{"respond_after_processing": {"status": 200, "headers": {}, "body": {"id": "me"}}}"#,
    ),
    ("redirect", r#"{"redirect": {"location": "https://example.com/"}}"#),
    ("reset_before_processing", r#""reset_before_processing""#),
    ("reset_after_processing", r#""reset_after_processing""#),
    ("truncate_before_processing", r#"{"truncate_before_processing": "status_line"}"#),
    ("truncate_after_processing", r#"{"truncate_after_processing": "body"}"#),
    ("hang_before_processing", r#""hang_before_processing""#),
    ("hang_after_processing", r#""hang_after_processing""#),
    ("broken_gzip", r#""broken_gzip""#),
    ("gzip", r#""gzip""#),
    ("slow", r#"{"slow": {"pause_ms": 100, "bytes": 50}}"#),
    ("repeat", r#"{"repeat": {"times": 3, "step": {"status": 503}}}"#),
];

/// Reads the steps of a script: for each one the number of requests and the fault, which is `None` for a normal response.
pub(crate) fn steps(json: &[Value]) -> Result<Vec<(u16, Option<Fault>)>, String> {
    json.iter().map(step).collect()
}

fn step(json: &Value) -> Result<(u16, Option<Fault>), String> {
    let (name, arguments, example) = parts(json)?;
    if name != "repeat" {
        return Ok((1, fault(json)?));
    }
    let invalid = |problem| format!("{problem}; for example `{example}`");
    let fields = fields(arguments, &["times", "step"]).map_err(invalid)?;
    let times = number(fields, "times", u16::MAX.into()).map_err(invalid)?;
    let step = required(fields, "step").map_err(invalid)?;
    Ok((u16::try_from(times).unwrap_or(u16::MAX), fault(step)?))
}

/// Reads a fault; `None` for a normal response.
pub(crate) fn fault(json: &Value) -> Result<Option<Fault>, String> {
    let (name, arguments, example) = parts(json)?;
    if name == "repeat" {
        return Err("expected a fault or `normal`, found `repeat`".to_owned());
    }
    with_arguments(name, arguments).map_err(|problem| format!("{problem}; for example `{example}`"))
}

/// Returns the name of a step, its arguments, which are `null` without any, and an example.
fn parts(json: &Value) -> Result<(&str, &Value, &'static str), String> {
    let (name, arguments) = match json {
        Value::Text(name) => (name.as_str(), &Value::Null),
        Value::Object(fields) => match fields.as_slice() {
            [(name, arguments)] => (&**name, arguments),
            _ => return Err(format!("expected a step with one name, found {}", shown(json))),
        },
        _ => {
            return Err(format!(
                "expected a step such as `{{\"status\": 503}}`, found {}",
                shown(json)
            ));
        }
    };
    let Some((_, example)) = STEPS.iter().find(|(known, _)| *known == name) else {
        let known: Vec<_> = STEPS.iter().map(|(known, _)| format!("`{known}`")).collect();
        let known = known.join(", ");
        return Err(format!("expected a step of {known}, found {}", Quoted(name)));
    };
    if example.starts_with('"') && matches!(json, Value::Object(_))
        || example.starts_with('{') && *arguments == Value::Null
    {
        return Err(format!("`{name}`: expected `{example}`, found {}", shown(json)));
    }
    Ok((name, arguments, example))
}

fn with_arguments(name: &str, arguments: &Value) -> Result<Option<Fault>, String> {
    Ok(Some(match name {
        "status" => Fault::Status(checked(arguments)?),
        "rate_limited" => {
            let fields = fields(arguments, &["retry_after"])?;
            let seconds = number(fields, "retry_after", u64::MAX)?;
            Fault::RateLimited { retry_after: Duration::from_secs(seconds) }
        }
        "rate_limited_without_header" => Fault::RateLimitedWithoutHeader,
        "quota_exceeded" => Fault::QuotaExceeded,
        "respond_before_processing" => Fault::RespondBeforeProcessing(reply(arguments)?),
        "respond_after_processing" => Fault::RespondAfterProcessing(reply(arguments)?),
        "redirect" => {
            let location = required(fields(arguments, &["location"])?, "location")?;
            Fault::Redirect { location: header_value("location", location)? }
        }
        "reset_before_processing" => Fault::ResetBeforeProcessing,
        "reset_after_processing" => Fault::ResetAfterProcessing,
        "truncate_before_processing" => Fault::TruncateBeforeProcessing(position(name, arguments)?),
        "truncate_after_processing" => Fault::TruncateAfterProcessing(position(name, arguments)?),
        "hang_before_processing" => Fault::HangBeforeProcessing,
        "hang_after_processing" => Fault::HangAfterProcessing,
        "broken_gzip" => Fault::BrokenGzip,
        "gzip" => Fault::Gzip,
        "slow" => {
            let fields = fields(arguments, &["pause_ms", "bytes"])?;
            let pause = Duration::from_millis(number(fields, "pause_ms", u32::MAX.into())?);
            let bytes = number(fields, "bytes", u32::MAX.into())?;
            Fault::Slow { pause, bytes: usize::try_from(bytes).unwrap_or(usize::MAX) }
        }
        _ => return Ok(None),
    }))
}

/// A response. A body that is text is sent as it is; any other value as JSON.
fn reply(arguments: &Value) -> Result<Reply, String> {
    let fields = fields(arguments, &["status", "headers", "body"])?;
    let mut reply = Reply::new(checked(required(fields, "status")?)?);
    let headers = match fields.get("headers") {
        None => &[],
        Some(Value::Object(headers)) => headers.as_slice(),
        Some(other) => {
            return Err(format!("`headers`: expected an object, found {}", shown(other)));
        }
    };
    for (name, value) in headers {
        if !is_token(name) {
            return Err(format!(
                "`headers`: expected the name of a header, found {}",
                Quoted(name)
            ));
        }
        reply = reply.header(name, header_value(name, value)?);
    }
    Ok(match fields.get("body") {
        None | Some(Value::Null) => reply,
        Some(Value::Text(text)) => reply.body(text.as_str()),
        Some(json) => reply.body(json.to_json()),
    })
}

fn position(name: &str, arguments: &Value) -> Result<TruncateAt, String> {
    Ok(match arguments.as_str() {
        Some("status_line") => TruncateAt::StatusLine,
        Some("head") => TruncateAt::Head,
        Some("body") => TruncateAt::Body,
        _ => {
            let found = shown(arguments);
            return Err(format!(
                "`{name}`: expected `status_line`, `head` or `body`, found {found}"
            ));
        }
    })
}

/// Returns the arguments if they are an object with no other fields than these.
fn fields<'v>(arguments: &'v Value, known: &[&str]) -> Result<&'v Value, String> {
    let names = || known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let Value::Object(fields) = arguments else {
        return Err(format!("expected an object with {}, found {}", names(), shown(arguments)));
    };
    match fields.iter().find(|(name, _)| !known.contains(&&**name)) {
        Some((unknown, _)) => {
            Err(format!("expected the fields {}, found {}", names(), Quoted(unknown)))
        }
        None => Ok(arguments),
    }
}

fn required<'v>(fields: &'v Value, name: &str) -> Result<&'v Value, String> {
    fields.get(name).ok_or_else(|| format!("the field `{name}` is missing"))
}

fn number(fields: &Value, name: &str, max: u64) -> Result<u64, String> {
    let value = required(fields, name)?;
    let number = match value {
        Value::Integer(number) => u64::try_from(*number).ok(),
        Value::Unsigned(number) => Some(*number),
        _ => None,
    };
    number.filter(|number| *number <= max).ok_or_else(|| {
        let to = if max == u64::MAX { String::new() } else { format!(" to {max}") };
        format!("`{name}`: expected an integer from 0{to}, found {}", shown(value))
    })
}

fn checked(status: &Value) -> Result<u16, String> {
    let number = match status {
        Value::Integer(number) => u16::try_from(*number).ok(),
        _ => None,
    };
    number.filter(|number| (200..=599).contains(number)).ok_or_else(|| {
        format!("`status`: expected a status code from 200 to 599, found {}", shown(status))
    })
}

fn header_value(name: &str, value: &Value) -> Result<String, String> {
    match value.as_str().filter(|text| !text.chars().any(char::is_control)) {
        Some(text) => Ok(text.to_owned()),
        None => Err(format!(
            "`{name}`: expected a text without control characters, found {}",
            shown(value)
        )),
    }
}

/// Returns JSON for an error.
fn shown(json: &Value) -> String {
    Quoted(&json.to_json()).to_string()
}
