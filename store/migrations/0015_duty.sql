-- Who takes cases at the moment.
CREATE TABLE duty (
	login      TEXT   PRIMARY KEY,
	channel    TEXT   NOT NULL, -- '' = from pages alone
	contact    TEXT   NOT NULL,
	since      BIGINT NOT NULL,
	until      BIGINT NOT NULL,
	offered_at BIGINT NOT NULL, -- a case, the last time
	lost       TEXT   NOT NULL  -- why their chat can't be reached, '' = it can
);

-- What a counsellor is about in their own chat: which case they answer, what
-- they were shown, words that wait for a name. counsel.Desk as JSON.
CREATE TABLE counsel_chat (
	login   TEXT   PRIMARY KEY,
	version BIGINT NOT NULL, -- whoever writes has read the one before
	body    BYTEA  NOT NULL
);
