"""Makes every call of spotipy against the command `fake-spotify`, in both quota modes.

    pip install spotipy==2.26.0
    python tests/clients/spotipy_calls.py target/debug/fake-spotify

It prints each response that it does not expect, and then exits with 1. A public method of spotipy without a call in
`calls` is such a failure too.
"""

import base64
import inspect
import json
import logging
import subprocess
import sys
import time
import warnings

import requests
import spotipy
from spotipy.cache_handler import MemoryCacheHandler
from spotipy.oauth2 import SpotifyClientCredentials, SpotifyOAuth, SpotifyPKCE

SCOPES = (
    "playlist-modify-private playlist-modify-public playlist-read-collaborative playlist-read-private "
    "ugc-image-upload user-follow-modify user-follow-read user-library-modify user-library-read "
    "user-modify-playback-state user-read-currently-playing user-read-email user-read-playback-position "
    "user-read-playback-state user-read-private user-read-recently-played user-top-read"
)
REDIRECT_URI = "http://127.0.0.1:9090/callback"
# The smallest text that is a JPEG for the server.
JPEG = base64.b64encode(b"\xff\xd8\xff\xe0" + bytes(60)).decode()

# Methods of spotipy that send nothing.
WITHOUT_REQUEST = {"auth_manager", "set_auth"}


