-- What was changed of the content while it ran, one change after the other. The
-- newest text of a file is the one that is live; '' = the file is gone.
CREATE TABLE content_release (
	number  BIGINT PRIMARY KEY, -- one more than the last
	at      BIGINT NOT NULL,
	by_whom TEXT   NOT NULL, -- login; '' = found so in the folder
	name    TEXT   NOT NULL, -- of who did it, at that time
	about   TEXT   NOT NULL,
	why     TEXT   NOT NULL,
	base    TEXT   NOT NULL  -- what lay beneath
);
CREATE TABLE content_file (
	path    TEXT   NOT NULL,
	release BIGINT NOT NULL REFERENCES content_release (number),
	body    TEXT   NOT NULL, -- the whole file after that change
	PRIMARY KEY (path, release)
);
