-- What an index has still to follow, written in the transaction that made it
-- necessary. It refers to nothing: a change outlives the rows that it is about.
-- AUTOINCREMENT, so that a number is never used twice, even after deletion.

-- +goose Up
CREATE TABLE outbox (
    seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    op            TEXT    NOT NULL CHECK (op IN ('put', 'remove', 'drop')),
    watchlist_uid BLOB    NOT NULL,
    member_uid    BLOB,
    face_id       BLOB,
    label         TEXT,
    created_at    INTEGER NOT NULL
) STRICT;
