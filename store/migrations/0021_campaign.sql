-- Surveys: for some days people of some communes are asked what they would learn.
CREATE TABLE campaign (
	id         TEXT   PRIMARY KEY,
	body       BYTEA  NOT NULL, -- course.Campaign as JSON
	created_at BIGINT NOT NULL
);
ALTER TABLE interest ADD COLUMN campaign TEXT NOT NULL DEFAULT ''; -- the survey that it answers
ALTER TABLE interest ADD COLUMN level TEXT NOT NULL DEFAULT '';    -- '': what is usual for the trade
ALTER TABLE interest ADD COLUMN able TEXT NOT NULL DEFAULT '';     -- when they could begin
CREATE INDEX interest_campaign ON interest (campaign, trade) WHERE campaign <> '';
-- What people need is summed up from this index alone.
CREATE INDEX interest_need ON interest (place, trade, level, state, created_at);
DROP INDEX interest_place; -- the one above serves as well
CREATE INDEX interest_updated ON interest (updated_at); -- whether sums are still right
