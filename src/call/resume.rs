//! Resumes partial writes, in the same process or in another one.

use serde::{Deserialize, Serialize};

use super::Call;
use super::dispatch::Dispatch;
use crate::client::Spotify;
use crate::endpoint::Endpoint;
use crate::endpoint::handle::EndpointRef;
use crate::error::{Error, InvalidArgument, PartialWrite};
use crate::json::value::Value;
use crate::request::batch::{Batch, id_strings};
use crate::types::display::Quoted;

impl PartialWrite {
    /// Sends the remaining elements, with the other arguments of the call, such as times. A position in a playlist is
    /// that of the first remaining element.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`], and nothing is sent, as long as elements are uncertain: decide with
    /// [`uncertain_took_effect`](Self::uncertain_took_effect). Otherwise those of the call: an [`Error::PartialWrite`]
    /// contains only the elements that this method had to send, and after any other error you can repeat `resume`.
    ///
    /// ```no_run
    /// use tonearm::Error;
    ///
    /// # let spotify = tonearm::Spotify::from_token("token")?;
    /// # let track_ids: Vec<tonearm::TrackId> = Vec::new();
    /// match spotify.save_tracks(&track_ids).send() {
    ///     Err(Error::PartialWrite(stopped)) => {
    ///         println!("{} saved, then: {}", stopped.completed.len(), stopped.error);
    ///         stopped.resume(&spotify)?;      // saving is idempotent, so nothing is uncertain
    ///     }
    ///     result => result?,
    /// }
    /// # Ok::<(), Error>(())
    /// ```
    pub fn resume(&self, spotify: &Spotify) -> Result<(), Error> {
        let (undecided, completed) = (self.undecided.as_ref(), self.all_completed());
        resume(spotify, &self.endpoint, undecided, self.batches.clone(), completed)
    }

    /// The number of completed elements, those before an earlier `resume` included.
    fn all_completed(&self) -> usize {
        self.completed_before.saturating_add(self.completed.len())
    }

    /// Returns what is needed to continue, as a value that implements `Serialize` and `Deserialize`; `None` for a
    /// [custom call](crate::custom).
    ///
    /// ```
    /// # #[cfg(feature = "fake")] {
    /// use tonearm::{Error, WriteCheckpoint};
    ///
    /// # use tonearm::fake::{Fault, Server};
    /// # let server = Server::start()?;
    /// # let spotify = server.client()?;
    /// let track_ids = &server.catalog().tracks()[..120];          // requests of 50, 50 and 20
    /// # server.script("/me/tracks").then_normal().then(Fault::Status(400));
    /// let result = spotify.save_tracks(track_ids).send();
    /// let Err(Error::PartialWrite(stopped)) = result else { unreachable!() };
    /// let json = serde_json::to_string(&stopped.checkpoint())?;   // write it to a file
    ///
    /// // Another process reads it.
    /// let stored: Option<WriteCheckpoint> = serde_json::from_str(&json)?;
    /// let checkpoint = stored.expect("the call is in the table");
    /// println!("{} of {} tracks saved", checkpoint.completed_count(), checkpoint.total_count());
    /// assert_eq!(checkpoint.remaining().len(), 70);
    /// # assert_eq!((checkpoint.completed_count(), checkpoint.total_count()), (50, 120));
    /// checkpoint.resume(&spotify)?;
    /// # assert_eq!(server.pending_faults(), 0);
    /// # assert!(spotify.are_tracks_saved(track_ids).send()?.into_iter().all(|saved| saved));
    /// # }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn checkpoint(&self) -> Option<WriteCheckpoint> {
        let is_custom = self.endpoint.is_custom();
        (!is_custom).then(|| WriteCheckpoint {
            call: self.call.clone().into_owned(),
            completed: self.all_completed(),
            uncertain: self.undecided.as_ref().map(StoredBatch::new),
            remaining: self.batches.iter().map(StoredBatch::new).collect(),
        })
    }
}

/// A partial write as a value that a program can store, to continue later or in another process: see
/// [`PartialWrite::checkpoint`].
///
/// It contains the remaining and the uncertain elements, and the other arguments of the call, but no token. Read it only
/// from a place that you trust: `resume` sends the requests in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WriteCheckpoint {
    /// The name of the call.
    call: String,
    /// The number of completed elements.
    #[serde(default)]
    completed: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    uncertain: Option<StoredBatch>,
    remaining: Vec<StoredBatch>,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct StoredBatch {
    /// The name of its endpoint, which may be another one than that of the call.
    endpoint: String,
    /// An object with the values of its parameters by name.
    arguments: Value,
    /// The elements as the caller passed them.
    elements: Vec<Value>,
}

impl WriteCheckpoint {
    /// Returns the number of completed elements, those before an earlier [`resume`](Self::resume) included: for a
    /// progress display.
    pub fn completed_count(&self) -> usize {
        self.completed
    }

