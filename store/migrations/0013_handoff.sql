-- Who has a contact's talk in hand (bot.Hold): the epoch only grows.
ALTER TABLE session ADD COLUMN epoch     BIGINT NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN hold      TEXT   NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN hold_case TEXT   NOT NULL DEFAULT '';

-- Talks that a human is asked to take. The columns are what is looked for; the
-- whole of it is in body.
CREATE TABLE handoff (
	id        TEXT    PRIMARY KEY, -- ULID
	number    BIGINT  NOT NULL UNIQUE,
	state     TEXT    NOT NULL, -- waiting claimed closed
	queue     TEXT    NOT NULL,
	place     TEXT    NOT NULL,
	org       TEXT    NOT NULL,
	urgent    BOOLEAN NOT NULL,
	holder    TEXT    NOT NULL, -- login
	channel   TEXT    NOT NULL, -- '' = the person deleted everything
	contact   TEXT    NOT NULL,
	turn      TEXT    NOT NULL, -- that opened it
	opened_at BIGINT  NOT NULL,
	closed_at BIGINT  NOT NULL, -- 0 = open
	said      BIGINT  NOT NULL DEFAULT 0, -- messages there were
	body      BYTEA   NOT NULL  -- handoff.Case as JSON
);
CREATE INDEX handoff_state ON handoff (state, opened_at);
CREATE INDEX handoff_contact ON handoff (channel, contact);

-- What was said and noted with a case, each once by its key.
CREATE TABLE handoff_message (
	id      TEXT   PRIMARY KEY,
	case_id TEXT   NOT NULL REFERENCES handoff (id) ON DELETE CASCADE,
	n       BIGINT NOT NULL, -- counts per case, from 1
	dedup   TEXT   NOT NULL,
	state   TEXT   NOT NULL, -- '' queued sent failed doubtful
	at      BIGINT NOT NULL,
	why     TEXT   NOT NULL DEFAULT '',
	ends    BIGINT NOT NULL, -- 0 = with its case
	body    BYTEA  NOT NULL, -- handoff.Message as JSON
	UNIQUE (case_id, n),
	UNIQUE (case_id, dedup)
);
CREATE INDEX handoff_message_queued ON handoff_message (at) WHERE state = 'queued';
CREATE INDEX handoff_message_ends ON handoff_message (ends) WHERE ends > 0;

-- Who has whose talk in hand, as the sessions must have it.
CREATE TABLE handoff_hold (
	channel TEXT    NOT NULL,
	contact TEXT    NOT NULL,
	epoch   BIGINT  NOT NULL,
	kind    TEXT    NOT NULL, -- bot.Hold; '' = the bot alone
	case_id TEXT    NOT NULL,
	told    BOOLEAN NOT NULL, -- the session has it
	PRIMARY KEY (channel, contact)
);
