//! Markets: countries by their ISO 3166-1 alpha-2 code.

use std::fmt::{self, Debug, Display, Formatter};
use std::str::FromStr;

use serde::de::{self, IgnoredAny, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A market: two capital letters, `FI`.
///
/// Each country has a constant. Text is checked against ISO 3166-1 (and `XK`, which Spotify uses
/// for Kosovo):
///
/// ```
/// use tonearm::Market;
///
/// assert_eq!("fi".parse(), Ok(Market::FI));
/// assert_eq!(
///     "XX".parse::<Market>().unwrap_err().to_string(),
///     "expected a country of ISO 3166-1 in two letters, found `XX`",
/// );
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Market([u8; 2]);

macro_rules! markets {
    ($($code:ident)*) => {
        impl Market {
            $(
                #[doc = concat!("`", stringify!($code), "`")]
                pub const $code: Market = Market::from_code(stringify!($code));
            )*
            /// Every market there is a constant for, in the order of their codes.
            pub const ALL: &'static [Market] = &[$(Market::$code),*];
        }
    };
}

markets! {
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE
    EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM
    HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
    LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
    NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
    SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
    TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
}

impl Market {
    const fn from_code(code: &str) -> Market {
        let bytes = code.as_bytes();
        Market([bytes[0], bytes[1]])
    }

    /// The code in capital letters.
    pub fn as_str(&self) -> &str {
        // Always two ASCII letters.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Its place among the 676 pairs of letters.
    fn index(self) -> usize {
        let [a, b] = self.0.map(|letter| usize::from(letter.wrapping_sub(b'A')));
        a * 26 + b
    }

    /// Any pair of capital letters: what Spotify sends may be newer than our list.
    pub(crate) fn from_letters(text: &str) -> Option<Market> {
        match text.as_bytes() {
            [a @ b'A'..=b'Z', b @ b'A'..=b'Z'] => Some(Market([*a, *b])),
            _ => None,
        }
    }
}

/// Text that is not the code of a country.
#[derive(Clone, PartialEq, Eq)]
pub struct UnknownMarket(Box<str>);

impl Display for UnknownMarket {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "expected a country of ISO 3166-1 in two letters, found {}",
            crate::types::display::Quoted(&self.0)
        )
    }
}

impl Debug for UnknownMarket {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "UnknownMarket({self})")
    }
}

impl std::error::Error for UnknownMarket {}

impl FromStr for Market {
    type Err = UnknownMarket;

    fn from_str(text: &str) -> Result<Self, UnknownMarket> {
        Market::from_letters(&text.trim().to_ascii_uppercase())
            .filter(|market| Market::ALL.binary_search(market).is_ok())
            .ok_or_else(|| UnknownMarket(text.into()))
    }
}

impl Display for Market {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Debug for Market {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Market {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Market {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Code;
        impl Visitor<'_> for Code {
            type Value = Market;

            fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
                f.write_str("two capital letters")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Market, E> {
                Market::from_letters(text)
                    .ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_str(Code)
    }
}

/// A set of markets, as albums and tracks carry it: one bit for each pair of letters.
///
/// ```
/// use tonearm::{Market, MarketSet};
///
/// let markets: MarketSet = serde_json::from_str(r#"["FI", "SE"]"#)?;
/// assert!(markets.contains(Market::FI) && !markets.contains(Market::NO));
/// assert_eq!(markets.iter().map(|market| market.to_string()).collect::<Vec<_>>(), ["FI", "SE"]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct MarketSet(Box<[u64; WORDS]>);

const WORDS: usize = 26 * 26 / 64 + 1;

impl MarketSet {
    /// A set without any market.
    pub fn new() -> Self {
        MarketSet(Box::new([0; WORDS]))
    }

    /// Whether the set holds a market.
    pub fn contains(&self, market: Market) -> bool {
        let index = market.index();
        self.0.get(index / 64).is_some_and(|word| word >> (index % 64) & 1 == 1)
    }

    /// Adds a market.
    pub fn insert(&mut self, market: Market) {
        let index = market.index();
        if let Some(word) = self.0.get_mut(index / 64) {
            *word |= 1 << (index % 64);
        }
    }

