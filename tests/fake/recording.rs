//! Recordings of responses: the file, and how a [`Recorder`] writes it.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use tonearm::Spotify;
use tonearm::fake::{Recorder, Reply, Server};

use super::samples::samples;

/// A file in a temporary folder, which is deleted on drop.
pub struct Checkpoint(PathBuf);

impl Checkpoint {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = format!("tonearm-recording-{}-{number}", std::process::id());
        Checkpoint(std::env::temp_dir().join(folder))
    }

    pub fn path(&self) -> PathBuf {
        self.0.join("recordings").join("evening.json")
    }

    pub fn text(&self) -> String {
        fs::read_to_string(self.path()).unwrap()
    }

    pub fn write(&self, text: &str) {
        fs::create_dir_all(self.path().parent().unwrap()).unwrap();
        fs::write(self.path(), text).unwrap();
    }
}

impl Drop for Checkpoint {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Returns a client that records.
pub fn recording(server: &Server, recorder: &Recorder) -> Spotify {
    server.client_builder().recorder(recorder).connections(1).build().unwrap()
}

#[test]
fn invalid_recorder_fails_before_sending() {
    let (server, place) = (Server::start().unwrap(), Checkpoint::new());
    let error = |recorder: Recorder| {
        let error = server.client_builder().recorder(&recorder).build().unwrap_err().to_string();
        // Windows has another separator.
        error.replace(place.0.to_str().unwrap(), "FOLDER").replace('\\', "/")
    };
    let new = || Recorder::new(place.path());
    insta::assert_snapshot!(error(new().keep("prodcut").remove("")), @"recorder: keep: expected one of `email`, `display_name`, `account_id`, `birthdate`, `country`, `product`, `explicit_content`, `user.id`, `user.images`, `playlist.id`, `playlist.name`, `playlist.description`, `playlist.images`, `device.id`, `device.name`, found `prodcut`");
    insta::assert_snapshot!(error(new().remove("a.b.c")), @"recorder: remove: expected a field name such as `followers` or `track.name`, found `a.b.c`");
    assert!(!place.0.exists(), "expected no folder");
    place.write("[package]");
    insta::assert_snapshot!(error(new()), @"recorder: expected a recording or no file at `FOLDER/recordings/evening.json`, found another file; choose another path");
    assert_eq!(place.text(), "[package]");
    fs::write(place.0.join("file"), "").unwrap();
    let error = error(Recorder::new(place.0.join("file/x.json")));
    assert!(
        error.starts_with("recorder: cannot create the folder of `FOLDER/file/x.json`: "),
        "{error}"
    );

    // An existing file is replaced when the first response arrives, not before.
    place.write(r#"{"tonearm_recording": 1, "exchanges": []}"#);
    let recorder = new();
    let spotify = recording(&server, &recorder);
    recorder.save().unwrap();
    assert!(place.text().ends_with("[]}"));
    spotify.get_me().send().unwrap();
    assert!(place.text().contains("/v1/me"));

    // The folder was deleted.
    fs::remove_dir_all(&place.0).unwrap();
    spotify.get_me().send().unwrap();
    let error = recorder.save().unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
    assert!(error.to_string().starts_with("cannot write the recording `"), "{error}");
}

#[test]
fn recording_file_stays_valid_under_concurrent_requests() {
    let (server, place) = (Server::start().unwrap(), Checkpoint::new());
    let recorder = Recorder::new(place.path());
    let spotify = server.client_builder().recorder(&recorder).build().unwrap();
    spotify.get_me().send().unwrap();
    let (threads, each) = (8, 25);
    thread::scope(|scope| {
        let work: Vec<_> = (0..threads)
            .map(|number: u32| {
                let spotify = spotify.clone();
                scope.spawn(move || {
                    for call in 0..each {
                        spotify
                            .get_my_saved_tracks()
                            .limit(1)
                            .offset(number * each + call)
                            .send()
                            .unwrap();
                    }
                })
            })
            .collect();
        // The file is valid whenever another program reads it.
        while work.iter().any(|thread| !thread.is_finished()) {
            Server::replay(place.path()).unwrap();
        }
    });
    drop(recorder);
    let replay = Server::replay(place.path()).unwrap();
    let asked: BTreeSet<String> = replay.unused_recordings().into_iter().collect();
    let all = (0..threads * each).map(|n| format!("GET /v1/me/tracks?limit=1&offset={n}"));
    assert_eq!(asked, all.chain(["GET /v1/me".to_owned()]).collect());
    // No temporary file is left.
    assert_eq!(fs::read_dir(place.path().parent().unwrap()).unwrap().count(), 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(place.path()).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn recording_survives_a_panic() {
    let (server, place) = (Server::start().unwrap(), Checkpoint::new());
    let path = place.path();
    let program = thread::scope(|scope| {
        let program = scope.spawn(|| {
            let recorder = Recorder::new(&path);
            let spotify = recording(&server, &recorder);
            for offset in 0..30 {
                spotify.get_my_saved_albums().limit(1).offset(offset).send().unwrap();
            }
            panic!("a bug in the program");
        });
        program.join()
    });
    assert!(program.is_err());
    assert_eq!(Server::replay(&path).unwrap().unused_recordings().len(), 30);

    // A client that outlives the recorder keeps recording.
    let recorder = Recorder::new(&path);
    let spotify = recording(&server, &recorder);
    let ask = || (0..30).for_each(|_| drop(spotify.get_me().send().unwrap()));
    let written = || Server::replay(&path).unwrap().unused_recordings().len();
    ask();
    assert!(written() < 30);
    drop(recorder);
    assert_eq!(written(), 30);
    ask();
    assert!(written() < 60);
    drop(spotify);
    assert_eq!(written(), 60);
}

/// A program that is killed can't call `save`.
#[test]
fn most_exchanges_are_written_before_save() {
    let (server, place) = (Server::start().unwrap(), Checkpoint::new());
    let recorder = Recorder::new(place.path());
    let spotify = recording(&server, &recorder);
    for count in 1..=100 {
        spotify.get_me().send().unwrap();
        let written = Server::replay(place.path()).unwrap().unused_recordings().len();
        assert!(written * 9 >= count * 8, "{written} of {count}");
    }
}

/// If identifying values are kept, a program that repeats its requests gets the same responses.
#[test]
fn every_endpoint_is_recorded_and_replayed() {
    let (server, place) = (Server::start().unwrap(), Checkpoint::new());
    let recorder =
        Recorder::new(place.path()).keep("user.id").keep("playlist.id").keep("device.id");
    let spotify = recording(&server, &recorder);
    let device =
        spotify.get_devices().send().unwrap().into_iter().find_map(|device| device.id).unwrap();
    spotify.transfer_playback(&device).send().unwrap();
    let run = |spotify: &Spotify| {
        samples()
            .into_iter()
            .flat_map(|sample| sample.calls)
            .for_each(|call| (call.send)(spotify).unwrap());
    };
    run(&spotify);
    recorder.save().unwrap();
    let replay = Server::replay(place.path()).unwrap();
    let again = replay.client_builder().connections(1).build().unwrap();
    again.get_devices().send().unwrap();
    again.transfer_playback(&device).send().unwrap();
    run(&again);
    assert_eq!(replay.unrecorded(), [""; 0]);
    assert_eq!(replay.unused_recordings(), [""; 0]);
    assert_eq!(replay.log().to_string(), server.log().to_string());
    assert!(replay.requests().len() > 150);
}

#[test]
fn unusual_responses_are_recorded_and_replayed() {
    let (server, place) = (Server::start().unwrap(), Checkpoint::new());
    let recorder = Recorder::new(place.path()).keep("user.id");
    let spotify = recording(&server, &recorder);
    let deep = format!("{}{}", "[".repeat(9999), "]".repeat(9999));
    let bodies: [&[u8]; 12] = [
        b"",
        b" ",
        b"null",
        b"true",
        br#""\ud83c""#,
        "\"\\u0000 \\ud83c\\udfb5 \u{1f3b5}\"".as_bytes(),
        b"\xff\xfe",
        br#"{"a":1,"a":4.9E7,"b":18446744073709551616,"":[[],{}]}"#,
        b"1e999",
        br#"{"type":7,"id":{}}"#,
        b"[1,2",
        deep.as_bytes(),
    ];
    let (mut asked, mut responses) = (0, Vec::new());
    for status in [200, 204, 304, 418, 599, 600, 999] {
        for body in bodies {
            let odd = format!("text/\tx {asked}");
            server.script("*").then(Reply::new(status).header("content-type", odd).body(body));
            let response = spotify.get_user("a?b/..%#\u{e9}").send_raw();
            asked += usize::from(response.is_ok());
            responses.extend(response);
        }
    }
    recorder.save().unwrap();
    let replay = Server::replay(place.path()).unwrap();
    assert_eq!(replay.unused_recordings(), vec!["GET /v1/users/a?b/..%#\u{e9}"; asked]);
    assert!(asked > 50, "{asked}");
    let again = replay.client().unwrap();
    for response in responses {
        let replayed = again.get_user("a?b/..%#\u{e9}").send_raw().unwrap();
        assert_eq!(replayed.status(), response.status());
        let json = |body: &[u8]| serde_json::from_slice::<serde_json::Value>(body).ok();
        match json(response.body()) {
            Some(then) => assert_eq!(json(replayed.body()), Some(then)),
            None => {
                let text = String::from_utf8_lossy(response.body());
                assert_eq!(String::from_utf8_lossy(replayed.body()), text);
            }
        }
    }
    assert_eq!(replay.unrecorded(), [""; 0]);
}
