-- What other dialects keep of watchlists, members and faces: metadata as JSON
-- objects (text, because a client gets back what it sent, and jsonb refuses some of
-- it), the name that another system has for a person, the time from which a member
-- is as good as deleted, the picture that a face was enrolled by. And the records of
-- passive liveness checks.

-- +goose Up
ALTER TABLE watchlists ADD COLUMN metadata text;

ALTER TABLE members ADD COLUMN external_id text COLLATE "C";
ALTER TABLE members ADD COLUMN extra text;
ALTER TABLE members ADD COLUMN expires_at bigint;
CREATE INDEX members_by_full_name ON members (full_name);
CREATE INDEX members_by_display_name ON members (display_name);
CREATE INDEX members_by_external_id ON members (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX members_by_end ON members (expires_at) WHERE expires_at IS NOT NULL;

ALTER TABLE faces ADD COLUMN picture_id uuid REFERENCES images (id) ON DELETE CASCADE;
ALTER TABLE faces ADD COLUMN picture_type text;
CREATE UNIQUE INDEX faces_by_picture ON faces (picture_id);

CREATE TABLE liveness_transactions (
    id         uuid             NOT NULL PRIMARY KEY,
    tag        text             NOT NULL,
    confirmed  integer CHECK (confirmed IN (0, 1)), -- null: not performed
    score      double precision NOT NULL,
    age        double precision,
    created_at bigint           NOT NULL
);
CREATE INDEX liveness_transactions_by_time ON liveness_transactions (created_at);