    /// How many markets there are.
    pub fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// The markets in the order of their codes.
    pub fn iter(&self) -> impl Iterator<Item = Market> {
        (b'A'..=b'Z')
            .flat_map(|a| (b'A'..=b'Z').map(move |b| Market([a, b])))
            .filter(|market| self.contains(*market))
    }
}

impl Default for MarketSet {
    fn default() -> Self {
        MarketSet::new()
    }
}

impl FromIterator<Market> for MarketSet {
    fn from_iter<I: IntoIterator<Item = Market>>(markets: I) -> Self {
        let mut set = MarketSet::new();
        markets.into_iter().for_each(|market| set.insert(market));
        set
    }
}

impl Debug for MarketSet {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for MarketSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// Takes any list; what is no pair of letters is passed over. Also what `shortened` makes of a list.
impl<'de> Deserialize<'de> for MarketSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SetVisitor)
    }
}

struct SetVisitor;

impl<'de> Visitor<'de> for SetVisitor {
    type Value = MarketSet;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("a list of markets")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut markets: A) -> Result<MarketSet, A::Error> {
        let mut set = MarketSet::new();
        while let Some(Letters(market)) = markets.next_element()? {
            if let Some(market) = market {
                set.insert(market);
            }
        }
        Ok(set)
    }

    fn visit_str<E: de::Error>(self, short: &str) -> Result<MarketSet, E> {
        let mut set = MarketSet::new();
        let (codes, []) = short.as_bytes().as_chunks() else {
            return Err(E::invalid_type(Unexpected::Str(short), &self));
        };
        for [a, b] in codes {
            if !a.is_ascii_uppercase() || !b.is_ascii_uppercase() {
                return Err(E::invalid_type(Unexpected::Str(short), &self));
            }
            set.insert(Market([*a, *b]));
        }
        Ok(set)
    }
}

/// One entry of a list: a market, or something else.
struct Letters(Option<Market>);

impl<'de> Deserialize<'de> for Letters {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LettersVisitor)
    }
}

struct LettersVisitor;

impl<'de> Visitor<'de> for LettersVisitor {
    type Value = Letters;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("a market")
    }

    fn visit_str<E>(self, text: &str) -> Result<Letters, E> {
        Ok(Letters(Market::from_letters(text)))
    }

    fn visit_unit<E>(self) -> Result<Letters, E> {
        Ok(Letters(None))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Letters, E> {
        Ok(Letters(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Letters, E> {
        Ok(Letters(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Letters, E> {
        Ok(Letters(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Letters, E> {
        Ok(Letters(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Letters, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Letters(None))
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Letters, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Letters(None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_every_code_is_two_letters() {
        assert!(Market::ALL.is_sorted());
        assert_eq!(Market::ALL.len(), 250);
        assert!(
            Market::ALL.iter().all(|market| Market::from_letters(market.as_str()) == Some(*market))
        );
    }

    #[test]
    fn a_set_holds_all_pairs_of_letters() {
        let set: MarketSet =
            Market::ALL.iter().copied().chain([Market(*b"AA"), Market(*b"ZZ")]).collect();
        assert_eq!(set.len(), 252);
        assert_eq!(
            serde_json::from_str::<MarketSet>(&serde_json::to_string(&set).unwrap()).unwrap(),
            set
        );
        let odd: MarketSet =
            serde_json::from_str(r#"["FI", null, "from_token", 7, {"a": [1]}, ["x"], "SE"]"#)
                .unwrap();
        assert_eq!(odd.iter().collect::<Vec<_>>(), [Market::FI, Market::SE]);
    }

    #[test]
    fn a_short_list_is_the_same_set_and_other_text_is_none() {
        let set = |json| serde_json::from_str::<MarketSet>(json);
        assert_eq!(set(r#""FISE""#).unwrap(), set(r#"["FI","SE"]"#).unwrap());
        assert!(set(r#""""#).unwrap().is_empty());
        for odd in [r#""FIN""#, r#""fise""#, r#""F1""#, "7", "{}"] {
            assert!(set(odd).is_err(), "{odd}");
        }
    }
}
