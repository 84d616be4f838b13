-- When a change was applied to a shared index; null: it has still to be. And the
-- transaction that wrote the row last, when it was made or when it was applied:
-- with it a reader asks for what a snapshot of its own did not show.

-- +goose Up
ALTER TABLE outbox ADD COLUMN applied_at bigint;
ALTER TABLE outbox ADD COLUMN xact xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX outbox_by_application ON outbox (applied_at, seq);
CREATE INDEX outbox_by_watchlist ON outbox (watchlist_uid, seq) WHERE applied_at IS NULL;
CREATE INDEX outbox_by_xact ON outbox (xact);
-- Rows live for minutes: the room of the dead ones is wanted again soon.
ALTER TABLE outbox SET (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 5000
);
