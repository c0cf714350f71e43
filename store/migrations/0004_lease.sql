CREATE TABLE lease (
	name  TEXT   PRIMARY KEY,
	owner TEXT   NOT NULL,
	until BIGINT NOT NULL
);

CREATE TABLE trouble (
	channel TEXT   NOT NULL,
	contact TEXT   NOT NULL,
	seq     BIGINT NOT NULL,
	turn    TEXT   NOT NULL,
	kind    TEXT   NOT NULL, -- doubtful or lost
	reason  TEXT   NOT NULL,
	at      BIGINT NOT NULL,
	PRIMARY KEY (channel, contact, seq, kind, at)
);
CREATE INDEX trouble_at ON trouble (at);
