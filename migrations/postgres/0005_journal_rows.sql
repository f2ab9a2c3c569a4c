-- Rapport, schema 5. A conversation's row is written again with every message: room in its page lets the new one stand beside the old, and no index is
-- touched. (On SQLite this step gives the journal rows of its own.)
alter table conversation set (fillfactor = 70);
