-- Milestones of wishes (course.Step): when each was reached, and who said so.
-- They go with their wish. What was there before is dated by its last change.
CREATE TABLE interest_step (
	interest TEXT   NOT NULL REFERENCES interest (id) ON DELETE CASCADE,
	step     TEXT   NOT NULL,
	at       BIGINT NOT NULL,
	by_whom  TEXT   NOT NULL, -- id of staff; '': the person, or not known
	PRIMARY KEY (interest, step)
);
INSERT INTO interest_step (interest, step, at, by_whom)
	SELECT id, 'contacted', updated_at, '' FROM interest WHERE state IN ('contacted', 'enrolled', 'started', 'finished', 'working');
INSERT INTO interest_step (interest, step, at, by_whom)
	SELECT id, 'enrolled', updated_at, '' FROM interest WHERE state IN ('enrolled', 'started', 'finished', 'working');
INSERT INTO interest_step (interest, step, at, by_whom)
	SELECT id, 'started', updated_at, '' FROM interest WHERE state IN ('started', 'finished', 'working');
INSERT INTO interest_step (interest, step, at, by_whom)
	SELECT id, 'finished', updated_at, '' FROM interest WHERE state IN ('finished', 'working');
INSERT INTO interest_step (interest, step, at, by_whom)
	SELECT id, 'working', updated_at, '' FROM interest WHERE state = 'working';
INSERT INTO interest_step (interest, step, at, by_whom)
	SELECT id, 'dropped', updated_at, '' FROM interest WHERE state = 'dropped';

-- What reports count of cases, as it stands in body; filled when the store is opened.
ALTER TABLE handoff ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE handoff ADD COLUMN outcome TEXT NOT NULL DEFAULT '';
ALTER TABLE handoff ADD COLUMN rating BIGINT NOT NULL DEFAULT 0;
CREATE INDEX handoff_opened ON handoff (opened_at);

-- What stood in the way, in the words of who makes the report of a scope.
CREATE TABLE difficulty (
	scope    TEXT   NOT NULL, -- '' = the province
	first    BIGINT NOT NULL, -- days of the period: 20251201
	last     BIGINT NOT NULL,
	words    TEXT   NOT NULL,
	by_whom  TEXT   NOT NULL, -- name of staff
	at       BIGINT NOT NULL,
	PRIMARY KEY (scope, first, last)
);
