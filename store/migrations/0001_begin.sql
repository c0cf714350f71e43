CREATE TABLE session (
	channel        TEXT   NOT NULL,
	contact        TEXT   NOT NULL,
	version        BIGINT NOT NULL,
	plain          BYTEA,
	sensitive      BYTEA,
	sensitive_ends BIGINT NOT NULL DEFAULT 0,
	effects        BYTEA,
	last_seq       BIGINT NOT NULL,
	ends           BIGINT NOT NULL,
	PRIMARY KEY (channel, contact)
);
CREATE INDEX session_effects ON session (channel, contact) WHERE effects IS NOT NULL;
CREATE INDEX session_ends ON session (ends);

CREATE TABLE seen (
	channel TEXT   NOT NULL,
	contact TEXT   NOT NULL,
	turn    TEXT   NOT NULL,
	ends    BIGINT NOT NULL,
	PRIMARY KEY (channel, contact, turn)
);
CREATE INDEX seen_ends ON seen (ends);

CREATE TABLE bubble (
	channel TEXT   NOT NULL,
	contact TEXT   NOT NULL,
	seq     BIGINT NOT NULL,
	turn    TEXT   NOT NULL,
	body    BYTEA   NOT NULL, -- bot.Bubble as JSON
	ends    BIGINT NOT NULL,
	PRIMARY KEY (channel, contact, seq)
);
CREATE INDEX bubble_ends ON bubble (ends);

CREATE TABLE person (
	id         TEXT   PRIMARY KEY, -- ULID
	profile    BYTEA   NOT NULL,    -- dialog.Values as JSON
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL
);

CREATE TABLE contact (
	channel TEXT NOT NULL,
	contact TEXT NOT NULL,
	person  TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
	PRIMARY KEY (channel, contact)
);
CREATE INDEX contact_person ON contact (person);

CREATE TABLE consent (
	person   TEXT   NOT NULL REFERENCES person (id) ON DELETE CASCADE,
	purpose  TEXT   NOT NULL,
	words    TEXT   NOT NULL, -- what they said yes to, as they read it
	given_at BIGINT NOT NULL,
	PRIMARY KEY (person, purpose, given_at)
);

CREATE TABLE deletion (
	contact_hash BYTEA   PRIMARY KEY, -- HMAC-SHA-256 with the installation's secret
	at           BIGINT NOT NULL
);

CREATE TABLE setting (
	name  TEXT PRIMARY KEY,
	value BYTEA NOT NULL
);
