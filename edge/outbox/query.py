"""What is asked of the outbox's tables while messages are sent."""

from __future__ import annotations

_COLUMNS = "row.id, lane, epoch, seq, kind, data"
FRESH = f"""
SELECT prio, crc, {_COLUMNS} FROM row
WHERE lane <= ? AND id NOT IN (SELECT id FROM temp.under_way) ORDER BY lane, prio, id LIMIT ?
"""  # noqa: S608 - a constant
AGAIN = f"""
SELECT prio, crc, {_COLUMNS} FROM temp.under_way CROSS JOIN row USING (id)
WHERE until <= ? AND lane <= ? ORDER BY lane, prio, id LIMIT ?
"""  # noqa: S608 - a constant
SENT = """
SELECT kind, MAX(since) FROM row CROSS JOIN temp.under_way USING (id)
WHERE epoch = ? AND seq BETWEEN ? AND ? GROUP BY kind
"""
OVERTAKE = """
UPDATE temp.under_way SET until = 0
WHERE since < ? AND EXISTS (SELECT 1 FROM row WHERE row.id = under_way.id AND kind = ?)
"""
CALLS = (
    f"SELECT {_COLUMNS} FROM row WHERE lane = ? AND prio = 0 AND kind = 'sos' ORDER BY lane, prio, id LIMIT ?"  # noqa: S608
)
FORGET_SENT = """
DELETE FROM temp.under_way
WHERE since < ? AND EXISTS (SELECT 1 FROM row WHERE row.id = under_way.id AND lane <= ?)
"""
