"""The ways to people who look at no screen; each fills the port Notifier."""
