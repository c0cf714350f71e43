-- Where the office writes in a platform's own app stands as a case that it holds.
DROP TABLE silence;

-- Voice, pictures and files that came with messages of cases: got of their
-- platforms, looked at, and kept apart from whatever pages are served.
ALTER TABLE handoff_message ADD COLUMN media BOOLEAN NOT NULL DEFAULT FALSE; -- something is to be got
CREATE INDEX handoff_message_media ON handoff_message (at) WHERE media;
CREATE TABLE handoff_file (
	message TEXT   PRIMARY KEY REFERENCES handoff_message (id) ON DELETE CASCADE,
	name    TEXT   NOT NULL,
	type    TEXT   NOT NULL, -- by what is in it
	size    BIGINT NOT NULL,
	why     TEXT   NOT NULL, -- it is not there; '' = it is
	at      BIGINT NOT NULL,
	body    BYTEA            -- at most 10 MB; NULL = not there
);

-- Answers that counsellors keep for themselves.
CREATE TABLE own_canned (
	login TEXT   NOT NULL,
	name  TEXT   NOT NULL, -- the title without accents
	title TEXT   NOT NULL,
	text  TEXT   NOT NULL,
	at    BIGINT NOT NULL,
	PRIMARY KEY (login, name)
);
