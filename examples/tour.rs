//! A tour of the client in one screen of output.
//!
//! ```sh
//! cargo run --example tour                        # against the fake Spotify server
//! cargo run --example tour -- --development       # the same as an app in development mode
//! SPOTIFY_CLIENT_ID=… cargo run --example tour    # against Spotify, only calls that read
//! ```
//!
//! To run it against Spotify, register `http://127.0.0.1/callback` as a redirect URI of your app.

#[path = "common/output.rs"]
mod output;

use std::io::IsTerminal;

use tonearm::fake::Server;
use tonearm::{
    AlbumId, App, Error, QuotaMode, Scope, Scopes, Spotify, Timestamp, Token, TrackId, endpoint,
};

use output::{print, println};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    if let Ok(id) = std::env::var("SPOTIFY_CLIENT_ID") {
        let app = App::new(id).redirect_uri("http://127.0.0.1/callback").store_in_file()?;
        print_login(&app.login(reading_scopes())?.run_if_needed()?);
        read_library(&Spotify::builder().app(app).build()?)?;
        println!("\nThe calls that write are skipped, because this is your real library.");
        return Ok(());
    }
    let (kind, server) = if std::env::args().any(|argument| argument == "--development") {
        ("in development mode", Server::builder().quota_mode(QuotaMode::Development).start()?)
    } else {
        ("in extended quota mode", Server::start()?)
    };
    println!("A fake Spotify server is running at {}, for an app {kind}.", server.base_url());
    let spotify = log_in(&server)?;
    read_library(&spotify)?;
    check_albums(&spotify, &server)?;
    save_tracks(&spotify, &server)?;
    follow_artist(&spotify, &server)?;
    inspect_request(&spotify)?;
    print_errors(&server)?;
    println!("\n{} requests in total. The fake Spotify server stops now.", server.requests().len());
    Ok(())
}

fn heading(text: &str) {
    if std::io::stdout().is_terminal() {
        println!("\n\x1b[1m{text}\x1b[0m")
    } else {
        println!("\n{text}")
    }
}

/// Cuts or pads text to the width of a table column.
fn cell(text: &str, width: usize) -> String {
    if text.chars().count() > width {
        text.chars().take(width - 1).chain(['…']).collect()
    } else {
        format!("{text:width$}")
    }
}

/// Returns the scopes for `read_library`: those of its calls, and one for the user's country and subscription.
fn reading_scopes() -> Scopes {
    Scopes::for_endpoints([&endpoint::GET_MY_SAVED_EPISODES, &endpoint::GET_MY_SAVED_SHOWS])
        | Scope::UserReadPrivate
}

fn log_in(server: &Server) -> Result<Spotify, Error> {
    heading("Log in with PKCE, using the fake Spotify server's browser");
    let writing =
        [&endpoint::SAVE_TRACKS, &endpoint::FOLLOW_ARTISTS, &endpoint::IS_FOLLOWING_ARTISTS];
    let (app, browser) = (server.app(), server.browser());
    let login = app.login(reading_scopes() | Scopes::for_endpoints(writing))?.quiet();
    print_login(&login.browser(move |url| browser.approve_and_redirect(url).map(drop)).run()?);
    server.client_builder().app(app).build()
}

fn print_login(token: &Token) {
    println!("  scopes: {}", token.scopes().cloned().unwrap_or_default());
    if let Some(end) = token.login_expires_at() {
        println!("  the login expires on {}", cell(&end.to_string(), 11).trim_end_matches('…'));
    }
}

