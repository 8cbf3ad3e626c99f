//! Reads JSON from text whose UTF-8 is valid, as serde_json does, with the same errors at the same places.
//!
//! Its generic code is small, because the compiler builds it for each field of each model. Rare cases are left to
//! serde_json: escapes, floats, the syntax of skipped values, and the messages of syntax errors.

use std::borrow::Cow;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, Expected, IgnoredAny, IntoDeserializer,
    MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde_json::{Error, Result};

use super::market_lists::RAW;
use super::scalar::Scalar;
use super::value::Value;

/// Reads a value that is the whole text.
pub(crate) fn from_str<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T> {
    let mut reader = Reader::new(text);
    let value = T::deserialize(&mut reader)?;
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.syntax()),
    }
}

pub(crate) struct Reader<'de> {
    text: &'de str,
    /// The next byte.
    at: usize,
    /// The number of lists and objects that may be entered. Like serde_json, it keeps the stack small.
    depth: u8,
    /// `true` if the text contains a control character, such as a line break. Strings must not.
    has_controls: bool,
}

/// A value without parts, or the start of one with parts.
enum Token<'de> {
    Null,
    Boolean(bool),
    Unsigned(u64),
    Negative(i64),
    Float(f64),
    Text(Cow<'de, str>),
    List,
    Object,
}

impl<'de> Reader<'de> {
    pub(crate) fn new(text: &'de str) -> Self {
        let has_controls = text.bytes().fold(false, |found, byte| found | (byte < b' '));
        Reader { text, at: 0, depth: 127, has_controls }
    }

