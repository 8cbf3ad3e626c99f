//! Made-up names. Each is the same for the same number, and no two of a kind are alike.

/// The name of an artist.
pub(crate) fn artist(n: usize) -> String {
    let (a, b) = spread(n);
    match n % 4 {
        0 => format!("The {} {}s", pick(ADJECTIVES, a), pick(NOUNS, b)),
        1 => format!("{} {}", pick(FIRST_NAMES, a), pick(LAST_NAMES, b)),
        2 => format!("{} {} Ensemble", pick(ADJECTIVES, a), pick(PLACES, b)),
        _ => format!("{} & the {}s", pick(FIRST_NAMES, a), pick(NOUNS, b)),
    }
}

/// The name of an album.
pub(crate) fn album(n: usize) -> String {
    let (a, b) = spread(n);
    match n % 3 {
        0 => format!("{} {}", pick(ADJECTIVES, a), pick(NOUNS, b)),
        1 => format!("Letters from {}, No. {}", pick(PLACES, b), a + 1),
        _ => format!("A {} for {}", pick(NOUNS, b), pick(FIRST_NAMES, a)),
    }
}

/// The name of a track.
pub(crate) fn track(n: usize) -> String {
    let (a, b) = spread(n);
    match n % 5 {
        0 => format!("{} {}", pick(ADJECTIVES, b), pick(NOUNS, a)),
        1 => format!("{} in {}", pick(NOUNS, a), pick(PLACES, b)),
        2 => format!("Waltz for {}", pick(FIRST_NAMES, b)),
        3 => format!("{} Road", pick(LAST_NAMES, a)),
        _ => format!("The {} and the {}", pick(NOUNS, a), pick(NOUNS, b + 5)),
    }
}

/// The name of a show.
pub(crate) fn show(n: usize) -> String {
    let (a, b) = spread(n);
    match n % 3 {
        0 => format!("The {} {} Hour", pick(ADJECTIVES, a), pick(NOUNS, b)),
        1 => format!("{} Asks {}", pick(FIRST_NAMES, a), pick(LAST_NAMES, b)),
        _ => format!("{} Notes from {}", pick(ADJECTIVES, a), pick(PLACES, b)),
    }
}

/// The name of an episode.
pub(crate) fn episode(n: usize) -> String {
    let (a, b) = spread(n);
    format!("How the {} came to {}", pick(NOUNS, a).to_lowercase(), pick(PLACES, b))
}

/// The name of an audiobook.
pub(crate) fn audiobook(n: usize) -> String {
    let (a, b) = spread(n);
    match n % 2 {
        0 => format!("The {} of {}", pick(NOUNS, a), pick(PLACES, b)),
        _ => format!("{} {}'s {}", pick(FIRST_NAMES, a), pick(LAST_NAMES, b), pick(NOUNS, a)),
    }
}

/// The name of a chapter, by its number among all and in its audiobook.
pub(crate) fn chapter(n: usize, number: usize) -> String {
    let (a, b) = spread(n);
    format!("Chapter {number}: The {} {}", pick(ADJECTIVES, b), pick(NOUNS, a))
}

/// The name of a playlist.
pub(crate) fn playlist(n: usize) -> String {
    let (a, b) = spread(n);
    match n % 3 {
        0 => format!("{} mornings in {}", pick(ADJECTIVES, a), pick(PLACES, b)),
        1 => format!("songs with a {} and a {}", pick(NOUNS, a), pick(NOUNS, b + 7)).to_lowercase(),
        _ => format!("{}'s {} mix", pick(FIRST_NAMES, a), pick(ADJECTIVES, b).to_lowercase()),
    }
}

/// A person's name.
pub(crate) fn person(n: usize) -> String {
    let (a, b) = spread(n);
    format!("{} {}", pick(FIRST_NAMES, a), pick(LAST_NAMES, b))
}

/// The name of a publisher or label.
pub(crate) fn company(n: usize) -> String {
    format!("{} {}", pick(PLACES, n * 5 + 1), pick(COMPANIES, n))
}

