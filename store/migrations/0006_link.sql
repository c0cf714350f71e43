CREATE TABLE link_code (
	code   BYTEA  PRIMARY KEY, -- HMAC-SHA-256 with the installation's secret
	person TEXT   NOT NULL REFERENCES person (id) ON DELETE CASCADE,
	ends   BIGINT NOT NULL
);
CREATE INDEX link_code_person ON link_code (person);
CREATE INDEX link_code_ends ON link_code (ends);

CREATE TABLE link_outcome (
	channel TEXT   NOT NULL,
	contact TEXT   NOT NULL,
	turn    TEXT   NOT NULL,
	outcome TEXT   NOT NULL,
	at      BIGINT NOT NULL,
	PRIMARY KEY (channel, contact, turn)
);
CREATE INDEX link_outcome_at ON link_outcome (at);