    /// Skips white space, and returns the next byte.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        while let Some(byte) = self.text.as_bytes().get(self.at) {
            if *byte > b' ' || !matches!(byte, b' ' | b'\n' | b'\t' | b'\r') {
                return Some(*byte);
            }
            self.at += 1;
        }
        None
    }

    /// Reads a value without parts. The start of another one isn't consumed.
    fn token(&mut self) -> Result<Token<'de>> {
        match self.peek() {
            Some(b'"') => self.string().map(Token::Text),
            Some(b'0'..=b'9' | b'-') => self.number(),
            Some(b'n') => self.word("null", Token::Null),
            Some(b't') => self.word("true", Token::Boolean(true)),
            Some(b'f') => self.word("false", Token::Boolean(false)),
            Some(b'[') => Ok(Token::List),
            Some(b'{') => Ok(Token::Object),
            _ => Err(self.syntax()),
        }
    }

    fn word(&mut self, word: &str, token: Token<'de>) -> Result<Token<'de>> {
        if !self.text.get(self.at..).unwrap_or_default().starts_with(word) {
            return Err(self.syntax());
        }
        self.at += word.len();
        Ok(token)
    }

    /// Reads text from its quotation mark on.
    fn string(&mut self) -> Result<Cow<'de, str>> {
        let rest = self.text.get(self.at + 1..).unwrap_or_default();
        let end = memchr::memchr2(b'"', b'\\', rest.as_bytes());
        if let Some((text, after)) = end.and_then(|end| rest.split_at_checked(end))
            && after.as_bytes().first() == Some(&b'"')
            && !self.has_controls
        {
            self.at += text.len() + 2;
            return Ok(Cow::Borrowed(text));
        }
        self.rare_string(rest)
    }

    /// Reads text that may contain escapes or control characters.
    fn rare_string(&mut self, rest: &'de str) -> Result<Cow<'de, str>> {
        let (mut end, mut is_escaped) = (0, false);
        loop {
            let after = rest.as_bytes().get(end..).unwrap_or_default();
            let Some(found) = memchr::memchr2(b'"', b'\\', after) else {
                return Err(self.syntax());
            };
            end += found;
            if after.get(found) == Some(&b'"') {
                break;
            }
            is_escaped = true;
            end += 2;
        }
        let mut text = Cow::Borrowed(rest.get(..end).unwrap_or_default());
        if is_escaped || text.bytes().any(|byte| byte < b' ') {
            let quoted = self.text.get(self.at..self.at + end + 2).unwrap_or_default();
            text = Cow::Owned(serde_json::from_str(quoted).map_err(|_| self.syntax())?);
        }
        self.at += end + 2;
        Ok(text)
    }

    fn number(&mut self) -> Result<Token<'de>> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let (mut number, mut length) = (0_u64, 0);
        // A number with 19 digits is in the range.
        while let (Some(digit @ b'0'..=b'9'), true) = (rest.get(length), length < 19) {
            number = number * 10 + u64::from(digit - b'0');
            length += 1;
        }
        let is_whole = match (rest, rest.get(length)) {
            (_, Some(b'0'..=b'9' | b'.' | b'e' | b'E')) => false,
            ([b'0', ..], _) => length == 1,
            _ => length > 0,
        };
        if is_whole {
            self.at += length;
            return Ok(Token::Unsigned(number));
        }
        let is_part = |byte: &&u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
        let length = rest.iter().take_while(is_part).count();
        let text = self.text.get(self.at..self.at + length).unwrap_or_default();
        let token = match serde_json::from_str(text) {
            Ok(Scalar::Integer(number)) => {
                number.try_into().map_or(Token::Negative(number), Token::Unsigned)
            }
            Ok(Scalar::Large(number)) => Token::Unsigned(number),
            Ok(Scalar::Float(number)) => Token::Float(number),
            _ => return Err(self.syntax()),
        };
        self.at += length;
        Ok(token)
    }

    /// Skips a value, and returns its JSON.
    fn skip(&mut self) -> Result<&'de str> {
        self.peek();
        let rest = self.text.get(self.at..).unwrap_or_default();
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<IgnoredAny>();
        let Some(Ok(_)) = values.next() else { return Err(self.syntax_of_skipped()) };
        let length = values.byte_offset();
        self.at += length;
        Ok(rest.get(..length).unwrap_or_default())
    }

    fn enter(&mut self) -> Result<()> {
        self.depth -= 1;
        if self.depth == 0 {
            return Err(self.syntax());
        }
        self.at += 1;
        Ok(())
    }

    /// Leaves a list or an object; `false` if it doesn't end here.
    fn leave(&mut self, close: u8) -> bool {
        self.depth += 1;
        let next = self.peek();
        if next == Some(close) {
            self.at += 1;
        } else if next == Some(b',') && close == b']' {
            self.at += 1;
            self.peek();
        }
        next == Some(close)
    }

    #[inline]
    fn list<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value> {
        self.enter()?;
        let visited = visitor.visit_seq(Parts { reader: self, is_first: true });
        let is_closed = self.leave(b']');
        self.finish(visited, is_closed)
    }

    #[inline]
    fn object<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value> {
        self.enter()?;
        let visited = visitor.visit_map(Parts { reader: self, is_first: true });
        let is_closed = self.leave(b'}');
        self.finish(visited, is_closed)
    }

    #[inline]
    fn finish<T>(&self, visited: Result<T>, is_closed: bool) -> Result<T> {
        match visited {
            Ok(_) if !is_closed => Err(self.syntax()),
            Ok(value) => Ok(value),
            Err(error) => Err(self.at_place(error)),
        }
    }

    #[inline]
    fn visit<V: Visitor<'de>>(&mut self, token: Token<'de>, visitor: V) -> Result<V::Value> {
        let visited = match token {
            Token::Null => visitor.visit_unit(),
            Token::Boolean(boolean) => visitor.visit_bool(boolean),
            Token::Unsigned(number) => visitor.visit_u64(number),
            Token::Negative(number) => visitor.visit_i64(number),
            Token::Float(number) => visitor.visit_f64(number),
            Token::Text(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
            Token::Text(Cow::Owned(text)) => visitor.visit_string(text),
            Token::List => return self.list(visitor),
            Token::Object => return self.object(visitor),
        };
        visited.map_err(|error| self.at_place(error))
    }

    /// Returns the error for a value of another type.
    #[cold]
    fn invalid_type(&mut self, expected: &dyn Expected) -> Error {
        let token = match self.token() {
            Ok(token) => token,
            Err(error) => return error,
        };
        let found = match &token {
            Token::Null => Unexpected::Unit,
            Token::Boolean(boolean) => Unexpected::Bool(*boolean),
            Token::Unsigned(number) => Unexpected::Unsigned(*number),
            Token::Negative(number) => Unexpected::Signed(*number),
            Token::Float(number) => Unexpected::Float(*number),
            Token::Text(text) => Unexpected::Str(text),
            Token::List => Unexpected::Seq,
            Token::Object => Unexpected::Map,
        };
        self.at_place(Error::invalid_type(found, expected))
    }

    /// Adds the place to the error of a visitor.
    #[cold]
    fn at_place(&self, error: Error) -> Error {
        if error.line() != 0 {
            return error;
        }
        let read = self.text.as_bytes().get(..self.at).unwrap_or_default();
        let line_start = memchr::memrchr(b'\n', read).map_or(0, |end| end + 1);
        let line = 1 + memchr::memchr_iter(b'\n', read).count();
        let column = self.at - line_start;
        Error::custom(format_args!("{error} at line {line} column {column}"))
    }

    /// Returns the error of serde_json for this text.
    #[cold]
    fn syntax(&self) -> Error {
        match serde_json::from_str::<Value>(self.text) {
            Err(error) => error,
            Ok(_) => self.at_place(Error::custom("invalid JSON")),
        }
    }

    /// Returns the error of serde_json for a value that it skips, which has no limit of depth.
    #[cold]
    fn syntax_of_skipped(&self) -> Error {
        match serde_json::from_str::<IgnoredAny>(self.text) {
            Err(error) => error,
            Ok(_) => self.syntax(),
        }
    }
}

