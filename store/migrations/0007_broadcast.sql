-- Whoever may be told something has a name in the records, "who": the id of a
-- person, or "@" and the contact of somebody who left a wish and is no person.

ALTER TABLE contact ADD COLUMN heard_at BIGINT NOT NULL DEFAULT 0; -- their last word

ALTER TABLE interest ADD COLUMN who TEXT NOT NULL DEFAULT ''; -- '': came on paper
UPDATE interest SET who = coalesce(
	(SELECT c.person FROM contact c WHERE c.channel = interest.channel AND c.contact = interest.contact),
	'@' || channel || ':' || contact) WHERE channel <> '';
CREATE INDEX interest_who ON interest (who, trade);

CREATE TABLE recipient (
	who      TEXT   PRIMARY KEY,
	place    TEXT   NOT NULL,            -- where they live, '' = not known
	channel  TEXT   NOT NULL,            -- where they are told: the contact they wrote on last; '' = nowhere
	contact  TEXT   NOT NULL,
	why      TEXT   NOT NULL,            -- they can't be reached; 'new' = not looked at yet
	heard_at BIGINT NOT NULL
);
CREATE INDEX recipient_place ON recipient (place, who);
INSERT INTO recipient (who, place, channel, contact, why, heard_at) SELECT id, '', '', '', 'new', 0 FROM person;
INSERT INTO recipient (who, place, channel, contact, why, heard_at) SELECT DISTINCT who, '', '', '', 'new', 0 FROM interest WHERE who LIKE '@%';

CREATE TABLE follow ( -- who agreed to be told of what
	who   TEXT   NOT NULL,
	trade TEXT   NOT NULL, -- '' = all trades, and news of other kinds
	place TEXT   NOT NULL, -- '' = wherever; else near it
	at    BIGINT NOT NULL,
	PRIMARY KEY (who, trade, place)
);
CREATE TABLE kept_group ( -- groups that somebody agreed to have kept for that
	who  TEXT NOT NULL,
	name TEXT NOT NULL,
	PRIMARY KEY (who, name)
);
CREATE TABLE opted_out (
	who   TEXT   NOT NULL,
	trade TEXT   NOT NULL, -- '' = everything
	at    BIGINT NOT NULL,
	PRIMARY KEY (who, trade)
);

CREATE TABLE broadcast (
	number       BIGINT  PRIMARY KEY,
	id           TEXT    NOT NULL UNIQUE,
	name         TEXT    NOT NULL,            -- unique, '' = none
	body         BYTEA   NOT NULL,            -- broadcast.Broadcast as JSON: what does not change by itself
	hash         TEXT    NOT NULL,
	course       TEXT    NOT NULL,
	at           BIGINT  NOT NULL,
	useful_until BIGINT  NOT NULL,
	state        TEXT    NOT NULL,
	why          TEXT    NOT NULL DEFAULT '',
	planned      BIGINT  NOT NULL,            -- counted, until all rows are written
	left_out     BYTEA   NOT NULL,
	plan_after   TEXT    NOT NULL DEFAULT '', -- rows are written up to this recipient
	plan_so_far  BYTEA   NOT NULL,            -- broadcast.Counted as JSON
	rows_written BOOLEAN NOT NULL DEFAULT FALSE,
	tries        BIGINT  NOT NULL DEFAULT 0,  -- since it was last begun
	errors       BIGINT  NOT NULL DEFAULT 0,
	approved_by  TEXT    NOT NULL DEFAULT '',
	approved_at  BIGINT  NOT NULL DEFAULT 0,
	created_at   BIGINT  NOT NULL,
	started_at   BIGINT  NOT NULL DEFAULT 0,
	done_at      BIGINT  NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX broadcast_name ON broadcast (name) WHERE name <> '';
CREATE INDEX broadcast_hash ON broadcast (hash, created_at);
CREATE INDEX broadcast_state ON broadcast (state, at);
CREATE INDEX broadcast_course ON broadcast (course);

CREATE TABLE broadcast_event (
	broadcast BIGINT NOT NULL,
	seq       BIGINT NOT NULL,
	at        BIGINT NOT NULL,
	by_whom   TEXT   NOT NULL,
	what      TEXT   NOT NULL,
	why       TEXT   NOT NULL,
	PRIMARY KEY (broadcast, seq)
);

CREATE TABLE delivery (
	broadcast     BIGINT NOT NULL,
	who           TEXT   NOT NULL,             -- '~…' = somebody who had everything deleted
	channel       TEXT   NOT NULL,
	contact       TEXT   NOT NULL,
	state         TEXT   NOT NULL,
	reason        TEXT   NOT NULL DEFAULT '',
	waits         TEXT   NOT NULL DEFAULT '',  -- for what, while it is queued
	due           BIGINT NOT NULL DEFAULT 0,   -- while it is queued: not before
	tries         BIGINT NOT NULL DEFAULT 0,
	owner         TEXT   NOT NULL DEFAULT '',  -- while it is claimed: by whom
	lease         BIGINT NOT NULL DEFAULT 0,   -- and until when
	at            BIGINT NOT NULL DEFAULT 0,   -- when it was claimed, then when it ended
	tapped_at     BIGINT NOT NULL DEFAULT 0,
	registered_at BIGINT NOT NULL DEFAULT 0,
	declined_at   BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (who, broadcast)
);
CREATE INDEX delivery_state ON delivery (broadcast, state, channel, due, who);
CREATE INDEX delivery_lease ON delivery (lease) WHERE state = 'claimed';
