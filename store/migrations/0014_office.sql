CREATE TABLE reminder_switch ( -- reminders that staff switched, whatever content says
	reminder TEXT    PRIMARY KEY,
	is_on    BOOLEAN NOT NULL,
	by_whom  TEXT    NOT NULL,
	at       BIGINT  NOT NULL -- what was due before is not told when it is on again
);
CREATE TABLE notice ( -- what members of the office are told, once by its name
	name  TEXT    PRIMARY KEY,
	body  BYTEA   NOT NULL, -- reminder.Notice as JSON
	at    BIGINT  NOT NULL,
	until BIGINT  NOT NULL, -- it is of no more use then
	told  BOOLEAN NOT NULL  -- everybody's chat has it
);
CREATE INDEX notice_until ON notice (until);
