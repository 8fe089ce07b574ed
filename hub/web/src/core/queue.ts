/**
 * The alert list as a person reads it. It never reflows under the reader: what arrives waits in `held`,
 * what is finished keeps its row, until the list is settled (by N, or by ten seconds without input).
 */
import type { Alert, Severity } from "../api/types.ts";

export interface Line {
  readonly order: readonly string[];
  readonly held: readonly string[];
  readonly picked: string | null;
}
export type Alerts = ReadonlyMap<string, Alert>;

export const EMPTY: Line = { order: [], held: [], picked: null };
/** How long without input before the list may settle by itself, milliseconds. */
export const IDLE_MS = 10_000;

/** Still asks for something: nobody has decided on it. */
export const isOpen = (alert: Alert): boolean => alert.state === "NEW" || alert.state === "ACKED";

/** Who is looking at it now; a lease that lapsed is nobody's. */
export function looker(alert: Alert, now: number): Alert["lease"] {
  return alert.lease && Date.parse(alert.lease.until) > now ? alert.lease : null;
}

/** Nobody has taken it: it pulses on the plan, and its clock runs. */
export const isUntaken = (alert: Alert, now: number): boolean => alert.state === "NEW" && !looker(alert, now);

/** Highest severity first, then the latest. */
export function before(a: Alert, b: Alert): number {
  return a.severity - b.severity || Date.parse(b.received_at) - Date.parse(a.received_at) || (a.id < b.id ? 1 : -1);
}

/** The list put in order: finished rows leave, waiting ones come in. The picked alert stays picked while it is open. */
export function settle(alerts: Alerts, line: Line): Line {
  const order = [...alerts.values()].filter(isOpen).sort(before).map((alert) => alert.id);
  const keeps = line.picked !== null && order.includes(line.picked);
  return { order, held: [], picked: keeps ? line.picked : (order[0] ?? null) };
}

/** The line after `alert` came in or changed; `alerts` already holds it. */
export function arrive(alerts: Alerts, line: Line, alert: Alert, idle: boolean): Line {
  const known = line.order.includes(alert.id);
  if (!isOpen(alert)) {
    return line.held.includes(alert.id) ? { ...line, held: line.held.filter((id) => id !== alert.id) } : line;
  }
  if (idle || line.order.length === 0) return settle(alerts, line);
  if (known || line.held.includes(alert.id)) return line;
  return { ...line, held: [...line.held, alert.id] };
}

/** The neighbour of the picked row; the ends hold. */
export function step(line: Line, by: 1 | -1): Line {
  if (line.order.length === 0) return line;
  const at = line.picked === null ? -1 : line.order.indexOf(line.picked);
  const next = at < 0 ? 0 : Math.min(Math.max(at + by, 0), line.order.length - 1);
  return { ...line, picked: line.order[next] ?? null };
}

/** How many wait, by severity, highest first, empty ones left out. */
export function waiting(alerts: Alerts, line: Line): readonly (readonly [Severity, number])[] {
  const count: [number, number, number, number] = [0, 0, 0, 0];
  for (const id of line.held) {
    const alert = alerts.get(id);
    if (alert) count[alert.severity] += 1;
  }
  return count.map((n, severity) => [severity as Severity, n] as const).filter(([, n]) => n > 0);
}

/** The alert that owns the screen: the newest P0 that nobody has taken. */
export function owner(alerts: Alerts, now: number): Alert | null {
  return [...alerts.values()].filter((alert) => alert.severity === 0 && isUntaken(alert, now)).sort(before)[0] ?? null;
}
