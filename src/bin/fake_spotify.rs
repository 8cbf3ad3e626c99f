//! The command `fake-spotify`: the fake Spotify server for programs in any language.
//!
//! ```sh
//! cargo install tonearm --features fake-server
//! fake-spotify --port 8080
//! ```
//!
//! It prints one line of JSON with the URLs, the token, the app and some ids of the catalog. SIGTERM and Ctrl-C end it as
//! they end any program: it has nothing to save.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::process::ExitCode;

use bpaf::{OptionParser, ParseFailure, Parser, construct, long};
use tonearm::QuotaMode;
use tonearm::fake::{Clock, Library, PlayerResponses, Server, ServerBuilder};

/// The exit code for an invalid option, a port in use, and the like.
const USAGE: u8 = 2;

#[derive(Clone, Debug)]
struct Arguments {
    server: Settings,
    stop_with_stdin: bool,
    verbose: bool,
}

#[derive(Clone, Debug)]
struct Settings {
    port: u16,
    bind: IpAddr,
    quota_mode: QuotaMode,
    no_legacy_access: bool,
    token: Option<String>,
    client: Option<(String, Option<String>)>,
    redirect_uris: Vec<String>,
    auto_approve: bool,
    rate_limit: Option<u32>,
    player_responses: PlayerResponses,
    library: Option<PathBuf>,
    clock: Clock,
    base_url: Option<String>,
}

fn arguments() -> OptionParser<Arguments> {
    let server = settings();
    let stop_with_stdin =
        long("stop-with-stdin").help("Stop at the end of standard input").switch();
    let verbose = long("verbose").help("Print each request to standard error").switch();
    construct!(Arguments { server, stop_with_stdin, verbose })
        .to_options()
        .descr(
            "A local fake Spotify server. It prints one line of JSON with its URLs and its token.",
        )
        .version(env!("CARGO_PKG_VERSION"))
}

fn settings() -> impl Parser<Settings> {
    let port = long("port")
        .help("The port; 0 for any free one")
        .argument::<String>("N")
        .parse(|text| text.parse::<u16>().map_err(|_| "expected a port from 0 to 65535"))
        .fallback(0)
        .display_fallback();
    let bind = long("bind")
        .help("The address to listen on")
        .argument::<String>("ADDR")
        .parse(|text| {
            text.parse::<IpAddr>().map_err(|_| "expected an IP address such as 127.0.0.1")
        })
        .fallback(Ipv4Addr::LOCALHOST.into())
        .display_fallback();
    let quota_mode = long("quota-mode")
        .help("The quota mode of the app: extended (default) or development")
        .argument::<String>("MODE")
        .parse(|mode| match mode.as_str() {
            "extended" => Ok(QuotaMode::Extended),
            "development" => Ok(QuotaMode::Development),
            _ => Err("expected `extended` or `development`"),
        })
        .fallback(QuotaMode::Extended);
    let no_legacy_access = long("no-legacy-access")
        .help("An app without access to legacy endpoints such as recommendations")
        .switch();
    let token =
        long("token").help("An access token with all scopes").argument::<String>("TEXT").optional();
    let client = long("client")
        .help("The id of the app, and its secret")
        .argument::<String>("ID[:SECRET]")
        .map(|client| match client.split_once(':') {
            Some((id, secret)) => (id.to_owned(), Some(secret.to_owned())),
            None => (client, None),
        })
        .optional();
    let redirect_uris = long("redirect-uri")
        .help("A redirect URI of the app; can be repeated")
        .argument::<String>("URL")
        .many();
    let auto_approve = long("auto-approve").help("Let the user consent without a page").switch();
    let rate_limit = long("rate-limit")
        .help("The number of requests in 30 seconds")
        .argument::<String>("N")
        .parse(|text| text.parse::<u32>().map_err(|_| "expected a number of requests"))
        .optional();
    let player_responses = long("player-responses")
        .help("The responses to player commands: text (default) or empty")
        .argument::<String>("KIND")
        .parse(|kind| match kind.as_str() {
            "empty" => Ok(PlayerResponses::Empty),
            "text" => Ok(PlayerResponses::Text),
            _ => Err("expected `empty` or `text`"),
        })
        .fallback(PlayerResponses::Text);
    let library = long("library")
        .help("The library of the user, a file that `backup` wrote; default: a made-up library")
        .argument::<PathBuf>("FILE")
        .optional();
    let clock = long("clock")
        .help("The clock of the player: frozen (default) or real")
        .argument::<String>("CLOCK")
        .parse(|clock| match clock.as_str() {
            "frozen" => Ok(Clock::Frozen),
            "real" => Ok(Clock::Real),
            _ => Err("expected `frozen` or `real`"),
        })
        .fallback(Clock::Frozen);
    let base_url = long("base-url")
        .help("The base URL in links; default: the name in the Host header")
        .argument::<String>("URL")
        .optional();
    construct!(Settings {
        port,
        bind,
        quota_mode,
        no_legacy_access,
        token,
        client,
        redirect_uris,
        auto_approve,
        rate_limit,
        player_responses,
        library,
        clock,
        base_url,
    })
}

