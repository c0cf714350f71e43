CREATE TABLE token (
	name    TEXT   PRIMARY KEY,
	body    BYTEA  NOT NULL, -- a channel's own form; opens an account: a secret
	version BIGINT NOT NULL
);

CREATE TABLE spent (
	month TEXT   PRIMARY KEY, -- 2026-11
	dong  BIGINT NOT NULL
);

CREATE TABLE silence (
	channel TEXT   NOT NULL,
	contact TEXT   NOT NULL,
	ends    BIGINT NOT NULL,
	PRIMARY KEY (channel, contact)
);

CREATE TABLE echo (
	channel TEXT   NOT NULL,
	contact TEXT   NOT NULL,
	words   BYTEA  NOT NULL, -- SHA-256 of the message that arrived
	at      BIGINT NOT NULL,
	PRIMARY KEY (channel, contact, words)
);
CREATE INDEX echo_at ON echo (at);

CREATE TABLE unreachable (
	channel TEXT   NOT NULL,
	contact TEXT   NOT NULL,
	reason  TEXT   NOT NULL,
	at      BIGINT NOT NULL,
	PRIMARY KEY (channel, contact)
);

CREATE TABLE media (
	channel TEXT   NOT NULL,
	contact TEXT   NOT NULL,
	turn    TEXT   NOT NULL,
	body    BYTEA  NOT NULL, -- references of the platform as JSON, no content
	ends    BIGINT NOT NULL,
	PRIMARY KEY (channel, contact, turn)
);
CREATE INDEX media_ends ON media (ends);
