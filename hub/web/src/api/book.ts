/** What the hub says of the handover book, of who was there, of tasks and of equipment. */
import type { Named, Word, Worn } from "./people.ts";
import type { Pair } from "./types.ts";

export interface BookMatter {
  readonly id: string;
  readonly kind: "case" | "alert";
  readonly words: Pair;
  readonly at: string;
}
export interface BookKit {
  readonly asset: string;
  readonly label: string;
  readonly kind: Word;
  readonly state: Word;
  readonly holder: Named | null;
  readonly ok: boolean;
  readonly note: string;
}
/** Of a page that was not given yet, matters and kit are those of this moment. */
export interface BookPage {
  readonly id: string | null;
  readonly at: string;
  readonly matters: readonly BookMatter[];
  readonly kit: readonly BookKit[];
  readonly note: string;
  readonly given_by: Named | null;
  readonly given_at: string | null;
  readonly taken_by: Named | null;
  readonly taken_at: string | null;
  readonly answer: string;
  readonly late: boolean;
  readonly may_give: boolean;
  readonly may_take: boolean;
}
export interface Attended {
  readonly duty: string;
  readonly person: Worn;
  readonly grid: Named | null;
  readonly begins: string;
  readonly ends: string;
  /** The armband that was named at signing in. */
  readonly worn: string | null;
  readonly in_at: string | null;
  readonly out_at: string | null;
  readonly state: Word;
  readonly late_min: number;
}
export interface StaffTask {
  readonly id: string;
  readonly kind: Word;
  readonly title: string;
  readonly grid: Named | null;
  readonly person: Named | null;
  readonly due: string;
  readonly standing: Word;
  readonly by_itself: boolean;
  readonly done_at: string | null;
  readonly may: boolean;
}
export interface Asset {
  readonly id: string;
  readonly grid: Named;
  readonly kind: Word;
  readonly label: string;
  readonly state: Word;
  readonly person: Named | null;
  readonly since: string;
  readonly may: boolean;
}