impl Settings {
    fn builder(self) -> io::Result<ServerBuilder> {
        let mut builder = Server::builder()
            .port(self.port)
            .bind(self.bind)
            .quota_mode(self.quota_mode)
            .legacy_access(!self.no_legacy_access)
            .auto_approve(self.auto_approve)
            .player_responses(self.player_responses)
            .clock(self.clock);
        if let Some(token) = self.token {
            builder = builder.token(token);
        }
        if let Some((id, secret)) = self.client {
            builder = builder.client_id(id);
            if let Some(secret) = secret {
                builder = builder.client_secret(secret);
            }
        }
        if let Some(requests) = self.rate_limit {
            builder = builder.rate_limit(requests);
        }
        if let Some(url) = self.base_url {
            builder = builder.base_url(url);
        }
        if let Some(file) = self.library {
            let library = Library::open(&file)?;
            if !library.is_complete() {
                let problem = "the library is a part of a backup; complete it with `backup`";
                return Err(io::Error::other(format!("`{}`: {problem}", file.display())));
            }
            builder = builder.library(library);
        }
        Ok(self.redirect_uris.into_iter().fold(builder, ServerBuilder::redirect_uri))
    }
}

fn main() -> ExitCode {
    let given = bpaf::Args::current_args().set_name("fake-spotify");
    let arguments = match arguments().run_inner(given) {
        Ok(arguments) => arguments,
        Err(ParseFailure::Stderr(message)) => {
            return fail(&message.monochrome(true).trim().replace('\n', " "));
        }
        Err(ParseFailure::Stdout(help, full)) => {
            return print(&help.monochrome(full)).err().unwrap_or(ExitCode::SUCCESS);
        }
        Err(ParseFailure::Completion(_)) => return ExitCode::SUCCESS,
    };
    if arguments.verbose {
        let _ = log::set_logger(&Logger);
        log::set_max_level(log::LevelFilter::Debug);
    }
    let server = match arguments.server.builder().and_then(ServerBuilder::start) {
        Ok(server) => server,
        Err(error) => return fail(&error.to_string()),
    };
    if let Err(code) = print(&server.info()) {
        return code;
    }
    if arguments.stop_with_stdin {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        return ExitCode::SUCCESS;
    }
    loop {
        std::thread::park();
    }
}

/// Prints a line to standard output. Returns the exit code if that fails: if the reader has closed the output, as `head`
/// does, the one that shells report for SIGPIPE.
fn print(line: &dyn Display) -> Result<(), ExitCode> {
    let mut output = io::stdout();
    writeln!(output, "{line}").and_then(|()| output.flush()).map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => ExitCode::from(141),
        _ => fail(&format!("cannot write to standard output: {error}")),
    })
}

fn fail(message: &str) -> ExitCode {
    let _ = writeln!(io::stderr(), "Error: {message}");
    ExitCode::from(USAGE)
}

/// Prints the messages of the server, one in a line.
struct Logger;

impl log::Log for Logger {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.target().starts_with("tonearm::fake")
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) {
            // The server continues if the reader of the messages has ended.
            let _ = writeln!(io::stderr(), "{}", record.args());
        }
    }

    fn flush(&self) {}
}
