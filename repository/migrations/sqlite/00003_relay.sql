-- When a change was applied to a shared index; null: it has still to be.

-- +goose Up
ALTER TABLE outbox ADD COLUMN applied_at INTEGER;
CREATE INDEX outbox_by_application ON outbox (applied_at, seq);
CREATE INDEX outbox_by_watchlist ON outbox (watchlist_uid, seq) WHERE applied_at IS NULL;
