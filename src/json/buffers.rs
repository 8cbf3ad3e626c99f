//! A pool of buffers for the next response on the same thread.
//!
//! The bodies of pages have hundreds of kilobytes. Freeing and allocating them for each page would increase the time for a
//! page by a third.

use std::cell::RefCell;

/// The maximum capacity of a buffer in the pool.
const MOST: usize = 512 << 10;

thread_local! {
    /// The body of a response, and the copy of it that is decoded.
    static SPARE: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// Returns the largest buffer of the pool, empty; or a new one.
pub(crate) fn acquire() -> Vec<u8> {
    let spare = SPARE.try_with(|spare| {
        let mut spare = spare.try_borrow_mut().ok()?;
        let largest = (0..spare.len()).max_by_key(|index| spare.get(*index).map(Vec::capacity))?;
        Some(spare.swap_remove(largest))
    });
    spare.ok().flatten().unwrap_or_default()
}

/// Returns a buffer to the pool.
pub(crate) fn release(mut buffer: Vec<u8>) {
    if buffer.capacity() == 0 || buffer.capacity() > MOST {
        return;
    }
    buffer.clear();
    // The pool is unavailable while its thread ends.
    let _ = SPARE.try_with(|spare| {
        if let Ok(mut spare) = spare.try_borrow_mut()
            && spare.len() < 2
        {
            spare.push(buffer);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pool_keeps_two_buffers_and_no_large_one() {
        assert_eq!(acquire().capacity(), 0);
        release(Vec::with_capacity(MOST + 1));
        assert_eq!(acquire().capacity(), 0);
        for size in [100, 300, 200] {
            release(vec![1; size]);
        }
        let (first, second, third) = (acquire(), acquire(), acquire());
        assert_eq!([first.capacity(), second.capacity(), third.capacity()], [300, 100, 0]);
        assert!(first.is_empty() && second.is_empty());
    }
}
