-- What reports count of cases and milestones is read from the indexes alone: rows
-- of cases are wide, and a year has most of them.
DROP INDEX handoff_opened;
CREATE INDEX handoff_counted ON handoff (opened_at, closed_at, kind, queue, outcome, rating, place, org);
CREATE INDEX interest_step_at ON interest_step (interest, at, step);
-- Pages ask whether anything is made up (package demo).
CREATE INDEX daily_invented ON daily (channel) WHERE channel = 'demo';