/// The id and the name of a user. Ids of users are any text; some old ones must be escaped in URLs.
pub(crate) fn user(n: usize) -> (String, String) {
    match n {
        0 => ("mira.halvorsen".to_owned(), "Mira Halvorsen".to_owned()),
        1 => ("zoë.å#1".to_owned(), "Zoë Åkerlund".to_owned()),
        2 => ("50% off/on?".to_owned(), "Half Price".to_owned()),
        3 => ("31l0q7yfrt2x5gkd8wzvn4hbm6ca".to_owned(), "Pim Okonedo".to_owned()),
        _ => {
            let name = person(n);
            (format!("{}{n}", name.to_lowercase().replace([' ', '\''], "_")), name)
        }
    }
}

/// Two numbers below 16 and 24 that together tell 384 numbers apart.
fn spread(n: usize) -> (usize, usize) {
    let a = n % 16;
    (a, (n / 16 + a * 5) % 24)
}

fn pick(words: &[&'static str], n: usize) -> &'static str {
    words.get(n % words.len().max(1)).copied().unwrap_or_default()
}

#[rustfmt::skip]
const ADJECTIVES: &[&str] = &[
    "Copper", "Quiet", "Northern", "Paper", "Velvet", "Second", "Amber", "Distant", "Wooden",
    "Silver", "Patient", "Hollow", "Crooked", "Early", "Borrowed", "Salted", "Woollen", "Bright",
    "Tidal", "Gentle", "Nameless", "Painted", "Winter", "Slow",
];

#[rustfmt::skip]
const NOUNS: &[&str] = &[
    "Lantern", "Harbour", "Sparrow", "Orchard", "Compass", "Engine", "Meadow", "Ladder", "Signal",
    "Bakery", "Comet", "Umbrella", "Ferry", "Thistle", "Window", "Letter", "Kettle", "Island",
    "Heron", "Cellar", "Carousel", "Tramway", "Pebble", "Almanac",
];

#[rustfmt::skip]
const PLACES: &[&str] = &[
    "Ostervik", "Maravel", "Tenholm", "Kalvina", "Brackwater", "Solenne", "Ulmstadt", "Pellaro",
    "Nordhavn Quay", "Istrelle", "Galloway Flats", "Vintervoll", "Quillmere", "Sant Orell",
    "Dunmarrow", "Halsey Bay", "Lindwell", "Orvieux", "Tarnby Hill", "Cresmonte", "Eastmarch",
    "Feldhaven", "Yarrowby", "Zellhof",
];

#[rustfmt::skip]
const FIRST_NAMES: &[&str] = &[
    "Ada", "Bruno", "Celeste", "Dario", "Elin", "Farid", "Greta", "Hugo", "Imani", "Jonas",
    "Keiko", "Leif", "Marit", "Noor", "Odalys", "Pavel", "Quentin", "Runa", "Saoirse", "Tomas",
    "Ulla", "Viggo", "Wanda", "Yusuf",
];

#[rustfmt::skip]
const LAST_NAMES: &[&str] = &[
    "Adeyemi", "Bergqvist", "Castellan", "Dunmore", "Eklof", "Fontaine", "Grimaldo", "Hallberg",
    "Ivanov", "Jarvinen", "Kowal", "Lindqvist", "Marchetti", "Nakagawa", "O'Hara", "Petrescu",
    "Quist", "Rosenthal", "Sorensen", "Tavares", "Uddin", "Valtonen", "Whitlock", "Zeller",
];

const COMPANIES: &[&str] = &["Records", "Recordings", "House", "Audio", "Editions", "Tapes"];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    #[test]
    fn no_two_of_a_kind_are_alike() {
        for (kind, name) in [
            ("artist", super::artist as fn(usize) -> String),
            ("album", super::album),
            ("show", super::show),
            ("audiobook", super::audiobook),
            ("playlist", super::playlist),
        ] {
            let names: HashSet<String> = (0..340).map(name).collect();
            assert_eq!(names.len(), 340, "{kind}");
        }
    }
}