fn read_library(spotify: &Spotify) -> Result<(), Error> {
    heading("Read the user's profile");
    let me = spotify.get_me().send()?;
    println!(
        "{} ({}), {}, {}",
        me.display_name.as_deref().unwrap_or("no name"),
        me.id,
        me.country.map_or("country unknown".to_owned(), |country| country.to_string()),
        me.product.map_or("subscription unknown".to_owned(), |product| product.to_string()),
    );

    heading("Read saved episodes: one page of five, then all of them");
    let page = spotify.get_my_saved_episodes().limit(5).send()?;
    for saved in &page {
        let episode = &saved.episode;
        let show = episode.show.as_ref().map_or("", |show| &show.name);
        println!(
            "  {}  {}  {:>3} min",
            cell(&episode.name, 38),
            cell(show, 24),
            episode.duration_ms / 60_000
        );
    }
    let minutes: u64 = spotify
        .get_my_saved_episodes()
        .items()
        .map(|saved| saved.map(|saved| saved.episode.duration_ms / 60_000))
        .sum::<Result<u64, Error>>()?;
    println!("  … {} in total, {} hours", known(page.total), minutes / 60);

    heading("Read saved shows");
    for saved in spotify.get_my_saved_shows().items().take(4) {
        let show = saved?.show;
        println!("  {}  {:>4} episodes", cell(&show.name, 38), known(show.total_episodes));
    }
    println!("  … {} in total", spotify.get_my_saved_shows().collect_all()?.len());
    Ok(())
}

fn check_albums(spotify: &Spotify, server: &Server) -> Result<(), Error> {
    heading("Check whether 45 albums are saved");
    let albums: Vec<AlbumId> =
        server.catalog().albums().into_iter().rev().step_by(5).take(45).collect();
    let previous = server.requests().len();
    let saved = spotify.are_albums_saved(&albums).send()?;
    let marks: String = saved.iter().map(|saved| if *saved { '●' } else { '○' }).collect();
    println!("  {marks}");
    println!(
        "  {} are saved; the check took {} requests",
        saved.iter().filter(|saved| **saved).count(),
        server.requests().len() - previous
    );
    Ok(())
}

fn save_tracks(spotify: &Spotify, server: &Server) -> Result<(), Error> {
    heading("Save three tracks with custom times");
    let tracks: Vec<TrackId> = server.catalog().tracks().into_iter().rev().take(3).collect();
    let now = Timestamp::now().unix_seconds();
    let times = (0..).map(|days| Timestamp::from_unix_seconds(now - days * 86_400));
    match spotify.save_tracks(tracks.iter().zip(times)).send() {
        // The fallback for apps in development mode doesn't support times.
        Err(Error::EndpointUnavailable(error))
            if error.unsupported_option.as_deref() == Some("added_at") =>
        {
            println!("  {error}");
            println!("  Saving them without times:");
            spotify.save_tracks(&tracks).send()?;
        }
        saved => saved?,
    }
    for saved in &spotify.get_my_saved_tracks().limit(3).send()? {
        let added_at = saved.added_at.map(|at| at.to_string()).unwrap_or_default();
        println!("  {added_at}  {}", saved.track.name);
    }
    Ok(())
}

fn follow_artist(spotify: &Spotify, server: &Server) -> Result<(), Error> {
    heading("Follow and unfollow an artist");
    let artists = server.catalog().artists();
    let followed = spotify.is_following_artists(&artists).send()?;
    let Some(artist) =
        artists.iter().zip(followed).find_map(|(artist, followed)| (!followed).then_some(artist))
    else {
        return Ok(());
    };
    let follows = || spotify.is_following_artists([artist]).send();
    print!("  before: {:?}", follows()?);
    spotify.follow_artists([artist]).send()?;
    print!("   followed: {:?}", follows()?);
    spotify.unfollow_artists([artist]).send()?;
    println!("   unfollowed: {:?}", follows()?);
    Ok(())
}

fn inspect_request(spotify: &Spotify) -> Result<(), Error> {
    heading("Inspect a request without sending it");
    let request = spotify
        .save_tracks(["https://open.spotify.com/track/4iV5W9uYEdYUVa79Axb7Rh?si=1"])
        .request()?;
    for line in request.to_string().lines() {
        println!("  {line}");
    }
    Ok(())
}

fn print_errors(server: &Server) -> Result<(), Error> {
    heading("Two failing calls: one with an invalid argument, one without the required scope");
    let spotify =
        server.client_builder().token(server.issue_token([Scope::UserFollowRead])).build()?;
    for error in [
        spotify.get_my_saved_tracks().limit(500).send().err(),
        spotify.get_my_saved_tracks().send().err(),
    ] {
        println!("  {}", error.map(|error| error.to_string()).unwrap_or_default());
    }
    Ok(())
}

/// A count that Spotify may leave out.
fn known(count: Option<u32>) -> String {
    count.map_or_else(|| "?".to_owned(), |count| count.to_string())
}
