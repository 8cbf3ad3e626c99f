//! The program, without the process around it.

mod check;
mod ids;
mod judge;
mod limits;
mod plan;
mod privacy;
mod report;
mod shapes;
#[path = "../../table_diff/diff/spec.rs"]
mod spec;
mod write;

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Instant;

use bpaf::{OptionParser, Parser, construct, long};
use indicatif::ProgressBar;
use tonearm::endpoint::Method;
use tonearm::fake::{Recorder, Server};
use tonearm::{QuotaMode, Scope, Scopes, Spotify, SpotifyBuilder};

use super::common::account::{self, Choice, Settings, Source};
use super::common::output::{self, print, println};
use super::common::{self, Fallible, count, library};
use check::Checker;
use privacy::Private;
pub use report::{DECIDED, Difference, Report};

/// The options of the program.
#[derive(Clone, Debug)]
pub struct Arguments {
    account: Choice,
    folder: PathBuf,
    write: bool,
}

/// The arguments of the program.
pub fn arguments() -> OptionParser<Arguments> {
    let account = account::choice();
    let folder = long("folder")
        .help("Where to write the report, and where an unfinished one is; `conformance-report` by default")
        .argument("FOLDER")
        .fallback(PathBuf::from("conformance-report"));
    let write = long("write")
        .help("Check writes too, with a playlist that is removed again; asks before it begins")
        .switch();
    construct!(Arguments { account, folder, write })
        .to_options()
        .descr("Checks Tonearm against Spotify, and writes a report that can be shared.")
        .footer(
            "It uses the token in SPOTIFY_TOKEN, or logs in with the app in SPOTIFY_CLIENT_ID. The exit code is 0 \
             without differences, 1 with differences or an unfinished check, and 2 without a report.",
        )
}

/// An account to check with.
pub struct Account {
    pub builder: SpotifyBuilder,
    /// The scopes of the token, if they are known.
    pub held: Option<Scopes>,
    /// Returns the tokens, which may be replaced meanwhile.
    pub secrets: Box<dyn Fn() -> Vec<String>>,
    /// The fake Spotify server, if the account is there.
    pub server: Option<Server>,
    pub failed_login: Option<FailedLogin>,
}

/// A login that failed.
#[derive(Clone, Debug)]
pub struct FailedLogin {
    why: String,
    instead: Instead,
}

/// The token that the check uses after a login has failed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Instead {
    /// That of an earlier login.
    Stored,
    /// That of the app, which needs the client secret.
    App,
    Nothing,
}

impl Account {
    /// The account of these settings. With the client secret, the calls that need no user work without a login.
    pub fn new(settings: Settings, secret: Option<String>) -> Self {
        let Settings { mut builder, server, token, app, login } = settings;
        let stored = app.as_ref().and_then(|app| app.stored_token().ok().flatten());
        let failed_login = login.map(|error| {
            let instead = match (&stored, &app, &secret) {
                (Some(_), ..) => Instead::Stored,
                (None, Some(_), Some(_)) => Instead::App,
                _ => Instead::Nothing,
            };
            FailedLogin { why: error.to_string(), instead }
        });
        if let (Some(FailedLogin { instead: Instead::App, .. }), Some(app), Some(secret)) =
            (&failed_login, &app, &secret)
        {
            builder = builder.client_credentials(app.clone().client_secret(&**secret));
        }
        let held = stored.and_then(|token| token.scopes().cloned());
        let secrets = move || {
            let stored = app.as_ref().and_then(|app| app.stored_token().ok().flatten());
            let of_stored = stored.into_iter().flat_map(|token| {
                let access = Some(token.access_token().reveal().to_owned());
                [access, token.refresh_token().map(|refresh| refresh.reveal().to_owned())]
            });
            of_stored.flatten().chain(token.clone()).chain(secret.clone()).collect()
        };
        Account { builder, held, secrets: Box::new(secrets), server, failed_login }
    }

