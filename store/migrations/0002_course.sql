CREATE TABLE course (
	id         TEXT    PRIMARY KEY,
	body       BYTEA    NOT NULL, -- course.Course as JSON
	invented   BOOLEAN NOT NULL,
	updated_at BIGINT  NOT NULL
);

CREATE TABLE interest (
	id         TEXT    PRIMARY KEY,
	channel    TEXT    NOT NULL, -- '' with contact '': came on paper
	contact    TEXT    NOT NULL,
	whom       TEXT    NOT NULL, -- '': for themself
	course     TEXT    NOT NULL, -- '': any of the trade
	trade      TEXT    NOT NULL,
	place      TEXT    NOT NULL,
	name       TEXT    NOT NULL,
	phone      TEXT    NOT NULL,
	birth_year BIGINT  NOT NULL, -- 0: not given
	village    TEXT    NOT NULL,
	remind     BOOLEAN NOT NULL,
	state      TEXT    NOT NULL,
	source     TEXT    NOT NULL,
	consent    TEXT    NOT NULL, -- what they said yes to, as they read it
	created_at BIGINT  NOT NULL,
	updated_at BIGINT  NOT NULL
);
CREATE UNIQUE INDEX interest_course_once ON interest (channel, contact, whom, course) WHERE channel <> '' AND course <> '';
CREATE UNIQUE INDEX interest_trade_once ON interest (channel, contact, whom, trade, place) WHERE channel <> '' AND course = '';
CREATE INDEX interest_course ON interest (course, state);
CREATE INDEX interest_trade ON interest (trade, place, state);

CREATE TABLE change (
	what   TEXT   PRIMARY KEY,
	number BIGINT NOT NULL
);
