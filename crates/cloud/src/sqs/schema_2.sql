-- FIFO queues: which groups have something to give, what was sent lately, and where the sequence numbers are.

-- A message of a FIFO queue has its own id as its sequence number.
CREATE INDEX sqs_message_group ON sqs_message (queue, group_id, id) WHERE sequence IS NOT NULL;

-- Every message group with a message in it. A group gives nothing before its first message is visible, so that
-- message's moment is the group's: a receive finds what it may take without looking at what waits behind.
CREATE TABLE sqs_group (
    queue    INTEGER NOT NULL,
    name     TEXT    NOT NULL,
    head     INTEGER NOT NULL, -- id of its first message
    ready_at INTEGER NOT NULL, -- ms since 1970: that message's visible_at
    PRIMARY KEY (queue, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX sqs_group_ready ON sqs_group (queue, ready_at, head);

-- What was sent in the last five minutes, also where it has been received and deleted since.
CREATE TABLE sqs_deduplication (
    queue    INTEGER NOT NULL,
    scope    TEXT    NOT NULL, -- a message group, or nothing for the whole queue
    id       TEXT    NOT NULL,
    uuid     BLOB    NOT NULL, -- MessageId of the first
    sequence INTEGER NOT NULL, -- of the first
    sent_at  INTEGER NOT NULL, -- ms since 1970
    PRIMARY KEY (queue, scope, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX sqs_deduplication_age ON sqs_deduplication (sent_at);

-- What a receive with an attempt id got, for the receiver that asks again because it never heard.
CREATE TABLE sqs_attempt (
    queue       INTEGER NOT NULL,
    id          TEXT    NOT NULL,
    received_at INTEGER NOT NULL, -- ms since 1970
    messages    TEXT    NOT NULL, -- JSON: [[id, visible_at, receives], …]
    PRIMARY KEY (queue, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX sqs_attempt_age ON sqs_attempt (received_at);

-- Sequence numbers never go back, also where all messages are gone: they go on after this one at a start. What is kept
-- about messages up to the purged one counts no longer, in all tables above, and is cleared away in time.
CREATE TABLE sqs_sequence (
    queue    INTEGER PRIMARY KEY,
    reserved INTEGER NOT NULL,
    purged   INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What AWS makes callers wait for, where that is wanted.
CREATE TABLE sqs_wait (
    what  TEXT    NOT NULL, -- purge or delete
    queue TEXT    NOT NULL, -- its name
    since INTEGER NOT NULL, -- ms since 1970
    PRIMARY KEY (what, queue)
) STRICT, WITHOUT ROWID;
