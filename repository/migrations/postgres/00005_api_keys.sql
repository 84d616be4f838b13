-- The keys of clients. Of a key's secret there is only a salted hash. The ids of
-- watchlists refer to nothing: a key outlives a watchlist, and must not come to
-- cover all of them (an empty list) because its last one was deleted.

-- +goose Up
CREATE TABLE api_keys (
    id         uuid   NOT NULL PRIMARY KEY,
    name       text   COLLATE "C" NOT NULL,
    role       text   NOT NULL CHECK (role IN ('search', 'enrol', 'admin')),
    watchlists jsonb  NOT NULL, -- ids; empty: all
    salt       bytea  NOT NULL CHECK (octet_length(salt) = 16),
    hash       bytea  NOT NULL CHECK (octet_length(hash) = 32),
    created_at bigint NOT NULL,
    expires_at bigint, -- null: never
    revoked_at bigint  -- null: not revoked
);
CREATE UNIQUE INDEX api_keys_by_name ON api_keys (name) WHERE revoked_at IS NULL;
