CREATE TABLE outbox (
	channel    TEXT   NOT NULL,
	contact    TEXT   NOT NULL,
	seq        BIGINT NOT NULL,             -- of the last bubble: the order
	turn       TEXT   NOT NULL,
	bubbles    BYTEA   NOT NULL,             -- []bot.Bubble as JSON
	at         BIGINT NOT NULL,
	progress   BYTEA   NOT NULL,             -- bot.Progress as JSON
	not_before BIGINT NOT NULL,             -- as in progress, to look for
	owner      TEXT   NOT NULL DEFAULT '',  -- who sends it
	lease      BIGINT NOT NULL DEFAULT 0,   -- until when
	PRIMARY KEY (channel, contact, seq)
);
CREATE INDEX outbox_due ON outbox (not_before, lease);

CREATE TABLE inbox (
	channel TEXT   NOT NULL,
	contact TEXT   NOT NULL,
	turn    TEXT   NOT NULL,
	number  BIGINT NOT NULL,                -- the order in which they were accepted
	body    BYTEA   NOT NULL,                -- bot.Incoming as JSON
	at      BIGINT NOT NULL,
	PRIMARY KEY (channel, contact, turn)
);
CREATE INDEX inbox_at ON inbox (at);