class Command:
    """The running command."""

    def __init__(self, path, mode):
        arguments = ["--quota-mode", mode, "--client", "spotipy-app:spotipy-secret"]
        arguments += ["--redirect-uri", REDIRECT_URI, "--auto-approve", "--stop-with-stdin"]
        self.process = subprocess.Popen([path, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{path}: expected a line of JSON, found nothing")
        self.info = json.loads(line)
        self.ids = requests.get(self.info["admin_url"] + "/catalog").json()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


class Report:
    """Counts the calls, and prints the unexpected ones."""

    def __init__(self):
        self.passed = 0
        self.failed = 0
        self.called = set()

    def check(self, name, make, status, expects=None):
        """Makes a call. `status` is that of the expected error, if any, and `expects` checks the result."""
        self.called.add(name.split()[0])
        try:
            result, found = make(), None
        except spotipy.SpotifyException as error:
            result, found = error.msg, error.http_status
        if found != status:
            problem = f"expected {status or 'success'}, found {found or 'success'}: {str(result)[:200]}"
        elif status is None and expects is not None and not expects(result):
            problem = f"unexpected result: {str(result)[:300]}"
        else:
            self.passed += 1
            return result
        self.failed += 1
        print(f"FAILED {name}: {problem}")
        return result


def log_in(command, report):
    """Logs in with each class of spotipy, and returns a client for the app and one for the user."""
    accounts, base_url = command.info["accounts_url"], command.info["base_url"]
    for flow in (SpotifyClientCredentials, SpotifyOAuth, SpotifyPKCE):
        flow.OAUTH_TOKEN_URL = accounts + "/api/token"
        flow.OAUTH_AUTHORIZE_URL = accounts + "/authorize"
    client, secret = "spotipy-app", "spotipy-secret"

    def client_of(auth):
        spotify = spotipy.Spotify(auth_manager=auth, requests_timeout=120, retries=0, status_retries=0)
        spotify.prefix = base_url + "/"
        return spotify

    app = client_of(SpotifyClientCredentials(client, secret, cache_handler=MemoryCacheHandler()))
    report.check("me with client credentials", app.me, 401)

    wrong = client_of(SpotifyClientCredentials(client, "wrong", cache_handler=MemoryCacheHandler()))
    try:
        wrong.artist(command.ids["artists"][0])
        report.check("token with a wrong secret", lambda: None, 400)
    except spotipy.SpotifyOauthError as error:
        report.check("token with a wrong secret", lambda: error.error, None, lambda error: error == "invalid_client")

    flows = [
        SpotifyOAuth(client, secret, REDIRECT_URI, state="a", scope=SCOPES, cache_handler=MemoryCacheHandler()),
        SpotifyPKCE(client, REDIRECT_URI, state="b", scope=SCOPES, cache_handler=MemoryCacheHandler()),
    ]
    for auth in flows:
        name = type(auth).__name__
        redirect = requests.get(auth.get_authorize_url(), allow_redirects=False).headers["location"]
        state, code = SpotifyOAuth.parse_auth_response_url(redirect)
        report.check(f"state {name}", lambda: state, None, lambda state: state == auth.state)
        auth.get_access_token(code, check_cache=False)
        token = auth.cache_handler.get_cached_token()
        report.check(f"scope {name}", lambda: token, None, lambda token: set(token["scope"].split()) == set(SCOPES.split()))
        user = client_of(auth)
        report.check(f"me {name}", user.me, None, lambda me: me["email"])
        # An expired token is refreshed.
        auth.cache_handler.save_token_to_cache({**token, "expires_at": int(time.time()) - 1})
        report.check(f"me {name} after a refresh", user.me, None, lambda me: me["email"])
        refreshed = auth.cache_handler.get_cached_token()
        report.check(f"token {name}", lambda: refreshed, None, lambda new: new["access_token"] != token["access_token"])
    return app, user


def calls(app, user, ids, is_development):
    """Yields all calls in order: name, call, status of the expected error, and a check of the result."""
    album, artist, track = ids["albums"][0], ids["artists"][0], ids["tracks"][0]
    show, episode, audiobook = ids["shows"][0], ids["episodes"][0], ids["audiobooks"][0]
    me, other, mine, foreign = ids["users"][0], ids["users"][3], ids["playlists"][0], ids["playlists"][40]
    tracks, uris = ids["tracks"][10:13], [f"spotify:track:{id}" for id in ids["tracks"][10:13]]
    # Spotify has removed these endpoints for apps in development mode: most respond with 403, these with 404.
    gone = 403 if is_development else None
    gone_404 = 404 if is_development else None
    page = lambda result: isinstance(result["items"], list) and result["total"] >= len(result["items"]) > 0
    has_id = lambda id: lambda result: result["id"] == id
    flags = lambda count: lambda result: len(result) == count and all(isinstance(flag, bool) for flag in result)
    none = lambda result: result is None or isinstance(result, str)

    # The catalog, with the token of the app.
    yield "track", lambda: app.track(track, market="GB"), None, has_id(track)
    yield "tracks", lambda: app.tracks(tracks), gone, lambda found: len(found["tracks"]) == 3
    yield "artist", lambda: app.artist(artist), None, has_id(artist)
    yield "artists", lambda: app.artists(ids["artists"][:3]), gone, lambda found: len(found["artists"]) == 3
    yield "artist_albums", lambda: app.artist_albums(artist, include_groups="album,single", limit=5), None, page
    yield "artist_top_tracks", lambda: app.artist_top_tracks(artist), gone, lambda found: found["tracks"]
    yield "artist_related_artists", lambda: app.artist_related_artists(artist), gone, lambda found: found["artists"]
    yield "album", lambda: app.album(album, market="GB"), None, has_id(album)
    yield "album_tracks", lambda: app.album_tracks(album), None, page
    yield "albums", lambda: app.albums(ids["albums"][:3]), gone, lambda found: len(found["albums"]) == 3
    yield "show", lambda: app.show(show, market="GB"), None, has_id(show)
    yield "shows", lambda: app.shows(ids["shows"][:3], market="GB"), gone, lambda found: len(found["shows"]) == 3
    yield "show_episodes", lambda: app.show_episodes(show, market="GB"), None, page
    yield "episode", lambda: app.episode(episode, market="GB"), None, has_id(episode)
    yield "episodes", lambda: app.episodes(ids["episodes"][:3], market="GB"), gone, lambda found: len(found["episodes"]) == 3
    yield "get_audiobook", lambda: app.get_audiobook(audiobook, market="GB"), None, has_id(audiobook)
    yield "get_audiobooks", lambda: app.get_audiobooks(ids["audiobooks"][:3]), gone, lambda found: len(found["audiobooks"]) == 3
    yield "get_audiobook_chapters", lambda: app.get_audiobook_chapters(audiobook), None, page
    types = "album,artist,track,playlist,show,episode,audiobook"
    yield "search", lambda: app.search("lantern", limit=5, type=types), None, lambda found: len(found) == 7
    yield "search_markets", lambda: app.search_markets("lantern", markets=["GB", "US"], total=5), None, lambda found: found["GB"]["tracks"]
    yield "user", lambda: app.user(other), gone, has_id(other)
    yield "new_releases", app.new_releases, gone, lambda found: page(found["albums"])
    yield "featured_playlists", lambda: app.featured_playlists(limit=2), gone, lambda found: page(found["playlists"])
    categories = app.categories(limit=2)["categories"]["items"] if not is_development else [{"id": "toplists"}]
    yield "categories", lambda: app.categories(limit=2), gone, lambda found: page(found["categories"])
    yield "category", lambda: app.category(categories[0]["id"]), gone, has_id(categories[0]["id"])
    yield "category_playlists", lambda: app.category_playlists(categories[0]["id"]), gone, lambda found: page(found["playlists"])
    seeds = {"seed_artists": [artist], "seed_tracks": [track], "target_tempo": 120}
    yield "recommendations", lambda: app.recommendations(**seeds, limit=7), gone_404, lambda found: len(found["tracks"]) == 7
    yield "recommendation_genre_seeds", app.recommendation_genre_seeds, gone_404, lambda found: found["genres"]
    yield "audio_analysis", lambda: app.audio_analysis(track), gone, lambda found: found["bars"]
    yield "audio_features", lambda: app.audio_features([track, *tracks]), gone, lambda found: len(found) == 4
    yield "available_markets", app.available_markets, gone, lambda found: "GB" in found["markets"]

    # Pages.
    first = user.current_user_saved_tracks(limit=5)
    second = user.next(first)
    yield "next", lambda: user.next(first), None, lambda found: found["offset"] == 5
    yield "previous", lambda: user.previous(second), None, lambda found: found["items"] == first["items"]

    # The user's library.
    yield "me", user.me, None, has_id(me)
    yield "current_user", user.current_user, None, has_id(me)
    for kind, limit in [("albums", 20), ("tracks", 20), ("episodes", 20), ("shows", 20)]:
        saved, new = f"current_user_saved_{kind}", ids[kind][20:22]
        contains = gone if kind == "episodes" else None
        yield saved, lambda: getattr(user, saved)(limit=limit), None, page
        yield f"{saved}_add", lambda: getattr(user, f"{saved}_add")(new), None, none
        yield f"{saved}_contains", lambda: getattr(user, f"{saved}_contains")(new), contains, lambda found: found == [True, True]
        yield f"{saved}_delete", lambda: getattr(user, f"{saved}_delete")(new), None, none
        yield f"{saved}_contains after", lambda: getattr(user, f"{saved}_contains")(new), contains, lambda found: found == [False, False]
    yield "current_user_saved_items", lambda: user.current_user_saved_items([*uris, f"spotify:artist:{artist}"]), None, flags(4)
    yield "current_user_followed_artists", lambda: user.current_user_followed_artists(limit=5), None, lambda found: len(found["artists"]["items"]) == 5
    yield "user_follow_artists", lambda: user.user_follow_artists([artist]), None, none
    yield "current_user_following_artists", lambda: user.current_user_following_artists([artist]), None, lambda found: found == [True]
    yield "user_unfollow_artists", lambda: user.user_unfollow_artists([artist]), None, none
    yield "user_follow_users", lambda: user.user_follow_users([other]), None, none
    yield "current_user_following_users", lambda: user.current_user_following_users([other]), None, lambda found: found == [True]
    yield "user_unfollow_users", lambda: user.user_unfollow_users([other]), None, none
    yield "current_user_top_artists", lambda: user.current_user_top_artists(time_range="short_term"), None, page
    yield "current_user_top_tracks", lambda: user.current_user_top_tracks(limit=5, offset=5), None, page
    yield "current_user_recently_played", lambda: user.current_user_recently_played(limit=5), None, lambda found: len(found["items"]) == 5

    # Playlists.
    yield "current_user_playlists", user.current_user_playlists, None, page
    yield "user_playlists", lambda: user.user_playlists(other), gone, lambda found: "items" in found
    new = user.current_user_playlist_create("For the road", public=False, description="Made by spotipy")["id"]
    created = lambda found: found["name"] == "Another" and found["owner"]["id"] == me
    yield "current_user_playlist_create", lambda: user.current_user_playlist_create("Another"), None, created
    yield "user_playlist_create", lambda: user.user_playlist_create(me, "Another"), gone, created
    yield "playlist", lambda: user.playlist(new), None, lambda found: found["description"] == "Made by spotipy"
    yield "playlist with fields", lambda: user.playlist(mine, fields="name,id"), None, lambda found: set(found) == {"name", "id"}
    yield "user_playlist", lambda: user.user_playlist(me, new), None, has_id(new)
    # Spotify has removed this endpoint for all apps.
    yield "user_playlist without an id", lambda: user.user_playlist(me), 404, None
    version = lambda found: found["snapshot_id"]

    def order(*expected):
        return lambda: [item["item"]["uri"] for item in user.playlist_items(new)["items"]], lambda found: found == list(expected)

    def then(*expected):
        make, expects = order(*expected)
        return "playlist_items after", make, None, expects

    yield "playlist_add_items", lambda: user.playlist_add_items(new, uris), None, version
    yield "user_playlist_add_tracks", lambda: user.user_playlist_add_tracks(me, new, [track], position=0), None, version
    yield then(f"spotify:track:{track}", *uris)
    yield "user_playlist_add_episodes", lambda: user.user_playlist_add_episodes(me, new, [episode]), None, version
    yield then(f"spotify:track:{track}", *uris, f"spotify:episode:{episode}")
    yield "playlist_reorder_items", lambda: user.playlist_reorder_items(new, 0, 2), None, version
    yield "user_playlist_reorder_tracks", lambda: user.user_playlist_reorder_tracks(me, new, 0, 2), None, version
    yield then(f"spotify:track:{track}", *uris, f"spotify:episode:{episode}")
    yield "playlist_remove_all_occurrences_of_items", lambda: user.playlist_remove_all_occurrences_of_items(new, [track]), None, version
    remove = user.user_playlist_remove_all_occurrences_of_tracks
    yield "user_playlist_remove_all_occurrences_of_tracks", lambda: remove(me, new, [tracks[0]]), None, version
    yield then(*uris[1:], f"spotify:episode:{episode}")
    # Spotify ignores positions, and removes all copies.
    remove_at = user.playlist_remove_specific_occurrences_of_items
    yield "playlist_remove_specific_occurrences_of_items", lambda: remove_at(new, [{"uri": tracks[1], "positions": [0]}]), None, version
    yield then(uris[2], f"spotify:episode:{episode}")
    remove_at_of = user.user_playlist_remove_specific_occurrences_of_tracks
    yield "user_playlist_remove_specific_occurrences_of_tracks", lambda: remove_at_of(me, new, [{"uri": tracks[2], "positions": [0]}]), 404, None
    yield "playlist_replace_items", lambda: user.playlist_replace_items(new, uris), None, version
    yield "user_playlist_replace_tracks", lambda: user.user_playlist_replace_tracks(me, new, tracks[1:]), None, version
    yield then(*uris[1:])
    yield "playlist_items", lambda: user.playlist_items(mine, limit=5, fields="items(item(uri)),next"), None, lambda found: len(found["items"]) == 5
    yield "playlist_items of another user", lambda: user.playlist_items(foreign), gone, lambda found: "items" in found
    yield "playlist_tracks", lambda: user.playlist_tracks(new), None, page
    yield "user_playlist_tracks", lambda: user.user_playlist_tracks(me, new, limit=50), None, page
    yield "playlist_change_details", lambda: user.playlist_change_details(new, name="Renamed"), None, none
    change = user.user_playlist_change_details
    yield "user_playlist_change_details", lambda: change(me, new, description="Rain & <snow>"), None, none
    changed = lambda found: found["name"] == "Renamed" and found["description"].startswith("Rain &amp; ")
    yield "playlist after", lambda: user.playlist(new), None, changed
    yield "playlist_upload_cover_image", lambda: user.playlist_upload_cover_image(new, JPEG), None, none
    yield "playlist_cover_image", lambda: user.playlist_cover_image(new), None, lambda found: found[0]["url"]
    yield "current_user_follow_playlist", lambda: user.current_user_follow_playlist(foreign), None, none
    yield "user_playlist_follow_playlist", lambda: user.user_playlist_follow_playlist(other, foreign), None, none
    # spotipy 2.26 raises a TypeError in its own warning, so send what it would send.
    following = lambda: user._get(f"playlists/{foreign}/followers/contains?ids={me}")
    yield "playlist_is_following", following, gone, lambda found: found == [True]
    yield "user_playlist_is_following", following, gone, lambda found: found == [True]
    yield "current_user_unfollow_playlist", lambda: user.current_user_unfollow_playlist(foreign), None, none
    yield "user_playlist_unfollow", lambda: user.user_playlist_unfollow(me, new), None, none

    # The player.
    yield "devices", user.devices, None, lambda found: found["devices"]
    device = next(device["id"] for device in user.devices()["devices"] if device["id"])
    yield "start_playback without a device", user.start_playback, 404, None
    yield "transfer_playback", lambda: user.transfer_playback(device, force_play=False), None, none
    yield "start_playback", lambda: user.start_playback(uris=uris), None, none
    yield "current_playback", user.current_playback, None, lambda found: found["item"]["uri"] == uris[0]
    yield "currently_playing", lambda: user.currently_playing(additional_types="episode"), None, lambda found: found["is_playing"]
    yield "current_user_playing_track", user.current_user_playing_track, None, lambda found: found["item"]
    yield "next_track", user.next_track, None, none
    yield "previous_track", lambda: user.previous_track(device), None, none
    yield "seek_track", lambda: user.seek_track(30_000), None, none
    yield "repeat", lambda: user.repeat("context"), None, none
    yield "volume", lambda: user.volume(50), None, none
    yield "shuffle", lambda: user.shuffle(True), None, none
    yield "add_to_queue", lambda: user.add_to_queue(track), None, none
    yield "queue", user.queue, None, lambda found: found["queue"][0]["id"] == track
    yield "pause_playback", user.pause_playback, None, none
    changed = lambda found: not found["is_playing"] and found["repeat_state"] == "context" and found["shuffle_state"]
    yield "current_playback after", user.current_playback, None, changed


def run(path, mode):
    with Command(path, mode) as command:
        report = Report()
        app, user = log_in(command, report)
        for name, make, status, expects in calls(app, user, command.ids, mode == "development"):
            report.check(name, make, status, expects)
        methods = inspect.getmembers(spotipy.Spotify, lambda member: callable(member) or isinstance(member, property))
        public = {name for name, _ in methods if not name.startswith("_")}
        for name in sorted(public - report.called - WITHOUT_REQUEST):
            report.check(name, lambda: None, 200)
        print(f"spotipy {version()}, {mode}: {report.passed} of {report.passed + report.failed} calls as expected")
        return report.failed == 0


def version():
    from importlib.metadata import version as of

    return of("spotipy")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("expected the path of the command `fake-spotify` as the only argument")
    warnings.simplefilter("ignore")
    logging.disable()
    results = [run(sys.argv[1], mode) for mode in ("extended", "development")]
    sys.exit(0 if all(results) else 1)
