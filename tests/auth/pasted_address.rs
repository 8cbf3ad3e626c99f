//! Pasting the redirect address on a terminal.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use tonearm::{App, Scopes, fake};

use super::login::query;

const PART: &str = "TONEARM_TEST_PASTES";

/// A program that logs in and then reads another line. In the test run itself it does nothing.
#[test]
fn child_process() {
    let Ok(accounts) = std::env::var(PART) else { return };
    let redirect_uri = std::env::var("TONEARM_TEST_REDIRECT").unwrap();
    let app = App::new(fake_client_id()).accounts_url(accounts).redirect_uri(redirect_uri);
    let login = app.login(Scopes::empty()).unwrap().no_browser();
    let outcome = match login.run() {
        Ok(_) => "logged in".to_owned(),
        Err(error) => error.to_string(),
    };
    eprintln!("outcome: {outcome}");
    if std::env::var_os("TONEARM_TEST_BACKGROUND").is_some() {
        return;
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    eprintln!("then: {}", line.trim());
}

fn fake_client_id() -> String {
    std::env::var("TONEARM_TEST_CLIENT").unwrap()
}

/// Runs the program on a terminal, on which `user` types when the login URL is known.
fn run(redirect_uri: &str, user: impl FnOnce(&fake::Browser, &str, &mut File)) -> Vec<String> {
    run_as(Command::new(std::env::current_exe().unwrap()), redirect_uri, user)
}

fn run_as(
    mut command: Command,
    redirect_uri: &str,
    user: impl FnOnce(&fake::Browser, &str, &mut File),
) -> Vec<String> {
    let server = fake::Server::start().unwrap();
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let name = ptsname(&ours, Vec::new()).unwrap().into_string().unwrap();
    let theirs = File::options().read(true).write(true).open(name).unwrap();
    let mut ours = File::from(ours);
    let mut child = command
        .args(["--exact", "pasted_address::child_process", "--nocapture"])
        .env(PART, server.accounts_url())
        .env("TONEARM_TEST_REDIRECT", redirect_uri)
        .env("TONEARM_TEST_CLIENT", server.app().client_id())
        .stdin(theirs)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut printed = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("http") {
        line.clear();
        assert_ne!(printed.read_line(&mut line).unwrap(), 0, "the program ended early");
    }
    user(&server.browser(), line.trim(), &mut ours);
    let mut rest = String::new();
    printed.read_to_string(&mut rest).unwrap();
    assert!(child.wait().unwrap().success(), "{rest}");
    rest.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[test]
fn pasted_address_completes_login_and_leaves_later_input() {
    let printed = run("https://app.example/callback", |browser, url, terminal| {
        let redirected = browser.approve(url).unwrap();
        // At once, like a paste of several lines.
        let typed = format!("what?\n{redirected}\nthe next line\n");
        terminal.write_all(typed.as_bytes()).unwrap();
    });
    assert!(
        printed[0].starts_with("If the browser shows an error after the login, paste"),
        "{printed:?}"
    );
    assert!(
        printed[1].starts_with("This address does not work: login: expected the whole address"),
        "{printed:?}"
    );
    assert_eq!(printed[2..], ["outcome: logged in", "then: the next line"]);
}

#[test]
fn listener_login_leaves_terminal_input_unread() {
    let printed = run("http://127.0.0.1/callback", |browser, url, terminal| {
        // After the wrong redirect, the login checks the terminal before it waits for the next one.
        let redirect_uri = &query(url)["redirect_uri"];
        browser.visit(&format!("{redirect_uri}?code=AQ&state=guessed")).unwrap();
        browser.approve_and_redirect(url).unwrap();
        // The login is over, so the program reads this line.
        terminal.write_all(b"the next line\n").unwrap();
    });
    assert_eq!(printed[1..], ["outcome: logged in", "then: the next line"]);
}

#[test]
fn address_can_be_pasted_while_the_listener_is_open() {
    let printed = run("http://127.0.0.1/callback", |browser, url, terminal| {
        let redirected = browser.approve(url).unwrap();
        terminal.write_all(format!("{redirected}\nmore\n").as_bytes()).unwrap();
    });
    assert_eq!(printed[1..], ["outcome: logged in", "then: more"]);
}

// `program &` in a shell: the system stops the program if it reads the terminal.
#[test]
fn login_in_the_background_does_not_read_the_terminal() {
    // A session with its own terminal, whose shell stays in the foreground.
    let mut command = Command::new("setsid");
    command.args(["--ctty", "--wait", "sh", "-m", "-c", "\"$0\" \"$@\" & wait"]);
    command.arg(std::env::current_exe().unwrap()).env("TONEARM_TEST_BACKGROUND", "1");
    let printed = run_as(command, "http://127.0.0.1/callback", |browser, url, terminal| {
        terminal.write_all(b"for the shell\n").unwrap();
        // After the wrong redirect, the login checks the terminal before it waits for the next one.
        let redirect_uri = &query(url)["redirect_uri"];
        browser.visit(&format!("{redirect_uri}?code=AQ&state=guessed")).unwrap();
        let page = browser.approve_and_redirect(url).expect("the program was stopped");
        assert!(page.contains("You are logged in"), "{page}");
    });
    assert!(printed.contains(&"outcome: logged in".to_owned()), "{printed:?}");
}
