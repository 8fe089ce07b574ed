/** Telephone numbers as a phone dials them. */

/** The first number of a line that people wrote, `0571 8765 4321 转 3` among them; nothing where there is none. */
export const dialled = (written: string): string => /\+?\d[\d\s()-]{1,18}\d/.exec(written)?.[0].replace(/[^\d+]/g, "") ?? "";
