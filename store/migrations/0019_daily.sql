-- What happened, counted by day and apart from people (package daily). Empty
-- texts are what a kind has not.
CREATE TABLE daily (
	day BIGINT NOT NULL,     -- of the province: 20261130
	kind TEXT NOT NULL,
	what TEXT NOT NULL,      -- flow, topic, fact, programme, effect
	step TEXT NOT NULL,
	channel TEXT NOT NULL,
	version TEXT NOT NULL,   -- release of the content
	place TEXT NOT NULL,     -- commune, of who agreed to have it kept
	n BIGINT NOT NULL,
	PRIMARY KEY (kind, day, what, step, channel, version, place)
);
