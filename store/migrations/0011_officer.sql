-- What a member of staff is about in their own chat: a class that they are
-- writing down, the broadcast that they were shown last. Ends by itself.
CREATE TABLE staff_chat (
	staff TEXT   PRIMARY KEY REFERENCES staff (id) ON DELETE CASCADE,
	body  BYTEA  NOT NULL, -- officer.Desk as JSON
	ends  BIGINT NOT NULL
);

-- What was done for a turn of a chat, so that it is done and noted once.
CREATE TABLE staff_done (
	turn TEXT   PRIMARY KEY,
	at   BIGINT NOT NULL
);
