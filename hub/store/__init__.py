"""Tables and the way to a database; one file a domain word."""
