ALTER TABLE interest ADD COLUMN why TEXT NOT NULL DEFAULT '';        -- it was dropped
ALTER TABLE interest ADD COLUMN entered_by TEXT NOT NULL DEFAULT ''; -- id of staff; '': the person themself
CREATE INDEX interest_created ON interest (created_at, id);
CREATE INDEX interest_place ON interest (place, state);
