-- Reminders: what is told by the clock. What was told is in broadcast, by name.

ALTER TABLE interest ADD COLUMN papers TEXT NOT NULL DEFAULT ''; -- '', 'owed', 'complete'

CREATE TABLE course_seen ( -- how a class stood when the clock last looked
	course   TEXT   PRIMARY KEY,
	standing TEXT   NOT NULL,
	open_at  BIGINT NOT NULL, -- first seen open, 0 = never
	freed_at BIGINT NOT NULL  -- last seen to open after it was full, 0 = never
);

CREATE TABLE reminder_missed ( -- what was due and not told
	name     TEXT   PRIMARY KEY, -- as broadcast.name
	reminder TEXT   NOT NULL,
	due      BIGINT NOT NULL,
	at       BIGINT NOT NULL,
	why      TEXT   NOT NULL,    -- 'late', 'nobody'
	people   BIGINT NOT NULL     -- who would have been told
);
CREATE INDEX reminder_missed_of ON reminder_missed (reminder);
