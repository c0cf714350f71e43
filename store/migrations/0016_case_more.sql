-- Where the office writes in a platform's own app stands as a case that it holds.
DROP TABLE silence;
