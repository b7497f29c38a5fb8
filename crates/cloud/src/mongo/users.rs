//! `createUser`, `updateUser`, `dropUser`, `dropAllUsersFromDatabase` and `usersInfo`.
//!
//! Roles are kept and shown, and allow nothing and forbid nothing: who is in may do everything.

use std::collections::BTreeMap;

use bson::spec::BinarySubtype;
use bson::{Binary, Bson, Document, doc};
use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

use super::Mongo;
use super::arguments::Arguments;
use super::auth::MECHANISM;
use super::dispatch::Reply;
use super::error::{Code, Failure, Result};
use super::namespace::check_database;
use super::scram::{ROUNDS, SALT, Verifier, prepare};
use super::work::Work;
use crate::settings::Credential;
use crate::store::StoreError;

/// What `createUser` and `updateUser` take beside the name.
const FIELDS: [&str; 6] =
    ["pwd", "customData", "roles", "digestPassword", "mechanisms", "authenticationRestrictions"];

/// Whether a user was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ensured {
    Made,
    There,
}

/// What is kept of access keys' secrets. Each takes its time, so another thread does it.
pub(super) async fn of_credentials(credentials: Vec<Credential>) -> Result<BTreeMap<String, Verifier>> {
    let hashed = tokio::task::spawn_blocking(move || {
        let each = credentials.iter().map(|credential| {
            let name = prepare(&credential.access_key_id).into_owned();
            Ok((name, Verifier::of(credential.secret.expose(), &salt()?, ROUNDS)))
        });
        each.collect::<Result<_>>()
    });
    hashed.await.map_err(|_| StoreError::Closed)?
}

/// What is kept of a user's password.
pub(super) async fn verifier(mongo: &Mongo, db: &str, name: &str) -> Result<Option<Verifier>> {
    if let Some(verifier) = mongo.verifiers().await?.get(name).filter(|_| db == "admin") {
        return Ok(Some(verifier.clone()));
    }
    let (db, name) = (db.to_owned(), name.to_owned());
    mongo.store().look(move |connection| find(connection, &db, &name)).await
}

fn find(connection: &Connection, db: &str, name: &str) -> Result<Option<Verifier>> {
    let sql = "SELECT salt, rounds, stored_key, server_key FROM mongo_user WHERE db = ? AND name = ?";
    let mut select = connection.prepare_cached(sql)?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Verifier {
            salt: row.get(0)?,
            rounds: row.get(1)?,
            stored_key: row.get(2)?,
            server_key: row.get(3)?,
        })
    };
    Ok(select.query_row([db, name], read).optional()?)
}

/// Makes a user who may read and write the database, unless there is one of that name.
pub(super) async fn ensure(mongo: &Mongo, db: &str, name: &str, password: &str) -> Result<Ensured> {
    check_database(db)?;
    let verifier = stretched(password).await?;
    let (db, name) = (db.to_owned(), name.to_owned());
    let roles = doc! { "roles": [{ "role": "readWrite", "db": &db }] };
    let job = move |connection: &Connection| {
        if find(connection, &db, &prepare(&name))?.is_some() {
            return Ok(Ensured::There);
        }
        put(connection, &db, &name, &roles, &verifier).map(|()| Ensured::Made)
    };
    mongo.store().write(job).await
}

/// `createUser`.
pub(super) async fn create(work: &mut Work) -> Result<Reply> {
    let arguments = &work.arguments;
    arguments.only(&FIELDS)?;
    let name = arguments.target()?.to_owned();
    check_mechanisms(arguments)?;
    let password = arguments.text("pwd")?.filter(|password| !password.is_empty());
    let password = password.ok_or_else(|| Code::BadValue.saying("Must provide a 'pwd' field for all user documents, except those with '$external' as the user's source db"))?;
    let (verifier, db) = (stretched(password).await?, arguments.db.clone());
    let document = kept(arguments)?;
    let job = move |connection: &Connection| {
        if find(connection, &db, &prepare(&name))?.is_some() {
            let message = format!("User \"{name}@{db}\" already exists");
            return Err(Code::UserAlreadyExists.saying(message));
        }
        put(connection, &db, &name, &document, &verifier)
    };
    work.mongo.store().write(job).await?;
    Ok(Document::new().into())
}

/// `updateUser`.
pub(super) async fn update(work: &mut Work) -> Result<Reply> {
    let arguments = &work.arguments;
    arguments.only(&FIELDS)?;
    let name = arguments.target()?.to_owned();
    check_mechanisms(arguments)?;
    let fresh = match arguments.text("pwd")? {
        Some(password) => Some(stretched(password).await?),
        None => None,
    };
    let (change, db) = (kept(arguments)?, arguments.db.clone());
    let job = move |connection: &Connection| {
        let old = find(connection, &db, &prepare(&name))?.ok_or_else(|| not_found(&name, &db))?;
        let mut document = described(connection, &db, &prepare(&name))?.unwrap_or_default();
        document.extend(change);
        put(connection, &db, &name, &document, &fresh.unwrap_or(old))
    };
    work.mongo.store().write(job).await?;
    Ok(Document::new().into())
}

/// `dropUser`.
pub(super) async fn drop(work: &mut Work) -> Result<Reply> {
    work.arguments.only(&[])?;
    let (name, db) = (work.arguments.target()?.to_owned(), work.arguments.db.clone());
    let job = move |connection: &Connection| {
        let sql = "DELETE FROM mongo_user WHERE db = ? AND name = ?";
        let gone = connection.prepare_cached(sql)?.execute(params![db, prepare(&name)])?;
        if gone == 0 { Err(not_found(&name, &db)) } else { Ok(()) }
    };
    work.mongo.store().write(job).await?;
    Ok(Document::new().into())
}

