"""New passwords for those who have forgotten theirs, by a link that is mailed to the account."""
