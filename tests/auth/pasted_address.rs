//! Pasting on a terminal of its own.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use tonearm::{App, Scopes, fake};

use super::login::query;

const PART: &str = "TONEARM_TEST_PASTES";

/// A program that logs in, and asks for something else afterwards; in the test run itself, nothing.
#[test]
fn part() {
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

/// Runs the program on a terminal, on which `person` types when the page is known.
fn run(redirect_uri: &str, person: impl FnOnce(&fake::Browser, &str, &mut File)) -> Vec<String> {
    run_as(Command::new(std::env::current_exe().unwrap()), redirect_uri, person)
}

fn run_as(
    mut command: Command,
    redirect_uri: &str,
    person: impl FnOnce(&fake::Browser, &str, &mut File),
) -> Vec<String> {
    let server = fake::Server::start().unwrap();
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let name = ptsname(&ours, Vec::new()).unwrap().into_string().unwrap();
    let theirs = File::options().read(true).write(true).open(name).unwrap();
    let mut ours = File::from(ours);
    let mut child = command
        .args(["--exact", "pasted_address::part", "--nocapture"])
        .env(PART, server.accounts_url())
        .env("TONEARM_TEST_REDIRECT", redirect_uri)
        .env("TONEARM_TEST_CLIENT", server.app().client_id())
        .stdin(theirs)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("http") {
        line.clear();
        assert_ne!(said.read_line(&mut line).unwrap(), 0, "it ended early");
    }
    person(&server.browser(), line.trim(), &mut ours);
    let mut rest = String::new();
    said.read_to_string(&mut rest).unwrap();
    assert!(child.wait().unwrap().success(), "{rest}");
    rest.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[test]
fn the_address_is_pasted_and_what_is_typed_after_it_stays_for_the_program() {
    let said = run("https://app.example/callback", |browser, url, terminal| {
        let redirected = browser.approve(url).unwrap();
        // All at once, as a paste of several lines.
        let typed = format!("what?\n{redirected}\nthe next line\n");
        terminal.write_all(typed.as_bytes()).unwrap();
    });
    assert!(said[0].starts_with("If the browser cannot show its last page, paste"), "{said:?}");
    assert!(
        said[1].starts_with("This address does not work: login: expected the whole address"),
        "{said:?}"
    );
    assert_eq!(said[2..], ["outcome: logged in", "then: the next line"]);
}

#[test]
fn a_login_through_the_listener_takes_nothing_of_what_is_typed_later() {
    let said = run("http://127.0.0.1/callback", |browser, url, terminal| {
        // After an answer that is not it, the terminal is looked at before the next one.
        let redirect_uri = &query(url)["redirect_uri"];
        browser.visit(&format!("{redirect_uri}?code=AQ&state=guessed")).unwrap();
        browser.approve_and_redirect(url).unwrap();
        // The login is over: this is for the program.
        terminal.write_all(b"the next line\n").unwrap();
    });
    assert_eq!(said[1..], ["outcome: logged in", "then: the next line"]);
}

#[test]
fn both_ways_are_open_at_the_same_time() {
    let said = run("http://127.0.0.1/callback", |browser, url, terminal| {
        let redirected = browser.approve(url).unwrap();
        terminal.write_all(format!("{redirected}\nmore\n").as_bytes()).unwrap();
    });
    assert_eq!(said[1..], ["outcome: logged in", "then: more"]);
}

// `program &` in a shell: the system stops it when it reads the terminal.
#[test]
fn login_in_the_background_does_not_read_the_terminal() {
    // A session of its own on the terminal, whose shell stays in the foreground.
    let mut command = Command::new("setsid");
    command.args(["--ctty", "--wait", "sh", "-m", "-c", "\"$0\" \"$@\" & wait"]);
    command.arg(std::env::current_exe().unwrap()).env("TONEARM_TEST_BACKGROUND", "1");
    let said = run_as(command, "http://127.0.0.1/callback", |browser, url, terminal| {
        terminal.write_all(b"for the shell\n").unwrap();
        // After a response that is not it, the login looks at the terminal before the next one.
        let redirect_uri = &query(url)["redirect_uri"];
        browser.visit(&format!("{redirect_uri}?code=AQ&state=guessed")).unwrap();
        let page = browser.approve_and_redirect(url).expect("it was stopped");
        assert!(page.contains("You are logged in"), "{page}");
    });
    assert!(said.contains(&"outcome: logged in".to_owned()), "{said:?}");
}
