//! The maximum length of a list.

use crate::page::Paged;

/// Counts the items of a list, so a server that never ends it cannot use up memory or time.
#[derive(Default)]
pub(super) struct RunawayGuard {
    pub(super) pages: usize,
    items: usize,
    /// The greatest total that the server sent.
    total: usize,
}

impl RunawayGuard {
    /// Counts a page. Returns `false` if the list is far longer than its total.
    ///
    /// A list may grow meanwhile, Spotify may send a total that is too small, and a field filter may omit the total. So
    /// the guard always accepts more items than any playlist has.
    pub(super) fn accepts<P: Paged>(&mut self, page: &P) -> bool {
        self.count(page.item_count(), page.total_count())
    }

    fn count(&mut self, items: usize, total: Option<u32>) -> bool {
        let total = total.and_then(|total| usize::try_from(total).ok()).unwrap_or(0);
        self.total = self.total.max(total);
        self.pages = self.pages.saturating_add(1);
        self.items = self.items.saturating_add(items);
        self.items <= self.total.saturating_mul(2).clamp(100_000, 1_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_may_have_twice_its_total_between_two_bounds() {
        let max = |total| {
            let mut guard = RunawayGuard::default();
            // The greatest total counts, on whichever page the server sent it.
            assert!(guard.count(0, Some(total)));
            let fits = |items| RunawayGuard { ..guard }.count(items, Some(1));
            (0..=20).rev().map(|n| 100_000 * n).find(|items| fits(*items) && !fits(items + 1))
        };
        assert_eq!([0, 50_000, 400_000].map(max), [Some(100_000), Some(100_000), Some(800_000)]);
        assert_eq!([500_000, u32::MAX].map(max), [Some(1_000_000), Some(1_000_000)]);
    }
}
