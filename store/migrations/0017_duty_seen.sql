-- When a page of somebody on duty was last open: who works from pages alone and
-- has closed them all is offered nothing.
ALTER TABLE duty ADD COLUMN seen BIGINT NOT NULL DEFAULT 0;
