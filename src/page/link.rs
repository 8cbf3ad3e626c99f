//! Links to other pages.

/// One value in the query of a link, unescaped.
pub(crate) fn query_value(link: &str, key: &str) -> Option<String> {
    let query = link.split_once('?')?.1.split('#').next()?;
    let value =
        query.split('&').find_map(|pair| pair.split_once('=').filter(|(name, _)| *name == key))?.1;
    Some(percent_encoding::percent_decode_str(value).decode_utf8_lossy().into_owned())
}
