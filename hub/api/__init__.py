"""Door: HTTP for people, pages and devices."""
