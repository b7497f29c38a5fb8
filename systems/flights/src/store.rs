//! The document store: a collection `flights` of MongoDB, of DocumentDB, or of anything that speaks their protocol.
//!
//! Pages are cut from the order of `_id`, which is that of insertion, by an index that also holds the status: skipping
//! reads index entries and no documents, and a page that begins behind an identifier skips nothing.

use std::time::Duration;

use kit::Environment;
use mongodb::bson::oid::ObjectId;
use mongodb::bson::{Document, RawDocument, RawDocumentBuf, doc, rawdoc};
use mongodb::options::{Acknowledgment, ClientOptions, IndexOptions, ReturnDocument, Tls, WriteConcern};
use mongodb::{Client, Collection, IndexModel};

use crate::flight::{Draft, Flight, Status};

/// The collection's name.
const COLLECTION: &str = "flights";

/// The name of the index that pages are read from.
const PAGES: &str = "pages";

/// How long a request waits for a server that is away. The driver looks for it in the background all the while.
const SERVER_LIMIT: Duration = Duration::from_secs(3);

/// How long connecting to a server may take.
const CONNECT_LIMIT: Duration = Duration::from_secs(3);

/// Connections to the store.
const MAX_CONNECTIONS: u32 = 64;

/// Where the store is.
#[derive(Debug)]
pub(crate) struct Settings {
    uri: String,
    database: String,
    user: Option<String>,
    password: Option<String>,
    ca_file: Option<String>,
}

/// Why there is no answer from the store.
#[derive(Debug, thiserror::Error)]
#[error("the document store did not answer: {0}")]
pub(crate) struct Unavailable(Box<mongodb::error::Error>);

/// Why there can't be a client at all.
#[derive(Debug, thiserror::Error)]
#[error("MONGO_URI can't be used: {0}")]
pub(crate) struct Unusable(String);

/// Which part of all flights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    /// How many to leave out.
    pub(crate) skip: u64,
    /// How many at most.
    pub(crate) limit: i64,
    /// Only those behind this one.
    pub(crate) after: Option<ObjectId>,
}

/// The flights.
#[derive(Debug, Clone)]
pub(crate) struct Store(Collection<RawDocumentBuf>);

impl Settings {
    /// Reads `MONGO_URI`, `MONGO_DB_NAME`, and what AWS gives beside the address: `MONGO_USER`, `MONGO_PASSWORD`; and
    /// `MONGO_CA_FILE`, certificates to trust in place of the system's, such as the bundle for Amazon RDS.
    pub(crate) fn read(environment: &mut Environment) -> Self {
        Self {
            uri: environment.required("MONGO_URI"),
            database: environment.required("MONGO_DB_NAME"),
            user: environment.optional("MONGO_USER"),
            password: environment.optional("MONGO_PASSWORD"),
            ca_file: environment.optional("MONGO_CA_FILE"),
        }
    }
}

impl Store {
    /// A store that connects when it is first asked.
    ///
    /// # Errors
    /// When the address is none. The error does not show it: it may hold a password.
    pub(crate) async fn open(settings: Settings) -> Result<Self, Unusable> {
        let mut options =
            ClientOptions::parse(&settings.uri).await.map_err(|error| Unusable(told(&error)))?;
        if let (Some(user), Some(password)) = (settings.user, settings.password) {
            let mut credential = options.credential.take().unwrap_or_default();
            credential.username = Some(user);
            credential.password = Some(password);
            options.credential = Some(credential);
        }
        if let (Some(file), Some(Tls::Enabled(tls))) = (settings.ca_file, &mut options.tls) {
            tls.ca_file_path = Some(file.into());
        }
        options.server_selection_timeout.get_or_insert(SERVER_LIMIT);
        options.connect_timeout.get_or_insert(CONNECT_LIMIT);
        options.max_pool_size.get_or_insert(MAX_CONNECTIONS);
        options
            .write_concern
            .get_or_insert_with(|| WriteConcern::builder().w(Acknowledgment::Majority).build());
        let client = Client::with_options(options).map_err(|error| Unusable(told(&error)))?;
        Ok(Self(client.database(&settings.database).collection(COLLECTION)))
    }

    /// Makes the index that pages are read from, unless it is there.
    pub(crate) async fn prepare(&self) -> Result<(), Unavailable> {
        let options = IndexOptions::builder().name(PAGES.to_owned()).build();
        let index = IndexModel::builder().keys(doc! { "_id": 1, "status": 1 }).options(options).build();
        self.0.create_index(index).await?;
        Ok(())
    }

    /// A page of flights, the oldest first.
    pub(crate) async fn list(&self, page: Page) -> Result<Vec<Flight>, Unavailable> {
        let wanted = page.after.map_or_else(Document::new, |after| doc! { "_id": { "$gt": after } });
        let mut found = self
            .0
            .find(wanted)
            .sort(doc! { "_id": 1 })
            .projection(doc! { "_id": 1, "status": 1 })
            .skip(page.skip)
            .limit(page.limit)
            .batch_size(u32::try_from(page.limit).unwrap_or(u32::MAX))
            .await?;
        let mut flights = Vec::new();
        while found.advance().await? {
            flights.extend(flight(found.current()));
        }
        Ok(flights)
    }

    /// One flight, where it is there.
    pub(crate) async fn get(&self, id: ObjectId) -> Result<Option<Flight>, Unavailable> {
        let found = self.0.find_one(doc! { "_id": id }).await?;
        Ok(found.and_then(|found| flight(&found)))
    }

    /// Keeps a new flight.
    pub(crate) async fn add(&self, draft: Draft) -> Result<Flight, Unavailable> {
        let id = ObjectId::new();
        self.0.insert_one(rawdoc! { "_id": id, "status": draft.status.name() }).await?;
        Ok(Flight { status: draft.status, id })
    }

    /// Changes a flight, where it is there.
    pub(crate) async fn change(&self, id: ObjectId, draft: Draft) -> Result<Option<Flight>, Unavailable> {
        let changed = self
            .0
            .find_one_and_update(doc! { "_id": id }, doc! { "$set": { "status": draft.status.name() } })
            .return_document(ReturnDocument::After)
            .await?;
        Ok(changed.and_then(|changed| flight(&changed)))
    }

    /// Removes a flight, and says whether it was there.
    pub(crate) async fn remove(&self, id: ObjectId) -> Result<bool, Unavailable> {
        let removed = self.0.delete_one(doc! { "_id": id }).await?;
        Ok(removed.deleted_count > 0)
    }
}

/// What somebody else put into the collection may be no flight; it is told, and nobody else goes without.
fn flight(stored: &RawDocument) -> Option<Flight> {
    let id = stored.get_object_id("_id").ok();
    let status = stored.get_str("status").ok().and_then(Status::named);
    if let (Some(id), Some(status)) = (id, status) {
        return Some(Flight { status, id });
    }
    tracing::warn!(?id, "a document of the collection is no flight and is left out");
    None
}

impl From<mongodb::error::Error> for Unavailable {
    fn from(error: mongodb::error::Error) -> Self {
        Self(Box::new(error))
    }
}

/// What is wrong with an address, without the address.
fn told(error: &mongodb::error::Error) -> String {
    match error.kind.as_ref() {
        mongodb::error::ErrorKind::InvalidArgument { message, .. } => message.clone(),
        _ => "it is no address of a document store, or its name can't be looked up".to_owned(),
    }
}
