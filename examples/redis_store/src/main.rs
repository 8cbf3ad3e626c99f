//! Four machines, one user, and one refresh, with a fake Spotify server that rotates refresh tokens.

use std::thread;

use redis_store::RedisStore;
use tonearm::{Scope, Spotify, fake};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).unwrap_or_else(|| "redis://127.0.0.1:6379".to_owned());
    let server = fake::Server::start()?;
    server.rotate_refresh_tokens(true);
    let app = || {
        let app = server.app();
        let store = RedisStore::new(&url, app.client_id(), "mira")?;
        Ok::<_, tonearm::Error>(app.store(store))
    };

    // The user logs in once, on any of the machines.
    let browser = server.browser();
    let login = app()?.login([Scope::UserReadEmail])?.quiet();
    login.browser(move |url| browser.approve_and_redirect(url).map(drop)).run()?;
    server.expire_access_tokens();
    server.clear_requests();

    let mut machines = Vec::new();
    for machine in 1..=4 {
        let spotify = Spotify::builder().app(app()?).base_url(server.base_url()).build()?;
        machines.push(thread::spawn(move || {
            let me = spotify.get_me().send()?;
            let email = me.email.as_deref().unwrap_or("no email address");
            println!("machine {machine}: {email}");
            Ok::<(), tonearm::Error>(())
        }));
    }
    for machine in machines {
        machine.join().map_err(|_| "the thread of a machine panicked")??;
    }
    let requests = server.requests();
    let refreshes = requests.iter().filter(|request| request.path == "/api/token").count();
    println!("machines: 4, token refreshes: {refreshes}");
    Ok(())
}
