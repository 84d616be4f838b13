-- The keys of clients. Of a key's secret there is only a salted hash. The ids of
-- watchlists refer to nothing: a key outlives a watchlist, and must not come to
-- cover all of them (an empty list) because its last one was deleted.

-- +goose Up
CREATE TABLE api_keys (
    id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name       TEXT    NOT NULL,
    role       TEXT    NOT NULL CHECK (role IN ('search', 'enrol', 'admin')),
    watchlists TEXT    NOT NULL, -- JSON: ids; empty: all
    salt       BLOB    NOT NULL CHECK (length(salt) = 16),
    hash       BLOB    NOT NULL CHECK (length(hash) = 32),
    created_at INTEGER NOT NULL,
    expires_at INTEGER, -- null: never
    revoked_at INTEGER  -- null: not revoked
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX api_keys_by_name ON api_keys (name) WHERE revoked_at IS NULL;
