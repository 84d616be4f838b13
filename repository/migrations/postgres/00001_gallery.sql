-- The same gallery as SQLite's, in the types of Postgres. Times are microseconds
-- since 1970 in UTC: one encoding for both databases, which no session's time zone
-- can bend. Text that is looked up compares by its bytes (COLLATE "C"), so that no
-- new version of a system's collations can break an index. Vectors are float32,
-- little-endian.

-- +goose Up
CREATE TABLE watchlists (
    uid           uuid    NOT NULL PRIMARY KEY,
    id            text    COLLATE "C" NOT NULL UNIQUE,
    display_name  text    NOT NULL,
    full_name     text    NOT NULL,
    threshold     integer NOT NULL CHECK (threshold BETWEEN 0 AND 100),
    preview_color text    NOT NULL,
    created_at    bigint  NOT NULL,
    updated_at    bigint
);
CREATE INDEX watchlists_by_time ON watchlists (created_at, uid);

CREATE TABLE members (
    uid          uuid   NOT NULL PRIMARY KEY,
    id           text   COLLATE "C" NOT NULL UNIQUE,
    display_name text,
    full_name    text,
    note         text,
    created_at   bigint NOT NULL,
    updated_at   bigint
);
CREATE INDEX members_by_time ON members (created_at, uid);

CREATE TABLE member_labels (
    member_uid uuid    NOT NULL REFERENCES members (uid) ON DELETE CASCADE,
    position   integer NOT NULL,
    key        text    NOT NULL,
    value      text    NOT NULL,
    PRIMARY KEY (member_uid, position)
);

CREATE TABLE memberships (
    watchlist_uid uuid   NOT NULL REFERENCES watchlists (uid) ON DELETE CASCADE,
    member_uid    uuid   NOT NULL REFERENCES members (uid) ON DELETE CASCADE,
    created_at    bigint NOT NULL,
    PRIMARY KEY (watchlist_uid, member_uid)
);
CREATE INDEX memberships_by_member ON memberships (member_uid, watchlist_uid);

CREATE TABLE images (
    id         uuid    NOT NULL PRIMARY KEY,
    media_type text    NOT NULL,
    width      integer NOT NULL,
    height     integer NOT NULL,
    data       bytea   NOT NULL,
    created_at bigint  NOT NULL
);
-- Pictures are compressed already.
ALTER TABLE images ALTER COLUMN data SET STORAGE EXTERNAL;

-- A face lives no longer than its member or its picture.
CREATE TABLE faces (
    id               uuid             NOT NULL PRIMARY KEY,
    member_uid       uuid             NOT NULL REFERENCES members (uid) ON DELETE CASCADE,
    tracklet_id      uuid             NOT NULL,
    frame_id         uuid             NOT NULL,
    image_id         uuid             NOT NULL UNIQUE REFERENCES images (id) ON DELETE CASCADE,
    face_order       integer          NOT NULL,
    faces_on_frame   integer          NOT NULL,
    geometry         jsonb            NOT NULL, -- box, landmarks and crop, px
    confidence       double precision NOT NULL,
    size             double precision NOT NULL,
    area             double precision NOT NULL,
    quality          integer          NOT NULL,
    template_quality integer          NOT NULL,
    attributes       jsonb            NOT NULL, -- what was measured
    created_at       bigint           NOT NULL,
    updated_at       bigint
);
CREATE INDEX faces_by_member ON faces (member_uid, created_at, id);

CREATE TABLE templates (
    face_id uuid    NOT NULL REFERENCES faces (id) ON DELETE CASCADE,
    label   text    COLLATE "C" NOT NULL,
    vector  bytea   NOT NULL CHECK (octet_length(vector) > 0 AND octet_length(vector) % 4 = 0),
    quality integer NOT NULL,
    PRIMARY KEY (face_id, label)
);
-- Floats do not compress, and a vector of 512 stays in its row, where a scan of
-- all templates finds it without a second look-up.
ALTER TABLE templates ALTER COLUMN vector SET STORAGE EXTERNAL;
ALTER TABLE templates SET (toast_tuple_target = 8160);
