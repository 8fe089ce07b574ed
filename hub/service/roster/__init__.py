"""Guards' rosters of workrooms: drafts, what holds, sick calls, loans, and what each person has of it."""

from hub.service.roster.own import mine

__all__ = ["mine"]
