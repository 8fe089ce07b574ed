/** Codes of checkpoints as far as a phone can read them: which point, and until when; that it is genuine only the hub can tell. */

const SIGNED = /^LF1-(\d{1,5})-(\d{1,5})-(\d{4})(\d{2})(\d{2})-[A-Z2-7]{16}$/;
const TAG = /^[0-9A-F]{8,32}$/;

export interface Read {
  /** Number of the checkpoint. */
  readonly number: number;
  /** The market's own day from which it is good no more, `2027-02-21`. */
  readonly until: string;
}

/** What a code says; nothing for one that is no checkpoint's. Spaces and small letters are forgiven. */
export function readCode(text: string): Read | null {
  const found = SIGNED.exec(plain(text));
  return found ? { number: Number(found[1]), until: `${found[3]}-${found[4]}-${found[5]}` } : null;
}

/** As it is sent. */
export const plain = (text: string): string => text.replaceAll(/\s/g, "").toUpperCase();

/** The number of an NFC tag in capitals without its colons; nothing where it is none. */
export function tagOf(serial: string): string | null {
  const number = serial.replaceAll(/[^0-9A-Za-z]/g, "").toUpperCase();
  return TAG.test(number) ? number : null;
}