/// `dropAllUsersFromDatabase`.
pub(super) async fn drop_all(work: &mut Work) -> Result<Reply> {
    let db = work.arguments.db.clone();
    let job = move |connection: &Connection| {
        Ok::<_, Failure>(connection.prepare_cached("DELETE FROM mongo_user WHERE db = ?")?.execute([db])?)
    };
    let gone = work.mongo.store().write(job).await?;
    Ok(doc! { "n": super::stats::number(gone) }.into())
}

/// `usersInfo`: of one user, of some, or of all.
pub(super) async fn info(work: &mut Work) -> Result<Reply> {
    let wanted = work.arguments.get("usersInfo").cloned().unwrap_or(Bson::Int32(1));
    let db = work.arguments.db.clone();
    let all = work.mongo.store().read(list).await?;
    let chosen = |user: &&Document| is_wanted(&wanted, user, &db);
    let users: Vec<Bson> = all.iter().filter(chosen).cloned().map(Bson::Document).collect();
    Ok(doc! { "users": users }.into())
}

fn is_wanted(wanted: &Bson, user: &Document, db: &str) -> bool {
    let (name, in_db) = (user.get_str("user").unwrap_or_default(), user.get_str("db").unwrap_or_default());
    match wanted {
        Bson::String(wanted) => wanted == name && db == in_db,
        Bson::Document(wanted) if wanted.get_bool("forAllDBs").unwrap_or_default() => true,
        Bson::Document(wanted) => {
            wanted.get_str("user").is_ok_and(|text| text == name)
                && wanted.get_str("db").unwrap_or(db) == in_db
        }
        Bson::Array(several) => several.iter().any(|one| is_wanted(one, user, db)),
        _ => db == in_db,
    }
}

fn list(connection: &Connection) -> Result<Vec<Document>> {
    let mut select =
        connection.prepare_cached("SELECT db, name, uuid, document FROM mongo_user ORDER BY db, name")?;
    let mut rows = select.query([])?;
    let mut users = Vec::new();
    while let Some(row) = rows.next()? {
        let (db, name): (String, String) = (row.get(0)?, row.get(1)?);
        let uuid = Binary { subtype: BinarySubtype::Uuid, bytes: row.get(2)? };
        let kept: Vec<u8> = row.get(3)?;
        let mut user = doc! { "_id": format!("{db}.{name}"), "userId": uuid, "user": name, "db": db };
        user.extend(Document::from_reader(kept.as_slice())?);
        user.insert("mechanisms", vec![MECHANISM]);
        users.push(user);
    }
    Ok(users)
}

fn put(connection: &Connection, db: &str, name: &str, document: &Document, kept: &Verifier) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO mongo_user (db, name, uuid, document, salt, rounds, stored_key, server_key) \
        VALUES (?1, ?2, coalesce((SELECT uuid FROM mongo_user WHERE db = ?1 AND name = ?2), ?3), ?4, ?5, ?6, ?7, ?8)";
    connection.prepare_cached(sql)?.execute(params![
        db,
        prepare(name),
        Uuid::new_v4().as_bytes(),
        document.to_vec()?,
        kept.salt,
        kept.rounds,
        kept.stored_key,
        kept.server_key
    ])?;
    Ok(())
}

fn described(connection: &Connection, db: &str, name: &str) -> Result<Option<Document>> {
    let mut select =
        connection.prepare_cached("SELECT document FROM mongo_user WHERE db = ? AND name = ?")?;
    let found: Option<Vec<u8>> = select.query_row([db, name], |row| row.get(0)).optional()?;
    found.map(|bytes| Ok(Document::from_reader(bytes.as_slice())?)).transpose()
}

/// The fields of a user that are kept as they are.
fn kept(arguments: &Arguments) -> Result<Document> {
    let mut kept = Document::new();
    if let Some(roles) = arguments.array("roles")? {
        let whole = |role: &Bson| match role {
            Bson::String(role) => doc! { "role": role, "db": &arguments.db }.into(),
            other => other.clone(),
        };
        kept.insert("roles", roles.iter().map(whole).collect::<Vec<Bson>>());
    }
    if let Some(data) = arguments.document("customData")? {
        kept.insert("customData", data.clone());
    }
    Ok(kept)
}

fn check_mechanisms(arguments: &Arguments) -> Result<()> {
    let Some(mechanisms) = arguments.array("mechanisms")? else { return Ok(()) };
    if mechanisms.iter().any(|mechanism| mechanism.as_str() == Some(MECHANISM)) {
        return Ok(());
    }
    Err(Code::BadValue.saying(format!("the only mechanism of this cloud is {MECHANISM}; name it, or none")))
}

/// Hashing a password takes its time, so another thread does it.
async fn stretched(password: &str) -> Result<Verifier> {
    let (password, salt) = (password.to_owned(), salt()?);
    let hashed = tokio::task::spawn_blocking(move || Verifier::of(&password, &salt, ROUNDS));
    hashed.await.map_err(|_| StoreError::Closed.into())
}

fn salt() -> Result<[u8; SALT]> {
    let mut salt = [0; SALT];
    getrandom::fill(&mut salt)
        .map_err(|error| Code::InternalError.saying(format!("no random numbers: {error}")))?;
    Ok(salt)
}

fn not_found(name: &str, db: &str) -> Failure {
    Code::UserNotFound.saying(format!("User '{name}@{db}' not found"))
}
