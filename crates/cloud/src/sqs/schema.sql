-- Queues and their messages.

CREATE TABLE sqs_queue (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT    NOT NULL UNIQUE,
    attributes  TEXT    NOT NULL, -- what was set, as a JSON object of strings; the rest has its default
    tags        TEXT    NOT NULL, -- a JSON object of strings
    created_at  INTEGER NOT NULL, -- ms since 1970
    modified_at INTEGER NOT NULL  -- ms since 1970
) STRICT;

-- A message's id has its queue's id in the bits above 40 and its place of arrival below, so that a queue's
-- messages stand together and in order without an index for it.
CREATE TABLE sqs_message (
    id                INTEGER PRIMARY KEY,
    queue             INTEGER NOT NULL,
    visible_at        INTEGER NOT NULL, -- ms since 1970: not delivered before
    receives          INTEGER NOT NULL, -- in this queue
    receives_before   INTEGER NOT NULL, -- in the queues it was dead-lettered from
    first_received_at INTEGER NOT NULL, -- ms since 1970, 0 before the first receive
    received_at       INTEGER NOT NULL, -- ms since 1970: the latest receive
    sent_at           INTEGER NOT NULL, -- ms since 1970, kept when it is dead-lettered
    uuid              BLOB    NOT NULL, -- MessageId, kept when it is dead-lettered
    source            TEXT,             -- ARN of the queue it was dead-lettered from
    attributes        TEXT,             -- message attributes, JSON
    trace_header      TEXT,
    group_id          TEXT,
    deduplication_id  TEXT,             -- FIFO queues
    sequence          INTEGER,          -- FIFO queues
    body              TEXT    NOT NULL
) STRICT;

CREATE INDEX sqs_message_visible ON sqs_message (queue, visible_at);

-- Messages that are gone for everybody and only have to be cleared away: purged, or of a deleted queue.
CREATE TABLE sqs_doomed (
    low  INTEGER NOT NULL, -- first id of the range
    high INTEGER NOT NULL  -- last id of the range
) STRICT;

CREATE TABLE sqs_move_task (
    handle      TEXT    PRIMARY KEY,
    source      TEXT    NOT NULL, -- queue name
    destination TEXT,             -- queue name; none sends each message back where it came from
    rate        INTEGER,          -- messages per second; none is as fast as it goes
    status      TEXT    NOT NULL, -- RUNNING, COMPLETED, CANCELLED or FAILED
    reason      TEXT,
    moved       INTEGER NOT NULL,
    to_move     INTEGER NOT NULL,
    upto        INTEGER NOT NULL, -- the last message id that belongs to the task
    started_at  INTEGER NOT NULL  -- ms since 1970
) STRICT;
