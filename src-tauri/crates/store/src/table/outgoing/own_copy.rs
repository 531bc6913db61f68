//! Columns about a copy put among a provider's sent messages from here; what is done with them is
//! [`crate::sync::own_copy`]'s.

pub(crate) const V8: &str = "
ALTER TABLE outgoing ADD COLUMN copy_scope TEXT; -- key of the mailbox that holds the sent copy put there from here, where its provider may make one too
ALTER TABLE outgoing ADD COLUMN copy_key TEXT; -- key of that copy
ALTER TABLE outgoing ADD COLUMN copy_look INTEGER NOT NULL DEFAULT 0; -- when it is looked next whether its provider made one too, ms UTC; 0: not by itself
CREATE INDEX outgoing_copied ON outgoing (account_id, copy_look) WHERE copy_look > 0;
";