/// Reads a value if its first byte fits.
macro_rules! only {
    ($($deserialize:ident: $first:pat,)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            match self.peek() {
                Some($first) => {
                    let token = self.token()?;
                    self.visit(token, visitor)
                }
                _ => Err(self.invalid_type(&visitor)),
            }
        }
    )*};
}

/// Leaves a value to serde_json.
macro_rules! left_to_serde_json {
    ($($deserialize:ident($($argument:ident: $type:ty),*),)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value> {
            let json = self.skip()?;
            let read = serde_json::Deserializer::from_str(json).$deserialize($($argument,)* visitor);
            // The place in this value is not the one in the text.
            read.map_err(|error| self.at_place(Error::custom(without_place(&error))))
        }
    )*};
}

/// Returns the message of an error without the place.
pub(super) fn without_place(error: &Error) -> String {
    let (mut text, place) =
        (error.to_string(), format!(" at line {} column {}", error.line(), error.column()));
    if text.ends_with(&place) {
        text.truncate(text.len() - place.len());
    }
    text
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        // Most values are text.
        let token = match self.peek() {
            Some(b'"') => Token::Text(self.string()?),
            _ => self.token()?,
        };
        self.visit(token, visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.peek() {
            Some(b'n') => {
                self.token()?;
                visitor.visit_none()
            }
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        match name {
            RAW => visitor.visit_map(RawParts(Some(self.skip()?))),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.skip()?;
        visitor.visit_unit()
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.peek() {
            Some(b'{') => self.object(visitor),
            _ => Err(self.invalid_type(&visitor)),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.peek() {
            Some(b'[') => self.list(visitor),
            _ => Err(self.invalid_type(&visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match self.peek() {
            Some(b'[') => self.list(visitor),
            Some(b'{') => self.object(visitor),
            _ => Err(self.invalid_type(&visitor)),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_unit(visitor)
    }

    only! {
        deserialize_unit: b'n',
        deserialize_bool: b't' | b'f',
        deserialize_str: b'"',
        deserialize_string: b'"',
        deserialize_char: b'"',
        deserialize_identifier: b'"',
        deserialize_i8: b'0'..=b'9' | b'-',
        deserialize_i16: b'0'..=b'9' | b'-',
        deserialize_i32: b'0'..=b'9' | b'-',
        deserialize_i64: b'0'..=b'9' | b'-',
        deserialize_u8: b'0'..=b'9' | b'-',
        deserialize_u16: b'0'..=b'9' | b'-',
        deserialize_u32: b'0'..=b'9' | b'-',
        deserialize_u64: b'0'..=b'9' | b'-',
        deserialize_f32: b'0'..=b'9' | b'-',
        deserialize_f64: b'0'..=b'9' | b'-',
    }

    left_to_serde_json! {
        deserialize_i128(),
        deserialize_u128(),
        deserialize_bytes(),
        deserialize_byte_buf(),
        deserialize_enum(name: &'static str, variants: &'static [&'static str]),
    }
}

/// The elements of a list, or the fields of an object.
struct Parts<'r, 'de> {
    reader: &'r mut Reader<'de>,
    is_first: bool,
}

impl Parts<'_, '_> {
    /// Goes to the next part; `false` at the end.
    fn next(&mut self, close: u8) -> Result<bool> {
        let reader = &mut *self.reader;
        let next = match reader.peek() {
            Some(next) if next == close => return Ok(false),
            first if self.is_first => {
                self.is_first = false;
                first
            }
            Some(b',') => {
                reader.at += 1;
                reader.peek().filter(|next| *next != close)
            }
            _ => None,
        };
        match next {
            Some(next) if close == b']' || next == b'"' => Ok(true),
            _ => Err(reader.syntax()),
        }
    }
}

impl<'de> SeqAccess<'de> for Parts<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        match self.next(b']')? {
            true => seed.deserialize(&mut *self.reader).map(Some),
            false => Ok(None),
        }
    }
}

impl<'de> MapAccess<'de> for Parts<'_, 'de> {
    type Error = Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        match self.next(b'}')? {
            true => seed.deserialize(KeyText(self.reader.string()?)).map(Some),
            false => Ok(None),
        }
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        match self.reader.peek() {
            Some(b':') => self.reader.at += 1,
            _ => return Err(self.reader.syntax()),
        }
        seed.deserialize(&mut *self.reader)
    }
}

/// The key of an object. Programs may have maps whose keys are numbers.
struct KeyText<'de>(Cow<'de, str>);

macro_rules! numbers_in_keys {
    ($($deserialize:ident)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            // From a reader, because a number borrows nothing.
            let mut number = serde_json::Deserializer::from_reader(self.0.as_bytes());
            let read = number.$deserialize(visitor);
            read.and_then(|value| number.end().map(|()| value)).map_err(|_| {
                Error::custom("invalid value: expected key to be a number in quotes")
            })
        }
    )*};
}

impl<'de> Deserializer<'de> for KeyText<'de> {
    type Error = Error;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match &*self.0 {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            text => Err(Error::invalid_type(Unexpected::Str(text), &visitor)),
        }
    }

    numbers_in_keys! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128 deserialize_u8
        deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 deserialize_f32 deserialize_f64
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.0.into_deserializer().deserialize_enum(name, variants, visitor)
    }

    serde::forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// A value as an object with its JSON, which is what `RawValue` of serde_json reads.
struct RawParts<'de>(Option<&'de str>);

impl<'de> MapAccess<'de> for RawParts<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        match self.0 {
            Some(_) => seed.deserialize(BorrowedStrDeserializer::new(RAW)).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        seed.deserialize(BorrowedStrDeserializer::new(self.0.take().unwrap_or_default()))
    }
}
