CREATE TABLE bank_day ( -- when the policy bank comes to a commune, as an officer entered it
	place   TEXT   PRIMARY KEY,
	day     BIGINT NOT NULL, -- of each month
	hours   TEXT   NOT NULL,
	place_at TEXT  NOT NULL, -- where in the commune
	by_whom TEXT   NOT NULL,
	at      BIGINT NOT NULL
);
