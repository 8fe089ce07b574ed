"""What phones say and are shown: one queue for all rooms, and the page of today."""
