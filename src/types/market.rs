//! Markets, as ISO 3166-1 alpha-2 country codes.

use std::fmt::{self, Debug, Display, Formatter};
use std::str::FromStr;

use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::display::Quoted;
use super::small_text::{SmallText, parsed};
use super::text_traits::{text_error, text_type, try_from_text};

/// A market, as a country code of two capital letters: `FI`.
///
/// Each country has a constant. Parsing accepts the codes of ISO 3166-1, and `XK`, which Spotify uses for Kosovo:
///
/// ```
/// use tonearm::Market;
///
/// assert_eq!("fi".parse(), Ok(Market::FI));
/// assert_eq!(
///     "XX".parse::<Market>().unwrap_err().to_string(),
///     "expected a two-letter ISO 3166-1 country code, found `XX`",
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
            /// All markets that have a constant, in the order of their codes.
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

    /// Returns the code in capital letters.
    pub fn as_str(&self) -> &str {
        // Always two ASCII letters.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Returns the index among the 676 pairs of letters.
    fn index(self) -> usize {
        let [a, b] = self.0.map(|letter| usize::from(letter.wrapping_sub(b'A')));
        a * 26 + b
    }

    /// Reverses `index`.
    fn at(index: u16) -> Market {
        Market([index / 26, index % 26].map(|letter| b'A' + letter as u8))
    }

    /// Accepts any pair of capital letters, because Spotify may use codes that `ALL` lacks.
    pub(crate) fn from_letters(text: &[u8]) -> Option<Market> {
        match text {
            [a @ b'A'..=b'Z', b @ b'A'..=b'Z'] => Some(Market([*a, *b])),
            _ => None,
        }
    }
}

/// The error returned when parsing text that isn't a country code.
#[derive(Clone, PartialEq, Eq)]
pub struct UnknownMarket {
    pub(crate) found: Box<str>,
}

impl Display for UnknownMarket {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "expected a two-letter ISO 3166-1 country code, found {}", Quoted(&self.found))
    }
}

text_error!(UnknownMarket);

impl FromStr for Market {
    type Err = UnknownMarket;

    fn from_str(text: &str) -> Result<Self, UnknownMarket> {
        Market::from_letters(text.trim().to_ascii_uppercase().as_bytes())
            .filter(|market| Market::ALL.binary_search(market).is_ok())
            .ok_or_else(|| UnknownMarket { found: text.into() })
    }
}

text_type!(Market);
try_from_text!(Market);

impl Debug for Market {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Market {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code: SmallText = parsed(deserializer, "two capital letters")?;
        Market::from_letters(code.as_str().as_bytes()).ok_or_else(|| {
            D::Error::invalid_value(Unexpected::Str(code.as_str()), &"two capital letters")
        })
    }
}

/// A set of markets, such as those of an album or a track.
///
/// It has one bit for each pair of letters.
///
/// ```
/// use tonearm::{Market, MarketSet};
///
/// let markets: MarketSet = serde_json::from_str(r#"["FI", "SE"]"#)?;
/// assert!(markets.contains(Market::FI) && !markets.contains(Market::NO));
/// let codes = markets.iter().map(|market| market.to_string()).collect::<Vec<_>>();
/// assert_eq!(codes, ["FI", "SE"]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct MarketSet(Box<[u64; WORDS]>);

const WORDS: usize = 26 * 26 / 64 + 1;

impl MarketSet {
    /// Creates an empty set.
    pub fn new() -> Self {
        MarketSet(Box::new([0; WORDS]))
    }

    /// Returns whether the set contains a market.
    pub fn contains(&self, market: Market) -> bool {
        let index = market.index();
        self.0.get(index / 64).is_some_and(|word| word >> (index % 64) & 1 == 1)
    }

    /// Adds a market, and returns whether the set lacked it.
    pub fn insert(&mut self, market: Market) -> bool {
        let index = market.index();
        self.0.get_mut(index / 64).is_some_and(|word| {
            let before = *word;
            *word |= 1 << (index % 64);
            *word != before
        })
    }

    /// Removes a market, and returns whether the set contained it.
    pub fn remove(&mut self, market: Market) -> bool {
        let index = market.index();
        self.0.get_mut(index / 64).is_some_and(|word| {
            let before = *word;
            *word &= !(1 << (index % 64));
            *word != before
        })
    }

    /// Returns the number of markets.
    pub fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Returns whether the set is empty.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// Returns the markets in the order of their codes.
    pub fn iter(&self) -> impl Iterator<Item = Market> {
        let mut words = self.0.iter().copied().zip(0_u16..);
        let mut rest = words.next();
        std::iter::from_fn(move || {
            loop {
                let (bits, word) = rest?;
                if bits != 0 {
                    rest = Some((bits & (bits - 1), word));
                    return Some(Market::at(word * 64 + bits.trailing_zeros() as u16));
                }
                rest = words.next();
            }
        })
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
        set.extend(markets);
        set
    }
}

impl Extend<Market> for MarketSet {
    fn extend<I: IntoIterator<Item = Market>>(&mut self, markets: I) {
        for market in markets {
            self.insert(market);
        }
    }
}

impl<const N: usize> From<[Market; N]> for MarketSet {
    fn from(markets: [Market; N]) -> Self {
        markets.into_iter().collect()
    }
}

impl IntoIterator for MarketSet {
    type Item = Market;
    type IntoIter = std::vec::IntoIter<Market>;

    fn into_iter(self) -> Self::IntoIter {
        (&self).into_iter()
    }
}

/// Iterates in the order of the codes.
impl IntoIterator for &MarketSet {
    type Item = Market;
    type IntoIter = std::vec::IntoIter<Market>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter().collect::<Vec<_>>().into_iter()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn market_codes_are_sorted_and_two_letters_long() {
        assert!(Market::ALL.is_sorted());
        assert_eq!(Market::ALL.len(), 250);
        assert!(
            Market::ALL
                .iter()
                .all(|market| Market::from_letters(market.as_str().as_bytes()) == Some(*market))
        );
    }

    #[test]
    fn market_set_holds_all_two_letter_codes() {
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
    fn shortened_list_gives_the_same_market_set() {
        let set = |json| serde_json::from_str::<MarketSet>(json);
        assert_eq!(set(r#""FISE""#).unwrap(), set(r#"["FI","SE"]"#).unwrap());
        assert!(set(r#""""#).unwrap().is_empty());
        for odd in [r#""FIN""#, r#""fise""#, r#""F1""#, "7", "{}"] {
            assert!(set(odd).is_err(), "{odd}");
        }
    }
}
