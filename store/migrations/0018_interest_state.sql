-- The first page of the console counts all wishes by their state.
CREATE INDEX interest_state ON interest (state);
