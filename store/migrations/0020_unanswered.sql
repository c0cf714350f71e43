-- What was asked and could not be answered (package unanswered), scrubbed, with
-- nobody's name to it. 180 days.
CREATE TABLE unanswered (
	day BIGINT NOT NULL,     -- of the province: 20261130
	text TEXT NOT NULL,
	why TEXT NOT NULL,       -- missed, refused, offered
	flow TEXT NOT NULL,      -- question that stood open
	step TEXT NOT NULL,
	channel TEXT NOT NULL,
	n BIGINT NOT NULL,
	PRIMARY KEY (day, text, why, flow, step, channel)
);
-- To whom topics were offered a moment ago: nothing is unanswered if they take
-- one. The only rows with a contact, for an hour.
CREATE TABLE unanswered_offer (
	channel TEXT NOT NULL,
	contact TEXT NOT NULL,
	day BIGINT NOT NULL,
	text TEXT NOT NULL,
	flow TEXT NOT NULL,
	step TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (channel, contact)
);
CREATE INDEX unanswered_offer_at ON unanswered_offer (at);
-- What staff said of a text.
CREATE TABLE unanswered_mark (
	text TEXT PRIMARY KEY,
	mark TEXT NOT NULL,      -- seen, not-ours
	by_whom TEXT NOT NULL,
	at BIGINT NOT NULL
);