    /// Describes the scopes of the token, if they are known.
    fn scopes(&self) -> Option<String> {
        match self.failed_login.as_ref().map(|failed| failed.instead) {
            Some(Instead::App) => Some("none: the token is that of the app".to_owned()),
            Some(Instead::Nothing) => Some("none: there is no token".to_owned()),
            _ => self.held.as_ref().map(Scopes::to_string),
        }
    }
}

impl Display for FailedLogin {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let effect = match self.instead {
            Instead::Stored => "The check uses the stored token, which lacks scopes",
            Instead::App => {
                "The check uses the token of the app, and leaves out the calls that need a user"
            }
            Instead::Nothing => {
                "Nothing is checked without a token; with the client secret in SPOTIFY_CLIENT_SECRET, the calls that \
                 need no user are"
            }
        };
        write!(f, "{}. {effect}.", self.why)
    }
}

/// Checks Spotify. `false` if there are differences, or the check is not complete.
pub fn run(arguments: &Arguments, bar: &ProgressBar) -> Fallible<bool> {
    let var = |name: &str| std::env::var(name).ok();
    let source = arguments.account.source(var)?;
    let is_writing = arguments.write && agrees()?;
    let scopes = scopes(is_writing);
    if let Source::Login(_) = source {
        println!("The login asks for these scopes:");
        for (scope, why) in &scopes {
            println!("    {scope}: {why}");
        }
    }
    let scopes: Scopes = scopes.keys().map(|scope| Scope::from(*scope)).collect();
    let account = Account::new(source.settings(scopes, bar)?, var("SPOTIFY_CLIENT_SECRET"));
    if let Some(failed) = account.failed_login.as_ref().filter(|it| it.instead != Instead::Nothing)
    {
        eprintln!("{failed}");
    }
    let (report, differences) = conform(&account, &arguments.folder, is_writing, DECIDED, bar)?;
    bar.finish_and_clear();
    for Difference { about, table, spotify, .. } in &differences {
        println!("{about}: {table} in the table, {spotify} at Spotify");
    }
    for (reason, endpoints) in report.not_checked() {
        eprintln!("Not checked: {}: {reason}", endpoints.join(", "));
    }
    if let Some(stopped) = &report.stopped {
        eprintln!("Not complete: {stopped} Run it again to continue.");
    }
    for remains in &report.remains {
        eprintln!("Left in the account: {remains}");
    }
    println!(
        "{} in {}; the report is in {}.",
        count(differences.len(), "difference"),
        count(report.checked(), "endpoint"),
        arguments.folder.display()
    );
    Ok(differences.is_empty() && report.stopped.is_none())
}

/// Returns `true` if the user agrees to the writes.
fn agrees() -> Fallible<bool> {
    print!("{}Type `yes` to go on, or anything else to check reads only: ", write::described());
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(answer.trim() == "yes")
}

/// The scopes of all endpoints that are called, and which of them need each.
fn scopes(is_writing: bool) -> BTreeMap<&'static str, String> {
    let mut scopes: BTreeMap<&'static str, Vec<&str>> = BTreeMap::new();
    let reads = Spotify::endpoints().iter().copied().filter(|it| it.method == Method::Get);
    for endpoint in reads.chain(write::endpoints().filter(|_| is_writing)) {
        let needed = &endpoint.scopes;
        let all = needed.required.iter().chain(needed.recommended);
        let all = all.chain(needed.conditional.iter().map(|case| &case.scope));
        for scope in all.chain(needed.unlocks.iter().map(|unlocking| &unlocking.scope)) {
            let names = scopes.entry(scope.as_str()).or_default();
            if !names.contains(&&*endpoint.name) {
                names.push(&endpoint.name);
            }
        }
    }
    let why = |(scope, names): (_, Vec<&str>)| (scope, names.join(", "));
    scopes.into_iter().map(why).collect()
}

