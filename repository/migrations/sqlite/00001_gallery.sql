-- Keys are UUIDs in their 16 bytes; where we make them they are of version 7, so
-- that byte order is time order. Times are microseconds since 1970 in UTC; a null
-- updated_at means "never". Vectors are float32, little-endian.

-- +goose Up
CREATE TABLE watchlists (
    uid           BLOB    NOT NULL PRIMARY KEY CHECK (length(uid) = 16),
    id            TEXT    NOT NULL UNIQUE,
    display_name  TEXT    NOT NULL,
    full_name     TEXT    NOT NULL,
    threshold     INTEGER NOT NULL CHECK (threshold BETWEEN 0 AND 100),
    preview_color TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX watchlists_by_time ON watchlists (created_at, uid);

CREATE TABLE members (
    uid          BLOB    NOT NULL PRIMARY KEY CHECK (length(uid) = 16),
    id           TEXT    NOT NULL UNIQUE,
    display_name TEXT,
    full_name    TEXT,
    note         TEXT,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX members_by_time ON members (created_at, uid);

CREATE TABLE member_labels (
    member_uid BLOB    NOT NULL REFERENCES members (uid) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    key        TEXT    NOT NULL,
    value      TEXT    NOT NULL,
    PRIMARY KEY (member_uid, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE memberships (
    watchlist_uid BLOB    NOT NULL REFERENCES watchlists (uid) ON DELETE CASCADE,
    member_uid    BLOB    NOT NULL REFERENCES members (uid) ON DELETE CASCADE,
    created_at    INTEGER NOT NULL,
    PRIMARY KEY (watchlist_uid, member_uid)
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_by_member ON memberships (member_uid, watchlist_uid);

CREATE TABLE images (
    id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    media_type TEXT    NOT NULL,
    width      INTEGER NOT NULL,
    height     INTEGER NOT NULL,
    data       BLOB    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- A face lives no longer than its member or its picture.
CREATE TABLE faces (
    id               BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    member_uid       BLOB    NOT NULL REFERENCES members (uid) ON DELETE CASCADE,
    tracklet_id      BLOB    NOT NULL,
    frame_id         BLOB    NOT NULL,
    image_id         BLOB    NOT NULL UNIQUE REFERENCES images (id) ON DELETE CASCADE,
    face_order       INTEGER NOT NULL,
    faces_on_frame   INTEGER NOT NULL,
    geometry         TEXT    NOT NULL, -- JSON: box, landmarks and crop, px
    confidence       REAL    NOT NULL,
    size             REAL    NOT NULL,
    area             REAL    NOT NULL,
    quality          INTEGER NOT NULL,
    template_quality INTEGER NOT NULL,
    attributes       TEXT    NOT NULL, -- JSON: what was measured
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER
) STRICT;
CREATE INDEX faces_by_member ON faces (member_uid, created_at, id);

CREATE TABLE templates (
    face_id BLOB    NOT NULL REFERENCES faces (id) ON DELETE CASCADE,
    label   TEXT    NOT NULL,
    vector  BLOB    NOT NULL CHECK (length(vector) > 0 AND length(vector) % 4 = 0),
    quality INTEGER NOT NULL,
    PRIMARY KEY (face_id, label)
) STRICT;
