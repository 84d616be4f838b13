-- What other dialects keep of watchlists, members and faces: metadata as JSON
-- objects, the name that another system has for a person, the time from which a
-- member is as good as deleted, the picture that a face was enrolled by. And the
-- records of passive liveness checks.

-- +goose Up
ALTER TABLE watchlists ADD COLUMN metadata TEXT;

ALTER TABLE members ADD COLUMN external_id TEXT;
ALTER TABLE members ADD COLUMN extra TEXT; -- JSON: what of metadata no label can hold
ALTER TABLE members ADD COLUMN expires_at INTEGER;
CREATE INDEX members_by_full_name ON members (full_name);
CREATE INDEX members_by_display_name ON members (display_name);
CREATE INDEX members_by_external_id ON members (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX members_by_end ON members (expires_at) WHERE expires_at IS NOT NULL;

ALTER TABLE faces ADD COLUMN picture_id BLOB REFERENCES images (id) ON DELETE CASCADE;
ALTER TABLE faces ADD COLUMN picture_type TEXT;
CREATE UNIQUE INDEX faces_by_picture ON faces (picture_id);

CREATE TABLE liveness_transactions (
    id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    tag        TEXT    NOT NULL,
    confirmed  INTEGER CHECK (confirmed IN (0, 1)), -- null: not performed
    score      REAL    NOT NULL,
    age        REAL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX liveness_transactions_by_time ON liveness_transactions (created_at);