/// Checks an account and writes the folder. Continues a report that is not complete.
pub fn conform(
    account: &Account,
    folder: &Path,
    is_writing: bool,
    decided: &str,
    bar: &ProgressBar,
) -> Fallible<(Report, Vec<Difference>)> {
    let decided = report::decided(decided)?;
    let json = folder.join("report.json");
    let is_fake = account.server.is_some();
    let mut report = match library::load::<Report>(&json)? {
        Some(report) if report.stopped.is_some() && report.is_fake != is_fake => {
            let folder = folder.display();
            let (of, now) = match is_fake {
                true => ("Spotify", "with `--fake`"),
                false => ("a fake Spotify server", "without `--fake`"),
            };
            return Err(format!("{folder}: the unfinished report is of {of}, and cannot be continued {now}; remove the folder, or choose another with `--folder`").into());
        }
        Some(report) if report.stopped.is_some() => report,
        Some(_) => {
            let folder = folder.display();
            return Err(format!("{folder}: the report is complete; remove the folder, or choose another with `--folder`").into());
        }
        None => Report::new(),
    };
    report.scopes = account.scopes();
    report.is_fake = is_fake;
    let (number, recording) = (1..)
        .map(|number| (number, folder.join(format!("recording-{number}.json"))))
        .find(|(_, path)| !path.exists())
        .ok_or("no name is left for a recording")?;
    // It moves into the folder when it is known to contain nothing private.
    let unchecked = folder.with_extension(format!("unchecked-{number}.json"));
    let recorder = Recorder::new(&unchecked);
    // Every endpoint is called itself, and never its fallback.
    let builder = account.builder.clone().quota_mode(QuotaMode::Extended).recorder(&recorder);
    let spotify = builder.build()?;
    let mut private = Private::default();
    let began = Instant::now();
    let mut checker = Checker::new(&spotify, account, &mut report, &mut private, bar);
    checker.check_all();
    if is_writing && checker.report.stopped.is_none() {
        checker.check_writes(&account.builder.clone().build()?);
    }
    report.seconds += began.elapsed().as_secs();

    let differences = report.differences(&decided);
    let text = report::markdown(&report, &differences)?;
    (account.secrets)().iter().for_each(|secret| private.secret(secret));
    let written = write(folder, &text, &report, &private, || {
        recorder.save()?;
        Ok((fs::read_to_string(&unchecked)?, recording))
    });
    drop(recorder);
    let _ = fs::remove_file(&unchecked);
    match written {
        Ok(()) => Ok((report, differences)),
        Err(error) if error.is::<PrivateValue>() => Err(error),
        Err(error) => Err(format!("{error}\nThis is the report:\n\n{text}").into()),
    }
}

/// A value that must not be in a file.
#[derive(Debug)]
struct PrivateValue(String);

impl Display for PrivateValue {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PrivateValue {}

/// Writes the files of the report, after all of them were searched for private values.
fn write(
    folder: &Path,
    markdown: &str,
    report: &Report,
    private: &Private,
    recording: impl FnOnce() -> std::io::Result<(String, PathBuf)>,
) -> Fallible<()> {
    let mut json = serde_json::to_string_pretty(report)?;
    json.push('\n');
    let mut files =
        vec![(folder.join("report.md"), markdown.to_owned()), (folder.join("report.json"), json)];
    match recording() {
        Ok((text, path)) => files.insert(0, (path, text)),
        // Without any response, no recording was written.
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    for (path, text) in &files {
        if let Some(what) = private.find(text) {
            let name = path.file_name().unwrap_or_default().display();
            let problem = format!(
                "{name} would contain {what}: nothing is written; please report this, without the value"
            );
            return Err(Box::new(PrivateValue(problem)));
        }
    }
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for (path, text) in &files {
        put(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    Ok(())
}

/// Writes a file beside the old one, and puts it in its place.
fn put(path: &Path, text: &str) -> std::io::Result<()> {
    let new = path.with_extension("new");
    let written = fs::write(&new, text).and_then(|()| fs::rename(&new, path));
    if written.is_err() {
        let _ = fs::remove_file(&new);
    }
    written
}