    /// Returns the number of all elements of the call: completed, uncertain and remaining.
    pub fn total_count(&self) -> usize {
        let pending = self.uncertain.iter().chain(&self.remaining);
        pending.fold(self.completed, |count, batch| count.saturating_add(batch.elements.len()))
    }

    /// Returns the elements that were uncertain: see [`PartialWrite::uncertain`].
    pub fn uncertain(&self) -> Vec<String> {
        self.uncertain.iter().flat_map(StoredBatch::element_strings).collect()
    }

    /// Returns the elements that remained: see [`PartialWrite::remaining`].
    pub fn remaining(&self) -> Vec<String> {
        self.remaining.iter().flat_map(StoredBatch::element_strings).collect()
    }

    /// Decides about the uncertain elements: see [`PartialWrite::uncertain_took_effect`].
    #[must_use = "it returns the checkpoint to resume"]
    pub fn uncertain_took_effect(mut self, took_effect: bool) -> WriteCheckpoint {
        let batch = self.uncertain.take();
        if took_effect {
            let elements = batch.map_or(0, |batch| batch.elements.len());
            self.completed = self.completed.saturating_add(elements);
        } else {
            self.remaining.splice(..0, batch);
        }
        self
    }

    /// Sends the remaining elements: see [`PartialWrite::resume`].
    ///
    /// # Errors
    ///
    /// Those of [`PartialWrite::resume`]; [`Error::InvalidArgument`] if the table of this program lacks the call or one of
    /// its parameters, or if a value breaks a rule.
    pub fn resume(&self, spotify: &Spotify) -> Result<(), Error> {
        let call = named(&self.call)?;
        let (undecided, batches) = self.requests(spotify)?;
        resume(spotify, &call.into(), undecided.as_ref(), batches, self.completed)
    }

    /// Returns the requests of the uncertain and of the remaining elements, after checking their values.
    pub(crate) fn requests(&self, spotify: &Spotify) -> Result<(Option<Batch>, Vec<Batch>), Error> {
        let to_batch = |stored: &StoredBatch| stored.batch(spotify);
        let batches = self.remaining.iter().map(to_batch).collect::<Result<_, _>>()?;
        Ok((self.uncertain.as_ref().map(to_batch).transpose()?, batches))
    }
}

impl StoredBatch {
    fn new(batch: &Batch) -> Self {
        let param = |(index, value): &(usize, Value)| {
            Some((batch.endpoint.params.get(*index)?.name.clone(), value.clone()))
        };
        StoredBatch {
            endpoint: batch.endpoint.name.clone().into_owned(),
            arguments: Value::Object(batch.values.iter().filter_map(param).collect()),
            elements: batch.ids.clone(),
        }
    }

    fn element_strings(&self) -> Vec<String> {
        id_strings(&self.elements)
    }

    fn batch(&self, spotify: &Spotify) -> Result<Batch, Error> {
        let endpoint = named(&self.endpoint)?;
        let mut call = Call::new(spotify, endpoint);
        for (name, value) in self.arguments.fields() {
            let Some(index) = endpoint.params.iter().position(|param| param.name == *name) else {
                let problem = format!("expected a parameter of the call, found {}", Quoted(name));
                return Err(invalid(&self.endpoint, "checkpoint", name, problem));
            };
            call.values.push((index, Ok(value.clone())));
        }
        let (values, ids) = (call.validated()?, self.elements.clone());
        Ok(Batch { endpoint: endpoint.into(), values, ids, is_single: false })
    }
}

/// Sends the requests of the remaining elements, unless others are undecided.
fn resume(
    spotify: &Spotify,
    call: &EndpointRef,
    undecided: Option<&Batch>,
    batches: Vec<Batch>,
    completed: usize,
) -> Result<(), Error> {
    let Some(undecided) = undecided else {
        return Dispatch::new(spotify, call, false).resume(batches, completed);
    };
    let found = undecided.ids.len();
    let problem = format!(
        "expected no uncertain elements, found {found}; check whether they took effect, and call \
         `uncertain_took_effect` first"
    );
    Err(invalid(&call.name, "uncertain", &found.to_string(), problem))
}

/// The endpoint with a name in the table.
fn named(name: &str) -> Result<&'static Endpoint, Error> {
    let mut endpoints = Spotify::endpoints().iter().copied();
    endpoints.find(|endpoint| endpoint.name == name).ok_or_else(|| {
        let problem = format!("expected the name of an endpoint, found {}", Quoted(name));
        invalid("resume", "checkpoint", name, problem)
    })
}

fn invalid(call: &str, param: &'static str, value: &str, message: String) -> Error {
    let (call, param) = (Some(call.to_owned().into()), Some(param.into()));
    let value = value.to_owned();
    Error::InvalidArgument(Box::new(InvalidArgument { call, param, value, message }))
}
