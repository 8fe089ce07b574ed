/** Calendars to subscribe to. */

export type FeedKind = "group" | "shop" | "person";
export interface FeedLine {
  readonly id: string;
  readonly kind: FeedKind;
  readonly subject: string;
  readonly made_at: string;
  readonly read_at: string | null;
}
/** With its address, which is told this once. */
export interface MadeFeed extends FeedLine {
  readonly path: string;
  /** SVG of the address. */
  readonly qr: string;
}
