/** Tasks of the staff: drills, trainings, and certificates that are about to lapse. */
import type { Named, Word } from "./people.ts";

export interface StaffTask {
  readonly id: string;
  readonly kind: Word;
  readonly title: string;
  readonly grid: Named | null;
  readonly person: Named | null;
  readonly certificate: Word | null;
  /** The market's own date. */
  readonly due: string;
  readonly standing: Word;
  readonly done_at: string | null;
  /** Whoever looks may say that it is done. */
  readonly may: boolean;
}
