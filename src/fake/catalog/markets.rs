//! The markets of the catalog's objects.

use std::sync::LazyLock;

use serde_json::value::RawValue;

use crate::json::value::{Serialized, Value};

/// The country of the user's account, which takes precedence over the market of a request.
pub(crate) const HOME: &str = "GB";

/// The markets of Spotify.
const ALL: &str = "AD AE AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY \
    BZ CA CD CG CH CI CL CM CO CR CV CW CY CZ DE DJ DK DM DO DZ EC EE EG ES ET FI FJ FM FR GA GB GD \
    GE GH GM GN GQ GR GT GW GY HK HN HR HT HU ID IE IL IN IQ IS IT JM JO JP KE KG KH KI KM KN KR KW \
    KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MN MO MR MT MU MV MW MX MY MZ NA NE \
    NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PS PT PW PY QA RO RS RW SA SB SC SE SG SI SK SL SM SN \
    SR ST SV SZ TD TG TH TJ TL TN TO TR TT TV TW TZ UA UG US UY UZ VC VE VN VU WS XK ZA ZM ZW";

/// The markets in which Spotify sells audiobooks.
const AUDIOBOOKS: &str = "AU CA GB IE NZ US";

/// A list of markets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Markets {
    All,
    /// All except the user's country.
    NotHome,
    Audiobooks,
}

impl Markets {
    pub(crate) fn contains(self, market: &str) -> bool {
        match self {
            Markets::All => true,
            Markets::NotHome => market != HOME,
            Markets::Audiobooks => AUDIOBOOKS.split(' ').any(|code| code == market),
        }
    }

    pub(crate) fn json(self) -> Value {
        static LISTS: LazyLock<[Option<Box<RawValue>>; 3]> =
            LazyLock::new(|| [list(ALL, None), list(ALL, Some(HOME)), list(AUDIOBOOKS, None)]);
        match LISTS.get(self as usize) {
            Some(Some(list)) => Value::Serialized(Serialized(list)),
            _ => Value::Null,
        }
    }
}

fn list(codes: &str, without: Option<&str>) -> Option<Box<RawValue>> {
    let codes: Vec<&str> = codes.split_whitespace().filter(|code| Some(*code) != without).collect();
    serde_json::value::to_raw_value(&codes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::market::{Market, MarketSet};

    #[test]
    fn markets_contain_only_known_countries() {
        let read = |markets: Markets| -> MarketSet {
            serde_json::from_str(&markets.json().to_json()).unwrap()
        };
        let all = read(Markets::All);
        assert!(all.iter().all(|market| Market::ALL.contains(&market)));
        assert_eq!(all.len(), 184);
        assert_eq!(read(Markets::NotHome).len(), 183);
        assert!(!read(Markets::NotHome).contains(Market::GB));
        assert_eq!(read(Markets::Audiobooks).len(), 6);
    }
}
