"""Guards' rosters of workrooms: drafts, what holds, sick calls, loans, and what each person has of it."""
