-- Good examples as staff wrote them down, and their pictures.
CREATE TABLE story (
	id         TEXT   PRIMARY KEY,
	body       BYTEA  NOT NULL, -- story.Story as JSON
	state      TEXT   NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL
);
CREATE TABLE story_picture (
	name  TEXT  PRIMARY KEY,
	story TEXT  NOT NULL REFERENCES story (id) ON DELETE CASCADE,
	body  BYTEA NOT NULL -- a JPEG, made anew by us
);
CREATE INDEX story_picture_of ON story_picture (story);
