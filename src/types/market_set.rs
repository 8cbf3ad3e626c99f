//! Sets of markets as collections, and markets as text.

use super::market::{Market, MarketSet, UnknownMarket};

impl AsRef<str> for Market {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl TryFrom<&str> for Market {
    type Error = UnknownMarket;

    fn try_from(text: &str) -> Result<Self, UnknownMarket> {
        text.parse()
    }
}

impl TryFrom<String> for Market {
    type Error = UnknownMarket;

    fn try_from(text: String) -> Result<Self, UnknownMarket> {
        text.parse()
    }
}

impl Extend<Market> for MarketSet {
    fn extend<I: IntoIterator<Item = Market>>(&mut self, markets: I) {
        markets.into_iter().for_each(|market| self.insert(market));
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

/// In the order of their codes.
impl IntoIterator for &MarketSet {
    type Item = Market;
    type IntoIter = std::vec::IntoIter<Market>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter().collect::<Vec<_>>().into_iter()
    }
}
